// Looks at a database file before SQLite does, which may write beside whatever it opens: what is not ours is refused with nothing
// changed.
import { constants } from "node:fs";
import { access, type FileHandle, open } from "node:fs/promises";
import { dirname } from "node:path";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import type { Part } from "../database.ts";

const MAGIC = "SQLite format 3\0";
const HEADER_BYTES = 100;
/** Where the header has the application id: 4 bytes, big-endian (https://www.sqlite.org/fileformat2.html#application_id). */
const APPLICATION_ID_AT = 68;

/** `TYsd` and `TYld`. */
export const APPLICATION_IDS: Readonly<Record<Part, number>> = { state: 0x54597364, ledger: 0x54596c64 };

/**
 * Whether there is a database of ours at `path`; false: there is nothing, or an empty file. Rejects with STORE_UNUSABLE for anything
 * else, and when it is `forWriting` and cannot be written.
 */
export async function checkFile(path: string, part: Part, forWriting: boolean): Promise<boolean> {
  const header = await readHeader(path, forWriting);
  if (header === null || header.length === 0) return false;
  if (header.length < HEADER_BYTES || header.toString("latin1", 0, MAGIC.length) !== MAGIC) {
    throw unusable(
      path,
      `it is no SQLite database (it begins with ${JSON.stringify(header.toString("latin1", 0, 16))})`,
    );
  }
  const id = header.readUInt32BE(APPLICATION_ID_AT);
  if (id === APPLICATION_IDS[part]) return true;
  const other = Object.entries(APPLICATION_IDS).find(([, known]) => known === id)?.[0];
  throw unusable(
    path,
    other === undefined
      ? `it is a database of another program (application id ${id}); give another path`
      : `it holds the ${other} of a registry, and the ${part} is expected; were the two files exchanged?`,
  );
}

async function readHeader(path: string, forWriting: boolean): Promise<Buffer | null> {
  let file: FileHandle | null = null;
  try {
    // Not waiting for who writes to it: it may be a pipe. SQLite itself would open a file that it may not write for reading alone.
    file = await open(path, (forWriting ? constants.O_RDWR : constants.O_RDONLY) | constants.O_NONBLOCK);
    if (!(await file.stat()).isFile()) throw unusable(path, "it is no ordinary file");
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return null;
    throw error instanceof ToolyardError ? error : unusable(path, toReason(error), error);
  } finally {
    await file?.close();
  }
}

/** Rejects with STORE_UNUSABLE when the file, or what is beside it, cannot be written: SQLite would say so only later, and in other words. */
export async function checkWritable(path: string, isThere: boolean): Promise<void> {
  try {
    await access(await findFolder(dirname(path)), constants.W_OK);
    if (isThere) await access(path, constants.W_OK);
  } catch (error) {
    throw unusable(path, toReason(error), error);
  }
}

/** The folder, or the nearest above it that there is. */
async function findFolder(folder: string): Promise<string> {
  try {
    await access(folder);
    return folder;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || dirname(folder) === folder) throw error;
    return findFolder(dirname(folder));
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: "it is a directory; give the path of a file in it",
  ENOTDIR: "a part of the path is a file, not a directory",
  EACCES: "this process may not; give it the permission, or another path",
  EPERM: "this process may not; give it the permission, or another path",
  EROFS: "the file system is read-only; give another path",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
};

/** SQLite's own errors, by the lower byte of their code (https://www.sqlite.org/rescode.html). */
const SQLITE_REASONS: Readonly<Record<number, string>> = {
  5: "another process holds it; it did not become free in time",
  8: "it cannot be written: the file or its folder is read-only",
  10: "the disk failed while it was read or written; it may be full",
  11: "it is damaged; restore a backup",
  13: "the disk is full",
  14: "it cannot be opened: the folder may not be there, or not be writable",
  26: "it is no SQLite database, or it is damaged",
};

/** What is wrong, in words, from an error of the system or of SQLite. */
export function toReason(error: unknown): string {
  const { code = "", errcode, message } = error as NodeJS.ErrnoException & { readonly errcode?: number };
  return REASONS[code] ?? SQLITE_REASONS[(errcode ?? 0) & 0xff] ?? message;
}

/** The refusal of a file. */
export function unusable(path: string, reason: string, cause?: unknown): ToolyardError {
  return new ToolyardError("STORE_UNUSABLE", `database ${path} cannot be used: ${reason}. No data was changed`, {
    cause,
  });
}
