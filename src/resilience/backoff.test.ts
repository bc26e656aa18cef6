import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Complete, RetryPolicy } from "../tool/resilience.ts";
import { toDelayMs } from "./backoff.ts";

const POLICY: Complete<RetryPolicy> = { repeats: 10, baseMs: 50, capMs: 20_000 };
/** What `Random.next` never quite reaches. */
const ALMOST_ONE = 1 - 2 ** -53;

const always = (drawn: number): { next(): number } => ({ next: () => drawn });

const policies = fc
  .tuple(fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 1, max: 600_000 }))
  .map(([baseMs, capMs]): Complete<RetryPolicy> => ({ repeats: 3, baseMs, capMs: Math.max(baseMs, capMs) }));
const draws = fc.double({ min: 0, max: ALMOST_ONE, noNaN: true });

describe("toDelayMs", () => {
  it("doubles the bound of the draw with each repeat, up to the cap", () => {
    const halves = [1, 2, 3, 4, 9, 10, 11].map((repeat) => toDelayMs(POLICY, repeat, always(0.5), null));
    expect(halves).toEqual([25, 50, 100, 200, 6_400, 10_000, 10_000]);
  });

  it("draws the whole delay, down to none", () => {
    expect(toDelayMs(POLICY, 5, always(0), null)).toBe(0);
  });

  it("stays under the bound for every policy, draw and repeat, however many repeats there were", () => {
    const repeats = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }));
    fc.assert(
      fc.property(policies, repeats, draws, (policy, repeat, drawn) => {
        const bound = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(repeat - 1, 100));
        const delayMs = toDelayMs(policy, repeat, always(drawn), null);
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(bound * ALMOST_ONE);
        expect(delayMs).toBe(drawn * bound);
      }),
    );
  });

  it("is never earlier than the upstream asked for, and at most one base later, whatever the cap and the repeat", () => {
    const asked = fc.double({ min: 0, max: 86_400_000, noNaN: true });
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 100 }), draws, asked, (policy, repeat, drawn, retryAfterMs) => {
        const delayMs = toDelayMs(policy, repeat, always(drawn), retryAfterMs);
        expect(delayMs).toBeGreaterThanOrEqual(retryAfterMs);
        expect(delayMs).toBeLessThanOrEqual(retryAfterMs + policy.baseMs);
      }),
    );
    expect(toDelayMs(POLICY, 1, always(0.5), 0)).toBe(25);
    expect(toDelayMs(POLICY, 9, always(0.5), 60_000)).toBe(60_025);
  });

  it("takes a time that is none for no time", () => {
    expect(toDelayMs(POLICY, 2, always(0.5), Number.NaN)).toBe(50);
    expect(toDelayMs(POLICY, 2, always(0.5), -1)).toBe(50);
  });
});
