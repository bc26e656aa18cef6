// Opens a PostgreSQL database: a pool of connections whose waits are all bounded, and the tables in a schema of their own.
import { Kysely, PostgresDialect, sql } from "kysely";
import pg from "pg";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import { createDatabase, type Database, type Part, type Tables } from "../database.ts";
import { checkVersion, migrate, type MigrateOptions } from "../migrate.ts";

const OLDEST = 13;

export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`; what is not in it comes from the variables of libpq (`PGHOST` …). */
  readonly url: string;
  /** Holds the tables; made when it is not there. 1 to 63 of a–z, 0–9, _. @default "toolyard" */
  readonly schema?: string;
  /** Connections of the pool, 1 to 1,000. @default 10 */
  readonly maxConnections?: number;
  /** How long one statement may take, and how long a connection is waited for, milliseconds, 100 to 600,000. @default 5,000 */
  readonly timeoutMs?: number;
}

interface OpenOptions extends PostgresOptions {
  readonly parts: readonly Part[];
  /** Makes and migrates nothing: the tables have to be there. @default false */
  readonly readOnly?: boolean;
  readonly clock?: Clock;
  readonly migrations?: MigrateOptions["migrations"];
}

/** The open database, with its tables. Rejects with STORE_UNUSABLE when it cannot be reached or used. */
export async function openPostgresDatabase(options: OpenOptions): Promise<Database> {
  const { schema = "toolyard", clock = systemClock, parts, readOnly = false, migrations } = options;
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new ToolyardError(
      "INVALID_OPTION",
      `postgres.schema: received ${JSON.stringify(schema)}, expected 1 to 63 of a to z, 0 to 9 and _`,
    );
  }
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: createPool(options) }) });
  const database = createDatabase(db, "postgres", schema);
  try {
    await checkServer(db);
    if (!readOnly) await createSchema(db, schema);
    const versions = { clock, ...(migrations !== undefined && { migrations }) };
    await (readOnly ? checkVersion : migrate)(database, parts, versions);
    return database;
  } catch (error) {
    await database.close();
    throw error instanceof ToolyardError ? error : toUnusable(error, schema);
  }
}

/** The settings of every connection, of the pool and of the ledger's own. */
export function toClientConfig({ url, timeoutMs = 5_000 }: PostgresOptions): pg.ClientConfig {
  return {
    connectionString: url,
    application_name: "toolyard",
    connectionTimeoutMillis: timeoutMs,
    // Ends what the server does not answer any more; `statement_timeout` ends what it is busy with.
    query_timeout: timeoutMs,
    statement_timeout: timeoutMs,
    keepAlive: true,
    types: { getTypeParser: toParser },
  };
}

/**
 * A connection breaks while nobody asks it anything, lent out or not: who asks next is told, and the pool makes another one. Without a
 * listener the process would end.
 */
function ignoreBreaks(pool: pg.Pool): void {
  pool.on("error", () => {});
  pool.on("connect", (client) => {
    client.on("error", () => {});
  });
}

function createPool(options: PostgresOptions): pg.Pool {
  const pool = new pg.Pool({ ...toClientConfig(options), max: options.maxConnections ?? 10, allowExitOnIdle: true });
  ignoreBreaks(pool);
  return pool;
}

/** Counts and times are integers that JavaScript holds exactly, and sums of them: `pg` gives them as text. */
function toParser(oid: Parameters<typeof pg.types.getTypeParser>[0]): (value: string) => unknown {
  const { INT8, NUMERIC } = pg.types.builtins;
  if (oid === INT8 || oid === NUMERIC) return Number;
  return pg.types.getTypeParser(oid) as (value: string) => unknown;
}

async function checkServer(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{
    readonly version: string;
  }>`select current_setting('server_version_num') as version`.execute(db);
  const major = Math.floor(Number(rows[0]?.version) / 10_000);
  if (major >= OLDEST) return;
  throw new ToolyardError("STORE_UNUSABLE", `PostgreSQL ${major} is too old; ${OLDEST} or later is needed`);
}

/** Unless it is there: who may not make schemas may use one that was made for it. */
async function createSchema(db: Kysely<Tables>, schema: string): Promise<void> {
  const { rows } = await sql`select from pg_namespace where nspname = ${schema}`.execute(db);
  if (rows.length === 0) await sql`create schema if not exists ${sql.id(schema)}`.execute(db).catch(ignoreExisting);
}

/** Another process made the schema between the question and the act. */
function ignoreExisting(error: unknown): void {
  const { code } = error as { readonly code?: string };
  if (code !== "23505" && code !== "42P06") throw error;
}

/** What PostgreSQL says when a table that a migration makes is there already (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const DUPLICATE_TABLE = "42P07";

function toUnusable(error: unknown, schema: string): ToolyardError {
  // Messages of `pg` name host and database, never the password; an address list has its reasons one level down.
  const { message, errors, code } = error as AggregateError & { readonly code?: string };
  const reason = message === "" ? String((errors?.[0] as Error | undefined)?.message) : message;
  const isForeign = code === DUPLICATE_TABLE;
  const advice = isForeign ? `; the schema ${schema} has tables of another program, give another schema` : "";
  return new ToolyardError(
    "STORE_UNUSABLE",
    `the PostgreSQL database cannot be used: ${reason}${advice}. No data was changed`,
    { cause: error, retryable: !isForeign },
  );
}
