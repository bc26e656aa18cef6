// The answer for a tool that does not exist, and for one that the principal may not see: the same code, message and
// suggestions, computed the same way. An attacker who could tell the two apart could map the catalogue.
// INVARIANT: "a hidden tool answers like one that does not exist" in test/property/visibility.test.ts.
import type { Failure } from "../call/outcome.ts";
import type { Principal } from "../call/principal.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { Snapshot } from "../registry/index.ts";
import type { Call } from "./call.ts";
import type { Environment } from "./environment.ts";
import { toAskedName, toFailure } from "./outcomes.ts";
import { toAccess } from "./plan.ts";

const SUGGESTIONS = 3;
// Near names to ask the decision about, per unknown call: enough to find three visible ones, bounded for an attacker.
const CANDIDATES = 64;

/** UNKNOWN_TOOL with the nearest names among those the principal may see. */
export function toUnknownTool(call: Call, environment: Environment, principal: Principal): Failure {
  const asked = toAskedName(call.request.ref);
  const suggestions = findVisibleNearest(asked, environment, principal);
  const hint = suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(", ")}?`;
  return toFailure(call, environment.clock, "UNKNOWN_TOOL", `There is no tool ${JSON.stringify(asked)}.${hint}`, {
    suggestions,
  });
}

function findVisibleNearest(asked: string, environment: Environment, principal: Principal): readonly string[] {
  const { snapshot } = environment.catalogue;
  const found: string[] = [];
  for (const name of findNearest(asked, toOtherNames(snapshot, asked), CANDIDATES)) {
    const entry = snapshot.get(name)?.versions.find(({ status }) => status !== "retired");
    if (entry === undefined || !toAccess(entry, environment).decide(principal).visible) continue;
    found.push(name);
    if (found.length === SUGGESTIONS) break;
  }
  return found;
}

/** Without the name asked for, which is in the catalogue when it is hidden: the candidates are the same either way. */
function* toOtherNames(snapshot: Snapshot, asked: string): Generator<string> {
  for (const { name } of snapshot.tools) if (name !== asked) yield name;
}
