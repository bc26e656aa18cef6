// A file beside a database that does not answer: what has happened, and cannot be written into the ledger yet, is kept there, synced, so
// that it outlives this process too. The next opening of the ledger writes it and removes the file.
import { randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import { isObject } from "../../../kernel/json.ts";
import type { LedgerOp } from "./ledger-op.ts";
import type { QueuedOp } from "./queued-op.ts";

/** What an earlier process could not write. */
export interface SpooledOps {
  readonly file: string;
  /** Its writer, by which is known whether it still runs. */
  readonly writer: string;
  /** Whether the writer was ended, though its process may still run. */
  readonly ended: boolean;
  readonly ops: readonly LedgerOp[];
}

type SpoolLine = { readonly writer: string; readonly op: LedgerOp } | { readonly ended: true };

/** Bytes of one file at most; also of all the files that one opening reads. */
const MAX_BYTES = 64 * 1_048_576;

/** What has happened, and may not be lost: all but what is refused when it is late, and what is only counted. */
const KEPT: ReadonlySet<LedgerOp["do"]> = new Set(["append", "store", "release", "list", "abandon"]);

export class Spool {
  readonly dir: string;
  readonly #file: string;
  readonly #onKept: (id: number) => void;
  /** In the order in which they came. */
  readonly #waiting = new Set<QueuedOp>();
  readonly #kept = new Set<QueuedOp>();
  #bytes = 0;
  /** The file is worked on by one at a time. */
  #last: Promise<void> = Promise.resolve();
  #isWriting = false;

  /** @param onKept called with the id of each op once it is synced */
  constructor(dir: string, onKept: (id: number) => void) {
    this.dir = dir;
    this.#file = join(dir, `${randomBytes(9).toString("base64url")}.spool`);
    this.#onKept = onKept;
  }

  /** It is to be written into the ledger, and kept should that take long. */
  add(op: QueuedOp): void {
    if (isKept(op)) this.#waiting.add(op);
  }

  /** These are in the ledger, or refused. The file goes with the last of them. */
  forget(ops: readonly QueuedOp[]): void {
    for (const op of ops) if (!this.#waiting.delete(op)) this.#kept.delete(op);
    if (this.#bytes > 0 && this.#kept.size === 0) this.#last = this.#last.then(() => this.#tidy());
  }

  /** Keeps what waits, as the ops of `writer`; what comes meanwhile is kept right after. */
  keep(writer: string): void {
    if (this.#isWriting || this.#waiting.size === 0) return;
    const ops: QueuedOp[] = [];
    let text = "";
    for (const op of this.#waiting) {
      // Begins a line: what was cut off before it is a line of its own.
      const line = `\n{"writer":${JSON.stringify(writer)},"op":${op.text}}`;
      if (this.#bytes + text.length + line.length > MAX_BYTES) break;
      text += line;
      ops.push(op);
    }
    if (ops.length > 0) this.#last = this.#last.then(() => this.#write(writer, ops, `${text}\n`));
    this.#isWriting = ops.length > 0;
  }

  /** What waits is for the next opening of the ledger. */
  async end(writer: string): Promise<void> {
    await this.#last;
    this.keep(writer);
    await this.#last;
    if (this.#kept.size === 0) return;
    await append(this.dir, this.#file, `\n${JSON.stringify({ ended: true })}\n`).catch(() => {});
  }

  async #write(writer: string, ops: readonly QueuedOp[], text: string): Promise<void> {
    try {
      await append(this.dir, this.#file, text);
      this.#bytes += Buffer.byteLength(text);
      for (const op of ops) if (this.#waiting.delete(op)) this.#kept.add(op);
      for (const { id } of ops) this.#onKept(id);
      await this.#tidy();
      this.#isWriting = false;
      this.keep(writer);
    } catch {
      // The folder fails as well: they wait for the ledger, as they would without it.
      this.#isWriting = false;
    }
  }

  async #tidy(): Promise<void> {
    if (this.#kept.size > 0) return;
    this.#bytes = 0;
    await removeSpool(this.#file);
  }
}

async function append(dir: string, path: string, text: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = await open(path, "a", 0o600);
  try {
    const { size } = await file.stat();
    await file.appendFile(text);
    await file.sync();
    if (size === 0) await syncFolder(dir);
  } finally {
    await file.close();
  }
}

/** A new file is there after a crash of the machine when its folder was synced too. */
async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** An event of a read has no id: nobody waits for it, and nothing depends on it. */
function isKept(op: QueuedOp): boolean {
  return KEPT.has(op.do) && !(op.do === "append" && op.id === 0);
}

/** What earlier processes have left in the folder, which is made. Rejects with STORE_UNUSABLE when it cannot be used. */
export async function readSpools(dir: string): Promise<readonly SpooledOps[]> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await assertWritable(dir);
    const spools: SpooledOps[] = [];
    let bytes = 0;
    for (const name of (await readdir(dir)).toSorted()) {
      if (!name.endsWith(".spool")) continue;
      const file = join(dir, name);
      bytes += (await stat(file)).size;
      // The others are read by the next opening: memory is finite.
      if (bytes > MAX_BYTES && spools.length > 0) break;
      const lines = parseLines(name, await readFile(file, "utf8"));
      const kept = lines.filter((line) => "op" in line);
      const ended = lines.length > kept.length;
      const writer = kept.at(-1)?.writer;
      if (writer !== undefined) spools.push({ file, writer, ended, ops: kept.map(({ op }) => op) });
    }
    return spools;
  } catch (error) {
    const { message } = error as Error;
    throw new ToolyardError("STORE_UNUSABLE", `the ledger's spool folder cannot be used: ${message}`, { cause: error });
  }
}

/** Now, and not when it is needed. */
async function assertWritable(dir: string): Promise<void> {
  const probe = join(dir, `${randomBytes(9).toString("base64url")}.probe`);
  try {
    await append(dir, probe, "\n");
  } finally {
    await rm(probe, { force: true });
  }
}

function parseLines(name: string, text: string): readonly SpoolLine[] {
  try {
    return text.split("\n").flatMap(parseLine);
  } catch (error) {
    throw new Error(`${name} ${(error as Error).message}`, { cause: error });
  }
}

/** A line may have been cut off: then nobody was told that it is kept. Throws for a whole one that is something else. */
function parseLine(line: string): readonly SpoolLine[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return [];
  }
  if (isSpoolLine(parsed)) return [parsed];
  throw new Error("holds something that is no part of a spool; move the file away to go on without it");
}

function isSpoolLine(line: unknown): line is SpoolLine {
  if (!isObject(line)) return false;
  const { writer, op, ended } = line;
  if (ended === true) return true;
  if (typeof writer !== "string" || !isObject(op) || !KEPT.has(op["do"] as LedgerOp["do"])) return false;
  return (op["do"] !== "append" || isObject(op["event"])) && (op["do"] !== "list" || isObject(op["outcome"]));
}

/** Removes a file whose ops are in the ledger. What stays is found to be there when it is read again. */
export async function removeSpool(file: string): Promise<void> {
  await rm(file, { force: true }).catch(() => {});
}
