// Holds an output to its schema, the handler's and a fallback's alike: callers get what the definition promises or a
// refusal, never something else. Part of every attempt, so that a cache and a breaker know what an answer is worth.
import type { Failure } from "../../call/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { checkOutput, type CheckedOutput } from "../../tool/schema/check-output.ts";
import type { Call } from "../call.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";

/** Sets `call.output` to the checked output; refuses with INVALID_OUTPUT. */
export function check(call: Call, plan: Plan, output: unknown): MaybePromise<Failure | undefined> {
  const checked = checkOutput(plan.tool, output);
  return isPromiseLike(checked) ? checked.then((result) => accept(call, plan, result)) : accept(call, plan, checked);
}

function accept(call: Call, plan: Plan, checked: CheckedOutput): Failure | undefined {
  if (checked.ok) {
    call.output = checked.value;
    return undefined;
  }
  // The handler came to its end, so a write has happened; only its answer is unfit.
  return toFailure(
    call,
    plan.environment.clock,
    "INVALID_OUTPUT",
    "The tool's output does not fit its output schema.",
    {
      effect: plan.writes ? "applied" : "none",
      issues: checked.issues,
    },
  );
}
