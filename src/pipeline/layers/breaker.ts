// Leaves a tool or an upstream alone that fails again and again.
import type { Failure } from "../../call/outcome.ts";
import { formatDuration } from "../../kernel/duration.ts";
import { isPromiseLike } from "../../kernel/maybe-promise.ts";
import type { Breaker } from "../../resilience/index.ts";
import type { ToolVersion } from "../../tool/tool-version.ts";
import type { Call } from "../call.ts";
import { toFailureKind } from "../failure-kinds.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";
import type { Layer } from "./layer.ts";

/**
 * Part of a tool's own time after which one that did not answer has failed. Less than all of it: before an attempt begins
 * the call has gone through its checks, or the call that made it has, and their deadline is the same.
 */
const PATIENCE = 0.9;

/** Refuses with BREAKER_OPEN; `what` names what fails, for people and models. */
export function createBreakerLayer(breaker: Breaker, what: string): Layer {
  return (next) => (call, plan) => {
    const permit = breaker.admit();
    if (permit === 0) return refuse(call, plan, breaker, what);
    const { attempts } = call;
    const settle = (failure: Failure | undefined): Failure | undefined => {
      const verdict = toVerdict(call, plan, failure, call.attempts > attempts);
      if (verdict === "success") breaker.succeed(permit);
      else if (verdict === "failure") breaker.fail(permit);
      else breaker.ignore(permit);
      return failure;
    };
    const answer = next(call, plan);
    return isPromiseLike(answer) ? answer.then(settle) : settle(answer);
  };
}

function refuse(call: Call, plan: Plan, { retryAfterMs }: Breaker, what: string): Failure {
  const when =
    retryAfterMs === 0 ? "as soon as one call has shown that it works again" : `in ${formatDuration(retryAfterMs)}`;
  return toFailure(
    call,
    plan.environment.clock,
    "BREAKER_OPEN",
    `${what} failed too often and is left alone; try again ${when}.`,
    {
      effect: "none",
      retryAfterMs: Math.max(1, Math.ceil(retryAfterMs)),
    },
  );
}

/** What the answer says about the tool. */
function toVerdict(
  call: Call,
  { version, timeoutMs, environment }: Plan,
  failure: Failure | undefined,
  entered: boolean,
): "success" | "failure" | "none" {
  if (failure === undefined) return "success";
  const { verdict } = toFailureKind(failure.error);
  const { attempt } = call;
  if (verdict !== "failure" || !entered || attempt === null) return verdict === "success" ? "success" : "none";
  if (!attempt.timedOut && !attempt.scope.cancelled) return "failure";
  // Who leaves early says nothing about the tool: one impatient caller could shut it for everybody.
  const patienceMs = PATIENCE * toOwnTimeMs(version, timeoutMs);
  return environment.clock.monotonic() - attempt.startedAt >= patienceMs ? "failure" : "none";
}

/** How long an attempt may take when nobody is in a hurry: what a fallback needs is kept back. */
function toOwnTimeMs({ attemptTimeoutMs, fallback }: ToolVersion, timeoutMs: number): number {
  const wholeMs = timeoutMs - Math.min(fallback?.reserveMs ?? 0, timeoutMs / 2);
  return attemptTimeoutMs === null ? wholeMs : Math.min(attemptTimeoutMs, wholeMs);
}
