// An audit trail in a file, one event a line (JSON Lines). What is appended while a write is under way goes out with the
// next one, so that a busy registry pays one system call for many events and an idle one waits for nobody.
// One process, one file: two processes that rotate the same file would move it away under each other.
import { readOptions } from "../../errors/option-problems.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { AuditEvent, AuditSink } from "../../ports/audit-sink.ts";
import { AuditFile, type AuditFileOptions } from "./audit-file.ts";
import { toAuditLine } from "./audit-line.ts";

export interface FileAuditSinkOptions {
  /** The file; made with its folder when there is none, continued when there is one. */
  readonly path: string;
  /** Bytes after which a new file is begun, 1,024 to 2^40. @default 67,108,864 (64 MiB) */
  readonly maxBytes?: number;
  /** How many full files are kept beside it as `<path>.1` (the newest), `<path>.2` …, 0 to 1,000. @default 5 */
  readonly keepFiles?: number;
  /** Permissions of the files it makes. @default 0o600 */
  readonly mode?: number;
}

export interface FileAuditSink extends AuditSink {
  /**
   * Resolves when the event is handed to the operating system, and so survives the end of this process; `flush` waits for
   * the disk. Rejects with AUDIT_FAILED when it could not be written, with CLOSED after `close`; the next append tries
   * again. Throws a TypeError for what JSON cannot hold. Whoever appends must await: what waits is kept in memory.
   */
  append(event: AuditEvent): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** What is done in one go: lines to write, or, when there are none, a wait for the disk. */
interface Batch {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
  lines: string[];
  bytes: number;
}

/** One write holds at most this much, unless one event alone is longer. */
const MAX_BATCH_BYTES = 1_048_576;

/**
 * Opens the file. Rejects with INVALID_OPTION when the options cannot be used, with AUDIT_FAILED when the file cannot:
 * a directory, no permission, no space.
 */
export async function openFileAuditSink(options: FileAuditSinkOptions): Promise<FileAuditSink> {
  const checked = checkOptions(options);
  const file = new AuditFile(checked);
  try {
    await file.open();
  } catch (error) {
    throw toFailure(checked.path, "opened", error);
  }
  return new GroupCommit(file, checked);
}

class GroupCommit implements FileAuditSink {
  readonly #file: AuditFile;
  readonly #path: string;
  readonly #maxBatch: number;
  readonly #waiting: Batch[] = [];
  #writing: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  constructor(file: AuditFile, { path, maxBytes }: AuditFileOptions) {
    this.#file = file;
    this.#path = path;
    this.#maxBatch = Math.min(MAX_BATCH_BYTES, maxBytes);
  }

  append(event: AuditEvent): Promise<void> {
    if (this.#closing !== null) return Promise.reject(this.#closed());
    // Now, not when the batch is written: the event is kept as it is at this moment.
    const line = toAuditLine(event);
    let batch = this.#waiting.at(-1);
    if (batch === undefined || batch.bytes === 0 || batch.bytes + line.length > this.#maxBatch) batch = this.#begin();
    batch.lines.push(line);
    batch.bytes += line.length;
    return batch.promise;
  }

  /** In line with the writes, so that it covers what was appended before it and waits for nothing after it. */
  flush(): Promise<void> {
    return this.#closing ?? this.#begin().promise;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #begin(): Batch {
    const batch: Batch = { ...Promise.withResolvers<void>(), lines: [], bytes: 0 };
    this.#waiting.push(batch);
    this.#writing ??= this.#write();
    return batch;
  }

  async #close(): Promise<void> {
    await this.#writing;
    try {
      await this.#file.close();
    } catch (error) {
      throw toFailure(this.#path, "closed", error);
    }
  }

  async #write(): Promise<void> {
    // What else is appended in this turn joins the first batch.
    await Promise.resolve();
    for (let batch = this.#waiting.shift(); batch !== undefined; batch = this.#waiting.shift()) {
      try {
        if (batch.bytes === 0) await this.#file.sync();
        else await this.#file.write(batch.lines.join(""));
        batch.resolve();
      } catch (error) {
        batch.reject(toFailure(this.#path, "written", error));
      }
    }
    this.#writing = null;
  }

  #closed(): ToolyardError {
    return new ToolyardError("CLOSED", `audit file ${this.#path}: it has been closed and takes no more events`);
  }
}

function checkOptions(options: FileAuditSinkOptions): AuditFileOptions {
  const reader = readOptions("file audit sink", options, ["path", "maxBytes", "keepFiles", "mode"]);
  const path: unknown = (options as FileAuditSinkOptions | null)?.path;
  if (typeof path !== "string" || path === "" || path.includes("\0")) {
    reader.refuse(
      "path",
      `received ${typeof path === "string" ? JSON.stringify(path) : typeof path}, expected the path of a file`,
    );
  }
  const checked = {
    path: path as string,
    maxBytes: reader.integer("maxBytes", 1_024, 2 ** 40, 64 * 1_048_576),
    keepFiles: reader.integer("keepFiles", 0, 1_000, 5),
    mode: reader.integer("mode", 0, 0o777, 0o600),
  };
  reader.done();
  return checked;
}

const REASONS: Readonly<Record<string, string>> = {
  EISDIR: "it is a directory; give the path of a file in it",
  ENOTDIR: "a part of the path is a file, not a directory",
  EACCES: "this process may not; give it the permission, or another path",
  EPERM: "this process may not; give it the permission, or another path",
  EROFS: "the file system is read-only; give another path",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EMFILE: "this process has too many files open",
};

function toFailure(path: string, done: string, error: unknown): ToolyardError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  const reason = REASONS[code] ?? message;
  return new ToolyardError("AUDIT_FAILED", `audit file ${path} cannot be ${done}: ${reason}`, {
    cause: error,
    retryable: true,
  });
}
