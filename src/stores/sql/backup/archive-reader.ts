// Reads a backup file line by line, and believes nothing: lines and counts are bounded, what is told in the header is counted, and the end has
// to bear the SHA-256 of all that was read.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import { toReason } from "../sqlite/check-file.ts";
import {
  type ArchiveHeader,
  type ArchiveTable,
  badArchive,
  MAX_LINE_BYTES,
  parseArchiveHeader,
  parseArchiveRow,
  parseArchiveTrailer,
} from "./archive-format.ts";
import type { StoredRow } from "./plain-tables.ts";

const LINE_END = 10;
/** Rows that are handed on together: at most so many, and of at most about so many bytes. */
const PAGE_ROWS = 200;
const PAGE_BYTES = 1_048_576;

export interface ArchiveVisitor {
  /** Called once, before anything else. */
  header(header: ArchiveHeader): Promise<void>;
  rows(table: ArchiveTable, rows: readonly StoredRow[]): Promise<void>;
}

export interface ReadArchive {
  readonly header: ArchiveHeader;
  readonly sha256: string;
}

/**
 * Hands what is in a backup to `visitor`, in order. Resolves when the whole of it was read and is sound; what was handed over before is
 * worth nothing when it rejects.
 */
export async function readArchive(path: string, visitor: ArchiveVisitor): Promise<ReadArchive> {
  const lines = readLines(path);
  try {
    const hash = createHash("sha256");
    const next = async (): Promise<Buffer> => {
      const { value, done } = await lines.next();
      if (done === true) throw badArchive("it ends too early: it was cut, or its writing was");
      return value;
    };
    const take = async (): Promise<unknown> => {
      const line = await next();
      hash.update(line).update("\n");
      return parseLine(line);
    };
    const header = parseArchiveHeader(await take());
    await visitor.header(header);
    for (const table of header.tables) await readTable(table, take, visitor);
    const sha256 = hash.digest("hex");
    const trailer = parseArchiveTrailer(parseLine(await next()));
    const rows = header.tables.reduce((sum, table) => sum + table.rows, 0);
    if (trailer.sha256 !== sha256 || trailer.rows !== rows)
      throw badArchive("its checksum is another: it was changed after it was written");
    if ((await lines.next()).done !== true) throw badArchive("something follows its end");
    return { header, sha256 };
  } catch (error) {
    throw error instanceof ToolyardError ? error : badArchive(toArchiveReason(error), error);
  } finally {
    await lines.return(undefined);
  }
}

async function readTable(table: ArchiveTable, take: () => Promise<unknown>, visitor: ArchiveVisitor): Promise<void> {
  const title = (await take()) as { readonly table?: unknown } | null;
  if (title?.table !== table.name) throw badArchive(`the rows of ${table.name} are not where they should be`);
  let page: StoredRow[] = [];
  let bytes = 0;
  for (let index = 0; index < table.rows; index++) {
    const row = parseArchiveRow(await take(), table);
    page.push(row);
    for (const value of row) bytes += typeof value === "string" ? value.length : 8;
    if (page.length < PAGE_ROWS && bytes < PAGE_BYTES) continue;
    await visitor.rows(table, page);
    page = [];
    bytes = 0;
  }
  if (page.length > 0) await visitor.rows(table, page);
}

/** The lines of a gzipped file, without their ends. */
async function* readLines(path: string): AsyncGenerator<Buffer, undefined> {
  const source = createReadStream(path);
  const text = pipeline(source, createGunzip(), () => {});
  let pending: Buffer[] = [];
  let length = 0;
  for await (const chunk of text as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, start)) {
      yield Buffer.concat([...pending, chunk.subarray(start, end)]);
      start = end + 1;
      pending = [];
      length = 0;
    }
    if (start === chunk.length) continue;
    pending.push(chunk.subarray(start));
    length += chunk.length - start;
    if (length > MAX_LINE_BYTES) throw badArchive(`a line of it has more than ${MAX_LINE_BYTES} bytes`);
  }
  if (length > 0) throw badArchive("it ends too early: it was cut, or its writing was");
  return undefined;
}

function parseLine(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8"));
  } catch (error) {
    throw badArchive("a line of it is no JSON", error);
  }
}

/** What went wrong with the file, in words. */
function toArchiveReason(error: unknown): string {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "Z_BUF_ERROR") return "it ends too early: it was cut, or its writing was";
  if (code === "Z_DATA_ERROR") return "it is no gzip file, or it is damaged";
  return toReason(error);
}
