// What a limit is called when its author gave it no name: the same declaration always gets the same name, because stores
// keep quotas under it.
import type { ConcurrencyLimit, Limit, LimitScope } from "./limit.ts";

/** Every scope, in the order in which names and keys list them. */
export const LIMIT_SCOPES: readonly LimitScope[] = Object.freeze(["tenant", "tool", "principal", "role", "ip"]);

const UNITS: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, "d"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

/** The limit's own name, or one such as `100-per-1h-per-principal`. */
export function toLimitName({ name, per, capacity, windowMs }: Limit): string {
  return name ?? `${capacity}-per-${formatWindow(windowMs)}${formatScopes(per)}`;
}

/** The limit's own name, or one such as `4-running-per-principal`. */
export function toConcurrencyName({ name, per, max }: ConcurrencyLimit): string {
  return name ?? `${max}-running${formatScopes(per)}`;
}

/** `per` without repetition, in the order of `LIMIT_SCOPES`. */
export function toScopes(per: readonly LimitScope[]): readonly LimitScope[] {
  return LIMIT_SCOPES.filter((scope) => per.includes(scope));
}

function formatScopes(per: readonly LimitScope[]): string {
  return per.length === 0 ? "" : `-per-${toScopes(per).join("-")}`;
}

// Never rounded, unlike durations for people: two windows must not get one name.
function formatWindow(windowMs: number): string {
  const fitting = UNITS.find(([ms]) => windowMs % ms === 0);
  return fitting === undefined ? `${windowMs}ms` : `${windowMs / fitting[0]}${fitting[1]}`;
}
