import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Cell } from "./cell.ts";
import { createMemoryAccount, type MemoryAccount } from "./samples.ts";
import { createSummarizer } from "./summary.ts";

const outcome = fc.record({
  durationMs: fc.double({ min: 0, max: 1_000, noNaN: true }),
  code: fc.constantFrom(null, "TIMEOUT", "FORBIDDEN"),
});
type Recorded = typeof outcome extends fc.Arbitrary<infer T> ? T : never;

function fill(minute: number, outcomes: readonly Recorded[], account: MemoryAccount): Cell {
  const cell = new Cell(minute, account);
  for (const { durationMs, code } of outcomes) {
    if (code === null) cell.succeeded++;
    else if (code === "TIMEOUT") cell.failed++;
    else cell.refused++;
    if (code !== null) cell.countError(code, 1);
    if (code !== "FORBIDDEN") cell.measure(durationMs);
  }
  return cell;
}

describe("Cell", () => {
  it("is, merged, what it would be had everything happened in it", () => {
    fc.assert(
      fc.property(fc.array(fc.array(outcome, { maxLength: 30 }), { minLength: 1, maxLength: 5 }), (minutes) => {
        const account = createMemoryAccount();
        const summarize = createSummarizer();
        const apart = summarize(minutes.map((outcomes, minute) => fill(minute, outcomes, account)));
        const [merged, ...later] = minutes.map((outcomes, minute) => fill(minute, outcomes, createMemoryAccount()));
        for (const cell of later) merged?.absorb(cell);
        const { average, sum, ...together } = summarize(merged === undefined ? [] : [merged]);
        expect(together).toEqual({ ...apart, average: undefined, sum: undefined });
        expect(sum).toBeCloseTo(apart.sum, 6);
        expect(average === null).toBe(apart.average === null);
        expect(merged?.end).toBe(minutes.length);
      }),
    );
  });

  it("gives back all the memory it took", () => {
    const account = createMemoryAccount();
    const outcomes = [
      { durationMs: 1, code: null },
      { durationMs: 1, code: "TIMEOUT" as const },
    ];
    const [first, second] = [fill(0, outcomes, account), fill(1, outcomes, account)];
    expect(account.bytes).toBeGreaterThan(0);
    first.absorb(second);
    first.release();
    expect(account.bytes).toBe(0);
  });
});
