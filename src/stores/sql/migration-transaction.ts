// The transaction of a migration. In PostgreSQL a change of a table waits for whoever uses the table, and everybody after it waits for
// the change: it gives up soon and tries again, so that calls which run meanwhile go on.
import { sql, type Transaction } from "kysely";
import { systemClock } from "../../kernel/clock.ts";
import type { Database, Tables } from "./database.ts";

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
