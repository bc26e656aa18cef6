// Writes a backup file: under another name first, made durable, then renamed. There is never half an archive of the name asked for.
import { createHash } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import { createSecretId } from "../../../kernel/ids.ts";
import { toReason } from "../sqlite/check-file.ts";

/** Lines are handed on in pieces of about this size. */
const PIECE_CHARACTERS = 65_536;
/** Most of what the highest level saves, at half its time. */
const LEVEL = 4;

export interface WrittenArchive {
  readonly sha256: string;
  readonly rows: number;
  /** Of the file. */
  readonly bytes: number;
}

/** Writes the lines of an archive and its trailer. `lines` gives JSON texts: the header, and how many rows each text is (0 or 1). */
export async function writeArchive(path: string, lines: AsyncIterable<readonly string[]>): Promise<WrittenArchive> {
  if (existsSync(path)) throw unwritable(path, "there is such a file already; give another name, or remove it first");
  // In the same folder, so that renaming moves nothing.
  const temporary = join(dirname(path), `.${basename(path)}.${createSecretId("part")}`);
  try {
    const state = { sha256: "", rows: 0 };
    const file = createWriteStream(temporary, { flags: "wx", mode: 0o600 });
    await pipeline(toPieces(lines, state), createGzip({ level: LEVEL }), file);
    const bytes = await sync(temporary, "r+");
    await rename(temporary, path);
    await sync(dirname(path), "r");
    return { ...state, bytes };
  } catch (error) {
    await rm(temporary, { force: true });
    throw isOfFile(error) ? unwritable(path, toReason(error), error) : error;
  }
}

/** Joins lines to pieces, counts them and adds the trailer. */
async function* toPieces(
  lines: AsyncIterable<readonly string[]>,
  state: { sha256: string; rows: number },
): AsyncGenerator<string> {
  const hash = createHash("sha256");
  let piece = "";
  for await (const page of lines) {
    for (const line of page) {
      // Rows are arrays, and nothing else is.
      if (line.startsWith("[")) state.rows++;
      piece += `${line}\n`;
      if (piece.length < PIECE_CHARACTERS) continue;
      hash.update(piece);
      yield piece;
      piece = "";
    }
  }
  state.sha256 = hash.update(piece).digest("hex");
  yield `${piece}${JSON.stringify({ end: { rows: state.rows, sha256: state.sha256 } })}\n`;
}

/** Makes a file durable, or a folder, which is the names in it. Its size. */
async function sync(path: string, flags: "r" | "r+"): Promise<number> {
  const file = await open(path, flags);
  try {
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

function isOfFile(error: unknown): boolean {
  return typeof (error as { readonly syscall?: unknown }).syscall === "string";
}

function unwritable(path: string, reason: string, cause?: unknown): ToolyardError {
  return new ToolyardError("STORE_FAILED", `backup ${path} cannot be written: ${reason}`, { cause });
}
