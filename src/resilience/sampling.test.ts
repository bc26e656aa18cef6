import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createSampling } from "./sampling.ts";

const POLICY = { ratio: 0.5, windowMs: 1_000, minimumCalls: 4 };

describe("createSampling", () => {
  it("opens when the share of failures is reached, not before", () => {
    const strategy = createSampling(POLICY, createManualClock());
    for (let call = 0; call < 4; call++) strategy.succeed();
    expect([strategy.fail(), strategy.fail(), strategy.fail()]).toEqual([false, false, false]);
    expect(strategy.fail()).toBe(true);
  });

  it("opens nothing after fewer calls than it needs to judge", () => {
    const strategy = createSampling(POLICY, createManualClock());
    expect([strategy.fail(), strategy.fail(), strategy.fail()]).toEqual([false, false, false]);
    expect(strategy.fail()).toBe(true);
  });

  it("forgets what is older than the window, a tenth at a time", async () => {
    const clock = createManualClock();
    const strategy = createSampling(POLICY, clock);
    for (let call = 0; call < 10; call++) strategy.succeed();
    await clock.advance(100);
    for (let call = 0; call < 4; call++) expect(strategy.fail()).toBe(false);
    await clock.advance(899);
    expect(strategy.fail()).toBe(false);
    await clock.advance(1);
    expect(strategy.fail()).toBe(true);
  });

  it("forgets everything in a pause of any length", async () => {
    for (const pauseMs of [1_000, 1_099, 5_000, 3_600_000, 3_600_100]) {
      const clock = createManualClock();
      const strategy = createSampling(POLICY, clock);
      for (let call = 0; call < 3; call++) strategy.fail();
      await clock.advance(pauseMs);
      expect([strategy.fail(), strategy.fail(), strategy.fail(), strategy.fail()]).toEqual([false, false, false, true]);
    }
  });

  it("judges like a list of all calls of the last ten buckets", async () => {
    const policies = fc.record({
      ratio: fc.constantFrom(0.01, 0.3, 0.5, 0.9, 1),
      windowMs: fc.constantFrom(1_000, 1_234, 10_000),
      minimumCalls: fc.integer({ min: 1, max: 8 }),
    });
    const calls = fc.array(
      fc.record({ pauseMs: fc.oneof(fc.constant(0), fc.nat(150), fc.nat(3_000)), failed: fc.boolean() }),
      { maxLength: 80, size: "max" },
    );
    await fc.assert(
      fc.asyncProperty(policies, calls, async (policy, history) => {
        const clock = createManualClock();
        await clock.advance(777);
        const strategy = createSampling(policy, clock);
        const seen: { bucket: number; failed: boolean }[] = [];
        for (const { pauseMs, failed } of history) {
          await clock.advance(pauseMs);
          const bucket = Math.floor(clock.monotonic() / (policy.windowMs / 10));
          seen.push({ bucket, failed });
          if (!failed) {
            strategy.succeed();
            continue;
          }
          const counted = seen.filter((call) => call.bucket > bucket - 10);
          const failures = counted.filter((call) => call.failed).length;
          const opens = counted.length >= policy.minimumCalls && failures >= policy.ratio * counted.length;
          expect(strategy.fail()).toBe(opens);
        }
      }),
      { numRuns: 200 },
    );
  });
});
