// Who takes part in a rollout. The draw is by a hash of who calls and what: the same principal always gets the same answer while
// the rollout stands, and a higher weight only adds principals, because each has one fixed place between 0 and 100.
// INVARIANT: test/property/rollouts.test.ts: sticky, monotone in the weight, fair.
import type { Principal } from "../call/principal.ts";
import type { ToolRef } from "../tool/tool-ref.ts";
import { type Entry, findEntry, type ToolEntry } from "./entry.ts";
import { toRangeTest } from "./parsed-version.ts";
import type { Audience, Rollout } from "./steering.ts";

/** A rollout whose version is there to run. */
export interface StandingRollout {
  readonly rollout: Rollout;
  readonly candidate: Entry;
}

/** What stands beside the version that a reference came to. */
export interface Rollouts {
  readonly canary: StandingRollout | null;
  readonly shadow: StandingRollout | null;
}

/** The rollouts of `entry` for callers who ask by `ref`; null when there are none, as almost always. */
export function findRollouts(tool: ToolEntry, entry: Entry, ref: ToolRef): Rollouts | null {
  const { canary, shadow } = tool.steering;
  if (canary === null && shadow === null) return null;
  // Who asks for an exact version gets it.
  const standing = ref.kind === "exact" ? null : toStanding(tool, entry, canary);
  const inRange = standing !== null && ref.kind === "range" ? toRangeTest(ref.range)(standing.candidate.parsed) : true;
  const shadowed = toStanding(tool, entry, shadow);
  const both = entry.tool.version.effect === "read" && shadowed?.candidate.tool.version.effect === "read";
  const found: Rollouts = { canary: inRange ? standing : null, shadow: both ? shadowed : null };
  return found.canary === null && found.shadow === null ? null : found;
}

function toStanding(tool: ToolEntry, { tool: { version } }: Entry, rollout: Rollout | null): StandingRollout | null {
  if (rollout === null || rollout.of !== version.version) return null;
  const candidate = findEntry(tool, rollout.version);
  return candidate === undefined || candidate.status === "retired" ? null : { rollout, candidate };
}

/** Whether `principal` takes part. `holds` knows which roles include others. */
export function isChosen(
  audience: Audience,
  tool: string,
  principal: Principal,
  holds: (principal: Principal, role: string) => boolean,
): boolean {
  const { tenant, id } = principal;
  if (audience.principals.some((member) => member.id === id && member.tenant === tenant)) return true;
  if (audience.tenants.includes(tenant) || audience.roles.some((role) => holds(principal, role))) return true;
  return audience.percent > 0 && toPlace(audience.salt, tool, principal) * 100 < audience.percent;
}

/** The fixed place of a principal in the draw: 0 to just below 1. */
export function toPlace(salt: string, tool: string, { tenant, id }: Pick<Principal, "tenant" | "id">): number {
  // No part holds a NUL, so two who differ are two texts.
  return toHash(`${salt}\0${tool}\0${tenant}\0${id}`) / 4_294_967_296;
}

/** FNV-1a over the UTF-16 units, then the finalizer of MurmurHash3: ids that are numbered one after another spread evenly. */
function toHash(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
