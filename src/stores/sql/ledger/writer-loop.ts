// The life of a writer: takes what has arrived, writes it, answers; tries again what the database would not take; now and then says
// that it lives, names the others' heads and tidies up. One thing at a time, in the order of arrival.
import type { Chain } from "../../../audit/chain/index.ts";
import { toCheckpointBodies } from "../../../audit/chain/index.ts";
import type { Clock, Timer } from "../../../kernel/clock.ts";
import type { UsageRow } from "../../../ports/usage-store.ts";
import type { Database, Tables } from "../database.ts";
import type { Kysely } from "kysely";
import { type BatchWriter, createBatchWriter, UnwritableOp } from "./batch-writer.ts";
import { purgeClaims } from "./claim-writer.ts";
import type { LedgerAnswer, LedgerError, LedgerNews, LedgerOp, LedgerTask } from "./ledger-op.ts";
import { anchorOthers } from "./open-chain.ts";
import { purgeOutcomes } from "./outcome-writer.ts";

/** Ops of one transaction, at most: it should not hold the file for long. */
const MAX_BATCH = 2_000;
const BEAT_MS = 5_000;
const ANCHOR_MS = 60_000;
const ANCHOR_RECORDS = 1_000;
const FIRST_PAUSE_MS = 5;
const LAST_PAUSE_MS = 200;
/** What is no call of anybody's is tried so often, for some seconds in all: others may have the file. */
const TRIES = 20;

export interface WriterLoop {
  /** Adds ops in their order. */
  take(ops: readonly LedgerOp[]): void;
  run(task: LedgerTask): void;
}

interface Parts {
  readonly database: Database;
  readonly chain: Chain;
  readonly clock: Clock;
  readonly addUsage: (transaction: Kysely<Tables>, rows: readonly UsageRow[]) => Promise<void>;
  readonly tell: (news: LedgerNews) => void;
}

/** A loop over an open chain. */
export function createWriterLoop(parts: Parts): WriterLoop {
  const loop = new Loop(parts);
  return loop;
}

class Loop implements WriterLoop {
  readonly #parts: Parts;
  readonly #writer: BatchWriter;
  #waiting: LedgerOp[] = [];
  readonly #tasks: LedgerTask[] = [];
  #running = false;
  #closed = false;
  #failures = 0;
  #beatAt: number;
  #anchoredAt: number;
  #anchoredSeq: number;
  #nextBeat: Timer;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#writer = createBatchWriter(parts);
    this.#beatAt = parts.clock.monotonic();
    this.#anchoredAt = this.#beatAt;
    this.#anchoredSeq = parts.chain.head.seq;
    this.#nextBeat = this.#armBeat();
  }

  take(ops: readonly LedgerOp[]): void {
    for (const op of ops) this.#waiting.push(op);
    void this.#go();
  }

  run(task: LedgerTask): void {
    this.#tasks.push(task);
    void this.#go();
  }

  async #go(): Promise<void> {
    if (this.#running || this.#closed) return;
    this.#running = true;
    try {
      while (!this.#closed) {
        // First: where there is always something to write, there would never be time for it.
        if (this.#isBeatDue() && this.#failures === 0) await this.#beat();
        else if (this.#waiting.length > 0) await this.#writeBatch();
        else if (this.#tasks.length > 0) await this.#runTask(this.#tasks[0] as LedgerTask);
        else break;
      }
    } finally {
      this.#running = false;
    }
  }

  async #writeBatch(): Promise<void> {
    const ops = withoutAbandoned(this.#waiting.slice(0, MAX_BATCH));
    const taken = Math.min(this.#waiting.length, MAX_BATCH);
    const answers = await this.#write(ops, this.#failures > 0);
    if (answers === null) return;
    this.#waiting = this.#waiting.slice(taken);
    this.#failures = 0;
    this.#parts.tell({ kind: "answers", answers, available: true, taken });
  }

  /** The answers; null when it has to be tried again. */
  async #write(ops: readonly LedgerOp[], again: boolean): Promise<readonly LedgerAnswer[] | null> {
    try {
      return await this.#writer.write(ops, again);
    } catch (error) {
      if (error instanceof UnwritableOp) return this.#refuse(error);
      this.#parts.tell({ kind: "trouble", error: toLedgerError(error) });
      const pause = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++);
      await wait(this.#parts.clock, pause);
      return this.#writer.reconcile().catch(() => null);
    }
  }

  #refuse({ op, message }: UnwritableOp): null {
    this.#waiting = this.#waiting.filter((other) => other !== op);
    const answers = op.id === 0 ? [] : [{ id: op.id, error: { message, retryable: false } }];
    this.#parts.tell({ kind: "answers", answers, available: true, taken: 1 });
    return null;
  }

  async #runTask(task: LedgerTask): Promise<void> {
    try {
      if (task.do === "close") await this.#close();
      else await this.#prune(task);
      this.#answer({ id: task.id, value: true });
    } catch (error) {
      this.#answer({ id: task.id, error: toLedgerError(error) });
    }
    this.#tasks.shift();
    if (task.do !== "close") return;
    this.#closed = true;
    this.#parts.clock.clearTimer(this.#nextBeat);
  }

  #answer(answer: LedgerAnswer): void {
    this.#parts.tell({ kind: "answers", answers: [answer], available: this.#failures === 0, taken: 0 });
  }

  async #close(): Promise<void> {
    const { chain, clock } = this.#parts;
    await this.#transactPatiently(async (transaction) => {
      await anchorOthers(transaction, this.#writer.append, chain.head.writer, clock.now());
      const records = chain.head.seq + 1;
      await this.#writer.append(transaction, [{ at: clock.now(), kind: "chain.closed", body: { records } }]);
      await transaction
        .updateTable("audit_chains")
        .set({ closed_at: clock.now() })
        .where("writer", "=", chain.head.writer)
        .execute();
    });
  }

  async #prune({ pruning, event }: LedgerTask & { readonly do: "prune" }): Promise<void> {
    const { clock } = this.#parts;
    await this.#transactPatiently(async (transaction) => {
      const bodies = toCheckpointBodies(pruning);
      await this.#writer.append(transaction, [
        { at: event.at, kind: event.type, body: event },
        ...bodies.map((body) => ({ at: clock.now(), kind: "chain.checkpoint", body })),
      ]);
    });
    for (const { writer, seq } of pruning.pruned) await this.#removePrefix(writer, seq);
  }

  /** In pieces, the oldest first: whoever waits to write waits for one of them. */
  async #removePrefix(writer: string, last: number): Promise<void> {
    const { database } = this.#parts;
    for (;;) {
      const left = await database.db
        .selectFrom("audit_records")
        .select("seq")
        .where("writer", "=", writer)
        .where("seq", "<=", last)
        .orderBy("seq")
        .limit(1_000)
        .execute();
      const until = left.at(-1)?.seq;
      if (until === undefined) break;
      await this.#transactPatiently(async (transaction) => {
        await transaction.deleteFrom("audit_records").where("writer", "=", writer).where("seq", "<=", until).execute();
        await transaction
          .updateTable("audit_chains")
          .set({ first_seq: until + 1 })
          .where("writer", "=", writer)
          .execute();
      });
      while (this.#waiting.length > 0 && this.#failures === 0) await this.#writeBatch();
    }
    await database.db
      .deleteFrom("audit_chains")
      .where("writer", "=", writer)
      .where("closed_at", "is not", null)
      .whereRef("first_seq", ">", "head_seq")
      .execute();
  }

  /** What waits to be written goes first in between. */
  async #transactPatiently(work: (transaction: Kysely<Tables>) => Promise<void>): Promise<void> {
    for (let failures = 0; ; failures++) {
      try {
        await this.#transact(work);
        return;
      } catch (error) {
        if (failures === TRIES) throw error;
      }
      await wait(this.#parts.clock, Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures));
      while (this.#waiting.length > 0 && this.#failures === 0) await this.#writeBatch();
    }
  }

  /** A transaction of the loop's own; its chain is where the database is when it fails. */
  async #transact(work: (transaction: Kysely<Tables>) => Promise<void>): Promise<void> {
    try {
      await this.#parts.database.transaction(work);
    } catch (error) {
      await this.#writer.reconcile().catch(() => null);
      throw error;
    }
    await this.#writer.reconcile();
  }

  #isBeatDue(): boolean {
    return this.#parts.clock.monotonic() - this.#beatAt >= BEAT_MS;
  }

  async #beat(): Promise<void> {
    const { clock, chain } = this.#parts;
    this.#beatAt = clock.monotonic();
    const isAnchorDue =
      this.#beatAt - this.#anchoredAt >= ANCHOR_MS || chain.head.seq - this.#anchoredSeq >= ANCHOR_RECORDS;
    try {
      await this.#transact(async (transaction) => {
        const { writer } = chain.head;
        await transaction
          .updateTable("audit_chains")
          .set({ seen_at: clock.now() })
          .where("writer", "=", writer)
          .execute();
        await purgeClaims(transaction, clock.now());
        await purgeOutcomes(transaction, clock.now());
        if (isAnchorDue) await anchorOthers(transaction, this.#writer.append, writer, clock.now());
      });
      if (!isAnchorDue) return;
      this.#anchoredAt = this.#beatAt;
      this.#anchoredSeq = chain.head.seq;
    } catch (error) {
      this.#parts.tell({ kind: "trouble", error: toLedgerError(error) });
    }
  }

  #armBeat(): Timer {
    return this.#parts.clock.setTimer(BEAT_MS, () => {
      this.#nextBeat = this.#armBeat();
      void this.#go();
    });
  }
}

/** A begin that nobody waits for any more, and that was not written yet, never is. */
function withoutAbandoned(ops: readonly LedgerOp[]): readonly LedgerOp[] {
  const abandoned = new Set(ops.flatMap((op) => (op.do === "abandon" ? [op.begun] : [])));
  if (abandoned.size === 0) return ops;
  return ops.filter((op) => !(abandoned.has(op.id) && (op.do === "begin" || op.do === "claim")));
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(ms, resolve);
  });
}

/** What the other side may be told. */
export function toLedgerError(error: unknown): LedgerError {
  return { message: error instanceof Error ? error.message : String(error), retryable: true };
}
