// Reads the trail out of a database. Every statement is bounded: pages of chains, and searches that look through so many
// records at a time, however few of them are wanted.
import type { ExpressionBuilder, SelectQueryBuilder } from "kysely";
import { parseRecordCursor, type RecordPlace, toRecordCursor } from "../../audit/chain/record-cursor.ts";
import type { AuditFilter, AuditReader, ChainHead, ChainRecord, ChainState } from "../../ports/audit-reader.ts";
import type { Database, Tables } from "./database.ts";
import { fromRecordRow } from "./record-row.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";

/** Records that one statement of a search looks through. */
const SCANNED = 10_000;

/** Creates a reader of the ledger's tables. */
export function createSqlAuditReader(database: Database): AuditReader {
  const search = new Search(database);
  return {
    chains: () => readChains(database),
    async chain(writer, afterSeq, limit) {
      const rows = await database.db
        .selectFrom("audit_records")
        .selectAll()
        .where("writer", "=", writer)
        .where("seq", ">", afterSeq)
        .orderBy("seq")
        .limit(limit)
        .execute();
      return rows.map(fromRecordRow);
    },
    search: (filter, order, cursor, limit) => search.read(filter, order, cursor, limit),
    async openCalls() {
      const rows = await database.db.selectFrom("open_intents").select("call_id").execute();
      return rows.map((row) => fromStoredText(row.call_id));
    },
  };
}

async function readChains(database: Database): Promise<readonly ChainState[]> {
  const rows = await database.db
    .selectFrom("audit_chains")
    .select(["writer", "head_seq as seq", "head_hash as hash", "first_seq as first", "closed_at"])
    .execute();
  const chains = new Map<string, ChainState>();
  for (const { closed_at: closedAt, ...row } of rows)
    chains.set(row.writer, { ...row, ended: closedAt !== null, listed: true });
  for (const writer of await readWriters(database)) {
    if (chains.has(writer)) continue;
    const head = await readLast(database, writer);
    if (head !== null) chains.set(writer, { ...head, first: 1, ended: false, listed: false });
  }
  return [...chains.values()].toSorted((a, b) => (a.writer < b.writer ? -1 : 1));
}

/** The ids of all chains that have records: one step of the index for each, rather than a walk over all records. */
async function readWriters({ db }: Database): Promise<readonly string[]> {
  const rows = await db
    .withRecursive("writers(writer)", (query) =>
      query
        .selectFrom("audit_records")
        .select((select) => select.fn.min<string | null>("writer").as("writer"))
        .unionAll(
          query
            .selectFrom("writers")
            .select((select) =>
              select
                .selectFrom("audit_records")
                .select((inner) => inner.fn.min<string | null>("audit_records.writer").as("writer"))
                .whereRef("audit_records.writer", ">", "writers.writer")
                .as("writer"),
            )
            .where("writers.writer", "is not", null),
        ),
    )
    .selectFrom("writers")
    .select("writer")
    .execute();
  return rows.flatMap(({ writer }) => (writer === null ? [] : [writer]));
}

async function readLast({ db }: Database, writer: string): Promise<ChainHead | null> {
  const row = await db
    .selectFrom("audit_records")
    .select(["writer", "seq", "hash"])
    .where("writer", "=", writer)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** By the whole place; both databases go by the index of its first part. */
function isBehind(operator: ">" | "<" | ">=" | "<=", { at, writer, seq }: RecordPlace) {
  return ({ eb, refTuple, tuple }: ExpressionBuilder<Tables, "audit_records">) =>
    eb(refTuple("at", "writer", "seq"), operator, tuple(at, writer, seq));
}

type Order = "newest" | "oldest";
type Records = SelectQueryBuilder<Tables, "audit_records", object>;

class Search {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async read(
    filter: AuditFilter,
    order: Order,
    cursor: string | null,
    limit: number,
  ): Promise<{ readonly records: readonly ChainRecord[]; readonly cursor: string | null }> {
    const records: ChainRecord[] = [];
    let place = cursor === null ? null : parseRecordCursor(cursor);
    for (;;) {
      // What has an index of its own is found at once; anything else is looked for stretch by stretch.
      const end = filter.callId === undefined ? await this.#readEnd(filter, order, place) : null;
      const wanted = limit - records.length + 1;
      const rows = await this.#toMatching(filter, order, place, end).selectAll().limit(wanted).execute();
      records.push(...rows.map(fromRecordRow));
      if (records.length > limit) {
        const page = records.slice(0, limit);
        return { records: page, cursor: toRecordCursor(page[limit - 1] as ChainRecord) };
      }
      if (end === null) return { records, cursor: null };
      place = end;
    }
  }

  /** The last place of the next stretch; null when everything that is left is in it. */
  async #readEnd(filter: AuditFilter, order: Order, after: RecordPlace | null): Promise<RecordPlace | null> {
    const row = await this.#toStretch(filter, order, after)
      .select(["at", "writer", "seq"])
      .offset(SCANNED - 1)
      .limit(1)
      .executeTakeFirst();
    return row ?? null;
  }

  #toStretch({ from, until }: AuditFilter, order: Order, after: RecordPlace | null): Records {
    const direction = order === "oldest" ? "asc" : "desc";
    let query: Records = this.#database.db.selectFrom("audit_records");
    if (from !== undefined) query = query.where("at", ">=", from);
    if (until !== undefined) query = query.where("at", "<", until);
    if (after !== null) query = query.where(isBehind(order === "oldest" ? ">" : "<", after));
    return query.orderBy("at", direction).orderBy("writer", direction).orderBy("seq", direction);
  }

  #toMatching(filter: AuditFilter, order: Order, after: RecordPlace | null, end: RecordPlace | null): Records {
    const { tenant, principal, tool, code, kind, callId } = filter;
    // All but `chain.`, whose names lie between these two.
    let query = this.#toStretch(filter, order, after).where(({ or, eb }) =>
      or([eb("kind", "<", "chain."), eb("kind", ">=", "chain/")]),
    );
    if (end !== null) query = query.where(isBehind(order === "oldest" ? "<=" : ">=", end));
    if (kind !== undefined) query = query.where("kind", "=", kind);
    if (code !== undefined) query = query.where("code", "=", code);
    if (tenant !== undefined) query = query.where("tenant", "=", toStoredText(tenant));
    if (principal !== undefined) query = query.where("principal", "=", toStoredText(principal));
    if (tool !== undefined) query = query.where("tool", "=", toStoredText(tool));
    if (callId !== undefined) query = query.where("call_id", "=", toStoredText(callId));
    return query;
  }
}
