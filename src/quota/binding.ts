// One tool's limits as they apply to one principal: the requests for the stores, with keys that are built once. Requests
// are never changed after they were handed out, because a store that answers later may still read them.
import type { Principal } from "../call/principal.ts";
import type { QuotaRequest, SlotRequest } from "../ports/quota-store.ts";
import type { CompiledConcurrency, CompiledLimit } from "./compiled-limit.ts";
import type { QuotaOverride } from "./limiter.ts";
import { toQuotaKeys } from "./quota-key.ts";

/** Where a request comes from, to say so in a refusal. */
export interface Origin<L> {
  readonly limit: L;
  readonly role: string | null;
}

export interface BindingSource {
  readonly limits: readonly CompiledLimit[];
  readonly concurrency: readonly CompiledConcurrency[];
  holds(principal: Principal, role: string): boolean;
  findOverride(principal: Principal, limit: string): QuotaOverride | undefined;
}

export class Binding {
  /** Of the overrides it was made from. */
  readonly epoch: number;
  /** In the order of the requests. */
  readonly origins: readonly Origin<CompiledLimit>[];
  readonly slotRequests: readonly SlotRequest[];
  /** In the order of the slot requests. */
  readonly slotOrigins: readonly Origin<CompiledConcurrency>[];
  #cost = 1;
  #requests: readonly QuotaRequest[];

  constructor(source: BindingSource, principal: Principal, epoch: number) {
    const applies = ({ roles }: { readonly roles: readonly string[] | null }): boolean =>
      roles === null || roles.some((role) => source.holds(principal, role));
    const limits = source.limits.filter(applies).flatMap((limit) => {
      const measure = toMeasure(limit, source.findOverride(principal, limit.name));
      return toQuotaKeys(limit, principal).map(({ key, role }) => ({
        origin: { limit, role },
        request: { key, ...measure, cost: 1 },
      }));
    });
    const concurrency = source.concurrency
      .filter(applies)
      .flatMap((limit) =>
        toQuotaKeys(limit, principal).map(({ key, role }) => ({
          origin: { limit, role },
          request: { key, max: limit.max },
        })),
      );
    this.epoch = epoch;
    this.origins = limits.map(({ origin }) => origin);
    this.#requests = limits.map(({ request }) => request);
    this.slotOrigins = concurrency.map(({ origin }) => origin);
    this.slotRequests = concurrency.map(({ request }) => request);
  }

  /** The requests of a call that costs `cost`; the same array while the cost stays the same. */
  requestsFor(cost: number): readonly QuotaRequest[] {
    if (cost !== this.#cost) {
      this.#requests = this.#requests.map((request) => ({ ...request, cost }));
      this.#cost = cost;
    }
    return this.#requests;
  }
}

function toMeasure(limit: CompiledLimit, override: QuotaOverride | undefined): Omit<QuotaRequest, "key" | "cost"> {
  const { algorithm, windowMs, capacity, burst, declaredBurst } = limit;
  if (override === undefined) return { algorithm, capacity, windowMs, burst };
  const ownBurst = algorithm === "fixed-window" ? undefined : (override.burst ?? declaredBurst);
  return {
    algorithm,
    capacity: override.capacity,
    windowMs: override.windowMs ?? windowMs,
    burst: ownBurst ?? override.capacity,
  };
}
