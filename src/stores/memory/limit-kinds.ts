// The limits seen so far, by their numbers: the rule of each, and where its evicted debts go. A debt is worth the same
// to all keys of one limit, so each limit has slots of its own; the few beyond the bound share theirs. Where a limit gets
// other numbers, debts that were evicted before stay with the old ones; those of kept accounts carry over.
import type { QuotaRequest } from "../../ports/quota-store.ts";
import { createFixedWindow } from "../../quota/fixed-window.ts";
import type { QuotaRule } from "../../quota/rule.ts";
import { createTokenBucket } from "../../quota/token-bucket.ts";
import { FoldedDebts } from "./folded-debts.ts";

export interface LimitKind {
  readonly rule: QuotaRule;
  readonly folded: FoldedDebts;
}

// 64 limits with 16,384 slots of 16 bytes each: 16 MiB when every one of them has had to evict debts.
const MAX_OWN = 64;

/**
 * Creates the table: from a request to its kind, one object for each of the first 64 limits.
 * @param slots for the evicted debts of one limit
 * @param wallOffset wall clock minus monotonic clock, ms
 */
export function createLimitKinds(slots: number, wallOffset: number): (request: QuotaRequest) => LimitKind {
  const kinds = new Map<string, LimitKind>();
  const shared = new FoldedDebts(slots);
  return (request) => {
    const name = `${request.algorithm} ${request.capacity} ${request.windowMs} ${request.burst}`;
    const known = kinds.get(name);
    if (known !== undefined) return known;
    const rule =
      request.algorithm === "fixed-window" ? createFixedWindow(request, wallOffset) : createTokenBucket(request);
    if (kinds.size >= MAX_OWN) return { rule, folded: shared };
    const kind: LimitKind = { rule, folded: new FoldedDebts(slots) };
    kinds.set(name, kind);
    return kind;
  };
}
