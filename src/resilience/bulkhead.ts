// The bulkhead: how many calls of a tool, or of the system behind it, run at the same time, and who waits. First come,
// first served: while somebody waits, nobody overtakes.
// INVARIANT: whoever was told that it has a slot has one, until `release` or `leave`; and nobody waits while there is room:
// "grants what a list would" in bulkhead.property.test.ts.
import type { Clock } from "../kernel/clock.ts";
import type { BulkheadPolicy, Complete } from "../tool/resilience.ts";
import { createAdaptiveLimit, type AdaptiveLimit } from "./adaptive-limit.ts";

export interface Bulkhead {
  /** How many may run. Moves when the policy is adaptive; may then be less than what runs. */
  readonly limit: number;
  readonly running: number;
  readonly waiting: number;
  /**
   * When to try again after being shed, milliseconds, 1 to 60,000: how long slots are held on average, for everybody who
   * waits and one more, shared among the slots. 1,000 while nothing was measured.
   */
  readonly retryAfterMs: number;
  /** Takes a slot now; false when all are taken, or somebody waits for one. */
  tryTake(): boolean;
  /** Waits in line for a slot; null when the line is full: the call is shed. */
  wait(): Waiter | null;
  /** Gives a slot back that was held for `durationMs`. What is no time (NaN, negative, endless) is not measured. */
  release(durationMs: number): void;
}

/**
 * A place in the line. Once `granted` resolves a slot is held: it goes back through `release` after use or, when the call
 * no longer wants it, through `leave`; not through both.
 */
export interface Waiter {
  /** Resolves when the slot is taken, in order of arrival. Never rejects; never settles after `leave`. */
  readonly granted: Promise<void>;
  /**
   * For a call that gives up: out of the line, or, when it was granted in the meantime, the slot goes to the next. So
   * whoever stops waiting calls it without looking. Later calls do nothing.
   */
  leave(): void;
}

/** How much the latest time counts in the average. */
const WEIGHT = 0.1;
const UNKNOWN_MS = 1_000;
const MAX_RETRY_AFTER_MS = 60_000;

/** Creates a bulkhead in which nothing runs. */
export function createBulkhead(policy: Complete<BulkheadPolicy>, clock: Clock): Bulkhead {
  return new Slots(policy, policy.adaptive ? createAdaptiveLimit(policy, clock) : null);
}

class Slots implements Bulkhead {
  running = 0;
  readonly #max: number;
  readonly #queue: number;
  readonly #adaptive: AdaptiveLimit | null;
  readonly #line = new Line();
  #averageMs: number | null = null;

  constructor({ max, queue }: Complete<BulkheadPolicy>, adaptive: AdaptiveLimit | null) {
    this.#max = max;
    this.#queue = queue;
    this.#adaptive = adaptive;
  }

  get limit(): number {
    return this.#adaptive === null ? this.#max : this.#adaptive.limit;
  }

  get waiting(): number {
    return this.#line.length;
  }

  get retryAfterMs(): number {
    if (this.#averageMs === null) return UNKNOWN_MS;
    const estimateMs = Math.ceil((this.#averageMs * (this.waiting + 1)) / this.limit);
    return Math.min(MAX_RETRY_AFTER_MS, Math.max(1, estimateMs));
  }

  tryTake(): boolean {
    // Whoever waits does so because all slots are taken: nobody is overtaken here.
    if (this.running >= this.limit) return false;
    this.running++;
    return true;
  }

  wait(): Waiter | null {
    // Whoever did not try first must not wait for a release that nobody owes.
    const hasRoom = this.tryTake();
    if (!hasRoom && this.#line.length >= this.#queue) return null;
    const place = new PlaceInLine(this.#leave);
    if (hasRoom) place.grant();
    else this.#line.join(place);
    return place;
  }

  release(durationMs: number): void {
    if (durationMs >= 0 && durationMs < Infinity) this.#measure(durationMs);
    this.#free();
  }

  readonly #leave = (place: PlaceInLine): void => {
    // Not in the line any more: it was granted a slot that it does not use.
    if (!this.#line.quit(place)) this.#free();
  };

  #measure(durationMs: number): void {
    const averageMs = this.#averageMs;
    this.#averageMs = averageMs === null ? durationMs : averageMs + WEIGHT * (durationMs - averageMs);
    this.#adaptive?.record(durationMs, this.running);
  }

  /** A slot is free: for the first in line; for several when the limit has risen, for nobody when it has fallen. */
  #free(): void {
    this.running--;
    while (this.running < this.limit) {
      const first = this.#line.first;
      if (first === null) return;
      this.#line.quit(first);
      this.running++;
      first.grant();
    }
  }
}

// A linked list, so that anybody may leave at once. A Set with a live iterator for its head would keep every table it
// ever had while nobody is granted anything: "keeps nothing of those that left" in bulkhead-memory.test.ts.
class Line {
  first: PlaceInLine | null = null;
  length = 0;
  #last: PlaceInLine | null = null;

  join(place: PlaceInLine): void {
    place.before = this.#last;
    if (this.#last === null) this.first = place;
    else this.#last.after = place;
    this.#last = place;
    place.stands = true;
    this.length++;
  }

  /** False when `place` is not in the line. */
  quit(place: PlaceInLine): boolean {
    if (!place.stands) return false;
    const { before, after } = place;
    if (before === null) this.first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
    // Who holds on to one that has left must not hold all that left with it.
    place.before = null;
    place.after = null;
    place.stands = false;
    this.length--;
    return true;
  }
}

class PlaceInLine implements Waiter {
  before: PlaceInLine | null = null;
  after: PlaceInLine | null = null;
  /** Whether it is in the line. */
  stands = false;
  readonly granted: Promise<void>;
  readonly grant: () => void;
  readonly #leave: (place: PlaceInLine) => void;
  #left = false;

  constructor(leave: (place: PlaceInLine) => void) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.granted = promise;
    this.grant = resolve;
    this.#leave = leave;
  }

  leave(): void {
    if (this.#left) return;
    this.#left = true;
    this.#leave(this);
  }
}
