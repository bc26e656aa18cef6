// What a reference means to one principal: resolved among the versions it may see, as if the others did not exist. The
// list, `get`, "did you mean" and calls all ask here, so that no version is named to whom it is hidden, and publishing
// one for admins takes nothing away from users.
// INVARIANT: test/property/visibility.test.ts, with versions of different access.
import type { Principal } from "../call/principal.ts";
import { createToolEntry, lookupAmong, type Entry, type Lookup, type ToolEntry } from "../registry/index.ts";
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
  return visible.length === 0 ? null : createToolEntry(tool.name, visible);
}

/**
 * What `ref` comes to for the principal. A version that is found may still be hidden where all versions share one
 * decision: that decision is the caller's next step.
 */
export function lookupVisible(ref: string, environment: Environment, principal: Principal): Lookup {
  const found = environment.catalogue.snapshot.lookup(ref);
  if (found.kind === "invalid" || found.kind === "unknown") return found;
  if (found.kind === "found" && sharesDecision(found.tool, environment)) return found;
  const visible = toVisibleTool(found.tool, environment, principal);
  if (visible === found.tool) return found;
  const parsed = parseToolRef(ref);
  if (visible === null || !parsed.ok) return { kind: "unknown", name: found.tool.name };
  return lookupAmong(visible, parsed.ref);
}

/** Whether one decision stands for all versions: they say the same, and no authorizer could tell them apart. */
function sharesDecision(tool: ToolEntry, environment: Environment): boolean {
  return tool.versions.length === 1 || (tool.sameAccess && !environment.customAuthorizer);
}
