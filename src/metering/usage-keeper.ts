// Brings counted usage to its store: once a minute while there is any, and at the end. What the store does not take is tried again with
// the next; what is older than the retention goes.
import type { Clock, Timer } from "../kernel/clock.ts";
import type { UsageRow, UsageStore } from "../ports/usage-store.ts";
import { createUsageRollup, type MarkedCall, type RolledCall } from "./usage-rollup.ts";

export interface UsageKeeper {
  /** Counts a call that has just ended. */
  record(call: RolledCall): void;
  /** Counts what is no call of its own. */
  mark(marked: MarkedCall): void;
  /** Writes everything that is counted, the minute under way too. Rejects with what the store rejects with; nothing is lost then. */
  flush(): Promise<void>;
  /** Flushes for the last time. */
  close(): Promise<void>;
}

export interface UsageRetention {
  /** How long minutes are kept, milliseconds. @default 86,400,000 (24 hours) */
  readonly minutesMs?: number;
  /** How long hours are kept, milliseconds. @default 7,776,000,000 (90 days) */
  readonly hoursMs?: number;
}

interface Parts extends UsageRetention {
  readonly store: UsageStore;
  readonly clock: Clock;
  /** Told of what the store rejects with. */
  readonly report: (error: unknown) => void;
}

const EVERY_MS = 60_000;
const PRUNE_MS = 3_600_000;
/** Rows given to the store at once: what it writes of calls meanwhile waits behind them. */
const WRITTEN_AT_ONCE = 256;
/** Rows that wait for a store that fails; beyond them the oldest go. */
const MAX_WAITING = 100_000;

/** Creates a keeper. It holds no process back from ending. */
export function createUsageKeeper(parts: Parts): UsageKeeper {
  return new Keeper(parts);
}

class Keeper implements UsageKeeper {
  readonly #parts: Parts;
  readonly #rollup = createUsageRollup();
  #waiting: readonly UsageRow[] = [];
  #timer: Timer | null = null;
  #writing: Promise<void> = Promise.resolve();
  #prunedAt = Number.NEGATIVE_INFINITY;
  #closed = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  record(call: RolledCall): void {
    this.#rollup.record(call, this.#parts.clock.now());
    if (this.#timer === null && !this.#closed) this.#arm();
  }

  mark(marked: MarkedCall): void {
    this.#rollup.mark(marked, this.#parts.clock.now());
    if (this.#timer === null && !this.#closed) this.#arm();
  }

  flush(): Promise<void> {
    return this.#write(Number.POSITIVE_INFINITY);
  }

  close(): Promise<void> {
    this.#closed = true;
    if (this.#timer !== null) this.#parts.clock.clearTimer(this.#timer);
    this.#timer = null;
    return this.flush();
  }

  #arm(): void {
    const { clock, report } = this.#parts;
    this.#timer = clock.setTimer(EVERY_MS, () => {
      this.#timer = null;
      this.#write(clock.now()).then(
        () => {
          if (this.#rollup.size > 0) this.#armAgain();
        },
        (error: unknown) => {
          report(error);
          this.#armAgain();
        },
      );
    });
    this.#timer.unref?.();
  }

  #armAgain(): void {
    if (this.#timer === null && !this.#closed) this.#arm();
  }

  /** One after the other: rows that come back from a failed write are in the next one. */
  #write(until: number): Promise<void> {
    const write = this.#writing.then(() => this.#writeNow(until));
    this.#writing = write.catch(() => {});
    return write;
  }

  async #writeNow(until: number): Promise<void> {
    const { store, clock } = this.#parts;
    this.#waiting = [...this.#waiting, ...this.#rollup.take(until)].slice(-MAX_WAITING);
    while (this.#waiting.length > 0) {
      await store.add(this.#waiting.slice(0, WRITTEN_AT_ONCE));
      this.#waiting = this.#waiting.slice(WRITTEN_AT_ONCE);
    }
    if (clock.monotonic() - this.#prunedAt < PRUNE_MS) return;
    this.#prunedAt = clock.monotonic();
    const { minutesMs = 86_400_000, hoursMs = 7_776_000_000 } = this.#parts;
    await store.prune(clock.now() - minutesMs, clock.now() - hoursMs);
  }
}
