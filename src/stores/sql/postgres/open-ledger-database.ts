// The connection of the ledger's writer: one, its own, and synced at every commit. It holds a lock by the writer's number, so that a
// connection that was given up and is still at work has ended before another one goes on.
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import { createDatabase, type Database, type Tables } from "../database.ts";
import { type PostgresOptions, toClientConfig } from "./open-database.ts";
import { createSinglePool } from "./single-pool.ts";

/** The ledger's own: whoever waits for the writer waits for no statement longer than this, milliseconds. */
const TIMEOUT_MS = 3_000;

/**
 * The database of one writer; the tables have to be there.
 * @param options `lock`: the writer's number, the same for whoever takes its place
 */
export async function openPostgresLedgerDatabase(
  options: PostgresOptions & { readonly lock: number },
): Promise<Database> {
  const { lock, timeoutMs = TIMEOUT_MS, schema = "toolyard" } = options;
  const config = toClientConfig({ ...options, timeoutMs });
  const pool = createSinglePool(
    () => new pg.Client(config),
    async (client) => {
      await client.query("set synchronous_commit to on");
      // A process that is stopped in the middle of a transaction does not keep the others from their rows for long.
      await client.query("set idle_in_transaction_session_timeout to 2000");
      await client.query("select pg_advisory_lock(8429117, $1)", [lock]);
    },
  );
  const database = createDatabase(new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }), "postgres", schema);
  try {
    await database.db.selectFrom("audit_chains").select("writer").limit(1).execute();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
