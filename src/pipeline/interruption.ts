// What a call comes to that ended before its work did. For a tool that writes, once its handler was entered, neither
// "failed" nor "timed out" would be honest: nobody knows whether the effect happened.
import type { Failure } from "../call/outcome.ts";
import type { Clock } from "../kernel/clock.ts";
import { formatDuration } from "../kernel/duration.ts";
import type { Call } from "./call.ts";
import { toFailure } from "./outcomes.ts";

/** TIMEOUT or CANCELLED; OUTCOME_UNKNOWN for an entered write. */
export function toInterruption(call: Call, clock: Clock): Failure {
  const after = formatDuration(clock.monotonic() - call.startedAt);
  const what = call.timedOut
    ? `The call did not finish within its deadline (${after})`
    : `The call was cancelled after ${after}`;
  if (call.entered && !call.finished && call.plan !== null && call.plan.writes) {
    const message = `${what}; whether its effect happened is not known. Check before calling again.`;
    return toFailure(call, clock, "OUTCOME_UNKNOWN", message, { effect: "unknown" });
  }
  return toFailure(call, clock, call.timedOut ? "TIMEOUT" : "CANCELLED", `${what}.`);
}
