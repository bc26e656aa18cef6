// The values of one stretch of time: kept as they are while they are few, in a native histogram once they are many.
// A native histogram costs 38 KB whatever is in it, so memory follows the traffic only because few values have none.
// V8 is not told of those 38 KB: dropped ones pile up to hundreds of megabytes before it collects them. So they are all
// kept for their next use, and there are never more than were in use at once.
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";

/** Values are kept to a thousandth: a microsecond, where they are milliseconds. */
const UNITS = 1_000;
const HIGHEST_UNIT = 1e12;
/** The largest value a percentile can tell apart: 11.6 days in milliseconds. */
export const HIGHEST_VALUE: number = HIGHEST_UNIT / UNITS;

/** Measured: resident memory of 1,000 histograms of two figures up to 1e12. */
const HISTOGRAM_BYTES = 39_000;
const VALUE_BYTES = 8;
/** 16 KB of values, still under half of what a histogram costs. */
export const MAX_RAW = 2_048;

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
  /** Empty once there is a histogram. */
  readonly #raw: number[] = [];
  #histogram: RecordableHistogram | null = null;

  constructor(account: MemoryAccount) {
    this.#account = account;
  }

  get count(): number {
    return this.#histogram === null ? this.#raw.length : this.#histogram.count;
  }

  /** Adds one value of 0 to `HIGHEST_VALUE`. */
  record(value: number): void {
    if (this.#histogram === null && this.#raw.length < MAX_RAW) {
      this.#raw.push(value);
      this.#account.bytes += VALUE_BYTES;
    } else this.#toHistogram().record(toUnits(value));
  }

  /** Adds every value to `target`. */
  addTo(target: RecordableHistogram): void {
    if (this.#histogram !== null) target.add(this.#histogram);
    else for (const value of this.#raw) target.record(toUnits(value));
  }

  /** Takes the values of `other`, which is released. */
  absorb(other: Samples): void {
    if (other.#histogram === null) for (const value of other.#raw) this.record(value);
    else this.#toHistogram().add(other.#histogram);
    other.release();
  }

  /** Gives its memory back; it must not be used again. */
  release(): void {
    const { pool } = this.#account;
    this.#account.bytes -= this.#histogram === null ? this.#raw.length * VALUE_BYTES : HISTOGRAM_BYTES;
    this.#raw.length = 0;
    if (this.#histogram === null) return;
    this.#histogram.reset();
    pool.push(this.#histogram);
    this.#histogram = null;
  }

  #toHistogram(): RecordableHistogram {
    if (this.#histogram !== null) return this.#histogram;
    const histogram = this.#account.pool.pop() ?? createValueHistogram();
    this.addTo(histogram);
    this.#account.bytes += HISTOGRAM_BYTES - this.#raw.length * VALUE_BYTES;
    this.#raw.length = 0;
    this.#histogram = histogram;
    return histogram;
  }
}

function toUnits(value: number): number {
  const units = Math.round(value * UNITS);
  return units < 1 ? 1 : units > HIGHEST_UNIT ? HIGHEST_UNIT : units;
}
