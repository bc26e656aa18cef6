// What a call passes through: one look for the principal's requests, which are built once, and one call of the store.
import { isPromiseLike } from "../kernel/maybe-promise.ts";
import type { QuotaReading, QuotaRequest, SlotsTaken } from "../ports/quota-store.ts";
import type { Binding } from "./binding.ts";
import type { Limiter, LimiterOptions, Refusal, Reservation } from "./limiter.ts";
import { formatRefusal, formatSlotRefusal } from "./messages.ts";
import { findLongest } from "./quotas.ts";
import { toCompiled } from "./tool-limits.ts";

const NOTHING_TAKEN: Reservation = Object.freeze({ ok: true, release: null });

/** The part of a limiter that is on the path of every call. */
export function createAdmission({
  store,
  slots,
}: Pick<LimiterOptions, "store" | "slots">): Pick<Limiter, "admit" | "reserve"> {
  return {
    admit(limits, principal, cost, dryRun) {
      const binding = toCompiled(limits).bind(principal);
      const requests = binding.requestsFor(cost);
      if (cost === 0 || requests.length === 0) return null;
      if (dryRun) return preview(binding, requests);
      const taken = store.take(requests);
      if (isPromiseLike(taken)) {
        return taken.then((late) => (late.ok ? null : toRefusal(binding, requests, late.index, late.reading)));
      }
      return taken.ok ? null : toRefusal(binding, requests, taken.index, taken.reading);
    },
    reserve(limits, principal, dryRun) {
      const binding = toCompiled(limits).bind(principal);
      const requests = binding.slotRequests;
      if (requests.length === 0) return NOTHING_TAKEN;
      if (dryRun) return previewSlots(binding);
      const taken = slots.take(requests);
      return isPromiseLike(taken) ? taken.then((late) => toReservation(binding, late)) : toReservation(binding, taken);
    },
  };

  function preview(binding: Binding, requests: readonly QuotaRequest[]): ReturnType<Limiter["admit"]> {
    const answer = (readings: readonly QuotaReading[]): Refusal | null => {
      const index = findLongest(readings);
      return index === -1 ? null : toRefusal(binding, requests, index, readings[index] as QuotaReading);
    };
    const readings = store.read(requests);
    return isPromiseLike(readings) ? readings.then(answer) : answer(readings);
  }

  function previewSlots(binding: Binding): ReturnType<Limiter["reserve"]> {
    const requests = binding.slotRequests;
    const answer = (running: readonly number[]): Reservation => {
      const full = requests.findIndex(({ max }, index) => (running[index] as number) >= max);
      return full === -1 ? NOTHING_TAKEN : toReservation(binding, { ok: false, index: full });
    };
    const running = slots.read(requests.map(({ key }) => key));
    return isPromiseLike(running) ? running.then(answer) : answer(running);
  }
}

function toRefusal(binding: Binding, requests: readonly QuotaRequest[], index: number, reading: QuotaReading): Refusal {
  const { limit, role } = binding.origins[index] as Binding["origins"][number];
  const request = requests[index] as QuotaRequest;
  const { resetsInMs, retryAfterMs } = reading;
  return {
    limit: limit.name,
    capacity: request.capacity,
    windowMs: request.windowMs,
    resetsInMs,
    retryAfterMs,
    message: formatRefusal(limit, request, role, retryAfterMs),
  };
}

function toReservation(binding: Binding, taken: SlotsTaken): Reservation {
  if (taken.ok) return taken;
  const { limit, role } = binding.slotOrigins[taken.index] as Binding["slotOrigins"][number];
  return { ok: false, limit: limit.name, max: limit.max, message: formatSlotRefusal(limit, role) };
}
