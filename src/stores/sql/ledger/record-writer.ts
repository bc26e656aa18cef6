// Writes records of the writer's own chain, and where it is now: how far it goes, and how much of what the calling side sent is in it.
// INVARIANT: a chain never forks: its row moves only from where this writer has left it, and (writer, seq) is the records' key.
import type { Kysely } from "kysely";
import type { ChainRecord } from "../../../ports/audit-reader.ts";
import type { Tables } from "../database.ts";
import { toRecordRow } from "../record-row.ts";
import { createChunkedStatement, toPlaces } from "./chunked-statement.ts";

type Db = Kysely<Tables>;

const NO_RECORD: Tables["audit_records"] = {
  writer: "",
  seq: 0,
  at: 0,
  kind: "",
  tenant: null,
  principal: null,
  tool: null,
  code: null,
  call_id: null,
  body: "",
  prev: "",
  hash: "",
};
const COLUMNS = Object.keys(NO_RECORD) as (keyof typeof NO_RECORD)[];

const INSERT = createChunkedStatement<ChainRecord>(
  (db, count) => db.insertInto("audit_records").values(toPlaces(count, () => NO_RECORD)),
  (record) => {
    const row = toRecordRow(record);
    return COLUMNS.map((column) => row[column]);
  },
);

/** Inserts the records. */
export async function writeRecords(db: Db, records: readonly ChainRecord[]): Promise<void> {
  await INSERT.run(db, records);
}

/** Where a chain is. */
export interface ChainPlace {
  readonly seq: number;
  readonly hash: string;
  /** How many ops of its calling side were written, or refused for good. */
  readonly taken: number;
}

/** Somebody else has moved the chain, or it is not there. */
class ChainMoved extends Error {}

const MOVE = createChunkedStatement<readonly unknown[]>(
  (db) =>
    db
      .updateTable("audit_chains")
      .set({ head_seq: 0, head_hash: "", taken: 0, seen_at: 0 })
      .where("writer", "=", "")
      .where("head_seq", "=", 0)
      .returning("writer"),
  (values) => values,
);

/** Moves the writer's chain. Throws a `ChainMoved` when it is not where it was left. */
export async function moveChain(
  db: Db,
  writer: string,
  from: Pick<ChainPlace, "seq">,
  to: ChainPlace,
  now: number,
): Promise<void> {
  const moved = await MOVE.run(db, [[to.seq, to.hash, to.taken, now, writer, from.seq]]);
  if (moved.length !== 1) throw new ChainMoved(`the chain ${writer} is not at record ${from.seq}`);
}

/** Where the chain is in the database; null when it is not there. */
export async function readChain(db: Db, writer: string): Promise<ChainPlace | null> {
  const row = await db
    .selectFrom("audit_chains")
    .select(["head_seq", "head_hash", "taken"])
    .where("writer", "=", writer)
    .executeTakeFirst();
  return row === undefined ? null : { seq: row.head_seq, hash: row.head_hash, taken: row.taken };
}
