// Puts staged tables in the place of those of a data folder, in one transaction over both files: after a crash at any moment, whoever
// opens them next finds all of the old state or all of the new one.
// INVARIANT: nobody else has the files open meanwhile, and they stay the files they are: a file that were renamed under another
// process would be written on unseen. `replace-sqlite.test.ts` kills it at its steps.
import type { DatabaseSync } from "node:sqlite";
import { open } from "node:fs/promises";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import type { Part } from "../database.ts";
import { toReason, unusable } from "../sqlite/check-file.ts";
import { connectSqlite } from "../sqlite/open-database.ts";
import { PARTS } from "./plain-tables.ts";
import { toPartFile } from "./stage-archive.ts";

export interface ReplaceSqliteOptions {
  /** The data folder. */
  readonly dir: string;
  /** Holds the staged files. */
  readonly staged: string;
  /** Whether what is there may go; it is kept beside then, in files whose names end in this text. null: it may not. */
  readonly keepAs: string | null;
}

/** Names of the parts' schemas on the one connection. */
const SCHEMAS: Readonly<Record<Part, string>> = { state: "main", ledger: "ledger" };

/** The files that keep what was there before. Rejects with STORE_UNUSABLE when the files cannot be had, or are not empty and may not go. */
export async function replaceSqlite({ dir, staged, keepAs }: ReplaceSqliteOptions): Promise<readonly string[]> {
  // Makes the file that is not there; the other one is attached below.
  (await connect(dir, "ledger")).close();
  const connection = await connect(dir, "state");
  try {
    takeFiles(connection, dir, staged);
    const used = listUsed(connection);
    if (used.length > 0 && keepAs === null) throw notEmpty(dir, used);
    const kept = used.length > 0 ? keepFiles(connection, dir, keepAs as string) : [];
    for (const file of kept) await syncFile(file);
    connection.exec("begin exclusive");
    for (const part of PARTS) replacePart(connection, part);
    connection.exec("commit");
    for (const part of PARTS) connection.exec(`pragma ${SCHEMAS[part]}.journal_mode = wal`);
    return kept;
  } catch (error) {
    throw error instanceof ToolyardError ? error : unusable(dir, toReason(error), error);
  } finally {
    connection.close();
  }
}

async function connect(dir: string, part: Part): Promise<DatabaseSync> {
  try {
    return await connectSqlite({ path: toPartFile(dir, part), part });
  } catch (error) {
    if (!(error instanceof ToolyardError)) throw error;
    // What cannot be opened cannot be replaced in one transaction either, and may be worth a look.
    const message = `${error.message}. To restore all the same, move the files out of ${dir} first`;
    throw new ToolyardError(error.code, message, { cause: error });
  }
}

/** Both files, for this connection alone, until it is closed. */
function takeFiles(connection: DatabaseSync, dir: string, staged: string): void {
  connection.prepare("attach database ? as ledger").run(toPartFile(dir, "ledger"));
  for (const part of PARTS) connection.prepare(`attach database ? as staged_${part}`).run(toPartFile(staged, part));
  connection.exec("pragma locking_mode = exclusive");
  for (const part of PARTS) {
    // Only journals of this kind make one transaction of two files (https://www.sqlite.org/atomiccommit.html#_multi_file_commit), and
    // only who is alone can leave the log.
    const schema = SCHEMAS[part];
    const mode = tryJournal(connection, schema);
    if (mode !== "delete") {
      throw unusable(toPartFile(dir, part), "another process has it open; stop what uses this state, then restore");
    }
    connection.exec(`pragma ${schema}.synchronous = full`);
  }
  // Locks are taken by what reads and writes, and kept from then on.
  connection.exec("begin exclusive");
  connection.exec("commit");
}

function tryJournal(connection: DatabaseSync, schema: string): unknown {
  try {
    return connection.prepare(`pragma ${schema}.journal_mode = delete`).get()?.["journal_mode"];
  } catch (error) {
    // SQLITE_BUSY
    if ((((error as { readonly errcode?: number }).errcode ?? 0) & 0xff) === 5) return "busy";
    throw error;
  }
}

interface Item {
  readonly type: string;
  readonly name: string;
  readonly sql: string;
}

/** Tables and indexes of a schema, in the order in which they were made. What SQLite makes by itself has no text. */
function listItems(connection: DatabaseSync, schema: string): readonly Item[] {
  const items = connection.prepare(
    `select type, name, sql from "${schema}".sqlite_schema where sql is not null and name not like 'sqlite\\_%' escape '\\' order by rowid`,
  );
  return items.all() as unknown as readonly Item[];
}

/** Tables that have rows. */
function listUsed(connection: DatabaseSync): readonly string[] {
  return PARTS.flatMap((part) =>
    listItems(connection, SCHEMAS[part])
      .filter(({ type, name }) => type === "table" && name !== "schema_versions")
      .map(({ name }) => name)
      .filter(
        (name) => connection.prepare(`select 1 from ${SCHEMAS[part]}.${toName(name)} limit 1`).get() !== undefined,
      ),
  );
}

/**
 * By SQLite itself: whoever opened one of the files to copy it would give up, at its end, the locks that this process holds
 * (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
function keepFiles(connection: DatabaseSync, dir: string, ending: string): readonly string[] {
  return PARTS.map((part) => {
    const kept = `${toPartFile(dir, part)}${ending}`;
    connection.prepare(`vacuum ${SCHEMAS[part]} into ?`).run(kept);
    return kept;
  });
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function replacePart(connection: DatabaseSync, part: Part): void {
  const schema = SCHEMAS[part];
  for (const { type, name } of listItems(connection, schema))
    if (type === "table") connection.exec(`drop table ${schema}.${toName(name)}`);
  for (const { type, name, sql } of listItems(connection, `staged_${part}`)) {
    connection.exec(sql.replace(/^create (table|index|unique index) /i, (words) => `${words}${schema}.`));
    if (type !== "table") continue;
    connection.exec(`insert into ${schema}.${toName(name)} select * from staged_${part}.${toName(name)}`);
  }
}

function toName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function notEmpty(dir: string, used: readonly string[]): ToolyardError {
  return unusable(dir, `it is not empty: there are rows in ${used.join(", ")}; give another folder, or --replace`);
}
