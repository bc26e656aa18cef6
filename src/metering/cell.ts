// What happened in one stretch of time: exact counts and sums, and the values for percentiles.
import { HIGHEST_VALUE, type MemoryAccount, Samples } from "./samples.ts";

/** What is counted of calls beside how they ended. */
export type Mark = "retries" | "cached" | "degraded" | "replayed" | "shadowed" | "shadowDiffers";

/** Estimated: the object, its samples' object and its place in an array. */
const CELL_BYTES = 320;
const ERROR_BYTES = 64;

export class Cell {
  /** First minute, on the monotonic clock. */
  readonly start: number;
  /** The minute after the last. */
  end: number;
  succeeded = 0;
  failed = 0;
  refused = 0;
  /** Values measured, their exact sum and the largest. */
  measured = 0;
  sum = 0;
  max = 0;
  errors: Map<string, number> | null = null;
  marks: Map<Mark, number> | null = null;
  samples: Samples | null = null;
  readonly #account: MemoryAccount;

  constructor(minute: number, account: MemoryAccount) {
    this.start = minute;
    this.end = minute + 1;
    this.#account = account;
    account.bytes += CELL_BYTES;
  }

  /** Counts an error code. */
  countError(code: string, times: number): void {
    this.errors ??= new Map();
    const before = this.errors.get(code);
    if (before === undefined) this.#account.bytes += ERROR_BYTES;
    this.errors.set(code, (before ?? 0) + times);
  }

  /** Counts a mark. */
  countMark(mark: Mark, times: number): void {
    this.marks ??= new Map();
    const before = this.marks.get(mark);
    if (before === undefined) this.#account.bytes += ERROR_BYTES;
    this.marks.set(mark, (before ?? 0) + times);
  }

  /** Measures one value. What cannot be one (negative, NaN, endless) counts as the nearest that can. */
  measure(value: number): void {
    const measured = value >= 0 ? (value <= HIGHEST_VALUE ? value : HIGHEST_VALUE) : 0;
    this.measured++;
    this.sum += measured;
    if (measured > this.max) this.max = measured;
    this.samples ??= new Samples(this.#account);
    this.samples.record(measured);
  }

  /** Takes everything of the later cell `other`, which is released. */
  absorb(other: Cell): void {
    this.end = Math.max(this.end, other.end);
    this.succeeded += other.succeeded;
    this.failed += other.failed;
    this.refused += other.refused;
    this.measured += other.measured;
    this.sum += other.sum;
    this.max = Math.max(this.max, other.max);
    if (other.errors !== null) for (const [code, times] of other.errors) this.countError(code, times);
    if (other.marks !== null) for (const [mark, times] of other.marks) this.countMark(mark, times);
    if (other.samples !== null) {
      if (this.samples === null) {
        this.samples = other.samples;
        other.samples = null;
      } else this.samples.absorb(other.samples);
    }
    other.release();
  }

  /** Gives its memory back; it must not be used again. */
  release(): void {
    const counted = (this.errors?.size ?? 0) + (this.marks?.size ?? 0);
    this.#account.bytes -= CELL_BYTES + counted * ERROR_BYTES;
    this.samples?.release();
    this.samples = null;
    this.errors = null;
    this.marks = null;
  }
}
