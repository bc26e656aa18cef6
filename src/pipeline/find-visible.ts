// What a reference means to one principal: resolved among the versions it may see, as if the others did not exist. The
// list, `get`, "did you mean" and calls all ask here, so that no version is named to whom it is hidden, and publishing
// one for admins takes nothing away from users.
// INVARIANT: test/property/visibility.test.ts, with versions of different access.
import type { Principal } from "../call/principal.ts";
import {
  createToolEntry,
  type Entry,
  type Found,
  isChosen,
  lookupAmong,
  type Lookup,
  type ToolEntry,
  withoutHidden,
} from "../registry/index.ts";
import { parseToolRef } from "../tool/tool-ref.ts";
import type { Environment } from "./environment.ts";
import { toAccess } from "./plan.ts";

/** Whether the principal may see this version. */
export function isVisible(entry: Entry, environment: Environment, principal: Principal): boolean {
  return toAccess(entry, environment).decide(principal).visible;
}

/** The tool with the versions that the principal may see; null when there is none. */
export function toVisibleTool(tool: ToolEntry, environment: Environment, principal: Principal): ToolEntry | null {
  const [first] = tool.versions;
  if (first === undefined) return null;
  if (sharesDecision(tool, environment)) return isVisible(first, environment, principal) ? tool : null;
  const visible = tool.versions.filter((entry) => isVisible(entry, environment, principal));
  if (visible.length === tool.versions.length) return tool;
  if (visible.length === 0) return null;
  // What leads to a version that is hidden is hidden with it.
  const hidden = new Set(tool.versions.filter((entry) => !visible.includes(entry)).map(toVersion));
  const steering = withoutHidden(tool.steering, (version) => hidden.has(version));
  return createToolEntry(tool.name, visible, { ...tool, steering });
}

/** A version that was found, and the one in whose place it answers, if it is a canary. */
export type VisibleVersion = Found & { readonly canaryOf?: Entry };
export type Visible = Exclude<Lookup, Found> | VisibleVersion;

/**
 * What `ref` comes to for the principal. A version that is found may still be hidden where all versions share one
 * decision: that decision is the caller's next step.
 */
export function lookupVisible(ref: string, environment: Environment, principal: Principal): Visible {
  const found = lookupAmongVisible(ref, environment, principal);
  return found.kind === "found" && found.rollouts !== null ? withCanary(found, environment, principal) : found;
}

function lookupAmongVisible(ref: string, environment: Environment, principal: Principal): Lookup {
  const found = environment.catalogue.snapshot.lookup(ref, principal.tenant);
  if (found.kind === "invalid" || found.kind === "unknown") return found;
  if (found.kind === "found" && sharesDecision(found.tool, environment)) return found;
  const visible = toVisibleTool(found.tool, environment, principal);
  if (visible === found.tool) return found;
  const parsed = parseToolRef(ref);
  if (visible === null || !parsed.ok) return { kind: "unknown", name: found.tool.name };
  return lookupAmong(visible, parsed.ref, principal.tenant);
}

/** The version that answers a principal who takes part in a canary: one that it may call, as it may the other. */
export function withCanary(found: Found, environment: Environment, principal: Principal): VisibleVersion {
  const canary = found.rollouts?.canary ?? null;
  if (canary === null) return found;
  const { candidate, rollout } = canary;
  if (!isChosen(rollout.audience, found.tool.name, principal, environment.authorization.holds)) return found;
  const decision = toAccess(candidate, environment).decide(principal);
  if (!decision.visible || decision.allowed === "no") return found;
  return { ...found, entry: candidate, canaryOf: found.entry };
}

function toVersion({ tool }: Entry): string {
  return tool.version.version;
}

/** Whether one decision stands for all versions: they say the same, and no authorizer could tell them apart. */
function sharesDecision(tool: ToolEntry, environment: Environment): boolean {
  return tool.versions.length === 1 || (tool.sameAccess && !environment.customAuthorizer);
}
