// Finds the version that is meant. What exists is told only to a principal that may see it: for everybody else the
// answer is the one for a tool that does not exist, to the letter.
import type { Outcome } from "../../call/outcome.ts";
import type { Principal } from "../../call/principal.ts";
import type { Call } from "../call.ts";
import type { Environment } from "../environment.ts";
import { lookupVisible, type VisibleVersion } from "../find-visible.ts";
import { toFailure } from "../outcomes.ts";
import { type Plan, toPlan } from "../plan.ts";
import { chooseShadow } from "../shadow/choose-shadow.ts";
import { toUnknownTool } from "../unknown-tool.ts";

/** Sets `call.plan`; refuses with UNAUTHENTICATED, INVALID_REF, UNKNOWN_TOOL, VERSION_NOT_FOUND or VERSION_RETIRED. */
export function resolve(call: Call, environment: Environment): Outcome | undefined {
  const { principal, principalProblem, ref } = call.request;
  const { clock } = environment;
  if (principal === null) {
    return toFailure(call, clock, "UNAUTHENTICATED", principalProblem ?? "The call needs a principal.");
  }
  const found = lookupVisible(ref, environment, principal);
  switch (found.kind) {
    case "found": {
      const plan = choose(call, environment, principal, found);
      call.plan = plan;
      call.deadlineAt = toDeadline(call, plan.timeoutMs);
      return undefined;
    }
    case "invalid":
      return toFailure(call, clock, "INVALID_REF", `The tool reference cannot be read: ${found.message}.`);
    case "unknown":
      return toUnknownTool(call, environment, principal);
    case "no-version":
      return toFailure(call, clock, found.code, found.message, { suggestions: found.suggestions });
  }
}

/** The plan of the version that runs, and what a rollout has to do with it. */
function choose(call: Call, environment: Environment, principal: Principal, found: VisibleVersion): Plan {
  const { request } = call;
  const { entry, canaryOf, rollouts } = found;
  if (rollouts === null) return toPlan(entry, environment);
  // Whoever was shown a definition gets that one: a canary is another.
  const isPinned = request.digest !== null && request.digest !== entry.tool.version.digest;
  if (canaryOf !== undefined && !isPinned) {
    call.rollout = { kind: "canary", of: canaryOf.tool.version.version };
    return toPlan(entry, environment);
  }
  if (!call.shadowing) call.shadow = chooseShadow(found, environment, principal, request);
  return toPlan(canaryOf ?? entry, environment);
}

/** The earliest of the tool's deadline, the caller's, and that of the call that made this one. */
function toDeadline(call: Call, timeoutMs: number): number {
  const { parent, timeoutMs: asked } = call.request;
  const own = call.startedAt + (asked === null ? timeoutMs : Math.min(asked, timeoutMs));
  return parent === null ? own : Math.min(own, parent.deadlineAt);
}
