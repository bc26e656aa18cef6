// A file of heads of chains, a line for each time they were written down. Kept on another machine or medium than the
// database, it shows what was taken from the end of a chain; nothing in the database can show that for the last chain.
import { promises as fs } from "node:fs";
import path from "node:path";
import { type OutsideAnchor, fromHeadsLine, toHeadsLine } from "../../audit/chain/index.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { AuditReader, ChainHead } from "../../ports/audit-reader.ts";
import { readLines } from "./read-lines.ts";

export interface ReadHeadFileOptions {
  /** Is told the number of each line that has no heads. @default nobody */
  readonly onSkipped?: (lineNumber: number) => void;
}

/**
 * Appends the heads of all chains that have moved since the file was last written, and syncs it; resolves to them. The line
 * is the first one when there is no file yet. Rejects with AUDIT_FAILED when the file cannot be written.
 */
export async function anchorHeads(reader: AuditReader, file: string, at: number): Promise<readonly ChainHead[]> {
  const known = new Map<string, string>();
  if (await isThere(file))
    for await (const { writer, seq, hash } of readHeadFile(file)) known.set(writer, `${seq} ${hash}`);
  const moved = (await reader.chains())
    .filter(({ writer, seq, hash }) => seq > 0 && known.get(writer) !== `${seq} ${hash}`)
    .map(({ writer, seq, hash }) => ({ writer, seq, hash }));
  if (moved.length > 0) await append(file, toHeadsLine({ at, heads: moved }));
  return moved;
}

/** The heads in a file, in the order they were written down. Rejects with AUDIT_FAILED when the file cannot be read. */
export async function* readHeadFile(
  file: string,
  options: ReadHeadFileOptions = {},
): AsyncGenerator<OutsideAnchor, void, undefined> {
  const name = path.basename(file);
  let lineNumber = 0;
  for await (const { text, isWhole } of readLines(file)) {
    lineNumber++;
    if (text === "") continue;
    const kept = isWhole ? fromHeadsLine(text) : null;
    if (kept === null) options.onSkipped?.(lineNumber);
    else for (const head of kept.heads) yield { ...head, by: `${name}:${lineNumber}`, at: kept.at };
  }
}

async function isThere(file: string): Promise<boolean> {
  return fs.stat(file).then(
    () => true,
    () => false,
  );
}

async function append(file: string, line: string): Promise<void> {
  try {
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await fs.open(file, "a", 0o600);
    try {
      const { size } = await handle.stat();
      // A crash may have torn the last line.
      await handle.appendFile(size > 0 && (await lacksEnd(file, size)) ? `\n${line}` : line);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { message } = error as Error;
    throw new ToolyardError("AUDIT_FAILED", `head file ${file} cannot be written: ${message}`, { cause: error });
  }
}

async function lacksEnd(file: string, size: number): Promise<boolean> {
  const handle = await fs.open(file, "r");
  try {
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer[0] !== 10;
  } finally {
    await handle.close();
  }
}
