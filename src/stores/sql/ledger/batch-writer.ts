// Writes what has arrived in one transaction: keys, intents, records, outcomes, usage. Set by set rather than one by one, so that a
// thousand calls cost a few statements and one wait for the disk.
// INVARIANT: after a rejection the chain is where the database is, see "goes on where the database is" in ledger.test.ts.
import type { Kysely } from "kysely";
import type { Chain } from "../../../audit/chain/index.ts";
import type { AuditEvent } from "../../../ports/audit-sink.ts";
import type { ChainRecord } from "../../../ports/audit-reader.ts";
import type { ClaimAnswer } from "../../../ports/idempotency-store.ts";
import type { UsageRow } from "../../../ports/usage-store.ts";
import type { Database, Tables } from "../database.ts";
import { toStoredText } from "../stored-text.ts";
import { pruneUsage } from "../usage-rows.ts";
import { releaseKey, storeOutcome, takeClaims, type TimedClaim } from "./claim-writer.ts";
import type { LedgerAnswer, LedgerOp } from "./ledger-op.ts";
import { listOutcomes, unlistOutcome } from "./outcome-writer.ts";
import { createRowWriter } from "./row-writer.ts";

type Db = Kysely<Tables>;

/** An op that can never be written, whatever the database does: the batch is written without it. */
export class UnwritableOp extends Error {
  readonly op: LedgerOp;

  constructor(op: LedgerOp, cause: unknown) {
    super(`the event cannot be written: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.op = op;
  }
}

export interface BatchWriter {
  /**
   * Writes all of `ops` or none; resolves to an answer for each that wants one. Rejects with what the database said, or with an
   * `UnwritableOp`.
   * @param again whether these ops were tried before, and may have come through: a key that is the owner's then is its
   */
  write(ops: readonly LedgerOp[], again: boolean): Promise<readonly LedgerAnswer[]>;
  /** Makes the chain's head that of the database, after a failure. Whether the last batch has come through after all. */
  reconcile(): Promise<readonly LedgerAnswer[] | null>;
  /** Records of the chain's own, or of what is found at opening, within a transaction of the caller's. */
  append(transaction: Db, entries: readonly Parameters<Chain["append"]>[0][]): Promise<void>;
}

const RECORDS = createRowWriter("audit_records", [
  "writer",
  "seq",
  "at",
  "kind",
  "tenant",
  "principal",
  "tool",
  "code",
  "call_id",
  "body",
  "prev",
  "hash",
]);
const INTENTS = createRowWriter(
  "open_intents",
  ["call_id", "writer", "tenant", "principal", "tool", "version", "idempotency_key", "at"],
  "keep",
);

interface Parts {
  readonly database: Database;
  readonly chain: Chain;
  readonly addUsage: (transaction: Db, rows: readonly UsageRow[]) => Promise<void>;
}

/** The writer of one chain. */
export function createBatchWriter({ database, chain, addUsage }: Parts): BatchWriter {
  /** What the batch under way would leave, and what it would answer. */
  let attempted: { readonly seq: number; readonly hash: string; readonly answers: readonly LedgerAnswer[] } | null =
    null;
  let settled = chain.head;

  const append: BatchWriter["append"] = async (transaction, entries) => {
    await writeRecords(
      transaction,
      chain,
      entries.map((entry) => chain.append(entry)),
    );
  };

  return {
    append,

    async write(ops, again) {
      attempted = null;
      try {
        const answers = await database.transaction(async (transaction) => {
          const work = new Batch(transaction, chain, ops, again);
          await work.run(addUsage);
          const { seq, hash } = chain.head;
          attempted = { seq, hash, answers: work.answers };
          return work.answers;
        });
        settled = chain.head;
        return answers;
      } catch (error) {
        chain.rewind(settled);
        throw error;
      }
    },

    async reconcile() {
      const found = await database.db
        .selectFrom("audit_records")
        .select(["seq", "hash"])
        .where("writer", "=", chain.head.writer)
        .orderBy("seq", "desc")
        .limit(1)
        .executeTakeFirst();
      const seq = found?.seq ?? 0;
      const hash = found?.hash ?? "";
      const tried = attempted;
      attempted = null;
      const isThrough = tried !== null && tried.seq > settled.seq && tried.seq === seq && tried.hash === hash;
      chain.rewind({ seq, hash });
      settled = chain.head;
      return isThrough ? tried.answers : null;
    },
  };
}

/** Inserts the records and moves the chain's head. */
async function writeRecords(db: Db, chain: Chain, records: readonly ChainRecord[]): Promise<void> {
  if (records.length === 0) return;
  await RECORDS.insert(db, records.map(toRow));
  const { writer, seq, hash } = chain.head;
  await db.updateTable("audit_chains").set({ head_seq: seq, head_hash: hash }).where("writer", "=", writer).execute();
}

function toRow({ writer, seq, at, kind, bodyText, prev, hash, index }: ChainRecord): Tables["audit_records"] {
  const { tenant, principal, tool, code, callId } = index;
  return {
    writer,
    seq,
    at,
    kind,
    tenant: toColumn(tenant),
    principal: toColumn(principal),
    tool: toColumn(tool),
    code,
    call_id: toColumn(callId),
    body: bodyText,
    prev,
    hash,
  };
}

function toColumn(text: string | null): string | null {
  return text === null ? null : toStoredText(text);
}

class Batch {
  readonly answers: LedgerAnswer[] = [];
  readonly #db: Db;
  readonly #chain: Chain;
  readonly #ops: readonly LedgerOp[];
  readonly #again: boolean;
  /** Begins whose key was not free. */
  readonly #refused = new Set<LedgerOp>();
  /** Calls whose intents are closed in this batch. */
  readonly #ended = new Set<string>();

  constructor(db: Db, chain: Chain, ops: readonly LedgerOp[], again: boolean) {
    this.#db = db;
    this.#chain = chain;
    this.#ops = ops;
    this.#again = again;
  }

  async run(addUsage: Parts["addUsage"]): Promise<void> {
    // A key that is given back is free for a claim that came later; but not before its own claim was written.
    const claimed = new Set(this.#ops.flatMap((op) => (isClaiming(op) ? [toOwned(op.claim)] : [])));
    const late = (op: LedgerOp): boolean => isSettling(op) && claimed.has(toOwned(op));
    await this.#settleKeys((op) => !late(op));
    await this.#takeKeys();
    await this.#settleKeys(late);
    await this.#keepLists(addUsage);
    await this.#record();
    await this.#keepIntents();
  }

  #answer(id: number, value: ClaimAnswer | boolean | number): void {
    if (id !== 0) this.answers.push({ id, value });
  }

  async #settleKeys(isMeant: (op: LedgerOp) => boolean): Promise<void> {
    for (const op of this.#ops) {
      if (!isSettling(op) || !isMeant(op)) continue;
      if (op.do === "store") this.#answer(op.id, await storeOutcome(this.#db, op));
      else this.#answer(op.id, await releaseKey(this.#db, { ...op, ...toOwner(op) }));
    }
  }

  async #takeKeys(): Promise<void> {
    const asking = this.#ops.filter(isClaiming);
    const claims = asking.map(({ claim, now }): TimedClaim => ({ claim, now }));
    const answers = claims.length === 0 ? [] : await takeClaims(this.#db, claims);
    for (const [index, op] of asking.entries()) {
      const given = answers[index] as ClaimAnswer;
      const answer: ClaimAnswer = this.#again && isOwn(given, op.claim.owner) ? { ok: true } : given;
      if (!answer.ok) this.#refused.add(op);
      this.#answer(op.id, answer);
    }
  }

  async #keepLists(addUsage: Parts["addUsage"]): Promise<void> {
    for (const op of this.#ops) {
      if (op.do === "list") {
        await listOutcomes(this.#db, [op.outcome]);
        this.#answer(op.id, true);
      } else if (op.do === "unlist") this.#answer(op.id, await unlistOutcome(this.#db, op.outcome, op.now));
      else if (op.do === "usage") {
        await addUsage(this.#db, op.rows);
        this.#answer(op.id, true);
      } else if (op.do === "forget") this.#answer(op.id, await pruneUsage(this.#db, op));
      else if (op.do === "flush") this.#answer(op.id, true);
    }
  }

  async #record(): Promise<void> {
    const records: ChainRecord[] = [];
    for (const op of this.#ops) {
      if (op.do === "dropped") {
        const { now: at, events } = op;
        records.push(this.#chain.append({ at, kind: "chain.dropped", body: { events } }));
      } else if (op.do === "begin" && !this.#refused.has(op)) {
        records.push(this.#chained(op, op.event));
        // With a key it is answered already.
        if (op.claim === null) this.#answer(op.id, { ok: true });
      } else if (op.do === "append") {
        records.push(this.#chained(op, op.event));
        if (op.ends) this.#ended.add(op.event.callId ?? "");
        this.#answer(op.id, true);
      } else if (op.do === "abandon") this.#ended.add(op.callId);
    }
    await writeRecords(this.#db, this.#chain, records);
  }

  #chained(op: LedgerOp, event: AuditEvent): ChainRecord {
    try {
      return this.#chain.append({ at: event.at, kind: event.type, body: event });
    } catch (error) {
      throw new UnwritableOp(op, error);
    }
  }

  async #keepIntents(): Promise<void> {
    const { writer } = this.#chain.head;
    const opened = this.#ops.flatMap((op) =>
      op.do !== "begin" || this.#refused.has(op) || this.#ended.has(op.event.callId ?? "")
        ? []
        : [toIntent(writer, op.event)],
    );
    await INTENTS.insert(this.#db, opened);
    const ended = [...this.#ended].map(toStoredText);
    for (let at = 0; at < ended.length; at += 500)
      await this.#db
        .deleteFrom("open_intents")
        .where("call_id", "in", ended.slice(at, at + 500))
        .execute();
  }
}

type Claiming = LedgerOp & ({ readonly do: "claim" } | { readonly do: "begin"; readonly claim: object });
type Settling = LedgerOp & ({ readonly do: "store" | "release" } | { readonly do: "abandon"; readonly key: string });

function isClaiming(op: LedgerOp): op is Claiming {
  return op.do === "claim" || (op.do === "begin" && op.claim !== null);
}

function isSettling(op: LedgerOp): op is Settling {
  return op.do === "store" || op.do === "release" || (op.do === "abandon" && op.key !== null);
}

function toOwner(op: Settling): { readonly owner: string } {
  return { owner: op.do === "abandon" ? op.callId : op.owner };
}

function toOwned(op: Settling | { readonly key: string; readonly owner: string }): string {
  return `${"owner" in op ? op.owner : op.callId}\0${op.key}`;
}

function isOwn(answer: ClaimAnswer, owner: string): boolean {
  return !answer.ok && answer.record?.state === "running" && answer.record.owner === owner;
}

function toIntent(writer: string, event: AuditEvent): Tables["open_intents"] {
  return {
    call_id: toStoredText(event.callId ?? ""),
    writer,
    tenant: toStoredText(event.tenant),
    principal: toStoredText(event.principal ?? ""),
    tool: toStoredText(event.tool),
    version: event.version ?? "",
    idempotency_key: event.idempotencyKey === null ? null : toStoredText(event.idempotencyKey),
    at: event.at,
  };
}
