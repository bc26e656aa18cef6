// Who waits for an op to be durable, each for a bounded time: whoever asks later is due later, so one timer is enough.
import type { Clock, Timer } from "../../../kernel/clock.ts";
import { toUnavailable } from "./ledger-fault.ts";
import type { LedgerAnswer, LedgerValue } from "./ledger-op.ts";
import { isClaiming, type QueuedOp } from "./queued-op.ts";

/**
 * How an op waits. `before`: for an effect, which must not happen without it; refused when it is late, and then never written or ended
 * again. `after`: what has happened; it is written however late it is. `beside`: with others, when there is time.
 */
export type Urgency = "before" | "after" | "beside";

export interface Waiter {
  readonly op: QueuedOp;
  readonly resolve: (value: LedgerValue) => void;
  readonly reject: (error: unknown) => void;
}

export class AllWaiters {
  readonly #by: Readonly<Record<Urgency, Waiters>>;

  /** @param onLate called with each that has waited for as long as its urgency says, and waits no longer */
  constructor(clock: Clock, timeoutsMs: Readonly<Record<Urgency, number>>, onLate: (waiter: Waiter) => void) {
    const { before, after, beside } = timeoutsMs;
    this.#by = {
      before: new Waiters(clock, before, onLate),
      after: new Waiters(clock, after, onLate),
      beside: new Waiters(clock, beside, onLate),
    };
  }

  add(urgency: Urgency, waiter: Waiter): void {
    this.#by[urgency].add(waiter);
  }

  /** The one that waits for an id, who waits no longer. */
  take(id: number): Waiter | undefined {
    const { before, after, beside } = this.#by;
    return before.take(id) ?? after.take(id) ?? beside.take(id);
  }

  /** The answer is yes. */
  grant(id: number): void {
    const waiter = this.take(id);
    waiter?.resolve(isClaiming(waiter.op) ? { ok: true } : true);
  }

  settle(answer: LedgerAnswer): void {
    const waiter = this.take(answer.id);
    if ("value" in answer) waiter?.resolve(answer.value);
    else waiter?.reject(toUnavailable(answer.error.message, answer.error.retryable));
  }

  rejectAll(error: Error): void {
    for (const waiters of Object.values(this.#by)) for (const { reject } of waiters.takeAll()) reject(error);
  }
}

class Waiters {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onLate: (waiter: Waiter) => void;
  readonly #waiting = new Map<number, { readonly waiter: Waiter; readonly dueAt: number }>();
  #timer: Timer | null = null;

  constructor(clock: Clock, timeoutMs: number, onLate: (waiter: Waiter) => void) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#onLate = onLate;
  }

  add(waiter: Waiter): void {
    this.#waiting.set(waiter.op.id, { waiter, dueAt: this.#clock.monotonic() + this.#timeoutMs });
    this.#timer ??= this.#clock.setTimer(this.#timeoutMs, this.#expire);
  }

  /** The one that waits for an id, who waits no longer. */
  take(id: number): Waiter | undefined {
    const found = this.#waiting.get(id);
    if (found === undefined) return undefined;
    this.#waiting.delete(id);
    return found.waiter;
  }

  /** All of them, who wait no longer. */
  takeAll(): readonly Waiter[] {
    const all = [...this.#waiting.values()].map(({ waiter }) => waiter);
    this.#waiting.clear();
    if (this.#timer !== null) this.#clock.clearTimer(this.#timer);
    this.#timer = null;
    return all;
  }

  readonly #expire = (): void => {
    this.#timer = null;
    const now = this.#clock.monotonic();
    for (const [id, { waiter, dueAt }] of this.#waiting) {
      if (dueAt > now) {
        this.#timer = this.#clock.setTimer(dueAt - now, this.#expire);
        return;
      }
      this.#waiting.delete(id);
      this.#onLate(waiter);
    }
  };
}
