// Limits with every default filled in and their names made unique: the registry's keep theirs, a tool's own get the tool
// in front, so that a limit has one name whatever other limits there are.
import type { ConcurrencyLimit, Limit, LimitScope } from "../tool/limit.ts";
import { toConcurrencyName, toLimitName, toScopes } from "../tool/limit-name.ts";
import type { KeyPattern } from "./quota-key.ts";

interface Compiled extends KeyPattern {
  /** Only holders of one of these have it; null: everybody. */
  readonly roles: readonly string[] | null;
  /** Whether there is a quota for each role of the principal. */
  readonly perRole: boolean;
}

export interface CompiledLimit extends Compiled {
  readonly algorithm: "token-bucket" | "fixed-window";
  readonly capacity: number;
  readonly windowMs: number;
  readonly burst: number;
  /** What its author wrote; an override with another capacity has that as its burst otherwise. */
  readonly declaredBurst: number | null;
}

export interface CompiledConcurrency extends Compiled {
  readonly max: number;
}

/** A limit of the registry, for calls of `tool`. */
export function compileLimit(limit: Limit, tool: string): CompiledLimit {
  return withMeasure(limit, toLimitName(limit), isPerTool(limit) ? tool : "");
}

/** A tool's own limit: always also per tool. */
export function compileOwnLimit(limit: Limit, tool: string): CompiledLimit {
  return withMeasure(limit, toOwnName(tool, toLimitName(limit)), tool);
}

/** The same for a concurrency limit. */
export function compileConcurrency(limit: ConcurrencyLimit, tool: string): CompiledConcurrency {
  const name = toConcurrencyName(limit);
  return { ...toCommon(limit, name, isPerTool(limit) ? tool : ""), max: limit.max };
}

/** The same for a tool's own concurrency limit. */
export function compileOwnConcurrency(limit: ConcurrencyLimit, tool: string): CompiledConcurrency {
  return { ...toCommon(limit, toOwnName(tool, toConcurrencyName(limit)), tool), max: limit.max };
}

/** Whether a quota of it is kept for one tool, as the declaration says. */
export function isPerTool({ per }: { readonly per: readonly LimitScope[] }): boolean {
  return per.includes("tool");
}

/** The tool in the name of a tool's own limit; null when it is the registry's. */
export function toTool(limitName: string): string | null {
  const end = limitName.indexOf(":");
  return end === -1 ? null : limitName.slice(0, end);
}

// No name has a colon, so these never meet those of the registry.
function toOwnName(tool: string, name: string): string {
  return `${tool}:${name}`;
}

function withMeasure(limit: Limit, name: string, tool: string): CompiledLimit {
  const { algorithm = "token-bucket", capacity, windowMs, burst } = limit;
  return {
    ...toCommon(limit, name, tool),
    algorithm,
    capacity,
    windowMs,
    burst: burst ?? capacity,
    declaredBurst: burst ?? null,
  };
}

function toCommon({ per, roles }: Limit | ConcurrencyLimit, name: string, tool: string): Compiled {
  const scopes = toScopes(per).filter((scope) => scope !== "tenant" && scope !== "tool");
  return { name, tool, scopes, roles: roles ?? null, perRole: scopes.includes("role") };
}
