// The thread that writes, as the calling side holds it: started, and started again when it has died.
import { Worker } from "node:worker_threads";
import { ToolyardError } from "../../../errors/toolyard-error.ts";
import type { Clock } from "../../../kernel/clock.ts";
import type { LedgerNews } from "./ledger-op.ts";
import type { SpooledOps } from "./spool.ts";
import type { WorkerSettings } from "./worker-settings.ts";

export type OpenedNews = Extract<LedgerNews, { readonly kind: "opened" }>;
export type WritingNews = Exclude<LedgerNews, { readonly kind: "opened" | "failed" }>;

export type ThreadSettings = Omit<WorkerSettings, "previous" | "spooled">;

export interface ThreadListener {
  /** A thread is open; also when it is another one after the first has died. */
  onOpened(news: OpenedNews): void;
  onNews(news: WritingNews): void;
  /** It has died; another one is started. */
  onLost(error: Error): void;
}

/** Between two attempts to start the thread again, milliseconds. */
const REOPEN_MS = 250;

export class LedgerThread {
  readonly #settings: ThreadSettings;
  readonly #clock: Clock;
  readonly #listener: ThreadListener;
  #worker: Worker | null = null;
  #writer: string | null = null;
  #isHeld = false;
  #ended = false;

  constructor(settings: ThreadSettings, clock: Clock, listener: ThreadListener) {
    this.#settings = settings;
    this.#clock = clock;
    this.#listener = listener;
  }

  /** The chain that is written, or was last; "" before there is one. */
  get writer(): string {
    return this.#writer ?? "";
  }

  /**
   * Resolves when the chain is open. Rejects with what opening the database refused with.
   * @param spooled what earlier processes could not write
   * @param ready the thread loads its code meanwhile, and opens nothing before; rejects as it does
   */
  start(spooled: readonly SpooledOps[] = [], ready: Promise<unknown> = Promise.resolve()): Promise<void> {
    const file = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./worker.js";
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: { ...this.#settings, previous: this.#writer, spooled } satisfies WorkerSettings,
      name: "toolyard ledger",
    });
    return new Promise((resolve, reject) => {
      ready.then(
        () => worker.postMessage("open"),
        (error: unknown) => {
          reject(error);
          void worker.terminate();
        },
      );
      worker.on("message", (news: LedgerNews) => {
        // Node tells what a thread has loaded in the same way when it runs with --watch.
        if (typeof news.kind !== "string") return;
        if (news.kind === "opened") {
          this.#writer = news.writer;
          this.#worker = worker;
          if (!this.#isHeld) worker.unref();
          this.#listener.onOpened(news);
          resolve();
        } else if (news.kind === "failed") {
          const { code, message, retryable } = news.error;
          reject(new ToolyardError(code as "STORE_UNUSABLE", message, { retryable }));
          void worker.terminate();
        } else this.#listener.onNews(news);
      });
      let failure = new Error("the ledger's thread has ended");
      worker.on("error", (error: Error) => {
        failure = error;
      });
      worker.on("exit", () => {
        reject(failure);
        this.#lose(worker, failure);
      });
    });
  }

  /** Whether the process is kept alive for it. */
  hold(isHeld: boolean): void {
    if (this.#isHeld === isHeld) return;
    this.#isHeld = isHeld;
    if (isHeld) this.#worker?.ref();
    else this.#worker?.unref();
  }

  /** False when there is no thread now. */
  post(text: string): boolean {
    this.#worker?.postMessage(text);
    return this.#worker !== null;
  }

  /** Lets it end; resolves when it has. */
  async finish(): Promise<void> {
    this.#ended = true;
    const worker = this.#worker;
    if (worker === null) return;
    const exited = new Promise<void>((resolve) => {
      worker.once("exit", () => resolve());
    });
    worker.postMessage(JSON.stringify({ end: true }));
    await exited;
  }

  async terminate(): Promise<void> {
    this.#ended = true;
    await this.#worker?.terminate();
  }

  #lose(worker: Worker, error: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    if (this.#ended) return;
    this.#listener.onLost(error);
    this.#restart();
  }

  #restart(): void {
    if (this.#ended) return;
    this.start().then(undefined, (error: Error) => {
      this.#listener.onNews({ kind: "trouble", error: { message: error.message, retryable: true } });
      this.#clock.setTimer(REOPEN_MS, () => {
        this.#restart();
      });
    });
  }
}
