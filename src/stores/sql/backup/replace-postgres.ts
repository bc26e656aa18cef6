// Puts staged rows in the place of those of a PostgreSQL database, in one transaction: the old state or the new one, whatever happens.
import { sql, type Transaction } from "kysely";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import type { Clock } from "../../../kernel/clock.ts";
import type { Database, Part, Tables } from "../database.ts";
import { isRunning } from "../ledger/process-mark.ts";
import { STORED_TABLES, toTablesOf } from "../stored-tables.ts";
import { PARTS, type PlainTables, type StoredRow, toPlainTables } from "./plain-tables.ts";
import { countRows, readColumns, readTableRows } from "./table-rows.ts";

export interface ReplacePostgresOptions {
  /** With the tables of today's version. */
  readonly database: Database;
  /** The staged files, open. */
  readonly staged: Readonly<Record<Part, Database>>;
  /** Whether rows that are there may go. */
  readonly replace: boolean;
  readonly clock: Clock;
}

/** PostgreSQL takes 65,535 parameters in a statement. */
const MAX_PARAMETERS = 30_000;

/** Rejects with STORE_UNUSABLE when the tables are not empty and may not go, or somebody uses them. */
export async function replacePostgres(options: ReplacePostgresOptions): Promise<void> {
  const { database, staged, replace, clock } = options;
  await database.transaction(async (transaction) => {
    await assertUnused(transaction, clock);
    const target = toPlainTables(transaction);
    if (!replace) await assertEmpty(target);
    await emptyTables(database, transaction);
    for (const part of PARTS) {
      const source = toPlainTables(staged[part].db);
      for (const table of toTablesOf(part)) {
        const columns = await readColumns(source, table.name);
        for await (const page of readTableRows(source, table, columns))
          await insertRows(target, table.name, columns, page);
      }
    }
  });
}

/** Nobody reads or writes them from here to the end of the transaction. */
async function emptyTables({ schema }: Database, transaction: Transaction<Tables>): Promise<void> {
  const names = STORED_TABLES.map(({ name }) => (schema === null ? sql.id(name) : sql.id(schema, name)));
  await sql`truncate ${sql.join(names)}`.execute(transaction);
}

async function insertRows(
  target: PlainTables,
  name: string,
  columns: readonly string[],
  rows: readonly StoredRow[],
): Promise<void> {
  const size = Math.floor(MAX_PARAMETERS / columns.length);
  for (let start = 0; start < rows.length; start += size) {
    const values = rows
      .slice(start, start + size)
      .map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])));
    await target.insertInto(name).values(values).execute();
  }
}

/** A process that wrote on would write behind records that are there no longer. */
async function assertUnused(transaction: Transaction<Tables>, clock: Clock): Promise<void> {
  const open = await transaction.selectFrom("audit_chains").selectAll().where("closed_at", "is", null).execute();
  const user = open.find(({ host, pid, process_started: started, seen_at: seenAt }) =>
    isRunning({ host, pid, started }, seenAt, clock.now()),
  );
  if (user === undefined) return;
  throw new ToolyardError(
    "STORE_UNUSABLE",
    `the PostgreSQL schema is in use by process ${user.pid} on ${user.host}; stop what uses this state, then restore. Nothing was changed`,
  );
}

async function assertEmpty(target: PlainTables): Promise<void> {
  const used: string[] = [];
  for (const { name } of STORED_TABLES) if ((await countRows(target, name)) > 0) used.push(name);
  if (used.length === 0) return;
  throw new ToolyardError(
    "STORE_UNUSABLE",
    `the PostgreSQL schema is not empty: there are rows in ${used.join(", ")}; give another schema, or --replace. Nothing was changed`,
  );
}
