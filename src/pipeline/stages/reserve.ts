// Takes a slot of every concurrency limit that applies, all or nothing. `settle` gives them back when the handler has
// truly ended, which may be after the call was answered.
import type { Outcome } from "../../call/outcome.ts";
import type { Principal } from "../../call/principal.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Reservation } from "../../quota/index.ts";
import type { Call } from "../call.ts";
import { toFailure } from "../outcomes.ts";
import type { Plan } from "../plan.ts";

/** Sets `call.release`; refuses with OVERLOADED. */
export function reserve(call: Call, plan: Plan, principal: Principal): MaybePromise<Outcome | undefined> {
  const reserved = plan.environment.limiter.reserve(plan.limits, principal, call.request.dryRun);
  if (isPromiseLike(reserved)) return reserved.then((result) => keep(call, plan, result));
  return keep(call, plan, reserved);
}

function keep(call: Call, plan: Plan, reservation: Reservation): Outcome | undefined {
  if (reservation.ok) {
    // A slow store may answer after the call's deadline: nobody would give this slot back.
    if (call.settled) reservation.release?.();
    else call.release = reservation.release;
    return undefined;
  }
  return toFailure(call, plan.environment.clock, "OVERLOADED", reservation.message, {
    details: { limit: reservation.limit, max: reservation.max },
  });
}
