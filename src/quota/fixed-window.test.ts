import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFixedWindow } from "./fixed-window.ts";

const DAY = 86_400_000;

describe("createFixedWindow", () => {
  test("starts its windows where those of the wall clock start", () => {
    const wall = Date.UTC(2026, 5, 1, 23, 59, 59, 0);
    const rule = createFixedWindow({ capacity: 5, windowMs: DAY, burst: 5 }, wall - 40);
    const account = { at: 0, used: 0 };
    rule.charge(account, 3, 40);
    expect(rule.debtAt(account, 1_039)).toBe(3);
    expect(rule.wholeInMs(3, 40)).toBe(1_000);
    expect(rule.debtAt(account, 1_040)).toBe(0);
  });

  test("is over after the time it names, never before", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: DAY }),
        fc.double({ min: 0, max: 1e11, noNaN: true }),
        fc.double({ min: 1e12, max: 2e12, noNaN: true }),
        (windowMs, now, wallOffset) => {
          const rule = createFixedWindow({ capacity: 5, windowMs, burst: 5 }, wallOffset);
          const account = { at: 0, used: 0 };
          rule.charge(account, 3, now);
          const ends = rule.wholeInMs(3, now);
          expect(ends).toBeGreaterThan(0);
          expect(ends).toBeLessThanOrEqual(windowMs);
          expect(rule.debtAt(account, now + Math.ceil(ends))).toBe(0);
          // Half a millisecond is more than the rounding of a wall clock time.
          if (ends > 1) expect(rule.debtAt(account, now + ends - 0.5)).toBe(3);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
