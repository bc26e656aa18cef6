// Where answers of reading tools are kept. A cache may forget anything at any time; it never mixes up two keys.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

export interface CachedValue {
  /** JSON text, as it was set. */
  readonly value: string;
  /** Milliseconds since it was set. */
  readonly ageMs: number;
}

export interface CacheStore {
  /** null: never set, forgotten, or older than it was to be kept. */
  get(key: string): MaybePromise<CachedValue | null>;
  /** Keeps `value` for `keepMs`, or less. `key` begins with the tenant. */
  set(key: string, value: string, keepMs: number): MaybePromise<void>;
  /** Forgets everything. */
  clear(): MaybePromise<void>;
}
