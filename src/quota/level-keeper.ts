// Brings the levels of quotas that have changed to their store: every ten seconds, and at the end. What the store does not take is tried
// again with the next. A crash gives back what was taken in the last ten seconds.
import type { Clock, Timer } from "../kernel/clock.ts";
import type { QuotaLevel, QuotaLevelStore } from "../ports/quota-level-store.ts";

/** Where levels come from. */
export interface LevelSource {
  /** Levels that have changed since they were last taken, at most `most`, each key once; fewer: there are no more. */
  takeLevels(most: number): readonly QuotaLevel[];
  /** Starts from these; a key that is in use already stays as it is. */
  restoreLevels(levels: readonly QuotaLevel[]): void;
}

export interface LevelKeeper {
  /** Writes for the last time. Rejects with what the store rejects with. */
  close(): Promise<void>;
}

interface Parts {
  readonly source: LevelSource;
  readonly store: QuotaLevelStore;
  readonly clock: Clock;
  /** Told of what the store rejects with. */
  readonly report: (error: unknown) => void;
}

const EVERY_MS = 10_000;
const PRUNE_MS = 3_600_000;
/** Levels given to the store at once: what it writes of calls meanwhile waits behind them. */
const AT_ONCE = 256;
/** Levels read at once, and in all: as many keys as are kept in memory. */
const PAGE = 2_000;
const MAX_LEVELS = 100_000;
const NONE: readonly QuotaLevel[] = [];

/** Lets `source` start from what is kept. Rejects with what the store rejects with. */
export async function restoreLevels({ source, store, clock }: Omit<Parts, "report">): Promise<void> {
  let after: string | null = null;
  for (let read = 0; read < MAX_LEVELS; read += PAGE) {
    const levels: readonly QuotaLevel[] = await store.page(clock.now(), after, PAGE);
    source.restoreLevels(levels);
    after = levels.at(-1)?.key ?? null;
    if (levels.length < PAGE) return;
  }
}

/** Creates a keeper. It holds no process back from ending. */
export function createLevelKeeper(parts: Parts): LevelKeeper {
  return new Keeper(parts);
}

class Keeper implements LevelKeeper {
  readonly #parts: Parts;
  /** Taken, and not written yet; what changes after it waits in the source. */
  #taken = NONE;
  #timer: Timer | null = null;
  #writing: Promise<void> = Promise.resolve();
  #prunedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#arm();
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) this.#parts.clock.clearTimer(this.#timer);
    await this.#writing;
    await this.#write();
  }

  #arm(): void {
    const { clock, report } = this.#parts;
    this.#timer = clock.setTimer(EVERY_MS, () => {
      this.#writing = this.#write()
        .catch(report)
        .then(() => {
          if (!this.#closed) this.#arm();
        });
    });
    this.#timer.unref?.();
  }

  async #write(): Promise<void> {
    await this.#put();
    // What changes meanwhile is for the next time: a key that is always in use would never end this.
    let taken: number;
    do {
      this.#taken = this.#parts.source.takeLevels(AT_ONCE);
      taken = this.#taken.length;
      await this.#put();
    } while (taken === AT_ONCE);
    await this.#prune();
  }

  async #put(): Promise<void> {
    if (this.#taken.length === 0) return;
    await this.#parts.store.put(this.#taken);
    this.#taken = NONE;
  }

  async #prune(): Promise<void> {
    const { store, clock } = this.#parts;
    const now = clock.monotonic();
    if (now - this.#prunedAt < PRUNE_MS) return;
    this.#prunedAt = now;
    await store.prune(clock.now());
  }
}
