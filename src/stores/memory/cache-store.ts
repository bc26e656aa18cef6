// Cached answers in memory, bounded by the bytes they take: those that were not used for the longest time go first.
// Everything that is kept counts, also what is too old to be given; it goes when it is asked for or when its turn comes.
import type { Clock } from "../../kernel/clock.ts";
import type { CacheStore, CachedValue } from "../../ports/cache-store.ts";
import { assertBound } from "./bound-option.ts";
import { type Sized, SizedMap, toEntryBytes } from "./sized-map.ts";

export interface MemoryCacheStoreOptions {
  readonly clock: Clock;
  /**
   * Bytes kept at the most, 1 or more: 2 for each UTF-16 unit of key and value, and 320 for each entry. An entry of more
   * than a quarter of it is not kept. @default 67,108,864 (64 MiB)
   */
  readonly maxBytes?: number;
}

/** A cache that answers at once. */
export interface MemoryCacheStore extends CacheStore {
  get(key: string): CachedValue | null;
  set(key: string, value: string, keepMs: number): void;
  clear(): void;
  /** Entries kept now. */
  readonly size: number;
  /** Bytes they take. */
  readonly bytes: number;
}

/** Creates an empty cache. Throws INVALID_OPTION for a `maxBytes` that is no integer of 1 or more. */
export function createMemoryCacheStore(options: MemoryCacheStoreOptions): MemoryCacheStore {
  const { clock, maxBytes = 67_108_864 } = options;
  assertBound("maxBytes", maxBytes);
  return new CacheInMemory(clock, maxBytes);
}

interface Cached extends Sized {
  readonly value: string;
  /** Monotonic ms. */
  readonly setAt: number;
  readonly expiresAt: number;
}

class CacheInMemory implements MemoryCacheStore {
  readonly #clock: Clock;
  readonly #maxBytes: number;
  readonly #entries = new SizedMap<Cached>();

  constructor(clock: Clock, maxBytes: number) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#entries.bytes;
  }

  get(key: string): CachedValue | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    const now = this.#clock.monotonic();
    if (entry.expiresAt <= now) {
      this.#entries.delete(entry);
      return null;
    }
    this.#entries.renew(entry);
    return { value: entry.value, ageMs: now - entry.setAt };
  }

  set(key: string, value: string, keepMs: number): void {
    const earlier = this.#entries.get(key);
    // Also when the new value is not kept: the earlier one is no longer what was set.
    if (earlier !== undefined) this.#entries.delete(earlier);
    const bytes = toEntryBytes(key, value);
    if (bytes > this.#maxBytes / 4 || !(keepMs > 0)) return;
    while (this.#entries.bytes + bytes > this.#maxBytes) this.#entries.takeOldest();
    const setAt = this.#clock.monotonic();
    this.#entries.add({ key, bytes, value, setAt, expiresAt: setAt + keepMs });
  }

  clear(): void {
    this.#entries.clear();
  }
}
