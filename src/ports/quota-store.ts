// Where the live state of limits is kept. One call takes everything a tool call needs, or nothing of it.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

/** One bucket or window and what is wanted from it. */
export interface QuotaRequest {
  /** `<tenant>\0<limit>\0<what it is kept for>`. */
  readonly key: string;
  readonly algorithm: "token-bucket" | "fixed-window";
  /** Units per window. */
  readonly capacity: number;
  readonly windowMs: number;
  /** Units that may be taken at once; the capacity for a fixed window. */
  readonly burst: number;
  /** Units wanted, 0 or more. */
  readonly cost: number;
}

export interface QuotaReading {
  /** Whole units that could be taken now. */
  readonly remaining: number;
  /** Milliseconds until the quota is whole again: full bucket, or end of the window. */
  readonly resetsInMs: number;
  /** Milliseconds until the wanted cost fits; 0 when it does; Infinity when it never can. */
  readonly retryAfterMs: number;
}

export type QuotaTaken =
  | { readonly ok: true }
  /** `index` of the request that refuses longest. Nothing was taken. */
  | { readonly ok: false; readonly index: number; readonly reading: QuotaReading };

export interface QuotaStore {
  /** Takes every cost, or none. INVARIANT: never grants over `burst + capacity / windowMs * t` units in any time t. */
  take(requests: readonly QuotaRequest[]): MaybePromise<QuotaTaken>;
  /** Reads without taking; one reading for each request, in order. */
  read(requests: readonly QuotaRequest[]): MaybePromise<readonly QuotaReading[]>;
  /** Makes the quotas whole. */
  reset(keys: readonly string[]): MaybePromise<void>;
}

/** One set of running calls and how many may run. */
export interface SlotRequest {
  /** `<tenant>\0<limit>\0<what it is kept for>`. */
  readonly key: string;
  readonly max: number;
}

export type SlotsTaken =
  | { readonly ok: true; release(): void }
  /** `index` of a request that is full. Nothing was taken. */
  | { readonly ok: false; readonly index: number };

export interface SlotStore {
  /** Takes a slot of every set, or none. `release` gives them back once; later calls of it do nothing. */
  take(requests: readonly SlotRequest[]): MaybePromise<SlotsTaken>;
  /** How many run, for each key in order. */
  read(keys: readonly string[]): MaybePromise<readonly number[]>;
}
