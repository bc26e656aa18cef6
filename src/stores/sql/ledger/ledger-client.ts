// The calling side of the ledger: keeps what is to be written until it is durable, sends what came up in one turn of the event loop as
// one text, and answers whoever waits. A call that is about to have an effect waits no longer than the ledger gives itself.
import type { Clock } from "../../../kernel/clock.ts";
import type { LedgerState } from "../../../ports/ledger.ts";
import type { UnknownOutcome } from "../../../ports/outcome-store.ts";
import type { LedgerOp, LedgerTask, LedgerValue } from "./ledger-op.ts";
import { Flushes } from "./flushes.ts";
import { LedgerThread, type OpenedNews, type ThreadSettings, type WritingNews } from "./ledger-thread.ts";
import { toClosedError, toUnavailable } from "./ledger-fault.ts";
import { OpQueue } from "./op-queue.ts";
import { isClaiming, type QueuedOp, toQueuedOp } from "./queued-op.ts";
import { readSpools, removeSpool, Spool } from "./spool.ts";
import { AllWaiters, type Urgency, type Waiter } from "./waiters.ts";

type WithoutId<Op> = Op extends unknown ? Omit<Op, "id"> : never;
/** What is to be written; the client gives it its number. */
export type NewOp = WithoutId<LedgerOp>;

export interface LedgerClientOptions {
  readonly settings: ThreadSettings;
  readonly clock: Clock;
  /** Longest wait for what is written before an effect, milliseconds. */
  readonly writeTimeoutMs: number;
  /** Ops that may wait to be written. */
  readonly maxWaiting: number;
  /** Where what has happened is kept while it cannot be written; null: nowhere. */
  readonly spoolDir: string | null;
}

/** Longest wait for what is written after an effect, milliseconds: as long as a call waits for it. */
const AFTER_MS = 5_000;
/** Without end, for a timer. */
const ENDLESS_MS = 2 ** 31 - 1;
/** Of the texts of all ops that wait. */
const MAX_CHARACTERS = 64 * 1_048_576;
/** Ops of one message. */
const MAX_SENT = 256;
/** An op that the thread dies of so often is refused. */
const MAX_DEATHS = 3;

export class LedgerClient {
  readonly #options: LedgerClientOptions;
  readonly #thread: LedgerThread;
  readonly #queue = new OpQueue();
  readonly #flushes = new Flushes(() => this.#flush());
  readonly #waiters: AllWaiters;
  readonly #spool: Spool | null;
  readonly #tasks = new Map<number, PromiseWithResolvers<void>>();
  #lastId = 0;
  /** Of the ops that this thread was given. */
  #acknowledged = 0;
  #isOpen = false;
  #available = true;
  #trouble = "it has not answered";
  #dropped = 0;
  #untold = 0;
  #deaths = 0;
  #ended = false;
  #onDrained: (() => void) | null = null;
  recovered: readonly UnknownOutcome[] = [];

  constructor(options: LedgerClientOptions) {
    const { clock, settings, writeTimeoutMs, spoolDir } = options;
    this.#options = options;
    this.#thread = new LedgerThread(settings, clock, {
      onOpened: (news) => this.#resume(news),
      onNews: (news) => this.#hear(news),
      onLost: (error) => this.#lose(error),
    });
    const timeoutsMs = { before: writeTimeoutMs, after: AFTER_MS, beside: ENDLESS_MS };
    this.#waiters = new AllWaiters(clock, timeoutsMs, (waiter) => this.#giveUp(waiter));
    // Whoever has waited for it to be durable is answered: it is.
    this.#spool = spoolDir === null ? null : new Spool(spoolDir, (id) => this.#waiters.grant(id));
  }

  get state(): LedgerState {
    return { available: this.#available, waiting: this.#queue.waiting, dropped: this.#dropped };
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** Starts the thread, which opens nothing before `ready`. Rejects with what opening the database refused with. */
  async open(ready?: Promise<unknown>): Promise<void> {
    const { spoolDir } = this.#options;
    await this.#thread.start(spoolDir === null ? [] : await readSpools(spoolDir), ready);
  }

  /** Writes it with what else there is; nobody waits for it. Throws AUDIT_FAILED when there is no room. */
  post(op: NewOp): void {
    this.#assertOpen();
    if (this.#isFull(1)) {
      this.#dropped++;
      this.#untold++;
      throw toUnavailable("too much waits to be written");
    }
    this.#push(op, 0, "beside");
  }

  /** Writes it and waits until it is durable, as long as its urgency says. Rejects with AUDIT_FAILED, or CLOSED. */
  ask<T extends LedgerValue>(op: NewOp, urgency: Urgency): Promise<T> {
    this.#assertOpen();
    // What has happened has room of its own: calls that are begun have bounded it.
    if (this.#isFull(urgency === "after" ? 2 : 1)) return Promise.reject(toUnavailable("too much waits to be written"));
    return new Promise<T>((resolve, reject) => {
      const queued = this.#push(op, ++this.#lastId, urgency);
      this.#waiters.add(urgency, { op: queued, resolve: resolve as Waiter["resolve"], reject });
      this.#hold();
    });
  }

  /** Does a piece of work of its own, which takes as long as it takes. */
  run(task: WithoutId<LedgerTask>): Promise<void> {
    this.#assertOpen();
    return this.#run(task);
  }

  /** Writes what waits, ends the chain and the thread; at most `timeoutMs`, for a database that does not answer. */
  async close(timeoutMs: number): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    this.#thread.hold(true);
    const late = Promise.withResolvers<never>();
    const timer = this.#options.clock.setTimer(timeoutMs, () => {
      const { waiting } = this.#queue;
      const kept = this.#spool === null ? "" : `; what had to be kept of them is in ${this.#spool.dir}`;
      late.reject(toUnavailable(`${waiting} events could not be written in ${timeoutMs} ms: ${this.#trouble}${kept}`));
    });
    try {
      await Promise.race([this.#end(), late.promise]);
    } finally {
      this.#options.clock.clearTimer(timer);
      await this.#thread.terminate();
      await this.#spool?.end(this.#thread.writer);
      this.#rejectAll();
    }
  }

  async #end(): Promise<void> {
    this.#flush();
    if (this.#queue.waiting > 0) {
      await new Promise<void>((resolve) => {
        this.#onDrained = resolve;
      });
    }
    await this.#run({ do: "close" });
    await this.#thread.finish();
  }

  async #run(task: WithoutId<LedgerTask>): Promise<void> {
    const id = ++this.#lastId;
    const done = Promise.withResolvers<void>();
    this.#flush();
    if (!this.#isOpen || !this.#thread.post(JSON.stringify({ task: { ...task, id } })))
      throw toUnavailable(this.#trouble);
    this.#tasks.set(id, done);
    this.#hold();
    await done.promise;
  }

  #isFull(share: number): boolean {
    const { waiting, characters } = this.#queue;
    return waiting >= this.#options.maxWaiting * share || characters >= MAX_CHARACTERS * share;
  }

  #assertOpen(): void {
    if (this.#ended) throw toClosedError();
  }

  #push(op: NewOp, id: number, urgency: Urgency): QueuedOp {
    // Now, and not when it is sent: the caller may change what it has given, and whoever has much to write pays for it bit by bit.
    const queued = toQueuedOp({ ...op, id });
    this.#queue.push(queued, urgency !== "beside");
    this.#spool?.add(queued);
    if (!this.#available) this.#keep();
    if (urgency === "beside") this.#flushes.later();
    else this.#flushes.soon();
    return queued;
  }

  #flush(): void {
    if (!this.#isOpen) return;
    if (this.#untold > 0 && !this.#isFull(1)) {
      const events = this.#untold;
      this.#untold = 0;
      this.#push({ do: "dropped", now: this.#options.clock.now(), events }, 0, "beside");
    }
    for (let ops = this.#queue.send(MAX_SENT); ops.length > 0; ops = this.#queue.send(MAX_SENT))
      this.#thread.post(`{"ops":[${ops.map(({ text }) => text).join(",")}]}`);
    this.#hold();
  }

  #hear(news: WritingNews): void {
    if (news.kind === "trouble") {
      this.#available = false;
      this.#trouble = news.error.message;
      this.#keep();
    } else if (news.kind === "task") {
      const done = this.#tasks.get(news.id);
      this.#tasks.delete(news.id);
      if (news.error === null) done?.resolve();
      else done?.reject(toUnavailable(news.error.message));
      this.#hold();
    } else {
      this.#available = true;
      this.#deaths = 0;
      this.#acknowledged += news.taken;
      const written = this.#queue.acknowledge(news.taken);
      this.#spool?.forget(written);
      this.#queue.limit = news.limit;
      for (const id of news.done) this.#waiters.grant(id);
      for (const answer of news.answers) this.#waiters.settle(answer);
      this.#flush();
      if (this.#queue.waiting === 0) this.#onDrained?.();
    }
  }

  /** It was not in time. What is written before an effect is not to be written any more, or ended. */
  #giveUp({ op, reject }: Waiter): void {
    this.#available = false;
    reject(toUnavailable(`not written in time: ${this.#trouble}`));
    this.#abandon(op);
    this.#keep();
    this.#hold();
  }

  #abandon(op: QueuedOp): void {
    if (!isClaiming(op) || this.#queue.drop(op)) return;
    const { id: begun, callId, key } = op;
    this.#push({ do: "abandon", now: this.#options.clock.now(), begun, callId: callId ?? "", key }, 0, "after");
  }

  /** The thread has died: whether what it had not answered is written is known when another one is open. */
  #lose(error: Error): void {
    this.#isOpen = false;
    this.#available = false;
    this.#trouble = error.message;
    this.#deaths++;
    this.#rejectTasks(toUnavailable(error.message));
  }

  /** The database does not answer: what has happened outlives this process all the same. */
  #keep(): void {
    this.#spool?.keep(this.#thread.writer);
  }

  #resume({ recovered, adopted, replayed }: OpenedNews): void {
    for (const file of replayed) void removeSpool(file);
    if (this.#deaths === 0 && this.#acknowledged === 0) this.recovered = recovered;
    const written = this.#queue.acknowledge(Math.max(0, adopted - this.#acknowledged));
    this.#spool?.forget(written);
    for (const op of written) this.#settleWritten(op);
    const [first] = this.#queue.restore();
    if (first !== undefined && this.#deaths >= MAX_DEATHS) this.#refuse(first);
    this.#acknowledged = 0;
    this.#isOpen = true;
    this.#flush();
    if (this.#queue.waiting === 0) this.#onDrained?.();
  }

  /** It was written, and its answer is lost: for what takes a key nobody knows it. */
  #settleWritten(op: QueuedOp): void {
    const waiter = this.#waiters.take(op.id);
    if (!isClaiming(op)) waiter?.resolve(op.do === "forget" || op.do === "whole" ? 0 : true);
    else if (waiter !== undefined) this.#giveUp(waiter);
  }

  #refuse(op: QueuedOp): void {
    this.#queue.drop(op);
    this.#spool?.forget([op]);
    this.#waiters.take(op.id)?.reject(toUnavailable(this.#trouble, false));
    this.#deaths = 0;
  }

  #hold(): void {
    this.#thread.hold(this.#queue.waiting > 0 || this.#tasks.size > 0);
  }

  #rejectAll(): void {
    this.#waiters.rejectAll(toClosedError());
    this.#rejectTasks(toClosedError());
  }

  #rejectTasks(error: Error): void {
    for (const { reject } of this.#tasks.values()) reject(error);
    this.#tasks.clear();
  }
}
