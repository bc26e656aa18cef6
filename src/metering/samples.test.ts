import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryAccount, createValueHistogram, MAX_RAW, readPercentile, Samples } from "./samples.ts";

/** Latencies as they are: most of them short, some very long. */
const values = fc.array(
  fc.oneof(fc.double({ min: 0.001, max: 50, noNaN: true }), fc.double({ min: 1, max: 5e6, noNaN: true })),
  { minLength: 1, maxLength: 300, size: "max" },
);

/** Few values stay raw; repeated often enough they become a histogram. */
const times = fc.constantFrom(1, 1, 40);

function fill(all: readonly number[], repeat: number): Samples {
  const samples = new Samples(createMemoryAccount());
  for (let round = 0; round < repeat; round++) for (const value of all) samples.record(value);
  return samples;
}

function read(samples: Samples, percent: number): number {
  const histogram = createValueHistogram();
  samples.addTo(histogram);
  return readPercentile(histogram, percent) as number;
}

/** The value at the nearest rank, sorted. */
function exact(all: readonly number[], percent: number): number {
  const sorted = all.toSorted((a, b) => a - b);
  return sorted[Math.max(1, Math.round((percent / 100) * sorted.length)) - 1] as number;
}

function expectNear(found: number, wanted: number): void {
  expect(found).toBeGreaterThanOrEqual(wanted - 0.001);
  expect(found).toBeLessThanOrEqual(wanted * 1.01 + 0.001);
}

describe("Samples", () => {
  it("gives percentiles at most 1 % above the exact ones, few values or many", () => {
    fc.assert(
      fc.property(values, times, fc.constantFrom(50, 95, 99), (all, repeat, percent) => {
        const repeated = Array.from({ length: repeat }, () => all).flat();
        const samples = fill(all, repeat);
        expect(samples.count).toBe(repeated.length);
        expectNear(read(samples, percent), exact(repeated, percent));
      }),
      { numRuns: 300 },
    );
  });

  it("merges to what recording everything in one place gives", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(values, times), { minLength: 1, maxLength: 4 }), (parts) => {
        const merged = new Samples(createMemoryAccount());
        const together = new Samples(createMemoryAccount());
        for (const [all, repeat] of parts) {
          merged.absorb(fill(all, repeat));
          for (let round = 0; round < repeat; round++) for (const value of all) together.record(value);
        }
        expect(merged.count).toBe(together.count);
        for (const percent of [1, 50, 95, 99, 100]) expect(read(merged, percent)).toBe(read(together, percent));
      }),
      { numRuns: 100 },
    );
  });

  it("costs what its values take while they are few, and a fixed amount once they are many", () => {
    const account = createMemoryAccount();
    const samples = new Samples(account);
    const sizes: number[] = [];
    for (let count = 1; count <= 10 * MAX_RAW; count++) {
      samples.record(count);
      if (count === 1 || count === 100 || count === MAX_RAW || count === MAX_RAW + 1) sizes.push(account.bytes);
    }
    expect(sizes).toEqual([8, 100 * 8, MAX_RAW * 8, 39_000]);
    expect(account.bytes).toBe(39_000);
    samples.release();
    expect(account.bytes).toBe(0);
  });

  it("uses the histogram of released samples again, emptied", () => {
    const account = createMemoryAccount();
    const first = new Samples(account);
    for (let count = 0; count <= MAX_RAW; count++) first.record(1_000);
    first.release();
    expect(account.pool).toHaveLength(1);
    const second = new Samples(account);
    for (let count = 0; count <= MAX_RAW; count++) second.record(5);
    expect(account.pool).toHaveLength(0);
    expect(read(second, 100)).toBeLessThan(6);
    expect(read(second, 1)).toBeLessThan(6);
  });
});
