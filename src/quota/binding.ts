// One tool's limits as they apply to one principal: the requests for the stores, with keys that are built once. Requests
// are never changed after they were handed out, because a store that answers later may still read them.
// Plain loops: a host that makes a principal per request pays for one of these with each call.
import type { Principal } from "../call/principal.ts";
import type { QuotaRequest, SlotRequest } from "../ports/quota-store.ts";
import type { CompiledConcurrency, CompiledLimit } from "./compiled-limit.ts";
import type { LimiterOptions, QuotaOverride } from "./limiter.ts";
import type { Overrides } from "./overrides.ts";
import { toQuotaKey } from "./quota-key.ts";

/** Where a request comes from, to say so in a refusal. */
interface Origin<L> {
  readonly limit: L;
  /** The role it is for; null when the limit is not per role. */
  readonly role: string | null;
}

export interface BindingSource {
  readonly limits: readonly CompiledLimit[];
  readonly concurrency: readonly CompiledConcurrency[];
  readonly isRole: LimiterOptions["isRole"];
  readonly overrides: Overrides;
}

export class Binding {
  readonly principal: Principal;
  /** Of the overrides it was made from. */
  readonly epoch: number;
  /** In the order of the requests. */
  readonly origins: readonly Origin<CompiledLimit>[];
  readonly slotRequests: readonly SlotRequest[];
  /** In the order of the slot requests. */
  readonly slotOrigins: readonly Origin<CompiledConcurrency>[];
  #cost = 1;
  #requests: readonly QuotaRequest[];

  constructor({ limits, concurrency, isRole, overrides }: BindingSource, principal: Principal) {
    this.principal = principal;
    this.epoch = overrides.epoch;
    this.origins = toOrigins(limits, isRole, principal);
    this.#requests = this.origins.map(({ limit, role }) => {
      const override = overrides.find(principal, limit.name);
      return toRequest(limit, toQuotaKey(limit, principal, role), override);
    });
    this.slotOrigins = toOrigins(concurrency, isRole, principal);
    this.slotRequests = this.slotOrigins.map(({ limit, role }) => {
      return { key: toQuotaKey(limit, principal, role), max: limit.max };
    });
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

function toOrigins<L extends CompiledConcurrency | CompiledLimit>(
  limits: readonly L[],
  isRole: LimiterOptions["isRole"],
  principal: Principal,
): readonly Origin<L>[] {
  const origins: Origin<L>[] = [];
  for (const limit of limits) {
    if (limit.roles !== null && !limit.roles.some((role) => principal.roles.includes(role))) continue;
    if (!limit.perRole) origins.push({ limit, role: null });
    else for (const role of toRoles(principal, isRole)) origins.push({ limit, role });
  }
  return origins;
}

/** The roles that count: a name that is no role would be a quota of its own for whoever brings a new one each time. */
function toRoles({ roles }: Principal, isRole: LimiterOptions["isRole"]): ReadonlySet<string> {
  const held = new Set(roles.filter(isRole));
  return held.size === 0 ? WITHOUT_ROLE : held;
}

const WITHOUT_ROLE: ReadonlySet<string> = new Set([""]);

function toRequest(limit: CompiledLimit, key: string, override: QuotaOverride | undefined): QuotaRequest {
  const { algorithm, windowMs, capacity, burst, declaredBurst } = limit;
  if (override === undefined) return { key, algorithm, capacity, windowMs, burst, cost: 1 };
  const ownBurst = algorithm === "fixed-window" ? null : (override.burst ?? declaredBurst);
  return {
    key,
    algorithm,
    capacity: override.capacity,
    windowMs: override.windowMs ?? windowMs,
    burst: ownBurst ?? override.capacity,
    cost: 1,
  };
}
