// Adds usage to the rows of its minutes and hours, within a transaction of the ledger's writer. Many rows are a few statements: the audit
// trail waits behind them.
import { type Kysely, type Selectable, sql } from "kysely";
import { addUsage, toHourRow } from "../../metering/usage-sum.ts";
import type { UsageRow } from "../../ports/usage-store.ts";
import type { Tables } from "./database.ts";
import { createChunkedStatement, toPlaces } from "./ledger/chunked-statement.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";
import type { UsageTables } from "./tables/usage-tables.ts";

type Row = Selectable<UsageTables["usage_rows"]>;
type Grain = "minute" | "hour";

const KEY = ["grain", "start", "tool", "version", "tenant", "principal"] as const;
const KEY_TUPLE = sql`(${sql.join(KEY.map((column) => sql.ref(column)))})`;
const SUMS = ["succeeded", "failed", "refused", "measured", "sum_ms", "max_ms", "buckets", "errors", "marks"] as const;
const COLUMNS = [...KEY, ...SUMS];

const EMPTY: Row = {
  grain: "",
  start: 0,
  tool: "",
  version: "",
  tenant: "",
  principal: "",
  succeeded: 0,
  failed: 0,
  refused: 0,
  measured: 0,
  sum_ms: 0,
  max_ms: 0,
  buckets: "",
  errors: "",
  marks: "",
};

// Not a join with the keys: of one with 256, SQLite reads the whole table (3.53).
const READ = createChunkedStatement<Row, Row>(
  (db, count) => {
    const place = sql`(${""}, cast(${0} as bigint), ${""}, ${""}, ${""}, ${""})`;
    const keys = sql.join(toPlaces(count, () => place));
    return db
      .selectFrom("usage_rows")
      .selectAll()
      .where(sql<boolean>`${KEY_TUPLE} in (values ${keys})`);
  },
  (row) => KEY.map((column) => row[column]),
);
const WRITE = createChunkedStatement<Row>(
  (db, count) =>
    db
      .insertInto("usage_rows")
      .values(toPlaces(count, () => EMPTY))
      .onConflict((conflict) =>
        conflict
          .columns([...KEY])
          .doUpdateSet(({ ref }) => Object.fromEntries(SUMS.map((column) => [column, ref(`excluded.${column}`)]))),
      ),
  (row) => COLUMNS.map((column) => row[column]),
);

/** Adds `rows`, each of one minute, to what is there of their minutes and hours. */
export async function addUsageRows(transaction: Kysely<Tables>, rows: readonly UsageRow[]): Promise<void> {
  // One writer at a time reads and writes a row: SQLite's transaction has the file for itself.
  if (transaction.getExecutor().adapter.supportsMultipleConnections !== false)
    await sql`select pg_advisory_xact_lock(8429118)`.execute(transaction);
  await addOf(transaction, "minute", rows);
  await addOf(transaction, "hour", rows.map(toHourRow));
}

async function addOf(transaction: Kysely<Tables>, grain: Grain, rows: readonly UsageRow[]): Promise<void> {
  const sums = new Map<string, UsageRow>();
  for (const row of rows) addTo(sums, row);
  const added = [...sums.values()].map((row) => toRow(grain, row));
  for (const row of await READ.run(transaction, added)) addTo(sums, fromUsageRow(row));
  await WRITE.run(
    transaction,
    [...sums.values()].map((row) => toRow(grain, row)),
  );
}

function addTo(sums: Map<string, UsageRow>, row: UsageRow): void {
  const key = JSON.stringify([row.start, row.tool, row.version, row.tenant, row.principal]);
  const known = sums.get(key);
  sums.set(key, known === undefined ? row : addUsage(known, row));
}

function toRow(grain: Grain, row: UsageRow): Row {
  return {
    grain,
    start: row.start,
    tool: toStoredText(row.tool),
    version: row.version,
    tenant: toStoredText(row.tenant),
    principal: toStoredText(row.principal),
    succeeded: row.succeeded,
    failed: row.failed,
    refused: row.refused,
    measured: row.measured,
    sum_ms: row.sumMs,
    max_ms: row.maxMs,
    buckets: JSON.stringify(row.buckets),
    errors: JSON.stringify(row.errors),
    marks: JSON.stringify(row.marks),
  };
}

/** The usage of a row. */
export function fromUsageRow(row: Row): UsageRow {
  return {
    start: row.start,
    tool: fromStoredText(row.tool),
    version: row.version,
    tenant: fromStoredText(row.tenant),
    principal: fromStoredText(row.principal),
    succeeded: row.succeeded,
    failed: row.failed,
    refused: row.refused,
    measured: row.measured,
    sumMs: row.sum_ms,
    maxMs: row.max_ms,
    buckets: JSON.parse(row.buckets) as UsageRow["buckets"],
    errors: JSON.parse(row.errors) as UsageRow["errors"],
    marks: JSON.parse(row.marks) as UsageRow["marks"],
  };
}

/** Rows of each grain forgotten at once, at most. */
export const PRUNED_AT_ONCE = 2_000;

/** Forgets some of the rows before these times, epoch ms, the oldest first. How many: fewer than there are, when it is `PRUNED_AT_ONCE`. */
export async function pruneUsage(
  transaction: Kysely<Tables>,
  { minutesBefore, hoursBefore }: { readonly minutesBefore: number; readonly hoursBefore: number },
): Promise<number> {
  const minutes = await pruneOf(transaction, "minute", minutesBefore, PRUNED_AT_ONCE);
  return minutes + (await pruneOf(transaction, "hour", hoursBefore, PRUNED_AT_ONCE - minutes));
}

async function pruneOf(transaction: Kysely<Tables>, grain: Grain, before: number, most: number): Promise<number> {
  if (most === 0) return 0;
  const over = transaction
    .selectFrom("usage_rows")
    .select([...KEY])
    .where("grain", "=", grain)
    .where("start", "<", before)
    .orderBy("start")
    .limit(most);
  const { numDeletedRows: gone } = await transaction
    .deleteFrom("usage_rows")
    .where(sql<boolean>`${KEY_TUPLE} in ${over}`)
    .executeTakeFirstOrThrow();
  return Number(gone);
}
