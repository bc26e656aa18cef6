// What a call comes to that ended before its work did. For a tool that writes, once its handler was entered, neither
// "failed" nor "timed out" would be honest: nobody knows whether the effect happened.
import type { Failure } from "../call/outcome.ts";
import type { Clock } from "../kernel/clock.ts";
import { formatDuration } from "../kernel/duration.ts";
import { type Attempt, toBound } from "./attempt.ts";
import type { Call } from "./call.ts";
import { toFailure } from "./outcomes.ts";

/** Whether an effect may have happened of which nobody has heard. What earlier attempts left, `retry` remembers. */
function isEffectLost({ finished, plan, attempt }: Call): boolean {
  if (attempt === null || !attempt.entered || finished || plan === null || !plan.writes) return false;
  return (attempt.effect ?? "unknown") === "unknown";
}

/** TIMEOUT or CANCELLED; OUTCOME_UNKNOWN when `lost`: by default for an entered write that did not finish. */
export function toInterruption(call: Call, clock: Clock, lost: boolean = isEffectLost(call)): Failure {
  const after = formatDuration(clock.monotonic() - call.startedAt);
  const timedOut = call.timedOut || toBound(call).timedOut;
  const what = timedOut
    ? `The call did not finish within its deadline (${after})`
    : `The call was cancelled after ${after}`;
  return toLostAnswer(call, clock, timedOut ? "TIMEOUT" : "CANCELLED", what, lost);
}

/** The same for an attempt that did not finish within its own deadline, while the call goes on. */
export function toAttemptTimeout(attempt: Attempt, clock: Clock): Failure {
  const { call, startedAt } = attempt;
  const what = `The attempt did not finish within its deadline (${formatDuration(clock.monotonic() - startedAt)})`;
  return toLostAnswer(call, clock, "TIMEOUT", what, isEffectLost(call));
}

/** `code`, or OUTCOME_UNKNOWN when the effect may have happened. */
export function toLostAnswer(
  call: Call,
  clock: Clock,
  code: "TIMEOUT" | "CANCELLED" | "TOOL_FAILED",
  what: string,
  lost: boolean,
): Failure {
  // Of a handler that has ended, or said so, it is known what it did.
  if (!lost)
    return toFailure(call, clock, code, `${what}.`, call.finished ? {} : { effect: call.attempt?.effect ?? "none" });
  const message = `${what}; whether its effect happened is not known. Check before calling again.`;
  return toFailure(call, clock, "OUTCOME_UNKNOWN", message, { effect: "unknown" });
}
