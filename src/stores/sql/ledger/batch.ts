// One transaction's worth of ops, written set by set rather than one by one, so that a thousand calls cost a few statements and one
// wait for the disk.
import type { Kysely } from "kysely";
import type { Chain } from "../../../audit/chain/index.ts";
import type { ChainRecord } from "../../../ports/audit-reader.ts";
import type { AuditEvent } from "../../../ports/audit-sink.ts";
import type { ClaimAnswer } from "../../../ports/idempotency-store.ts";
import type { UsageRow } from "../../../ports/usage-store.ts";
import type { Tables } from "../database.ts";
import { pruneQuotaLevels, putQuotaLevels } from "../quota-level-rows.ts";
import { pruneUsage } from "../usage-rows.ts";
import { type OwnedKey, releaseKeys, type StoredOutcome, storeOutcomes, takeClaims } from "./claim-writer.ts";
import { closeIntents, openIntents } from "./intent-writer.ts";
import type { LedgerAnswer, LedgerOp, LedgerValue } from "./ledger-op.ts";
import { listOutcomes, unlistOutcome } from "./outcome-writer.ts";
import { writeRecords } from "./record-writer.ts";

type Db = Kysely<Tables>;
type Op<Do extends LedgerOp["do"]> = Extract<LedgerOp, { readonly do: Do }>;

/** What is told of a batch that was written. */
export interface BatchResult {
  /** Ids whose answer is yes. */
  readonly done: readonly number[];
  readonly answers: readonly LedgerAnswer[];
}

export type AddUsage = (transaction: Db, rows: readonly UsageRow[]) => Promise<void>;

/** An event that cannot be a record, whatever the database does. */
export class UnwritableEvent extends Error {}

export interface BatchParts {
  readonly chain: Chain;
  readonly addUsage: AddUsage;
  /** Epoch ms at which calls that end are taken off the list of those nobody knows of; null: none of them can be on it. */
  readonly unlistsAt: number | null;
}

/** Writes `ops` within a transaction of the caller's, records at the head of the chain. */
export async function writeBatch(db: Db, ops: readonly LedgerOp[], parts: BatchParts): Promise<BatchResult> {
  const batch = new Batch(db, ops, parts);
  await batch.run();
  return batch;
}

/** Their answer is that they are written. */
const DONE_WHEN_WRITTEN: ReadonlySet<LedgerOp["do"]> = new Set(["list", "usage", "levels", "flush"]);

class Batch implements BatchResult {
  readonly done: number[] = [];
  readonly answers: LedgerAnswer[] = [];
  readonly #db: Db;
  readonly #parts: BatchParts;
  readonly #ops: readonly LedgerOp[];
  /** Begins whose key was not free. */
  readonly #refused = new Set<LedgerOp>();
  /** Calls whose intents are closed in this batch. */
  readonly #ended = new Set<string>();

  constructor(db: Db, ops: readonly LedgerOp[], parts: BatchParts) {
    this.#db = db;
    this.#parts = parts;
    this.#ops = ops;
  }

  async run(): Promise<void> {
    // A key that is given back is free for a claim that came later; but not before its own claim was written.
    const claimed = new Set(this.#ops.flatMap((op) => (isClaiming(op) ? [toOwned(op.claim)] : [])));
    const changing = this.#ops.filter(isChanging);
    await this.#changeKeys(changing.filter((op) => !claimed.has(toOwned(toKey(op)))));
    await this.#takeKeys();
    await this.#changeKeys(changing.filter((op) => claimed.has(toOwned(toKey(op)))));
    await this.#keepLists();
    if (this.#parts.unlistsAt !== null) await this.#unlistEnded(this.#parts.unlistsAt);
    await this.#record();
    await openIntents(this.#db, this.#parts.chain.head.writer, this.#toOpened());
    await closeIntents(this.#db, this.#ended);
  }

  #answer(id: number, value: LedgerValue): void {
    if (id === 0) return;
    if (value === true || (typeof value === "object" && value.ok)) this.done.push(id);
    else this.answers.push({ id, value });
  }

  async #changeKeys(ops: readonly Changing[]): Promise<void> {
    const storing = ops.filter((op) => op.do === "store");
    const releasing = ops.filter((op) => op.do !== "store");
    const stored = await storeOutcomes(this.#db, storing satisfies readonly StoredOutcome[]);
    for (const [index, op] of storing.entries()) this.#answer(op.id, stored[index] as boolean);
    const released = await releaseKeys(this.#db, releasing.map(toKey));
    for (const [index, op] of releasing.entries()) this.#answer(op.id, released[index] as boolean);
  }

  async #takeKeys(): Promise<void> {
    const asking = this.#ops.filter(isClaiming);
    if (asking.length === 0) return;
    const answers = await takeClaims(this.#db, asking);
    for (const [index, op] of asking.entries()) {
      const answer = answers[index] as ClaimAnswer;
      if (!answer.ok) this.#refused.add(op);
      this.#answer(op.id, answer);
    }
  }

  async #keepLists(): Promise<void> {
    const { addUsage } = this.#parts;
    for (const op of this.#ops) {
      if (op.do === "list") await listOutcomes(this.#db, [op.outcome]);
      else if (op.do === "usage") await addUsage(this.#db, op.rows);
      else if (op.do === "levels") await putQuotaLevels(this.#db, op.levels);
      else if (op.do === "whole") this.#answer(op.id, await pruneQuotaLevels(this.#db, op.now));
      else if (op.do === "forget") this.#answer(op.id, await pruneUsage(this.#db, op));
      else if (op.do === "unlist") this.#answer(op.id, await unlistOutcome(this.#db, op.outcome, op.now));
      if (DONE_WHEN_WRITTEN.has(op.do)) this.#answer(op.id, true);
    }
  }

  async #unlistEnded(now: number): Promise<void> {
    for (const op of this.#ops)
      if (op.do === "append" && op.ends && op.event.effect !== "unknown")
        await unlistOutcome(this.#db, op.event.callId ?? "", now);
  }

  async #record(): Promise<void> {
    const records: ChainRecord[] = [];
    for (const op of this.#ops) {
      if (op.do === "begin") {
        if (this.#refused.has(op)) continue;
        records.push(this.#toRecord(op.event));
        // With a key, it was answered with the key.
        if (op.claim === null) this.#answer(op.id, true);
      } else if (op.do === "append") {
        records.push(this.#toRecord(op.event));
        if (op.ends && op.event.callId !== null) this.#ended.add(op.event.callId);
        this.#answer(op.id, true);
      } else if (op.do === "dropped") {
        records.push(this.#parts.chain.append({ at: op.now, kind: "chain.dropped", body: { events: op.events } }));
      } else if (op.do === "abandon") this.#ended.add(op.callId);
    }
    await writeRecords(this.#db, records);
  }

  #toRecord(event: AuditEvent): ChainRecord {
    try {
      return this.#parts.chain.append({ at: event.at, kind: event.type, body: event });
    } catch (error) {
      throw new UnwritableEvent(`the event cannot be written: ${String(error)}`, { cause: error });
    }
  }

  /** What is closed in the same batch is never opened. */
  #toOpened(): readonly AuditEvent[] {
    return this.#ops.flatMap((op) =>
      op.do !== "begin" || this.#refused.has(op) || this.#ended.has(op.event.callId ?? "") ? [] : [op.event],
    );
  }
}

type Claiming = Op<"claim"> | (Op<"begin"> & { readonly claim: object });
type Changing = Op<"store"> | Op<"release"> | (Op<"abandon"> & { readonly key: string });

function isClaiming(op: LedgerOp): op is Claiming {
  return op.do === "claim" || (op.do === "begin" && op.claim !== null);
}

function isChanging(op: LedgerOp): op is Changing {
  return op.do === "store" || op.do === "release" || (op.do === "abandon" && op.key !== null);
}

function toKey(op: Changing): OwnedKey {
  return { key: op.key, owner: op.do === "abandon" ? op.callId : op.owner, now: op.now };
}

function toOwned({ key, owner }: Pick<OwnedKey, "key" | "owner">): string {
  return `${owner}\0${key}`;
}
