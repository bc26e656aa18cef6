// One moment of a database, for as long as it is read; who writes does not wait for it.
import { type Kysely, sql } from "kysely";
import type { Database, Tables } from "../database.ts";

/** Runs `work` on what was committed when it began. SQLite: `database` serves nobody else meanwhile. */
export function readSnapshot<T>(database: Database, work: (db: Kysely<Tables>) => Promise<T>): Promise<T> {
  if (database.dialect === "postgres") {
    const transaction = database.db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only");
    return transaction.execute(work);
  }
  // Not a transaction of the driver: those are for writing, and `database` may be open for reading alone.
  return database.db.connection().execute(async (db) => {
    await sql`begin`.execute(db);
    try {
      // The moment is that of the first read, not that of `begin`.
      await db.selectFrom("schema_versions").select("part").execute();
      return await work(db);
    } finally {
      await sql`rollback`.execute(db);
    }
  });
}
