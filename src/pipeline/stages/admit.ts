// Takes what the call costs from every limit that applies, all or nothing, once. A dry run asks without taking.
import type { Outcome } from "../../call/outcome.ts";
import type { Principal } from "../../call/principal.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Refusal } from "../../quota/index.ts";
import type { Call } from "../call.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";

/** Refuses with QUOTA_EXCEEDED, or COST_INVALID when the tool's cost function is at fault. */
export function admit(call: Call, plan: Plan, principal: Principal): MaybePromise<Outcome | undefined> {
  const { cost } = plan.tool.definition;
  if (cost === undefined) return take(call, plan, principal, 1);
  if (typeof cost === "number") return take(call, plan, principal, cost);
  let computed: MaybePromise<number>;
  try {
    computed = (cost as (input: unknown) => MaybePromise<number>)(call.input);
  } catch (error) {
    return toCostFailure(call, plan, error);
  }
  if (!isPromiseLike(computed)) return takeComputed(call, plan, principal, computed);
  return computed.then(
    (units) => takeComputed(call, plan, principal, units),
    (error: unknown) => toCostFailure(call, plan, error),
  );
}

function takeComputed(call: Call, plan: Plan, principal: Principal, cost: unknown): MaybePromise<Outcome | undefined> {
  // A negative cost would fill the quota up; NaN would pass every comparison.
  if (typeof cost === "number" && cost >= 0 && Number.isFinite(cost)) return take(call, plan, principal, cost);
  return toCostFailure(
    call,
    plan,
    new RangeError(`the cost function gave ${String(cost)}, expected a number of 0 or more`),
  );
}

function toCostFailure(call: Call, plan: Plan, error: unknown): Outcome {
  const { clock, report } = plan.environment;
  const { name, version } = plan.version;
  report({ kind: "tool.failed", callId: call.id, tool: name, version, error });
  return toFailure(
    call,
    clock,
    "COST_INVALID",
    `The cost of ${name} could not be computed. Quote ${call.id} to its operator.`,
  );
}

function take(call: Call, plan: Plan, principal: Principal, cost: number): MaybePromise<Outcome | undefined> {
  const taken = plan.environment.limiter.admit(plan.limits, principal, cost, call.request.dryRun);
  return isPromiseLike(taken) ? taken.then((refusal) => answer(call, plan, refusal)) : answer(call, plan, taken);
}

function answer(call: Call, plan: Plan, refusal: Refusal | null): Outcome | undefined {
  if (refusal === null) return undefined;
  const { clock } = plan.environment;
  const ever = Number.isFinite(refusal.retryAfterMs);
  return toFailure(call, clock, "QUOTA_EXCEEDED", refusal.message, {
    retryable: ever,
    retryAfterMs: ever ? refusal.retryAfterMs : null,
    details: {
      limit: refusal.limit,
      capacity: refusal.capacity,
      windowMs: refusal.windowMs,
      resetsAt: clock.now() + refusal.resetsInMs,
    },
  });
}
