// Adds cells up into a row. The counts and the average are exact; percentiles come from one merged histogram.
import type { RecordableHistogram } from "node:perf_hooks";
import type { Cell, Mark } from "./cell.ts";
import { createValueHistogram, readPercentile } from "./samples.ts";

export interface Summary {
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
  readonly measured: number;
  readonly sum: number;
  readonly average: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
  readonly errors: Readonly<Record<string, number>>;
  readonly marks: Readonly<Record<Mark, number>>;
  /** First minute with anything in it; Infinity when there is none. */
  readonly start: number;
}

/** Makes a function that adds cells up. It keeps one histogram to merge into: making one for each row costs 22 µs. */
export function createSummarizer(): (cells: Iterable<Cell>) => Summary {
  let scratch: RecordableHistogram | null = null;
  return (cells) => {
    scratch ??= createValueHistogram();
    scratch.reset();
    let [succeeded, failed, refused, measured, sum, max, start] = [0, 0, 0, 0, 0, 0, Number.POSITIVE_INFINITY];
    const errors = new Map<string, number>();
    const marks: Record<Mark, number> = {
      retries: 0,
      cached: 0,
      degraded: 0,
      replayed: 0,
      shadowed: 0,
      shadowDiffers: 0,
    };
    for (const cell of cells) {
      succeeded += cell.succeeded;
      failed += cell.failed;
      refused += cell.refused;
      measured += cell.measured;
      sum += cell.sum;
      max = Math.max(max, cell.max);
      start = Math.min(start, cell.start);
      cell.samples?.addTo(scratch);
      if (cell.errors !== null)
        for (const [code, times] of cell.errors) errors.set(code, (errors.get(code) ?? 0) + times);
      if (cell.marks !== null) for (const [mark, times] of cell.marks) marks[mark] += times;
    }
    const percentile = (percent: number): number | null => toPercentile(scratch as RecordableHistogram, percent, max);
    const [p50, p95, p99] = [percentile(50), percentile(95), percentile(99)];
    const none = measured === 0;
    const average = none ? null : sum / measured;
    const largest = none ? null : max;
    return {
      succeeded,
      failed,
      refused,
      measured,
      sum,
      average,
      p50,
      p95,
      p99,
      max: largest,
      errors: toRecord(errors),
      marks,
      start,
    };
  };
}

/** A histogram answers with the upper end of a step, which may lie above the largest value there was. */
function toPercentile(histogram: RecordableHistogram, percent: number, max: number): number | null {
  const value = readPercentile(histogram, percent);
  return value === null ? null : Math.min(value, max);
}

/** Most frequent first. Without a prototype: a code named "constructor" is then a code like any other. */
function toRecord(errors: Map<string, number>): Readonly<Record<string, number>> {
  const record = Object.create(null) as Record<string, number>;
  const sorted = [...errors].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  for (const [code, times] of sorted) record[code] = times;
  return Object.freeze(record);
}
