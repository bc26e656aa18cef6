// Repeats what failed in passing, where the effect permits it: with growing, random delays, within the deadline, and never
// more than the budgets of the tool and its upstream allow, so that a sick system is not made sicker.
import type { Failure } from "../../call/outcome.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { type RetryBudget, toDelayMs, tryRepeatAll } from "../../resilience/index.ts";
import { isRepeatable } from "../../tool/effect.ts";
import type { Complete, RetryPolicy } from "../../tool/resilience.ts";
import { toBound } from "../attempt.ts";
import type { Call } from "../call.ts";
import { sleep } from "../deadline.ts";
import { toFailureKind } from "../failure-kinds.ts";
import { renewInput } from "../renew-input.ts";
import { toInterruption } from "../interruption.ts";
import type { Plan } from "../plan.ts";
import { failWith } from "./fail-with.ts";
import type { Layer } from "./layer.ts";

/** Repeats by `policy`, within `budgets`. */
export function createRetryLayer(policy: Complete<RetryPolicy>, budgets: readonly RetryBudget[]): Layer {
  return (next) => {
    /** One repeat. The budgets pay for it unless it succeeds, or never comes to the handler. */
    const again = async (call: Call, plan: Plan, delayMs: number, lost: boolean): Promise<Failure | undefined> => {
      const { clock } = plan.environment;
      const { attempts } = call;
      let isFree = false;
      try {
        const goesOn = await sleep(toBound(call), clock, delayMs, plan.environment.waiting);
        const renewing = goesOn ? renewInput(call, plan) : undefined;
        if (renewing !== undefined) await renewing;
        const failure = goesOn ? await next(call, plan) : toInterruption(call, clock, lost);
        isFree = failure === undefined || call.attempts === attempts;
        return failure;
      } finally {
        for (const budget of budgets) budget.endRepeat(isFree);
      }
    };

    const repeat = async (call: Call, plan: Plan, first: Failure): Promise<Failure | undefined> => {
      let failure: Failure | undefined = first;
      // What one attempt did, or may have done, is not undone by what a later one was refused with.
      let effective: Failure | null = null;
      for (let count = 1; failure !== undefined; count++) {
        if (failure.error.effect !== "none") effective = failure;
        const delayMs: number | null =
          count <= policy.repeats ? toNextDelayMs(call, plan, policy, failure, count) : null;
        if (delayMs === null || !tryRepeatAll(budgets)) break;
        failure = await again(call, plan, delayMs, effective?.error.effect === "unknown");
      }
      if (failure?.error.effect !== "none" || effective === null) return failure;
      return failWith(call, plan.environment.clock, effective.error);
    };

    const end = <T>(answer: T): T => {
      for (const budget of budgets) budget.end();
      return answer;
    };
    const decide = (call: Call, plan: Plan, failure: Failure | undefined): MaybePromise<Failure | undefined> => {
      if (failure !== undefined) return repeat(call, plan, failure).then(end);
      for (const budget of budgets) budget.succeed();
      return end(undefined);
    };

    return (call, plan) => {
      for (const budget of budgets) budget.begin();
      const answer = next(call, plan);
      return isPromiseLike(answer) ? answer.then((failure) => decide(call, plan, failure)) : decide(call, plan, answer);
    };
  };
}

/** How long to wait before attempt `count` + 1; null when there is to be none. */
function toNextDelayMs(
  call: Call,
  { version, environment: { clock, random } }: Plan,
  policy: Complete<RetryPolicy>,
  { error }: Failure,
  count: number,
): number | null {
  const bound = toBound(call);
  // After a partial was delivered, another attempt would deliver it twice.
  if (bound.scope.cancelled || call.delivered || !toFailureKind(error).transient) return null;
  if (!isRepeatable(version, call.request.idempotencyKey !== null)) return null;
  const delayMs = toDelayMs(policy, count, random, error.retryAfterMs);
  // Whoever cannot be answered in time is told at once.
  return clock.monotonic() + delayMs < bound.deadlineAt ? delayMs : null;
}
