// Writes what earlier processes could keep in a spool only, before their open calls are listed as unknown. Some of it may be in the
// ledger already: an event is known by its call, or by its time; everything else does no harm a second time.
import { type Kysely, sql } from "kysely";
import type { Chain } from "../../../audit/chain/index.ts";
import type { Tables } from "../database.ts";
import { toStoredText } from "../stored-text.ts";
import type { ChainWork } from "./anchor-others.ts";
import { type AddUsage, writeBatch } from "./batch.ts";
import { isDataError } from "./data-error.ts";
import type { LedgerOp } from "./ledger-op.ts";
import { isRunning } from "./process-mark.ts";
import type { SpooledOps } from "./spool.ts";

type Db = Kysely<Tables>;

interface Parts {
  readonly chain: Chain;
  readonly addUsage: AddUsage;
}

/** The files whose ops are in the ledger now. Those of writers that are still at work are left alone. */
export async function replaySpools(
  work: ChainWork,
  spools: readonly SpooledOps[],
  parts: Parts,
): Promise<readonly string[]> {
  const { transaction } = work;
  const replayed: string[] = [];
  for (const { file, writer, ended, ops } of spools) {
    if ((await isAtWork(work, writer)) && !ended) continue;
    const missing: LedgerOp[] = [];
    for (const op of ops) if (!(await isWritten(transaction, op))) missing.push({ ...op, id: 0 });
    // What the database refuses comes out alone: the ledger opens all the same, and with everything else.
    if (!(await write(work, missing, parts))) for (const op of missing) await write(work, [op], parts);
    replayed.push(file);
  }
  return replayed;
}

/** False when the data was refused; then nothing was written. */
async function write({ transaction, now }: ChainWork, ops: readonly LedgerOp[], parts: Parts): Promise<boolean> {
  const { head } = parts.chain;
  await sql`savepoint replay`.execute(transaction);
  try {
    // Whoever was faster to take their writer for dead has listed the calls that ended here.
    await writeBatch(transaction, ops, { ...parts, unlistsAt: now });
    await sql`release savepoint replay`.execute(transaction);
    return true;
  } catch (error) {
    if (!isDataError(error)) throw error;
    await sql`rollback to savepoint replay`.execute(transaction);
    parts.chain.rewind(head);
    return false;
  }
}

/** Waits for another one that reads the same file, and is here already. */
async function isAtWork({ transaction, dialect, now }: ChainWork, writer: string): Promise<boolean> {
  const chain = await transaction
    .selectFrom("audit_chains")
    .select(["host", "pid", "process_started", "seen_at"])
    .where("writer", "=", writer)
    .$if(dialect === "postgres", (query) => query.forUpdate())
    .executeTakeFirst();
  if (chain === undefined) return false;
  return isRunning({ host: chain.host, pid: chain.pid, started: chain.process_started }, chain.seen_at, now);
}

async function isWritten(db: Db, op: LedgerOp): Promise<boolean> {
  if (op.do === "list") return isListed(db, op.outcome.id);
  if (op.do !== "append") return false;
  const { type, callId, at, tool } = op.event;
  const found = db.selectFrom("audit_records").select("seq").where("kind", "=", type).limit(1);
  const record =
    callId !== null
      ? found.where("call_id", "=", toStoredText(callId))
      : found.where("at", "=", Math.trunc(at)).where("call_id", "is", null).where("tool", "=", toStoredText(tool));
  return (await record.executeTakeFirst()) !== undefined;
}

/** Also when somebody has said what became of it since. */
async function isListed(db: Db, id: string): Promise<boolean> {
  const row = await db
    .selectFrom("unknown_outcomes")
    .select("id")
    .where("id", "=", toStoredText(id))
    .executeTakeFirst();
  return row !== undefined;
}
