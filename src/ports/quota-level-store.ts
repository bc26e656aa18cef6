// Where it is kept how much of each quota is used up, so that a restart does not make every quota whole. Not the live state: that is
// in a `QuotaStore`; what a crash loses here is what was taken since the last writing.
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { QuotaRequest } from "./quota-store.ts";

/** What is owed for one key. */
export interface QuotaLevel extends Pick<QuotaRequest, "key" | "algorithm" | "capacity" | "windowMs" | "burst"> {
  /** Millionths of a unit that are owed at `at`, an integer of 0 or more. */
  readonly debt: number;
  /** Epoch ms, an integer. */
  readonly at: number;
  /** From when on nothing is owed, epoch ms, an integer: the level may be forgotten then. */
  readonly until: number;
}

export interface QuotaLevelStore {
  /** Keeps these, each in place of what was kept for its key; all or nothing. */
  put(levels: readonly QuotaLevel[]): MaybePromise<void>;
  /** Those that owe something after `now`, in the order of their keys, after the key `after` (null: from the first), at most `limit`. */
  page(now: number, after: string | null, limit: number): MaybePromise<readonly QuotaLevel[]>;
  /** Forgets those that owe nothing at `now`. How many. */
  prune(now: number): MaybePromise<number>;
}
