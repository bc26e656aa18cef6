// Writes batches and whatever else one writer has to write, a transaction at a time, and finds out where it is when a transaction has
// failed: a commit whose answer was lost may have come through.
// INVARIANT: every op is written once: what the chain's row says was taken is not written again.
import type { Kysely } from "kysely";
import type { Chain, ChainEntry } from "../../../audit/chain/index.ts";
import type { Clock } from "../../../kernel/clock.ts";
import type { Database, Tables } from "../database.ts";
import { type AddUsage, type BatchResult, writeBatch } from "./batch.ts";
import type { LedgerOp } from "./ledger-op.ts";
import { type ChainPlace, moveChain, readChain, writeRecords } from "./record-writer.ts";

type Db = Kysely<Tables>;

export interface BatchWriter {
  readonly writer: string;
  /** How many records the chain has, those of the transaction under way included. */
  readonly records: number;
  /** What the last batch took, but for the wait for the disk, milliseconds. */
  readonly workMs: number;
  /** Whether calls that end are taken off the list of those nobody knows of: another process has taken this one for dead. */
  unlists: boolean;
  /** Writes all of `ops` or none; `taken` is how many the calling side takes them for. Rejects with what the database said. */
  write(ops: readonly LedgerOp[], taken: number): Promise<BatchResult>;
  /** Counts one op that was refused for good. */
  skip(): void;
  /** Adds records of the chain's own within a transaction of `transact`. */
  append(transaction: Db, entries: readonly ChainEntry[]): Promise<void>;
  /** Runs other work in a transaction. */
  transact<T>(work: (transaction: Db) => Promise<T>): Promise<T>;
  /**
   * After a failure, and before anything else is written: goes on where the database is. The result of the last `write` when it has
   * come through after all, otherwise null. Rejects while the database does not say.
   */
  reconcile(): Promise<BatchResult | null>;
}

interface Parts {
  readonly database: Database;
  readonly chain: Chain;
  readonly addUsage: AddUsage;
  readonly clock: Clock;
}

/** The chain is gone from the database: somebody has put another one in its place. */
export class ChainLost extends Error {}

/** The writer of one chain. */
export function createBatchWriter(parts: Parts): BatchWriter {
  return new Writer(parts);
}

class Writer implements BatchWriter {
  unlists = false;
  workMs = 0;
  readonly #parts: Parts;
  /** Where the database is, as far as it is known. */
  #place: ChainPlace;
  /** What the database holds if the last batch has come through. */
  #attempted: { readonly taken: number; readonly result: BatchResult } | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    const { seq, hash } = parts.chain.head;
    this.#place = { seq, hash, taken: 0 };
  }

  get writer(): string {
    return this.#parts.chain.head.writer;
  }

  get records(): number {
    return this.#parts.chain.head.seq;
  }

  write(ops: readonly LedgerOp[], taken: number): Promise<BatchResult> {
    const { chain, addUsage, clock } = this.#parts;
    const total = this.#place.taken + taken;
    return this.#commit(total, async (transaction) => {
      const startedAt = clock.monotonic();
      const result = await writeBatch(transaction, ops, {
        chain,
        addUsage,
        unlistsAt: this.unlists ? clock.now() : null,
      });
      this.workMs = clock.monotonic() - startedAt;
      this.#attempted = { taken: total, result };
      return result;
    });
  }

  skip(): void {
    this.#place = { ...this.#place, taken: this.#place.taken + 1 };
  }

  async append(transaction: Db, entries: readonly ChainEntry[]): Promise<void> {
    await writeRecords(
      transaction,
      entries.map((entry) => this.#parts.chain.append(entry)),
    );
  }

  transact<T>(work: (transaction: Db) => Promise<T>): Promise<T> {
    return this.#commit(this.#place.taken, work);
  }

  async reconcile(): Promise<BatchResult | null> {
    const { chain, database } = this.#parts;
    const found = await readChain(database.db, this.writer);
    if (found === null) throw new ChainLost(`the chain ${this.writer} is not in the database any more`);
    const attempted = this.#attempted;
    this.#attempted = null;
    chain.rewind(found);
    // What was refused is not in the row before the next batch.
    this.#place = { ...found, taken: Math.max(found.taken, this.#place.taken) };
    return attempted !== null && attempted.taken === found.taken ? attempted.result : null;
  }

  async #commit<T>(taken: number, work: (transaction: Db) => Promise<T>): Promise<T> {
    const { chain, database, clock } = this.#parts;
    const from = this.#place;
    this.#attempted = null;
    try {
      const { result, to } = await database.transaction(async (transaction) => {
        const worked = await work(transaction);
        const { seq, hash } = chain.head;
        const place = { seq, hash, taken };
        await moveChain(transaction, this.writer, from, place, clock.now());
        return { result: worked, to: place };
      });
      this.#place = to;
      this.#attempted = null;
      return result;
    } catch (error) {
      chain.rewind(from);
      throw error;
    }
  }
}
