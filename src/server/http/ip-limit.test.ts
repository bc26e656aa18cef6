import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createIpLimit } from "./ip-limit.ts";

describe("a limit per address", () => {
  it("lets so many in at once, says when to come again, and means it", async () => {
    const clock = createManualClock();
    const limit = createIpLimit(3, 3_000, clock);
    expect([1, 2, 3].map(() => limit.take("192.0.2.1"))).toEqual([0, 0, 0]);
    const wait = limit.take("192.0.2.1");
    expect(wait).toBeCloseTo(1_000);
    expect(limit.take("192.0.2.2")).toBe(0);
    await clock.advance(Math.ceil(wait));
    expect(limit.take("192.0.2.1")).toBe(0);
    expect(limit.take("192.0.2.1")).toBeGreaterThan(0);
  });

  it("takes a network of IPv6 for one, and IPv4 inside of IPv6 for IPv4", async () => {
    const limit = createIpLimit(1, 60_000, createManualClock());
    expect(limit.take("2001:db8:1:2::1")).toBe(0);
    expect(limit.take("2001:db8:1:2:ffff::9")).toBeGreaterThan(0);
    expect(limit.take("2001:db8:1:3::1")).toBe(0);
    expect(limit.take("192.0.2.9")).toBe(0);
    expect(limit.take("::ffff:192.0.2.9")).toBeGreaterThan(0);
  });

  it("takes what is no address as it is", async () => {
    const limit = createIpLimit(1, 60_000, createManualClock());
    expect(["", "not:an:address", "key\0default\0k\0p"].map((name) => limit.take(name))).toEqual([0, 0, 0]);
  });

  it("never lets more in than capacity and refill, in any time", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.array(fc.nat(400), { maxLength: 120 }),
        async (capacity, pauses) => {
          const clock = createManualClock();
          const limit = createIpLimit(capacity, 1_000, clock);
          let passed = 0;
          let taken = 0;
          for (const pause of pauses) {
            if (limit.take("a") === 0) taken++;
            expect(taken).toBeLessThanOrEqual(capacity + (passed * capacity) / 1_000 + 1e-6);
            await clock.advance(pause);
            passed += pause;
          }
        },
      ),
    );
  });
});
