import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { createSeededRandom } from "../testing/seeded-random.ts";
import { createAdaptiveLimit, type AdaptiveLimit } from "./adaptive-limit.ts";

/** A system that works on `capacity` calls at once; among more of them each takes longer. */
interface System {
  readonly baseMs: number;
  readonly capacity: number;
  /** Calls that want to run at any time. */
  readonly demand: number;
  /** Times the duration of each call; 1 when there is no chance in it. */
  readonly luck?: () => number;
}

interface Subject {
  readonly clock: ManualClock;
  readonly adaptive: AdaptiveLimit;
  /** Lets the system work for so long; returns every limit there was. */
  run(system: System, seconds: number): Promise<number[]>;
}

function createSubject(bounds: { min: number; max: number }): Subject {
  const clock = createManualClock();
  const adaptive = createAdaptiveLimit(bounds, clock);
  return {
    clock,
    adaptive,
    async run({ baseMs, capacity, demand, luck = () => 1 }, seconds) {
      const limits: number[] = [];
      const until = clock.monotonic() + seconds * 1_000;
      while (clock.monotonic() < until) {
        const running = Math.min(adaptive.limit, demand);
        const roundMs = baseMs * Math.max(1, running / capacity);
        await clock.advance(roundMs);
        for (let call = 0; call < running; call++) adaptive.record(roundMs * luck(), running);
        limits.push(adaptive.limit);
      }
      return limits;
    },
  };
}

const HEALTHY: System = { baseMs: 100, capacity: 1_000, demand: 1_000 };
const NARROW: System = { baseMs: 100, capacity: 10, demand: 1_000 };

describe("createAdaptiveLimit", () => {
  it("begins at half of the most, at 20 at most, and never under the least", () => {
    const first = (min: number, max: number): number => createSubject({ min, max }).adaptive.limit;
    expect([first(1, 10), first(1, 1_000), first(8, 10), first(1, 1), first(50, 1_000)]).toEqual([5, 20, 8, 1, 50]);
  });

  it("rises to the most while calls take their usual time and the limit is reached, and stays there", async () => {
    const { adaptive, run } = createSubject({ min: 1, max: 100 });
    await run(HEALTHY, 10);
    expect(adaptive.limit).toBe(100);
    expect(new Set(await run(HEALTHY, 600))).toEqual(new Set([100]));
  });

  it("does not rise while nobody reaches it", async () => {
    const { adaptive, run } = createSubject({ min: 1, max: 100 });
    await run({ ...HEALTHY, demand: 19 }, 60);
    expect(adaptive.limit).toBe(20);
  });

  it("does not rise because it was reached once", async () => {
    const { adaptive, run } = createSubject({ min: 1, max: 100 });
    await run(HEALTHY, 10);
    await run({ ...HEALTHY, baseMs: 2_000 }, 100);
    await run({ ...HEALTHY, demand: 3 }, 1);
    const { limit } = adaptive;
    expect(limit).toBeLessThan(10);
    await run({ ...HEALTHY, demand: 3 }, 60);
    expect(adaptive.limit).toBe(limit);
  });

  it("follows calls that take a little longer each time", async () => {
    const { run } = createSubject({ min: 1, max: 100 });
    await run(HEALTHY, 10);
    for (const baseMs of [120, 144, 173]) {
      expect(new Set(await run({ ...HEALTHY, baseMs }, 60))).toEqual(new Set([100]));
    }
  });

  it("falls when calls take longer because there are more of them, to little more than the system can do", async () => {
    const { adaptive, run } = createSubject({ min: 1, max: 100 });
    await run(HEALTHY, 10);
    const limits = await run(NARROW, 20);
    expect(Math.max(...limits.slice(-30))).toBeLessThanOrEqual(30);
    expect(Math.min(...limits)).toBeGreaterThanOrEqual(10);
    expect(adaptive.limit).toBeLessThanOrEqual(30);
  });

  it("falls further the longer calls take: to some 16 when twice their time, to 4 when four times", async () => {
    for (const [times, least, most] of [
      [1.4, 100, 100],
      [2, 16, 18],
      [4, 4, 4],
      [20, 4, 4],
    ] as const) {
      const { adaptive, run } = createSubject({ min: 1, max: 100 });
      await run(HEALTHY, 10);
      await run({ ...HEALTHY, baseMs: 100 * times }, 100);
      expect(adaptive.limit, `${times} times as long`).toBeGreaterThanOrEqual(least);
      expect(adaptive.limit, `${times} times as long`).toBeLessThanOrEqual(most);
    }
  });

  it("comes back when the system does, within seconds", async () => {
    const { adaptive, run } = createSubject({ min: 1, max: 100 });
    await run(HEALTHY, 10);
    await run(NARROW, 60);
    await run(HEALTHY, 10);
    expect(adaptive.limit).toBe(100);
  });

  it("accepts after some minutes that calls take longer now", async () => {
    const { adaptive, run } = createSubject({ min: 1, max: 100 });
    await run(HEALTHY, 10);
    await run({ ...HEALTHY, baseMs: 300 }, 60);
    expect(adaptive.limit).toBeLessThan(10);
    await run({ ...HEALTHY, baseMs: 300 }, 240);
    expect(adaptive.limit).toBe(100);
  });

  it("holds its ground in an overload that lasts an hour, also one that was there from the start", async () => {
    for (const secondsBefore of [0, 10]) {
      const { run } = createSubject({ min: 1, max: 100 });
      await run(HEALTHY, secondsBefore);
      await run(NARROW, 60);
      const limits = await run(NARROW, 3_600);
      expect(Math.max(...limits)).toBeLessThanOrEqual(45);
    }
  });

  it("is not deceived by chance: calls of very different length keep the whole limit", async () => {
    const random = createSeededRandom(7);
    const lengths: Record<string, () => number> = {
      exponential: () => -Math.log(1 - random.next()),
      "one in five a hundred times longer": () => (random.next() < 0.8 ? 0.048 : 4.8),
    };
    for (const [name, luck] of Object.entries(lengths)) {
      const { run } = createSubject({ min: 1, max: 50 });
      await run({ ...HEALTHY, luck }, 30);
      const limits = await run({ ...HEALTHY, luck }, 600);
      const whole = limits.filter((limit) => limit >= 40).length;
      expect(whole / limits.length, name).toBeGreaterThan(0.95);
    }
  });

  it("takes one slow window for chance, and the first good one for the end of a bad time", async () => {
    const { adaptive, run } = createSubject({ min: 1, max: 10 });
    await run(HEALTHY, 30);
    await run({ ...HEALTHY, baseMs: 400 }, 0.4);
    expect(new Set(await run(HEALTHY, 5))).toEqual(new Set([10]));
    await run({ ...HEALTHY, baseMs: 2_000 }, 100);
    expect(adaptive.limit).toBe(4);
    const limits = await run(HEALTHY, 0.5);
    expect(limits.at(-1)).toBeGreaterThan(4);
  });

  it("does not count calls that began before it measures anew", async () => {
    const { adaptive, run } = createSubject({ min: 1, max: 20 });
    await run(HEALTHY, 30);
    // It falls to 4, and to half of that once two minutes are over.
    for (let round = 0; round < 1_000 && adaptive.limit !== 2; round++) await run({ ...HEALTHY, baseMs: 400 }, 0.4);
    for (let call = 0; call < 1_000; call++) adaptive.record(20_000, 20);
    await run({ ...HEALTHY, baseMs: 400 }, 30);
    expect(adaptive.limit).toBe(20);
    await run({ ...HEALTHY, baseMs: 1_600 }, 60);
    expect(adaptive.limit).toBe(4);
  });

  it("judges by no less than a tenth of a second", async () => {
    const { adaptive, clock, run } = createSubject({ min: 1, max: 10 });
    await run(HEALTHY, 30);
    const changedAt: number[] = [];
    for (let step = 0; step < 60; step++) {
      await clock.advance(10);
      const before = adaptive.limit;
      for (let call = 0; call < 1_000; call++) adaptive.record(10_000, 10);
      if (adaptive.limit !== before) changedAt.push(clock.monotonic());
    }
    const gaps = changedAt.slice(1).map((at, index) => at - (changedAt[index] as number));
    expect(gaps.length).toBeGreaterThan(1);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(100);
  });

  it("judges by no fewer calls than ten, and than may run", async () => {
    for (const max of [10, 100]) {
      const { adaptive, clock, run } = createSubject({ min: 1, max });
      await run(HEALTHY, 30);
      const counts: { calls: number; limit: number }[] = [];
      let calls = 0;
      while (adaptive.limit > 4) {
        await clock.advance(100);
        const limit = adaptive.limit;
        adaptive.record(10_000, limit);
        calls++;
        if (adaptive.limit === limit) continue;
        counts.push({ calls, limit });
        calls = 0;
      }
      // The first window had begun before.
      for (const count of counts.slice(1)) expect(count.calls).toBeGreaterThanOrEqual(Math.max(10, count.limit));
      expect(counts.length).toBeGreaterThan(3);
    }
  });

  it("takes differences under a millisecond for the machine's", async () => {
    const { adaptive, run } = createSubject({ min: 1, max: 100 });
    await run({ ...HEALTHY, baseMs: 0.05, demand: 100 }, 0.5);
    await run({ ...HEALTHY, baseMs: 0.9, demand: 100 }, 3);
    expect(adaptive.limit).toBe(100);
  });

  it("stays within its bounds, a whole number, whatever it is told", async () => {
    const records = fc.array(
      fc.record({
        pauseMs: fc.oneof(fc.nat(5), fc.nat(200_000)),
        durationMs: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true })),
        running: fc.integer({ min: 1, max: 100 }),
        calls: fc.integer({ min: 1, max: 300 }),
      }),
      { maxLength: 60, size: "max" },
    );
    const bounds = fc
      .tuple(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 1_000_000 }))
      .map(([one, other]) => ({ min: Math.min(one, other), max: Math.max(one, other) }));
    await fc.assert(
      fc.asyncProperty(bounds, records, async ({ min, max }, history) => {
        const { adaptive, clock } = createSubject({ min, max });
        await clock.advance(1e9);
        for (const { pauseMs, durationMs, running, calls } of history) {
          await clock.advance(pauseMs);
          for (let call = 0; call < calls; call++) adaptive.record(durationMs, running);
          expect(Number.isInteger(adaptive.limit)).toBe(true);
          expect(adaptive.limit).toBeGreaterThanOrEqual(min);
          expect(adaptive.limit).toBeLessThanOrEqual(max);
        }
      }),
      { numRuns: 100 },
    );
  });
});
