import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toRetryAfterMs } from "./rule.ts";
import { createTokenBucket, toTick } from "./token-bucket.ts";

const MILLION = 1_000_000;

describe("createTokenBucket", () => {
  test("gives the whole burst at one moment, also between two ticks of its time", () => {
    const rule = createTokenBucket({ capacity: 1_000_000, windowMs: 1, burst: 3 });
    for (const now of [0.000_3, 1_000.123_456, 315_576_000_000.777]) {
      const account = { at: 0, used: 0 };
      rule.owe(account, 0, now);
      for (let count = 0; count < 3; count++) {
        expect(toRetryAfterMs(rule, rule.debtAt(account, now), MILLION, now)).toBe(0);
        rule.charge(account, MILLION, now);
      }
      expect(rule.debtAt(account, now)).toBe(3 * MILLION);
    }
  });

  test("keeps whole steps only", () => {
    const rule = createTokenBucket({ capacity: 7, windowMs: 1_000, burst: 7 });
    const account = { at: 0, used: 0 };
    rule.owe(account, 1.25, 0);
    expect(account.used).toBe(2);
  });

  test("starts no bucket before now", () => {
    expect(toTick(5)).toBe(5);
    expect(toTick(5.000_1)).toBeGreaterThan(5.000_1);
  });

  test("loses and gains nothing in ten years of being never full", () => {
    const rule = createTokenBucket({ capacity: 7, windowMs: 1_000, burst: 1_000 * MILLION });
    const account = { at: 0, used: 0 };
    const startedAt = 0.7;
    const held = 500 * MILLION * MILLION;
    rule.owe(account, held, startedAt);
    let charged = held;
    for (let now = startedAt; now < 315_576_000_000; now += 1_234_567_890.1) {
      const refilled = ((now - startedAt) * 7 * MILLION) / 1_000;
      const missing = Math.floor(held + refilled - charged);
      rule.charge(account, missing, now);
      charged += missing;
      // What is owed stays where it was put, but for the step it is rounded to and the tick the bucket began with.
      expect(Math.abs(rule.debtAt(account, now) - held)).toBeLessThan(10);
    }
  });

  test("says after which time a cost fits: then it does, and a millisecond before it does not", () => {
    const integers = fc.record({
      capacity: fc.integer({ min: 1, max: 100_000 }),
      windowMs: fc.integer({ min: 1, max: 86_400_000 }),
      burst: fc.integer({ min: 1, max: 1_000 }),
      now: fc.integer({ min: 0, max: 2_000_000_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(integers, ({ capacity, windowMs, burst, now, share }) => {
        const rule = createTokenBucket({ capacity, windowMs, burst });
        const account = { at: 0, used: 0 };
        rule.owe(account, burst * MILLION, now);
        const steps = Math.max(1, Math.floor(share * burst * MILLION));
        const wait = toRetryAfterMs(rule, rule.debtAt(account, now), steps, now);
        expect(toRetryAfterMs(rule, rule.debtAt(account, now + wait), steps, now + wait)).toBe(0);
        expect(toRetryAfterMs(rule, rule.debtAt(account, now + wait - 1), steps, now + wait - 1)).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
