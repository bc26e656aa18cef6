// Runs the handler inside its layers, each of which comes to an answer by the deadline.
import type { Outcome } from "../../call/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Call } from "../call.ts";
import { isOver } from "../deadline.ts";
import { toInterruption } from "../interruption.ts";
import { markCalled } from "../mark-called.ts";
import type { Plan } from "../plan.ts";

/**
 * Sets `call.output`; fails with BREAKER_OPEN, OVERLOADED, TIMEOUT, CANCELLED, OUTCOME_UNKNOWN, TOOL_ERROR, TOOL_FAILED or
 * INVALID_OUTPUT.
 */
export function attempt(call: Call, plan: Plan): MaybePromise<Outcome | undefined> {
  if (isOver(call, plan.environment.clock)) return toInterruption(call, plan.environment.clock);
  if (plan.mark.kept) return plan.attempt(call, plan);
  // The first call of this version in this process.
  const marked = markCalled(call, plan);
  return isPromiseLike(marked) ? marked.then(() => plan.attempt(call, plan)) : plan.attempt(call, plan);
}
