// The answer for a tool that does not exist, and for one that the principal may not see: the same code, message and
// suggestions, computed the same way. An attacker who could tell the two apart could map the catalogue.
// INVARIANT: "a hidden tool answers like one that does not exist" in test/property/visibility.test.ts.
import type { Failure } from "../call/outcome.ts";
import type { Principal } from "../call/principal.ts";
import type { Call } from "./call.ts";
import type { Environment } from "./environment.ts";
import { toVisibleTool } from "./find-visible.ts";
import { toAskedName, toFailure } from "./outcomes.ts";

const SUGGESTIONS = 3;

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
  for (const name of snapshot.near(asked)) {
    const tool = snapshot.get(name);
    const visible = tool === undefined ? null : toVisibleTool(tool, environment, principal);
    if (visible === null || visible.versions.every(({ status }) => status === "retired")) continue;
    found.push(name);
    if (found.length === SUGGESTIONS) break;
  }
  return found;
}
