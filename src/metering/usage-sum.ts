// Rows of usage add up: of one minute from several processes, and of minutes to their hour.
// INVARIANT: a sum loses no count, in whatever order it is made: usage-sum.test.ts.
import type { UsageRow } from "../ports/usage-store.ts";

const HOUR_MS = 3_600_000;

/** `row` as a part of its hour. */
export function toHourRow(row: UsageRow): UsageRow {
  return { ...row, start: Math.floor(row.start / HOUR_MS) * HOUR_MS };
}

/** What two rows of the same time, tool and principal come to. */
export function addUsage(a: UsageRow, b: UsageRow): UsageRow {
  return {
    ...a,
    succeeded: a.succeeded + b.succeeded,
    failed: a.failed + b.failed,
    refused: a.refused + b.refused,
    measured: a.measured + b.measured,
    sumMs: a.sumMs + b.sumMs,
    maxMs: Math.max(a.maxMs, b.maxMs),
    buckets: addCounts(a.buckets, b.buckets),
    errors: addCounts(a.errors, b.errors),
    marks: addCounts(a.marks, b.marks),
  };
}

type Counts = Readonly<Record<string, number>>;

function addCounts(a: Counts, b: Counts): Counts {
  const sums = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sums.set(name, (sums.get(name) ?? 0) + count);
  return Object.fromEntries(sums);
}
