// The file behind the sink: appends whole batches, closes off what a crash tore, starts anew when it is full.
import { promises as fs } from "node:fs";
import path from "node:path";
import { ToolyardError } from "../../errors/toolyard-error.ts";

export interface AuditFileOptions {
  readonly path: string;
  /** Bytes after which the file is full. */
  readonly maxBytes: number;
  /** How many full files are kept beside it. */
  readonly keepFiles: number;
  /** Permissions of a file that is made. */
  readonly mode: number;
}

type Handle = Awaited<ReturnType<typeof fs.open>>;

const NEWLINE = 10;

export class AuditFile {
  readonly #options: AuditFileOptions;
  #handle: Handle | null = null;
  #bytes = 0;
  /** Whether the last line may lack its end: after a crash, or a write that failed half-way. */
  #torn = false;

  constructor(options: AuditFileOptions) {
    this.#options = options;
  }

  /** Opens the file, making it and its folder when there is none. Does nothing when it is open. */
  async open(): Promise<void> {
    if (this.#handle !== null) return;
    await fs.mkdir(path.dirname(this.#options.path), { recursive: true, mode: 0o700 });
    const handle = await fs.open(this.#options.path, "a+", this.#options.mode);
    try {
      const { size } = await readKind(handle);
      this.#torn = size > 0 && (await readLastByte(handle, size)) !== NEWLINE;
      this.#bytes = size;
      this.#handle = handle;
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Appends `text`, whole lines. When it rejects, they may have been written all the same, or in part; the next write
   * mends that. A full file that cannot be put aside is written on, so that no event is lost, and the write rejects.
   */
  async write(text: string): Promise<void> {
    await this.open();
    const isFull = this.#bytes > 0 && this.#bytes + text.length > this.#options.maxBytes;
    const failure = isFull ? await this.#rotate() : null;
    await this.#append(text);
    if (failure !== null) throw failure.error;
  }

  async #append(text: string): Promise<void> {
    const handle = this.#handle as Handle;
    // The text is ASCII: as many bytes as characters.
    const whole = this.#torn ? `\n${text}` : text;
    try {
      await handle.appendFile(whole);
    } catch (error) {
      // A new handle finds out what was written, also where the file itself has become unusable.
      await this.#drop();
      throw error;
    }
    this.#torn = false;
    this.#bytes += whole.length;
  }

  /** Waits until the disk has what was written. */
  async sync(): Promise<void> {
    await this.#handle?.datasync();
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    if (handle === null) return;
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
  }

  /** `audit.jsonl` becomes `audit.jsonl.1`, that becomes `.2` …; what is beyond the number kept is gone. */
  async #rotate(): Promise<{ readonly error: unknown } | null> {
    const { path: current, keepFiles } = this.#options;
    await this.close();
    let failure: { readonly error: unknown } | null = null;
    try {
      if (keepFiles === 0) await fs.rm(current, { force: true });
      for (let index = keepFiles; index > 0; index--) {
        await moveIfThere(index === 1 ? current : `${current}.${index - 1}`, `${current}.${index}`);
      }
    } catch (error) {
      failure = { error };
    }
    await this.open();
    return failure;
  }

  async #drop(): Promise<void> {
    const handle = this.#handle;
    this.#handle = null;
    // The write's own error is what matters; a file that cannot be written often cannot be closed either.
    await handle?.close().catch(() => {});
  }
}

async function readKind(handle: Handle): Promise<{ readonly size: number }> {
  const stat = await handle.stat();
  if (!stat.isFile()) throw new ToolyardError("AUDIT_FAILED", "it is no ordinary file");
  return stat;
}

async function readLastByte(handle: Handle, size: number): Promise<number | undefined> {
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0];
}

async function moveIfThere(from: string, to: string): Promise<void> {
  try {
    await fs.rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
