// A backup: every row of every table of both parts, as they were at one moment. It knows nothing of the database it came from, so that
// it can be restored into the other kind.
import { type Clock, systemClock } from "../../../kernel/clock.ts";
import type { MaybePromise } from "../../../kernel/maybe-promise.ts";
import { STORED_TABLES, type StoredTable } from "../stored-tables.ts";
import type { Database, Part, Tables } from "../database.ts";
import type { Kysely } from "kysely";
import { type ArchiveTable, badArchive, MAX_LINE_BYTES, toArchiveHeader } from "./archive-format.ts";
import { writeArchive } from "./archive-writer.ts";
import { PARTS, toPlainTables } from "./plain-tables.ts";
import { readSnapshot } from "./read-snapshot.ts";
import { countRows, readColumns, readTableRows } from "./table-rows.ts";

/** Both parts; in PostgreSQL one database is both. */
export type PartDatabases = Readonly<Record<Part, Database>>;

export interface BackupProgress {
  readonly table: string;
  /** Rows of all tables: done, and how many there are. */
  readonly done: number;
  readonly rows: number;
}

export interface BackupOptions {
  readonly databases: PartDatabases;
  /** The file to be written, absolute. */
  readonly path: string;
  readonly clock?: Clock;
  /** Called after each page of rows. */
  readonly onProgress?: (progress: BackupProgress) => MaybePromise<void>;
}

export interface Backup {
  readonly path: string;
  readonly at: number;
  /** Of the file. */
  readonly bytes: number;
  readonly sha256: string;
  readonly parts: Readonly<Record<Part, number>>;
  readonly tables: readonly ArchiveTable[];
  readonly rows: number;
}

type Snapshots = Readonly<Record<Part, Kysely<Tables>>>;

/** Writes a backup. Rejects with STORE_FAILED when the file cannot be written; there is none then. */
export async function writeBackup(options: BackupOptions): Promise<Backup> {
  const { databases, path, clock = systemClock, onProgress } = options;
  return readBoth(databases, async (snapshots) => {
    const at = clock.now();
    const header = toArchiveHeader({ at, parts: await readVersions(snapshots), tables: await readTables(snapshots) });
    const written = await writeArchive(path, toLines(header, snapshots, onProgress));
    return { path, at, ...written, parts: header.parts, tables: header.tables };
  });
}

/**
 * The state's moment first, the ledger's right after it: whatever the state holds, the trail says who did it. Where one database is
 * both it is one moment.
 */
function readBoth<T>({ state, ledger }: PartDatabases, work: (snapshots: Snapshots) => Promise<T>): Promise<T> {
  return readSnapshot(state, (first) =>
    state === ledger
      ? work({ state: first, ledger: first })
      : readSnapshot(ledger, (second) => work({ state: first, ledger: second })),
  );
}

async function readVersions(snapshots: Snapshots): Promise<Readonly<Record<Part, number>>> {
  const versions = { state: 0, ledger: 0 };
  for (const part of PARTS) {
    const rows = snapshots[part].selectFrom("schema_versions").select("version").where("part", "=", part);
    versions[part] = (await rows.executeTakeFirstOrThrow()).version;
  }
  return versions;
}

async function readTables(snapshots: Snapshots): Promise<readonly ArchiveTable[]> {
  const tables: ArchiveTable[] = [];
  for (const { part, name } of STORED_TABLES) {
    const db = toPlainTables(snapshots[part]);
    tables.push({ part, name, columns: await readColumns(db, name), rows: await countRows(db, name) });
  }
  return tables;
}

async function* toLines(
  header: ReturnType<typeof toArchiveHeader>,
  snapshots: Snapshots,
  onProgress: BackupOptions["onProgress"],
): AsyncGenerator<readonly string[]> {
  yield [JSON.stringify(header)];
  const rows = header.tables.reduce((sum, table) => sum + table.rows, 0);
  let done = 0;
  for (const [index, { part, name, columns }] of header.tables.entries()) {
    yield [JSON.stringify({ table: name })];
    const table = STORED_TABLES[index] as StoredTable;
    for await (const page of readTableRows(toPlainTables(snapshots[part]), table, columns)) {
      yield page.map((row) => toLine(row, name));
      done += page.length;
      await onProgress?.({ table: name, done, rows });
    }
  }
}

/** A line that no restore would read has no place in a backup. */
function toLine(row: unknown, table: string): string {
  const line = JSON.stringify(row);
  if (line.length * 3 < MAX_LINE_BYTES || Buffer.byteLength(line) < MAX_LINE_BYTES) return line;
  throw badArchive(`a row of ${table} has more than ${MAX_LINE_BYTES.toLocaleString("en-US")} bytes`);
}
