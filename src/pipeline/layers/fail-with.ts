// A failure that was made earlier, or for another call, as this call's answer of now: a failure carries its meta, and that
// of a moment ago knows neither the attempts nor the time that came after it.
import type { Failure, OutcomeError } from "../../call/outcome.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { Call } from "../call.ts";
import { toFailure } from "../outcomes.ts";

/** The failure of `call` with that error. */
export function failWith(call: Call, clock: Clock, { code, message, ...parts }: OutcomeError): Failure {
  return toFailure(call, clock, code, message, parts);
}
