// Other measures of a limit for single principals, set at run time. Kept by tenant and id: a principal is made anew for
// every request.
import type { Principal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { QuotaOverride, QuotaOverrideSpec } from "./limiter.ts";

const MAX_OVERRIDES = 10_000;

export interface Overrides {
  /** Grows with every change: what was made from overrides before is out of date. */
  readonly epoch: number;
  readonly list: readonly QuotaOverride[];
  find(principal: Principal, limit: string): QuotaOverride | undefined;
  /** Throws INVALID_OPTION when there are 10,000 others. */
  checkRoom(principal: Principal, limit: string): void;
  set(principal: Principal, limit: string, spec: QuotaOverrideSpec): void;
  /** Whether there was one. */
  delete(principal: Principal, limit: string): boolean;
}

/** Creates an empty set of overrides. */
export function createOverrides(): Overrides {
  const overrides = new Map<string, QuotaOverride>();
  let epoch = 0;
  return {
    get epoch() {
      return epoch;
    },
    get list() {
      return [...overrides.values()];
    },
    find: (principal, limit) => (overrides.size === 0 ? undefined : overrides.get(toKey(principal, limit))),
    checkRoom(principal, limit) {
      if (overrides.size < MAX_OVERRIDES || overrides.has(toKey(principal, limit))) return;
      const message = `override: there are ${MAX_OVERRIDES} already; take one back, or give these principals a role with a limit of its own`;
      throw new ToolyardError("INVALID_OPTION", message);
    },
    set(principal, limit, { capacity, windowMs, burst }) {
      const key = toKey(principal, limit);
      const measure = { capacity, ...(windowMs !== undefined && { windowMs }), ...(burst !== undefined && { burst }) };
      overrides.set(key, Object.freeze({ tenant: principal.tenant, principal: principal.id, limit, ...measure }));
      epoch++;
    },
    delete(principal, limit) {
      if (!overrides.delete(toKey(principal, limit))) return false;
      epoch++;
      return true;
    },
  };
}

function toKey({ tenant, id }: Principal, limit: string): string {
  return `${tenant}\0${limit}\0${id}`;
}
