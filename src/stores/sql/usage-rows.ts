// Adds usage to the rows of its minutes and hours, within a transaction of the ledger's writer.
import { type Kysely, type Selectable, sql } from "kysely";
import { addUsage, toHourRow } from "../../metering/usage-sum.ts";
import type { UsageRow } from "../../ports/usage-store.ts";
import type { Tables } from "./database.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";
import type { UsageTables } from "./tables/usage-tables.ts";

type Row = Selectable<UsageTables["usage_rows"]>;
type Grain = "minute" | "hour";

const KEY = ["grain", "start", "tool", "version", "tenant", "principal"] as const;

/** Adds `rows`, each of one minute, to what is there of their minutes and hours. */
export async function addUsageRows(transaction: Kysely<Tables>, rows: readonly UsageRow[]): Promise<void> {
  // One writer at a time reads and writes a row: SQLite's transaction has the file for itself.
  if (transaction.getExecutor().adapter.supportsMultipleConnections !== false)
    await sql`select pg_advisory_xact_lock(8429118)`.execute(transaction);
  for (const row of rows) await addRow(transaction, "minute", row);
  for (const row of sumHours(rows)) await addRow(transaction, "hour", row);
}

/** What the rows come to for each hour, so that an hour's row is written once. */
function sumHours(rows: readonly UsageRow[]): Iterable<UsageRow> {
  const hours = new Map<string, UsageRow>();
  for (const row of rows) {
    const hour = toHourRow(row);
    const key = [hour.start, hour.tool, hour.version, hour.tenant, hour.principal].join("\0");
    const known = hours.get(key);
    hours.set(key, known === undefined ? hour : addUsage(known, hour));
  }
  return hours.values();
}

async function addRow(transaction: Kysely<Tables>, grain: Grain, added: UsageRow): Promise<void> {
  const wanted = toRow(grain, added);
  const found = await transaction
    .selectFrom("usage_rows")
    .selectAll()
    .where((where) => where.and(Object.fromEntries(KEY.map((column) => [column, wanted[column]]))))
    .executeTakeFirst();
  const row = found === undefined ? wanted : toRow(grain, addUsage(fromUsageRow(found), added));
  await transaction
    .insertInto("usage_rows")
    .values(row)
    .onConflict((conflict) => conflict.columns([...KEY]).doUpdateSet(row))
    .execute();
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

/** Forgets the rows before these times, epoch ms. How many there were. */
export async function pruneUsage(
  transaction: Kysely<Tables>,
  { minutesBefore, hoursBefore }: { readonly minutesBefore: number; readonly hoursBefore: number },
): Promise<number> {
  const { numDeletedRows: gone } = await transaction
    .deleteFrom("usage_rows")
    .where((where) =>
      where.or([
        where.and([where("grain", "=", "minute"), where("start", "<", minutesBefore)]),
        where.and([where("grain", "=", "hour"), where("start", "<", hoursBefore)]),
      ]),
    )
    .executeTakeFirstOrThrow();
  return Number(gone);
}
