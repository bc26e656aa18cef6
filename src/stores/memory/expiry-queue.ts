// When which key is to go, soonest first: a binary heap whose entries know their place in it, so that one that is taken
// out early leaves nothing behind. No timers: whoever keeps something asks, now and then, what has expired.
// INVARIANT: `#heap[expiry.place] === expiry` for all in it, -1 for all that are not: "gives keys in the order of their
// times, whatever is taken out" in expiry-queue.test.ts.

export interface Expiry {
  readonly key: string;
  /** Monotonic ms. */
  readonly at: number;
  /** Where it stands: the queue's own affair. */
  place: number;
}

export class ExpiryQueue {
  readonly #heap: Expiry[] = [];

  get size(): number {
    return this.#heap.length;
  }

  /** The one that goes first. */
  get first(): Expiry | undefined {
    return this.#heap[0];
  }

  /** The key that goes first when its time has come. It stays in the queue. */
  findExpired(now: number): string | undefined {
    const first = this.#heap[0];
    return first !== undefined && first.at <= now ? first.key : undefined;
  }

  /** Lets `key` go at `at`, a number. O(log n), and O(1) for one that goes last. */
  add(key: string, at: number): Expiry {
    const expiry: Expiry = { key, at, place: this.#heap.length };
    this.#heap.push(expiry);
    this.#rise(expiry);
    return expiry;
  }

  /** Takes `expiry` out; once. O(log n). */
  remove(expiry: Expiry): void {
    const { place } = expiry;
    if (place === -1) return;
    expiry.place = -1;
    const last = this.#heap.pop() as Expiry;
    if (last === expiry) return;
    this.#put(last, place);
    this.#rise(last);
    this.#sink(last);
  }

  #rise(expiry: Expiry): void {
    while (expiry.place > 0) {
      const parent = this.#heap[(expiry.place - 1) >> 1] as Expiry;
      if (parent.at <= expiry.at) return;
      this.#swap(parent, expiry);
    }
  }

  #sink(expiry: Expiry): void {
    for (;;) {
      const left = this.#heap[2 * expiry.place + 1];
      if (left === undefined) return;
      const right = this.#heap[2 * expiry.place + 2];
      const child = right !== undefined && right.at < left.at ? right : left;
      if (expiry.at <= child.at) return;
      this.#swap(expiry, child);
    }
  }

  #swap(parent: Expiry, child: Expiry): void {
    const { place } = parent;
    this.#put(parent, child.place);
    this.#put(child, place);
  }

  #put(expiry: Expiry, place: number): void {
    this.#heap[place] = expiry;
    expiry.place = place;
  }
}
