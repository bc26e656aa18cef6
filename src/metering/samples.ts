// The values of one stretch of time: kept as they are while they are few, in a native histogram once they are many.
// A native histogram costs 38 KB whatever is in it, so memory follows the traffic only because few values have none.
// V8 is not told of those 38 KB and would let dropped ones pile up; that is why they are reused.
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** Values are kept to a thousandth: a microsecond, where they are milliseconds. */
const UNITS = 1_000;
const HIGHEST_UNIT = 1e12;
/** The largest value a percentile can tell apart: 11.6 days in milliseconds. */
export const HIGHEST_VALUE: number = HIGHEST_UNIT / UNITS;

/** Measured: resident memory of 1,000 histograms of two figures up to 1e12. */
const HISTOGRAM_BYTES = 39_000;
const FIRST_CAPACITY = 16;
/** 16 KB of values, still under half of what a histogram costs. */
export const MAX_RAW = 2_048;
const MAX_POOLED = 16;

/** How much all samples of a metering hold, and the histograms that wait for their next use. */
export interface MemoryAccount {
  bytes: number;
  readonly pool: RecordableHistogram[];
}

/** An empty account. */
export function createMemoryAccount(): MemoryAccount {
  return { bytes: 0, pool: [] };
}

/** A histogram for values of 0 to `HIGHEST_VALUE` that are off by at most 1 %. */
export function createValueHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: HIGHEST_UNIT, figures: 2 });
}

/** The value below which `percent` of the values of `histogram` lie; null when it is empty. */
export function readPercentile(histogram: RecordableHistogram, percent: number): number | null {
  return histogram.count === 0 ? null : histogram.percentile(percent) / UNITS;
}

export class Samples {
  readonly #account: MemoryAccount;
  #raw: Float64Array = new Float64Array(FIRST_CAPACITY);
  #length = 0;
  #histogram: RecordableHistogram | null = null;

  constructor(account: MemoryAccount) {
    this.#account = account;
    account.bytes += FIRST_CAPACITY * 8;
  }

  get count(): number {
    return this.#histogram === null ? this.#length : this.#histogram.count;
  }

  /** Adds one value of 0 to `HIGHEST_VALUE`. */
  record(value: number): void {
    if (this.#histogram !== null) {
      this.#histogram.record(toUnits(value));
      return;
    }
    if (this.#length === this.#raw.length) this.#grow();
    if (this.#histogram === null) this.#raw[this.#length++] = value;
    else (this.#histogram as RecordableHistogram).record(toUnits(value));
  }

  /** Adds every value to `target`. */
  addTo(target: RecordableHistogram): void {
    if (this.#histogram !== null) target.add(this.#histogram);
    else for (let index = 0; index < this.#length; index++) target.record(toUnits(this.#raw[index] as number));
  }

  /** Takes the values of `other`, which is released. */
  absorb(other: Samples): void {
    if (other.#histogram === null) {
      for (let index = 0; index < other.#length; index++) this.record(other.#raw[index] as number);
    } else {
      if (this.#histogram === null) this.#toHistogram();
      (this.#histogram as unknown as RecordableHistogram).add(other.#histogram);
    }
    other.release();
  }

  /** Gives its memory back; it must not be used again. */
  release(): void {
    const { pool } = this.#account;
    if (this.#histogram === null) {
      this.#account.bytes -= this.#raw.length * 8;
    } else {
      this.#account.bytes -= HISTOGRAM_BYTES;
      this.#histogram.reset();
      if (pool.length < MAX_POOLED) pool.push(this.#histogram);
      this.#histogram = null;
    }
    this.#raw = EMPTY;
    this.#length = 0;
  }

  #grow(): void {
    const { length } = this.#raw;
    if (length >= MAX_RAW) {
      this.#toHistogram();
      return;
    }
    const larger = new Float64Array(Math.min(length * 4, MAX_RAW));
    larger.set(this.#raw);
    this.#account.bytes += (larger.length - length) * 8;
    this.#raw = larger;
  }

  #toHistogram(): void {
    const histogram = this.#account.pool.pop() ?? createValueHistogram();
    this.addTo(histogram);
    this.#account.bytes += HISTOGRAM_BYTES - this.#raw.length * 8;
    this.#histogram = histogram;
    this.#raw = EMPTY;
    this.#length = 0;
  }
}

const EMPTY = new Float64Array(0);

function toUnits(value: number): number {
  const units = Math.round(value * UNITS);
  return units < 1 ? 1 : units > HIGHEST_UNIT ? HIGHEST_UNIT : units;
}
