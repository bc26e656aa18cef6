// The life of a writer: takes what has arrived, writes it, answers; tries again what the database would not take; now and then says
// that it lives, names the others' heads and tidies up. One thing at a time, in the order of arrival.
// INVARIANT: after a failure nothing is written before the writer knows where the database is.
import type { Clock } from "../../../kernel/clock.ts";
import type { Database } from "../database.ts";
import type { BatchResult } from "./batch.ts";
import { type BatchWriter, ChainLost } from "./batch-writer.ts";
import { type Beat, createBeat } from "./beat.ts";
import { isDataError } from "./data-error.ts";
import type { LedgerError, LedgerNews, LedgerOp, LedgerTask } from "./ledger-op.ts";
import { closeChain } from "./open-chain.ts";
import { toPruningSteps } from "./prune-chains.ts";

/** Ops of one transaction. It should not hold the file for long, nor what comes behind it: as many as are written in `BATCH_MS`. */
const MAX_BATCH = 2_048;
const MIN_BATCH = 256;
const BATCH_MS = 60;
const FIRST_PAUSE_MS = 5;
const LAST_PAUSE_MS = 200;
/** What is nobody's call is tried so often, for some seconds in all: others may have the file. */
const TRIES = 20;

export interface WriterLoop {
  /** Adds ops in their order. */
  take(ops: readonly LedgerOp[]): void;
  run(task: LedgerTask): void;
}

interface Parts {
  readonly database: Database;
  readonly writer: BatchWriter;
  readonly clock: Clock;
  readonly tell: (news: LedgerNews) => void;
  /** Called when it cannot go on: its chain is gone. */
  readonly onLost: (error: Error) => void;
}

/** A loop over an open chain. */
export function createWriterLoop(parts: Parts): WriterLoop {
  return new Loop(parts);
}

interface RunningTask {
  readonly id: number;
  readonly steps: Iterator<() => Promise<boolean>>;
  step: () => Promise<boolean>;
  failures: number;
}

class Loop implements WriterLoop {
  readonly #parts: Parts;
  readonly #beat: Beat;
  #waiting: LedgerOp[] = [];
  readonly #tasks: LedgerTask[] = [];
  #task: RunningTask | null = null;
  #running = false;
  #closed = false;
  /** Ops of the batch that was tried last, while it is not known whether it has come through; 0: a task's or a beat's transaction. */
  #unsure: number | null = null;
  #failures = 0;
  /** Ops of the next batch, at most. */
  #limit = MAX_BATCH;
  /** The same, to find the one op that cannot be written. */
  #probe: number | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#beat = createBeat(parts, () => {
      void this.#go();
    });
  }

  take(ops: readonly LedgerOp[]): void {
    for (const op of ops) this.#waiting.push(op);
    void this.#go();
  }

  run(task: LedgerTask): void {
    this.#tasks.push(task);
    void this.#go();
  }

  async #go(): Promise<void> {
    if (this.#running || this.#closed) return;
    this.#running = true;
    try {
      while (!this.#closed && (await this.#doNext()));
    } catch (error) {
      this.#closed = true;
      this.#beat.stop();
      this.#parts.onLost(error as Error);
    } finally {
      this.#running = false;
    }
  }

  /** Whether there was something to do. */
  async #doNext(): Promise<boolean> {
    if (this.#unsure !== null) await this.#settle(this.#unsure);
    else if (this.#beat.isDue) await this.#runBeat();
    else if (this.#waiting.length > 0) {
      await this.#writeBatch();
      // Where there is always something to write, there would never be time for it.
      if (this.#hasTask && this.#unsure === null) await this.#runTask();
    } else if (this.#hasTask) await this.#runTask();
    else return false;
    return true;
  }

  get #hasTask(): boolean {
    return this.#task !== null || this.#tasks.length > 0;
  }

  async #writeBatch(): Promise<void> {
    const ops = this.#waiting.slice(0, this.#probe ?? this.#limit);
    const { writer } = this.#parts;
    try {
      const result = await writer.write(withoutAbandoned(ops), ops.length);
      this.#adapt(ops.length, writer.workMs);
      this.#finish(ops.length, result);
    } catch (error) {
      this.#unsure = ops.length;
      if (!isDataError(error)) this.#fail(error);
      else if (ops.length > 1) this.#probe = Math.ceil(ops.length / 2);
      else this.#refuse(ops[0] as LedgerOp, error);
    }
  }

  #adapt(written: number, workMs: number): void {
    if (this.#probe !== null) this.#probe = this.#probe * 2 > MAX_BATCH ? null : this.#probe * 2;
    if (workMs > BATCH_MS) this.#limit = Math.max(MIN_BATCH, Math.ceil(this.#limit / 2));
    else if (written >= this.#limit && workMs < BATCH_MS / 2) this.#limit = Math.min(MAX_BATCH, this.#limit * 2);
  }

  #finish(taken: number, { done, answers }: BatchResult): void {
    this.#waiting.splice(0, taken);
    this.#failures = 0;
    this.#parts.tell({ kind: "written", taken, limit: this.#limit, done, answers });
  }

  #fail(error: unknown): void {
    this.#failures++;
    this.#parts.tell({ kind: "trouble", error: toLedgerError(error) });
  }

  /** It can never be written; what comes behind it can. */
  #refuse(op: LedgerOp, error: unknown): void {
    this.#unsure = 0;
    this.#parts.writer.skip();
    const refusal = { ...toLedgerError(error), retryable: false };
    this.#finish(1, { done: [], answers: op.id === 0 ? [] : [{ id: op.id, error: refusal }] });
  }

  /** Finds out where the database is. */
  async #settle(tried: number): Promise<void> {
    const { clock, writer } = this.#parts;
    if (this.#failures > 0)
      await wait(clock, Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures, 10)));
    try {
      const result = await writer.reconcile();
      this.#unsure = null;
      if (result !== null && tried > 0) this.#finish(tried, result);
    } catch (error) {
      if (error instanceof ChainLost) throw error;
      this.#fail(error);
    }
  }

  async #runBeat(): Promise<void> {
    try {
      await this.#beat.run();
    } catch (error) {
      this.#unsure = 0;
      this.#fail(error);
    }
  }

  async #runTask(): Promise<void> {
    const running = (this.#task ??= this.#start(this.#tasks.shift() as LedgerTask));
    try {
      if (!(await running.step())) return;
      running.failures = 0;
      const next = running.steps.next();
      if (next.done === true) this.#endTask(running, null);
      else running.step = next.value;
    } catch (error) {
      this.#unsure = 0;
      this.#fail(error);
      if (++running.failures > TRIES || isDataError(error)) this.#endTask(running, toLedgerError(error));
    }
  }

  #start(task: LedgerTask): RunningTask {
    const { clock } = this.#parts;
    const now = (): number => clock.now();
    const steps =
      task.do === "prune" ? toPruningSteps(task, { ...this.#parts, now }) : [() => this.#close()][Symbol.iterator]();
    const first = steps.next();
    return { id: task.id, steps, step: first.value as () => Promise<boolean>, failures: 0 };
  }

  #endTask({ id }: RunningTask, error: LedgerError | null): void {
    this.#task = null;
    this.#parts.tell({ kind: "task", id, error });
  }

  async #close(): Promise<boolean> {
    const { clock } = this.#parts;
    await closeChain({ ...this.#parts, now: () => clock.now() });
    this.#closed = true;
    this.#beat.stop();
    return true;
  }
}

/** What nobody waits for any more, and was not written yet, never is. */
function withoutAbandoned(ops: readonly LedgerOp[]): readonly LedgerOp[] {
  const abandoned = new Set(ops.flatMap((op) => (op.do === "abandon" ? [op.begun] : [])));
  if (abandoned.size === 0) return ops;
  return ops.filter((op) => !((op.do === "begin" || op.do === "claim") && abandoned.has(op.id)));
}

function wait(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    clock.setTimer(ms, resolve);
  });
}

/** What the other side may be told. */
function toLedgerError(error: unknown): LedgerError {
  return { message: error instanceof Error ? error.message : String(error), retryable: true };
}
