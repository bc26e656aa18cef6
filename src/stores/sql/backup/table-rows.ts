// Reads a table from its first row to its last in pages, each beginning behind the last key of the one before: the memory it takes
// does not grow with the table.
import { sql } from "kysely";
import type { PlainTables, StoredRow, StoredValue } from "./plain-tables.ts";

/** Rows of a page. A row is a few KiB at most as a rule, and 1 MiB at worst. */
const PAGE = 200;

export interface TableToRead {
  readonly name: string;
  readonly key: readonly string[];
}

/** The rows of `table` in the order of its key, their values in the order of `columns`. */
export async function* readTableRows(
  db: PlainTables,
  { name, key }: TableToRead,
  columns: readonly string[],
): AsyncGenerator<readonly StoredRow[]> {
  // No row says what the columns are.
  if (columns.length === 0) return;
  let after: readonly StoredValue[] | null = null;
  for (;;) {
    let query = db.selectFrom(name).select(columns).limit(PAGE);
    for (const column of key) query = query.orderBy(column);
    if (after !== null) query = query.where(toBehind(key, after));
    const rows = await query.execute();
    if (rows.length > 0) yield rows.map((row) => columns.map((column) => row[column] as StoredValue));
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = key.map((column) => last[column] as StoredValue);
  }
}

/** `(a, b) > (1, 2)`: both databases find the place in the index of the key. */
function toBehind(key: readonly string[], values: readonly StoredValue[]): ReturnType<typeof sql<boolean>> {
  return sql<boolean>`(${sql.join(key.map((column) => sql.ref(column)))}) > (${sql.join(values)})`;
}

/** How many rows there are. */
export async function countRows(db: PlainTables, table: string): Promise<number> {
  const row = await db
    .selectFrom(table)
    .select(({ fn }) => fn.countAll<number>().as("rows"))
    .executeTakeFirstOrThrow();
  return row.rows;
}

/** Names of the columns, from the first row; none where there is no row. */
export async function readColumns(db: PlainTables, table: string): Promise<readonly string[]> {
  const row = await db.selectFrom(table).selectAll().limit(1).executeTakeFirst();
  return Object.keys(row ?? {});
}
