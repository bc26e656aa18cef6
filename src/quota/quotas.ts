// Reading and changing quotas outside of calls: the far side of `registry.quotas`.
import type { Principal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { QuotaReading, QuotaRequest } from "../ports/quota-store.ts";
import type { Binding } from "./binding.ts";
import type { Limiter, LimiterOptions, QuotaAnswer, QuotaState } from "./limiter.ts";
import { formatQuotaScope } from "./quota-key.ts";
import { toCompiled } from "./tool-limits.ts";

const FITS: QuotaAnswer = Object.freeze({ ok: true, retryAfterMs: 0, limit: null });

/** The part of a limiter that is no part of a call. */
export function createQuotas({
  store,
  clock,
}: Pick<LimiterOptions, "store" | "clock">): Pick<Limiter, "remaining" | "check" | "consume" | "reset"> {
  return {
    async remaining(limits, principal) {
      const binding = toCompiled(limits).bind(principal);
      const requests = binding.requestsFor(1);
      const readings = await store.read(requests);
      const now = clock.now();
      return readings.map((reading, index) => toState(binding, requests, index, reading, principal, now));
    },
    async check(limits, principal, cost = 1) {
      const binding = toCompiled(limits).bind(principal);
      const readings = await store.read(binding.requestsFor(checkCost(cost)));
      const index = findLongest(readings);
      return index === -1 ? FITS : toAnswer(binding, index, readings[index] as QuotaReading);
    },
    async consume(limits, principal, cost = 1) {
      const binding = toCompiled(limits).bind(principal);
      const taken = await store.take(binding.requestsFor(checkCost(cost)));
      return taken.ok ? FITS : toAnswer(binding, taken.index, taken.reading);
    },
    async reset(limits, principal) {
      const binding = toCompiled(limits).bind(principal);
      const own = binding
        .requestsFor(1)
        .filter((_, index) => binding.origins[index]?.limit.scopes.includes("principal"));
      await store.reset(own.map(({ key }) => key));
    },
  };
}

/** Index of the reading that has to wait longest; -1 when none has. */
export function findLongest(readings: readonly QuotaReading[]): number {
  let found = -1;
  let longest = 0;
  readings.forEach(({ retryAfterMs }, index) => {
    if (retryAfterMs <= longest) return;
    found = index;
    longest = retryAfterMs;
  });
  return found;
}

function toState(
  binding: Binding,
  requests: readonly QuotaRequest[],
  index: number,
  reading: QuotaReading,
  principal: Principal,
  now: number,
): QuotaState {
  const { limit, role } = binding.origins[index] as Binding["origins"][number];
  const { capacity, windowMs } = requests[index] as QuotaRequest;
  return {
    limit: limit.name,
    scope: formatQuotaScope(limit, principal, role),
    remaining: reading.remaining,
    capacity,
    windowMs,
    resetsAt: now + reading.resetsInMs,
  };
}

function toAnswer(binding: Binding, index: number, { retryAfterMs }: QuotaReading): QuotaAnswer {
  const { limit } = binding.origins[index] as Binding["origins"][number];
  return { ok: false, retryAfterMs, limit: limit.name };
}

function checkCost(cost: unknown): number {
  if (typeof cost === "number" && cost >= 0 && Number.isFinite(cost)) return cost;
  const received = typeof cost === "number" ? cost : typeof cost;
  throw new ToolyardError("INVALID_OPTION", `cost: received ${received}, expected a number of 0 or more`);
}
