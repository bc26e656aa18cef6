// What a writer does now and then, whether or not there is something to write: says that it lives, names the heads of chains that have
// moved, ends what dead writers have left open, and forgets what is over.
import type { Clock, Timer } from "../../../kernel/clock.ts";
import type { Database } from "../database.ts";
import { anchorOthers } from "./anchor-others.ts";
import type { BatchWriter } from "./batch-writer.ts";
import { purgeClaims } from "./claim-writer.ts";
import { purgeOutcomes } from "./outcome-writer.ts";
import { recoverDead } from "./recover-dead.ts";

export interface Beat {
  readonly isDue: boolean;
  run(): Promise<void>;
  stop(): void;
}

interface Parts {
  readonly database: Database;
  readonly writer: BatchWriter;
  readonly clock: Clock;
}

const BEAT_MS = 5_000;
const ANCHOR_MS = 60_000;
/** So many records later the others' heads are named again, but not more often than once in `SOON_MS`. */
const ANCHOR_RECORDS = 1_000;
const SOON_MS = 1_000;
/** When there is more to forget than is forgotten at once. */
const MORE_MS = 100;

/** Beats from now on; `wake` is called when it is due while nothing else happens. */
export function createBeat(parts: Parts, wake: () => void): Beat {
  return new WriterBeat(parts, wake);
}

class WriterBeat implements Beat {
  readonly #parts: Parts;
  readonly #wake: () => void;
  #timer: Timer | null = null;
  #dueAt: number;
  #anchoredAt: number;
  #anchoredRecords: number;

  constructor(parts: Parts, wake: () => void) {
    this.#parts = parts;
    this.#wake = wake;
    this.#anchoredAt = parts.clock.monotonic();
    this.#anchoredRecords = parts.writer.records;
    this.#dueAt = this.#anchoredAt + BEAT_MS;
    this.#arm(BEAT_MS);
  }

  get isDue(): boolean {
    const now = this.#parts.clock.monotonic();
    return now >= this.#dueAt || this.#isAnchorDue(now);
  }

  async run(): Promise<void> {
    const { clock, database, writer } = this.#parts;
    const startedAt = clock.monotonic();
    const isAnchorDue = this.#isAnchorDue(startedAt);
    // Also when it fails: the next one comes in time, and writing goes on in between.
    this.#next(BEAT_MS);
    const hasMore = await writer.transact(async (transaction) => {
      const now = clock.now();
      const work = { transaction, dialect: database.dialect, writer, now };
      // Who took this process for dead, because it was stopped for long, has closed its chain and listed its calls.
      const { numUpdatedRows } = await transaction
        .updateTable("audit_chains")
        .set({ closed_at: null })
        .where("writer", "=", writer.writer)
        .where("closed_at", "is not", null)
        .executeTakeFirst();
      if (numUpdatedRows > 0n) writer.unlists = true;
      await recoverDead(work);
      if (isAnchorDue) await anchorOthers(work);
      await purgeOutcomes(transaction, now);
      return purgeClaims(transaction, now);
    });
    if (hasMore) this.#next(MORE_MS);
    if (!isAnchorDue) return;
    this.#anchoredAt = startedAt;
    this.#anchoredRecords = writer.records;
  }

  stop(): void {
    if (this.#timer !== null) this.#parts.clock.clearTimer(this.#timer);
    this.#timer = null;
  }

  #isAnchorDue(now: number): boolean {
    const passed = now - this.#anchoredAt;
    const records = this.#parts.writer.records - this.#anchoredRecords;
    return passed >= ANCHOR_MS || (passed >= SOON_MS && records >= ANCHOR_RECORDS);
  }

  #next(ms: number): void {
    this.#dueAt = this.#parts.clock.monotonic() + ms;
    this.stop();
    this.#arm(ms);
  }

  #arm(ms: number): void {
    this.#timer = this.#parts.clock.setTimer(ms, this.#wake);
  }
}
