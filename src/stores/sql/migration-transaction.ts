// The transaction of a migration. In PostgreSQL a change of a table waits for whoever uses the table, and everybody after it waits for
// the change: it gives up soon and tries again, so that calls which run meanwhile go on.
import { sql, type Transaction } from "kysely";
import { systemClock } from "../../kernel/clock.ts";
import { toTablesOf } from "./stored-tables.ts";
import type { Database, Part, Tables } from "./database.ts";

/** One migration at a time in a database. */
const ADVISORY_LOCK = 8_429_116;
/** How long a change waits for a table, milliseconds: well under what a write of the ledger may take. */
const LOCK_MS = 100;
/** About a minute: under a steady load of calls a table is free only now and then. */
const TRIES = 300;
const PAUSE_MS = 100;

/** Lock timeout and deadlock (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const BUSY: ReadonlySet<unknown> = new Set(["55P03", "40P01"]);

/** Runs `work` in one transaction, alone among migrations; again from the beginning when a table is in use. */
export async function inMigration<T>(
  database: Database,
  work: (transaction: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  if (database.dialect === "sqlite") return database.transaction(work);
  for (let tries = 1; ; tries++) {
    try {
      return await database.transaction(async (transaction) => {
        await sql`select pg_advisory_xact_lock(${sql.lit(ADVISORY_LOCK)})`.execute(transaction);
        await sql`set local lock_timeout = ${sql.lit(LOCK_MS)}`.execute(transaction);
        return work(transaction);
      });
    } catch (error) {
      if (tries === TRIES || !BUSY.has((error as { readonly code?: string }).code)) throw error;
      await new Promise<void>((resolve) => {
        systemClock.setTimer(PAUSE_MS, resolve);
      });
    }
  }
}

/** The ledger's tables in the order in which a batch comes to them. */
const ORDER: readonly string[] = [
  ...["claims", "unknown_outcomes", "usage_rows", "quota_levels", "audit_records", "open_intents", "audit_chains"],
];

/**
 * Takes the tables of a part that are there, before any of them is changed and in the order in which writers do: whoever has begun comes
 * to its end, and nobody waits for somebody who waits for the change.
 */
export async function takeTables(
  { dialect, schema }: Database,
  transaction: Transaction<Tables>,
  part: Part,
): Promise<void> {
  if (dialect === "sqlite" || schema === null) return;
  const { rows } = await sql<{ readonly name: string }>`
    select table_name as name from information_schema.tables where table_schema = ${schema}`.execute(transaction);
  const there = new Set(rows.map(({ name }) => name));
  const own = part === "ledger" ? ORDER : toTablesOf(part).map(({ name }) => name);
  for (const name of own.filter((one) => there.has(one)))
    await sql`lock table ${sql.table(`${schema}.${name}`)} in access exclusive mode`.execute(transaction);
}
