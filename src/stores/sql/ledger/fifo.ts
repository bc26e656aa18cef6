// A queue as an array whose beginning moves: taking the first one of many costs what taking the last one does.

/** How many places may be empty before the rest is moved. */
const MAX_EMPTY = 1_024;

export class Fifo<T> {
  #items: T[] = [];
  #first = 0;

  get length(): number {
    return this.#items.length - this.#first;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.length === 0) return undefined;
    const item = this.#items[this.#first++];
    if (this.length === 0 || (this.#first >= MAX_EMPTY && this.#first * 2 >= this.#items.length)) this.#move([]);
    return item;
  }

  /** Puts `items` before the first. */
  unshift(items: readonly T[]): void {
    this.#move(items);
  }

  /** Leaves out what does not fit. */
  filter(fits: (item: T) => boolean): void {
    this.#items = this.#items.slice(this.#first).filter(fits);
    this.#first = 0;
  }

  *[Symbol.iterator](): Generator<T> {
    for (let index = this.#first; index < this.#items.length; index++) yield this.#items[index] as T;
  }

  #move(before: readonly T[]): void {
    this.#items = [...before, ...this.#items.slice(this.#first)];
    this.#first = 0;
  }
}
