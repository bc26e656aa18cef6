// The connection of the ledger's writer: one, its own, and synced at every commit. It holds a lock by the writer's name, so that a
// connection that was given up and is still at work has ended before another one goes on.
import { CompiledQuery, Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { createDatabase, type Database, type Tables } from "../database.ts";
import { type PostgresOptions, toClientConfig } from "./open-database.ts";

/** The database of one writer; the tables have to be there. */
export async function openPostgresLedgerDatabase(options: PostgresOptions): Promise<Database> {
  const lock = Math.floor(Number.parseInt(crypto.randomUUID().slice(0, 8), 16));
  const pool = new pg.Pool({ ...toClientConfig(options), max: 1, idleTimeoutMillis: 0 });
  pool.on("error", () => {});
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({
      pool,
      async onCreateConnection(connection) {
        await connection.executeQuery(CompiledQuery.raw("set synchronous_commit to on"));
        await connection.executeQuery(CompiledQuery.raw("select pg_advisory_lock(8429117, $1)", [lock | 0]));
      },
    }),
  });
  const database = createDatabase(db, "postgres", options.schema ?? "toolyard");
  await sql`select 1`.execute(db);
  return database;
}
