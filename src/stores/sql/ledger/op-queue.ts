// What waits to be written, on the calling side: two lanes, so that a call that is about to have an effect does not stand behind the
// events of a thousand calls that only read. Ops stay here until they are durable: a writer that dies takes none of them with it.
//
//   push ──▶ urgent ──┐
//   push ──▶ patient ─┴─ send ──▶ in flight ── acknowledge ──▶ gone
//                ▲                   │
//   (before both) └──── restore ─────┘  the writer has died
import { Fifo } from "./fifo.ts";
import type { QueuedOp } from "./queued-op.ts";

/** Dropped ops that may stand in the lanes. */
const MAX_DROPPED = 1_024;

export class OpQueue {
  /**
   * Ops that the writer takes at once. It is given so many more meanwhile, of which the patient lane fills half: what is urgent is
   * in the next transaction but one.
   */
  limit = 2_048;
  readonly #urgent = new Fifo<QueuedOp>();
  readonly #patient = new Fifo<QueuedOp>();
  readonly #inFlight = new Fifo<QueuedOp>();
  #characters = 0;
  #dropped = 0;

  /** Ops that wait, those that the writer has been given included. */
  get waiting(): number {
    return this.#urgent.length + this.#patient.length + this.#inFlight.length - this.#dropped;
  }

  /** Of their texts. */
  get characters(): number {
    return this.#characters;
  }

  push(op: QueuedOp, isUrgent: boolean): void {
    this.#characters += op.text.length;
    (isUrgent ? this.#urgent : this.#patient).push(op);
  }

  /** Forgets an op that the writer was not given yet; false when it was. */
  drop(op: QueuedOp): boolean {
    if (op.state !== "queued") return false;
    op.state = "dropped";
    this.#characters -= op.text.length;
    if (++this.#dropped < MAX_DROPPED) return true;
    for (const lane of [this.#urgent, this.#patient]) lane.filter(({ state }) => state !== "dropped");
    this.#dropped = 0;
    return true;
  }

  /** The next ops for the writer, at most `most`, which are in flight from now on. */
  send(most: number): readonly QueuedOp[] {
    const sent: QueuedOp[] = [];
    for (let op = this.#next(); op !== undefined; op = sent.length < most ? this.#next() : undefined) {
      op.state = "sent";
      this.#inFlight.push(op);
      sent.push(op);
    }
    return sent;
  }

  /** The oldest `count` that are in flight are done with. */
  acknowledge(count: number): readonly QueuedOp[] {
    const gone: QueuedOp[] = [];
    while (gone.length < count) {
      const op = this.#inFlight.shift();
      if (op === undefined) break;
      this.#characters -= op.text.length;
      gone.push(op);
    }
    return gone;
  }

  /** What is in flight comes first again. */
  restore(): readonly QueuedOp[] {
    const lost = [...this.#inFlight];
    this.#inFlight.filter(() => false);
    for (const op of lost) op.state = "queued";
    this.#urgent.unshift(lost);
    return lost;
  }

  /** Everything that waits, in the order in which it would go. */
  *[Symbol.iterator](): Generator<QueuedOp> {
    for (const lane of [this.#inFlight, this.#urgent, this.#patient])
      for (const op of lane) if (op.state !== "dropped") yield op;
  }

  #next(): QueuedOp | undefined {
    const { length } = this.#inFlight;
    if (length >= this.limit * 2) return undefined;
    for (;;) {
      const op = this.#urgent.shift() ?? (length < this.limit * 1.5 ? this.#patient.shift() : undefined);
      if (op === undefined || op.state !== "dropped") return op;
      this.#dropped--;
    }
  }
}
