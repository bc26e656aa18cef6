// Opens a file of SQLite as one of ours, with the settings that make what was acknowledged durable: a log beside the file (WAL), synced
// at every commit.
import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely } from "kysely";
import semver from "semver";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import { createDatabase, type Database, type Part, type Tables } from "../database.ts";
import { checkNotNewer, checkVersion, migrate, type MigrateOptions } from "../migrate.ts";
import { APPLICATION_IDS, checkFile, checkWritable, toReason, unusable } from "./check-file.ts";
import { createSqliteDialect } from "./driver.ts";

/** Before it, a log that is reset while another connection reads can damage the file (https://www.sqlite.org/wal.html#walresetbug). */
const OLDEST = "3.51.3";
/** Files up to this size are read whole and checked when they are opened: tens of milliseconds at most. */
const CHECKED_BYTES = 16 * 1_048_576;

export interface SqliteDatabaseOptions {
  readonly path: string;
  readonly part: Part;
  /** For reading alone: the tables have to be there. @default false */
  readonly readOnly?: boolean;
  /** Its content was looked through just now. @default false */
  readonly isChecked?: boolean;
  /** How long a transaction waits for another process, milliseconds. @default 2,000 */
  readonly busyMs?: number;
  readonly clock?: Clock;
  /** @default those of this version of the code */
  readonly migrations?: MigrateOptions["migrations"];
}

/** The open file, with its tables. Rejects with STORE_UNUSABLE, and changes nothing, when the file is not one of ours. */
export async function openSqliteDatabase(options: SqliteDatabaseOptions): Promise<Database> {
  const { part, readOnly = false, clock = systemClock, migrations } = options;
  const connection = await connectSqlite(options);
  const database = createDatabase(new Kysely<Tables>({ dialect: createSqliteDialect(connection) }), "sqlite");
  try {
    const versions = { clock, ...(migrations !== undefined && { migrations }) };
    await (readOnly ? checkVersion : migrate)(database, [part], versions);
    return database;
  } catch (error) {
    // Not `database.close()`: Kysely closes nothing that was not asked anything yet.
    connection.close();
    throw error instanceof ToolyardError ? error : unusable(options.path, toReason(error), error);
  }
}

/**
 * Rejects as opening the file for writing would, but makes none and changes no table: for who opens several, and changes all of them
 * or none.
 */
export async function checkSqliteDatabase(options: SqliteDatabaseOptions): Promise<void> {
  const { path, part, clock = systemClock, migrations } = options;
  if (!(await checkFile(path, part, true))) return;
  const connection = await connectSqlite(options);
  try {
    const database = createDatabase(new Kysely<Tables>({ dialect: createSqliteDialect(connection) }), "sqlite");
    await checkNotNewer(database, [part], { clock, ...(migrations !== undefined && { migrations }) });
  } catch (error) {
    throw error instanceof ToolyardError ? error : unusable(path, toReason(error), error);
  } finally {
    connection.close();
  }
}

/** The bare connection, for who writes its own statements. The tables are not looked at. */
export async function connectSqlite(options: SqliteDatabaseOptions): Promise<DatabaseSync> {
  const { path, part, readOnly = false, isChecked = false, busyMs = 2_000 } = options;
  const isThere = await findFile(options);
  let connection: DatabaseSync | null = null;
  try {
    connection = new DatabaseSync(path, { readOnly, timeout: busyMs, enableForeignKeyConstraints: false });
    checkLibrary(connection, path);
    if (!readOnly) prepare(connection, part, isThere);
    if (isThere && !isChecked) checkContent(connection, path);
    return connection;
  } catch (error) {
    if (connection?.isOpen === true) connection.close();
    throw error instanceof ToolyardError ? error : unusable(path, toReason(error), error);
  }
}

/** Whether the file is there; if it need not be, its folder is from now on. */
async function findFile({ path, part, readOnly = false }: SqliteDatabaseOptions): Promise<boolean> {
  const isThere = await checkFile(path, part, !readOnly);
  if (readOnly) {
    if (!isThere) throw unusable(path, "there is none yet");
    return true;
  }
  await checkWritable(path, isThere);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // For this user alone: SQLite gives its log the permissions of the file.
    if (!isThere) await (await open(path, "a", 0o600)).close();
  } catch (error) {
    throw unusable(path, toReason(error), error);
  }
  return isThere;
}

function checkLibrary(connection: DatabaseSync, path: string): void {
  const { version } = connection.prepare("select sqlite_version() as version").get() as { readonly version: string };
  if (semver.gte(version, OLDEST)) return;
  throw unusable(
    path,
    `this Node has SQLite ${version}, whose log can damage a database that two connections use; ${OLDEST} or later is needed (Node ^22.23.0 or >=24.15.0)`,
  );
}

function prepare(connection: DatabaseSync, part: Part, isThere: boolean): void {
  // First, while the file is still written in place: from its first byte on it says whose it is.
  if (!isThere) connection.exec(`pragma application_id = ${APPLICATION_IDS[part]}`);
  connection.exec("pragma journal_mode = wal");
  connection.exec("pragma synchronous = full");
  connection.exec("pragma trusted_schema = off");
  // The log is copied back in steps of 4 MiB, and cut to that size afterwards.
  connection.exec("pragma wal_autocheckpoint = 1000");
  connection.exec("pragma journal_size_limit = 67108864");
}

function checkContent(connection: DatabaseSync, path: string): void {
  const { pages } = connection.prepare("select page_count as pages from pragma_page_count").get() as { pages: number };
  const { size } = connection.prepare("select page_size as size from pragma_page_size").get() as { size: number };
  if (pages * size > CHECKED_BYTES) return;
  const found = connection.prepare("pragma quick_check(1)").get()?.["quick_check"];
  if (found !== "ok") throw unusable(path, `it is damaged (${String(found)}); restore a backup`);
}
