// Rollouts: started, ended, promoted to what everybody gets, and rolled back. Pure: a change gives another tool.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { Change } from "../../ports/catalog-store.ts";
import { type Entry, findEntry, type ToolEntry } from "../entry.ts";
import { resolveVersion } from "../resolve-version.ts";
import type { RolloutKind } from "../../tool/tool-version.ts";
import type { Audience, Promotion, Rollout, Steering } from "../steering.ts";
import { setDefault, steer } from "./change-pointers.ts";
import { changeStatus, findLife, withLife } from "./change-status.ts";

export interface RolloutStart {
  readonly kind: RolloutKind;
  readonly audience: Audience;
  /** Why it may break the contract of the version it stands beside; null: it may not. */
  readonly forced: string | null;
  readonly change: Change;
}

/** What a bare name comes to now, beside which a rollout of `version` would stand. Throws STATE_CONFLICT. */
export function findBase(tool: ToolEntry, version: string, kind: RolloutKind): { base: Entry; candidate: Entry } {
  const refuse = (why: string): never => {
    throw new ToolyardError("STATE_CONFLICT", `${kind} of ${tool.name}@${version}: ${why}`);
  };
  const candidate = findEntry(tool, version) ?? refuse("its definition is not known");
  if (candidate.status === "retired") return refuse("it is retired; restore it first");
  const resolution = resolveVersion(tool, { name: tool.name, kind: "latest" });
  if (!resolution.ok) return refuse(`there is no version to stand beside: ${resolution.message}`);
  const { entry: base } = resolution;
  if (base === candidate) return refuse("everybody gets it already");
  if (kind === "shadow" && (base.tool.version.effect !== "read" || candidate.tool.version.effect !== "read")) {
    return refuse("only a tool that reads may run twice; both versions need the effect read");
  }
  return { base, candidate };
}

/** Starts a rollout, or gives the one that stands another audience. */
export function startRollout(tool: ToolEntry, version: string, start: RolloutStart): ToolEntry {
  const { kind, audience, forced, change } = start;
  const { base } = findBase(tool, version, kind);
  const standing = tool.steering[kind];
  if (standing !== null && standing.version !== version) {
    throw new ToolyardError(
      "STATE_CONFLICT",
      `${kind} of ${tool.name}@${version}: one of ${standing.version} stands; stop it first`,
    );
  }
  const rollout: Rollout = Object.freeze({
    kind,
    version,
    of: base.tool.version.version,
    audience,
    forced,
    ...change,
  });
  return steer(tool, change, { [kind]: rollout });
}

/** Ends rollouts of these kinds; what answered before answers alone again. */
export function stopRollouts(tool: ToolEntry, kinds: readonly RolloutKind[], change: Change): ToolEntry {
  const standing = kinds.filter((kind) => tool.steering[kind] !== null);
  if (standing.length === 0) return tool;
  return steer(tool, change, Object.fromEntries(standing.map((kind) => [kind, null])));
}

/** Makes the canary what everybody gets: active, and wherever a pointer led to the version it stood beside. */
export function promoteCanary(tool: ToolEntry, change: Change): ToolEntry {
  const { canary, channels, tenants, defaultTo } = tool.steering;
  if (canary === null) throw new ToolyardError("STATE_CONFLICT", `${tool.name}: there is no canary to promote`);
  const { version, of } = canary;
  const staged = findLife(tool, version).status === "staged";
  const active = staged ? changeStatus(tool, version, { act: "activate", change }) : tool;
  const movedChannels = toNamesOf(channels, of);
  const movedTenants = toNamesOf(tenants, of);
  const parts: Partial<Steering> = {
    canary: null,
    shadow: tool.steering.shadow?.version === version ? null : tool.steering.shadow,
    channels: withTarget(channels, movedChannels, version),
    tenants: withTarget(tenants, movedTenants, version),
    ...(defaultTo === of && { defaultTo: version }),
  };
  const moved = steer(active, change, parts);
  // Where nothing leads there by itself, such as to a lower version, the default does.
  const resolution = resolveVersion(moved, { name: tool.name, kind: "latest" });
  const leads = resolution.ok && resolution.entry.tool.version.version === version;
  const promoted = leads ? moved : setDefault(moved, null, version, change);
  const promotion: Promotion = Object.freeze({
    version,
    of,
    staged,
    channels: movedChannels,
    tenants: movedTenants,
    moved: promoted.steering.defaultTo === defaultTo ? null : { from: defaultTo },
    ...change,
  });
  return asOne(tool, steer(promoted, change, { promotion }));
}

/** Ends the canary; or takes back the last promotion: pointers lead where they led, and the version is what it was. */
export function rollBack(tool: ToolEntry, change: Change): ToolEntry {
  const { canary, promotion, channels, tenants, defaultTo } = tool.steering;
  if (canary !== null) return steer(tool, change, { canary: null });
  if (promotion === null) {
    throw new ToolyardError("STATE_CONFLICT", `${tool.name}: there is neither a canary nor a promotion to roll back`);
  }
  const { version, of, staged, moved } = promotion;
  // Only what still is as the promotion made it: what somebody has set since stays.
  const still = (pointers: ReadonlyMap<string, string>, names: readonly string[]): readonly string[] =>
    names.filter((name) => pointers.get(name) === version);
  const back = steer(tool, change, {
    promotion: null,
    channels: withTarget(channels, still(channels, promotion.channels), of),
    tenants: withTarget(tenants, still(tenants, promotion.tenants), of),
    ...(moved !== null && defaultTo === version && { defaultTo: moved.from }),
  });
  const isActive = findLife(back, version).status === "active";
  const restaged =
    staged && isActive ? withLife(back, version, { status: "staged", deprecation: null, change }, change) : back;
  return asOne(tool, restaged);
}

function toNamesOf(pointers: ReadonlyMap<string, string>, version: string): readonly string[] {
  return [...pointers].filter(([, target]) => target === version).map(([name]) => name);
}

function withTarget(
  pointers: ReadonlyMap<string, string>,
  names: readonly string[],
  version: string,
): ReadonlyMap<string, string> {
  return new Map([...pointers].map(([name, target]) => [name, names.includes(name) ? version : target]));
}

/** Several steps are one change. */
function asOne(before: ToolEntry, after: ToolEntry): ToolEntry {
  return Object.freeze({ ...after, revision: before.revision + 1 });
}
