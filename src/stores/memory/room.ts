// How much of what is bounded is taken, of the whole store or of one principal's part of it, and when some of it comes
// back by itself. It only counts; what is full and what has to go is the store's to say.
import { type Expiry, ExpiryQueue } from "./expiry-queue.ts";

export class Room {
  readonly #maxRecords: number;
  readonly #maxBytes: number;
  readonly #expiries = new ExpiryQueue();
  records = 0;
  bytes = 0;

  constructor(maxRecords: number, maxBytes: number) {
    this.#maxRecords = maxRecords;
    this.#maxBytes = maxBytes;
  }

  get isFull(): boolean {
    return this.records >= this.#maxRecords || this.bytes >= this.#maxBytes;
  }

  /** Whole milliseconds until the first of its records goes; Infinity when none goes by itself. */
  toRetryAfterMs(now: number): number {
    const { first } = this.#expiries;
    return first === undefined ? Number.POSITIVE_INFINITY : Math.ceil(first.at - now);
  }

  /** Key of a record whose time has passed. */
  findExpired(now: number): string | undefined {
    return this.#expiries.findExpired(now);
  }

  /** Lets the record of `key` go at `at` (monotonic ms). */
  addExpiry(key: string, at: number): Expiry {
    return this.#expiries.add(key, at);
  }

  removeExpiry(expiry: Expiry): void {
    this.#expiries.remove(expiry);
  }
}
