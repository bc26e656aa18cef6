// The calling side of the ledger: collects what is to be written in this turn of the event loop, sends it as one text, and answers whoever
// waits. Nothing waits longer than the ledger gives itself, whatever the database does.
import { Worker } from "node:worker_threads";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import type { Clock, Timer } from "../../../kernel/clock.ts";
import type { ClaimAnswer } from "../../../ports/idempotency-store.ts";
import type { LedgerState } from "../../../ports/ledger.ts";
import type { UnknownOutcome } from "../../../ports/outcome-store.ts";
import type { LedgerAnswer, LedgerNews, LedgerOp, LedgerTask } from "./ledger-op.ts";
import type { WorkerSettings } from "./worker-settings.ts";

type WithoutId<Op> = Op extends unknown ? Omit<Op, "id"> : never;
/** What is to be written; the client gives it its number. */
export type NewOp = WithoutId<LedgerOp>;
type NewTask = WithoutId<LedgerTask>;

interface Waiting {
  readonly resolve: (value: ClaimAnswer | boolean | number) => void;
  readonly reject: (error: unknown) => void;
  /** Monotonic ms; null: as long as it takes. */
  readonly dueAt: number | null;
  /** Called when it was not in time. */
  readonly onLate: (() => void) | null;
}

export interface LedgerClientOptions {
  readonly settings: WorkerSettings;
  readonly clock: Clock;
  /** Longest wait for an answer, milliseconds. */
  readonly writeTimeoutMs: number;
  /** Ops that may wait to be written. */
  readonly maxWaiting: number;
}

/** Between two attempts to start the thread again, milliseconds. */
const REOPEN_MS = 1_000;

/** Messages that join the first one of a turn: what other calls of the same turn have to write. */
const TURNS = 4;

export class LedgerClient {
  readonly #options: LedgerClientOptions;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #batch: LedgerOp[] = [];
  #lastId = 0;
  #sent = 0;
  #taken = 0;
  #available = true;
  #trouble = "it has not answered";
  #dropped = 0;
  #untold = 0;
  #timer: Timer | null = null;
  #writer: string | null = null;
  #ended = false;
  recovered: readonly UnknownOutcome[] = [];

  constructor(options: LedgerClientOptions) {
    this.#options = options;
  }

  get state(): LedgerState {
    return { available: this.#available, waiting: this.#sent - this.#taken, dropped: this.#dropped };
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Starts the thread; resolves when its chain is open. Rejects with what opening the database refused with. */
  open(): Promise<void> {
    const { settings } = this.#options;
    const file = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js";
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: { ...settings, previous: this.#writer },
      name: "toolyard ledger",
    });
    // It ends with the process that has nothing else to do; `close` waits for what is still to be written.
    worker.unref();
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      worker.on("message", (news: LedgerNews) => {
        if (news.kind === "opened") {
          this.#writer = news.writer;
          this.recovered = news.recovered;
          resolve();
        } else if (news.kind === "failed") {
          const { code, message, retryable } = news.error;
          reject(new ToolyardError(code as "STORE_UNUSABLE", message, { retryable }));
          void worker.terminate();
        } else this.#hear(news);
      });
      worker.on("error", (error) => {
        reject(error);
        this.#lose(worker, error);
      });
      worker.on("exit", () => {
        this.#lose(worker, new Error("the ledger's thread has ended"));
      });
    });
  }

  /** Writes it with what else there is; nobody waits for it. Throws AUDIT_FAILED when there is no room. */
  post(op: NewOp): void {
    this.#assertOpen();
    if (this.#isFull()) {
      this.#dropped++;
      this.#untold++;
      throw unavailable("too much waits to be written");
    }
    this.#send({ ...op, id: 0 });
  }

  /**
   * Writes it and waits until it is durable, at most as long as the ledger gives itself.
   * @param onLate called with its number when it was not in time, after the wait was given up
   */
  ask<T extends ClaimAnswer | boolean | number>(
    op: NewOp,
    { onLate, patient = false }: { readonly onLate?: (id: number) => void; readonly patient?: boolean } = {},
  ): Promise<T> {
    this.#assertOpen();
    if (!patient && this.#isFull()) return Promise.reject(unavailable("too much waits to be written"));
    const id = ++this.#lastId;
    return new Promise<T>((resolve, reject) => {
      this.#await(id, {
        resolve: resolve as Waiting["resolve"],
        reject,
        dueAt: patient ? null : this.#options.clock.monotonic() + this.#options.writeTimeoutMs,
        onLate: onLate === undefined ? null : () => onLate(id),
      });
      this.#send({ ...op, id });
    });
  }

  /** Does a piece of work of its own, which takes as long as it takes. */
  async run(task: NewTask): Promise<void> {
    this.#assertOpen();
    const id = ++this.#lastId;
    await new Promise<unknown>((resolve, reject) => {
      this.#await(id, { resolve, reject, dueAt: null, onLate: null });
      this.#flush();
      this.#worker?.postMessage(JSON.stringify({ task: { ...task, id } }));
    });
  }

  /** Writes what waits, ends the chain and the thread; at most `timeoutMs`, for a database that does not answer. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#ended) return;
    const worker = this.#worker;
    worker?.ref();
    const closed = this.run({ do: "close" });
    this.#ended = true;
    const { clock } = this.#options;
    let timer: Timer | null = null;
    const late = new Promise<void>((_, reject) => {
      timer = clock.setTimer(timeoutMs, () => reject(unavailable(`it could not be closed in ${timeoutMs} ms`)));
    });
    try {
      await Promise.race([closed, late]);
      const exited = new Promise<void>((resolve) => worker?.once("exit", () => resolve()));
      worker?.postMessage(JSON.stringify({ task: "end" }));
      await Promise.race([exited, late]);
    } finally {
      if (timer !== null) clock.clearTimer(timer);
      await worker?.terminate();
      this.#rejectAll(closedError());
    }
  }

  #isFull(): boolean {
    return this.#sent - this.#taken + this.#batch.length >= this.#options.maxWaiting;
  }

  #assertOpen(): void {
    if (this.#ended) throw closedError();
  }

  #send(op: LedgerOp): void {
    this.#batch.push(op);
    if (this.#batch.length === 1) void this.#flushSoon();
  }

  async #flushSoon(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await Promise.resolve();
    this.#flush();
  }

  #flush(): void {
    if (this.#batch.length === 0 || this.#worker === null) return;
    if (this.#untold > 0 && this.#available) {
      this.#batch.push({ do: "dropped", id: 0, now: this.#options.clock.now(), events: this.#untold });
      this.#untold = 0;
    }
    const ops = this.#batch;
    this.#batch = [];
    this.#sent += ops.length;
    this.#worker.postMessage(JSON.stringify({ ops }));
  }

  #hear(news: Exclude<LedgerNews, { readonly kind: "opened" | "failed" }>): void {
    if (news.kind === "trouble") {
      this.#available = false;
      this.#trouble = news.error.message;
      return;
    }
    this.#available = news.available;
    this.#taken += news.taken;
    for (const answer of news.answers) this.#settle(answer);
  }

  #settle(answer: LedgerAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    if (waiting === undefined) return;
    this.#waiting.delete(answer.id);
    if ("value" in answer) waiting.resolve(answer.value);
    else waiting.reject(unavailable(answer.error.message, answer.error.retryable));
    if (this.#waiting.size === 0) this.#idle();
  }

  #await(id: number, waiting: Waiting): void {
    if (this.#waiting.size === 0) this.#worker?.ref();
    this.#waiting.set(id, waiting);
    if (waiting.dueAt !== null) this.#arm();
  }

  #idle(): void {
    this.#worker?.unref();
  }

  /** One timer for all: who asks later is due later. */
  #arm(): void {
    if (this.#timer !== null) return;
    const { clock } = this.#options;
    for (const { dueAt } of this.#waiting.values()) {
      if (dueAt === null) continue;
      this.#timer = clock.setTimer(Math.max(0, dueAt - clock.monotonic()), () => {
        this.#timer = null;
        this.#expire();
        this.#arm();
      });
      return;
    }
  }

  #expire(): void {
    const now = this.#options.clock.monotonic();
    for (const [id, waiting] of this.#waiting) {
      if (waiting.dueAt === null) continue;
      if (waiting.dueAt > now) break;
      this.#waiting.delete(id);
      this.#available = false;
      waiting.reject(unavailable(`not written in ${this.#options.writeTimeoutMs} ms: ${this.#trouble}`));
      waiting.onLate?.();
    }
    if (this.#waiting.size === 0) this.#idle();
  }

  /** The thread has died: what it had not answered is not known to be written. Another one takes its place. */
  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker || this.#ended) return;
    this.#worker = null;
    this.#available = false;
    this.#trouble = error.message;
    this.#taken = this.#sent;
    this.#rejectAll(unavailable(error.message));
    this.#reopen();
  }

  #reopen(): void {
    if (this.#ended) return;
    this.open().then(
      () => {
        this.#available = true;
        this.#flush();
      },
      (error: unknown) => {
        this.#worker = null;
        this.#trouble = error instanceof Error ? error.message : String(error);
        this.#options.clock.setTimer(REOPEN_MS, () => {
          this.#reopen();
        });
      },
    );
  }

  #rejectAll(error: ToolyardError): void {
    for (const waiting of this.#waiting.values()) waiting.reject(error);
    this.#waiting.clear();
    this.#idle();
  }
}

function unavailable(reason: string, retryable = true): ToolyardError {
  return new ToolyardError("AUDIT_FAILED", `the ledger cannot be written: ${reason}`, { retryable });
}

function closedError(): ToolyardError {
  return new ToolyardError("CLOSED", "the ledger has been closed and takes nothing more");
}
