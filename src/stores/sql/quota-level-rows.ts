// Writes levels of quotas, within a transaction of the ledger's writer.
import type { Kysely, Selectable } from "kysely";
import type { QuotaLevel } from "../../ports/quota-level-store.ts";
import type { Tables } from "./database.ts";
import { createChunkedStatement, toPlaces } from "./ledger/chunked-statement.ts";
import { fromStoredText, toStoredText } from "./stored-text.ts";
import type { QuotaTables } from "./tables/quota-tables.ts";

type Row = Selectable<QuotaTables["quota_levels"]>;

const EMPTY: Row = { key: "", algorithm: "", capacity: 0, window_ms: 0, burst: 0, debt: 0, at: 0, until: 0 };
const COLUMNS = Object.keys(EMPTY) as (keyof Row)[];
const CHANGED = COLUMNS.filter((column) => column !== "key");

const PUT = createChunkedStatement<Row>(
  (db, count) =>
    db
      .insertInto("quota_levels")
      .values(toPlaces(count, () => EMPTY))
      .onConflict((conflict) =>
        conflict
          .column("key")
          .doUpdateSet(({ ref }) => Object.fromEntries(CHANGED.map((column) => [column, ref(`excluded.${column}`)]))),
      ),
  (row) => COLUMNS.map((column) => row[column]),
);

/** Keeps `levels`, the last of each key. In one order, so that two processes that write the same keys wait for one another, not in a circle. */
export async function putQuotaLevels(transaction: Kysely<Tables>, levels: readonly QuotaLevel[]): Promise<void> {
  const rows = new Map(levels.map((level) => [level.key, toRow(level)]));
  await PUT.run(
    transaction,
    [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
  );
}

/** Forgets levels that owe nothing at `now`. How many. */
export async function pruneQuotaLevels(transaction: Kysely<Tables>, now: number): Promise<number> {
  const { numDeletedRows: gone } = await transaction
    .deleteFrom("quota_levels")
    .where("until", "<=", now)
    .executeTakeFirstOrThrow();
  return Number(gone);
}

function toRow({ key, algorithm, capacity, windowMs, burst, debt, at, until }: QuotaLevel): Row {
  return { key: toStoredText(key), algorithm, capacity, window_ms: windowMs, burst, debt, at, until };
}

/** The level of a row. */
export function fromQuotaLevelRow({ key, algorithm, window_ms: windowMs, ...rest }: Row): QuotaLevel {
  return { key: fromStoredText(key), algorithm: algorithm as QuotaLevel["algorithm"], windowMs, ...rest };
}
