// Reads a backup into two new SQLite files of the tables' version it was made with, and brings them to today's: a restore looks at the
// whole of an archive, and at what becomes of it, before it touches anything.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { invariant } from "../../../kernel/invariant.ts";
import type { MaybePromise } from "../../../kernel/maybe-promise.ts";
import type { Clock } from "../../../kernel/clock.ts";
import type { Part } from "../database.ts";
import { MIGRATIONS } from "../migrations/migrations.ts";
import type { Migration } from "../migrations/migration.ts";
import { connectSqlite, openSqliteDatabase } from "../sqlite/open-database.ts";
import { type ArchiveHeader, type ArchiveTable, badArchive } from "./archive-format.ts";
import { type ReadArchive, readArchive } from "./archive-reader.ts";
import { PARTS, type StoredRow } from "./plain-tables.ts";

export interface StageOptions {
  readonly archive: string;
  /** Where the files are made, in a new folder: the disk has to have room for them. */
  readonly folder: string;
  readonly clock: Clock;
  /** Called after each page of rows. */
  readonly onProgress?: ((progress: { table: string; done: number; rows: number }) => MaybePromise<void>) | undefined;
  /** @default those of this version of the code */
  readonly migrations?: readonly Migration[] | undefined;
}

export interface Staged extends ReadArchive, AsyncDisposable {
  /** Holds `state.db` and `ledger.db`. */
  readonly dir: string;
}

/** The path of the file of a part. */
export function toPartFile(dir: string, part: Part): string {
  return join(dir, `${part}.db`);
}

/** Stages an archive. Rejects with STORE_UNUSABLE when it is not sound, and leaves nothing behind. */
export async function stageArchive(options: StageOptions): Promise<Staged> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  const dir = await mkdtemp(join(options.folder, ".restore-"));
  const connections: Partial<Record<Part, DatabaseSync>> = {};
  const close = (): void => {
    for (const part of PARTS) if (connections[part]?.isOpen === true) connections[part].close();
  };
  try {
    const read = await readArchive(options.archive, createStager(options, dir, connections));
    for (const part of PARTS) connections[part]?.exec("commit");
    close();
    for (const part of PARTS) await (await openPart(dir, part, options, options.migrations)).close();
    return { ...read, dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
  } catch (error) {
    close();
    await rm(dir, { recursive: true, force: true });
    throw error;
  }
}

function createStager(
  options: StageOptions,
  dir: string,
  connections: Partial<Record<Part, DatabaseSync>>,
): Parameters<typeof readArchive>[1] {
  let insert: StatementSync | null = null;
  let current: ArchiveTable | null = null;
  let done = 0;
  let all = 0;
  return {
    async header(header) {
      all = header.tables.reduce((sum, table) => sum + table.rows, 0);
      for (const part of PARTS) connections[part] = await createPart(dir, part, header, options);
      checkTables(header, connections);
    },
    async rows(table, rows) {
      const connection = connections[table.part];
      invariant(connection !== undefined, "the header has been read");
      if (current !== table) insert = prepareInsert(connection, table);
      current = table;
      insertRows(insert, table, rows);
      done += rows.length;
      await options.onProgress?.({ table: table.name, done, rows: all });
    },
  };
}

/** The file of a part with the tables of the archive's version, open for one long transaction. */
async function createPart(
  dir: string,
  part: Part,
  { parts }: ArchiveHeader,
  options: StageOptions,
): Promise<DatabaseSync> {
  const { migrations = MIGRATIONS } = options;
  const known = migrations.filter((step) => step.part === part && step.version <= parts[part]);
  if (known.length < parts[part]) {
    throw badArchive(
      `its tables of ${part} are of version ${parts[part]}, made by a newer Toolyard; this one knows versions up to ${known.length}`,
    );
  }
  await (await openPart(dir, part, options, known)).close();
  const connection = await connectSqlite({ path: toPartFile(dir, part), part });
  // Nothing of it has to outlive a crash: a restore that was cut short begins anew.
  connection.exec("pragma synchronous = off");
  connection.exec("begin immediate");
  return connection;
}

function openPart(
  dir: string,
  part: Part,
  { clock }: StageOptions,
  migrations: readonly Migration[] | undefined,
): ReturnType<typeof openSqliteDatabase> {
  return openSqliteDatabase({
    path: toPartFile(dir, part),
    part,
    clock,
    ...(migrations !== undefined && { migrations }),
  });
}

/** The archive has the tables of its version: each of them once, with its columns, and no other. */
function checkTables({ tables }: ArchiveHeader, connections: Partial<Record<Part, DatabaseSync>>): void {
  for (const part of PARTS) {
    const connection = connections[part] as DatabaseSync;
    const expected = listTables(connection);
    const given = tables.filter((table) => table.part === part).map(({ name }) => name);
    const missing = expected.find((name) => !given.includes(name));
    const unknown = given.find((name, index) => !expected.includes(name) || given.indexOf(name) !== index);
    if (missing !== undefined) throw badArchive(`it has no table ${missing}`);
    if (unknown !== undefined) throw badArchive(`its table ${unknown} is not known, or there twice`);
  }
  for (const { part, name, columns, rows } of tables) {
    const expected = listColumns(connections[part] as DatabaseSync, name);
    const isSame = expected.length === columns.length && expected.every((column) => columns.includes(column));
    if (rows > 0 && !isSame) throw badArchive(`its table ${name} has other columns than it should have`);
  }
}

function listTables(connection: DatabaseSync): readonly string[] {
  const tables = connection.prepare(
    "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name <> 'schema_versions'",
  );
  return tables.all().map(({ name }) => String(name));
}

function listColumns(connection: DatabaseSync, table: string): readonly string[] {
  const columns = connection.prepare("select name from pragma_table_info(?)").all(table);
  return columns.map(({ name }) => String(name));
}

function prepareInsert(connection: DatabaseSync, { name, columns }: ArchiveTable): StatementSync {
  const names = columns.map((column) => `"${column}"`).join(", ");
  return connection.prepare(`insert into "${name}" (${names}) values (${columns.map(() => "?").join(", ")})`);
}

function insertRows(insert: StatementSync | null, { name }: ArchiveTable, rows: readonly StoredRow[]): void {
  invariant(insert !== null, "the table has been prepared");
  try {
    for (const row of rows) insert.run(...row);
  } catch (error) {
    const { message, errcode } = error as Error & { readonly errcode?: number };
    // SQLITE_CONSTRAINT: a key twice, or nothing where something has to be.
    if (((errcode ?? 0) & 0xff) === 19) throw badArchive(`a row of ${name} does not fit (${message})`, error);
    throw error;
  }
}
