// A store of quotas that starts from levels: it goes on where the other one ended, and never grants more.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { QuotaRequest } from "../../ports/quota-store.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createMemoryQuotaStore } from "./quota-store.ts";

const RULES: Readonly<Record<string, Omit<QuotaRequest, "key" | "cost">>> = {
  bucket: { algorithm: "token-bucket", capacity: 10, windowMs: 1_000, burst: 4 },
  slow: { algorithm: "token-bucket", capacity: 0.5, windowMs: 3_600_000, burst: 3 },
  window: { algorithm: "fixed-window", capacity: 5, windowMs: 700, burst: 5 },
};
const NAMES = Object.keys(RULES);
const toRequest = (name: string, cost: number): QuotaRequest => ({
  key: `t\0${name}\0u`,
  ...(RULES[name] as Omit<QuotaRequest, "key" | "cost">),
  cost,
});

const step = fc.oneof(
  fc.record({ do: fc.constant("take" as const), name: fc.constantFrom(...NAMES), cost: fc.constantFrom(0.1, 1, 2.5) }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 1_500 }) }),
  fc.record({ do: fc.constant("reset" as const), name: fc.constantFrom(...NAMES) }),
  fc.record({ do: fc.constant("restart" as const) }),
);

describe("a quota store that starts from levels", () => {
  it("grants no more after a restart, and all but a rounding of what it would have granted", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = createManualClock();
        const model = createMemoryQuotaStore({ clock });
        let store = createMemoryQuotaStore({ clock, track: true });
        const kept = new Map<string, ReturnType<typeof store.takeLevels>[number]>();
        for (const one of steps) {
          if (one.do === "wait") await clock.advance(one.ms);
          else if (one.do === "reset") for (const at of [model, store]) at.reset([toRequest(one.name, 0).key]);
          else if (one.do === "restart") {
            for (const level of store.takeLevels(1_000)) kept.set(level.key, level);
            store = createMemoryQuotaStore({ clock, track: true });
            store.restoreLevels([...kept.values()]);
          } else if (store.take([toRequest(one.name, one.cost)]).ok) {
            expect(model.take([toRequest(one.name, one.cost)]).ok).toBe(true);
          }
          const requests = NAMES.map((name) => toRequest(name, 0));
          const [mine, others] = [store.read(requests), model.read(requests)];
          for (const [index, { remaining }] of mine.entries()) {
            expect(remaining).toBeLessThanOrEqual(others[index]?.remaining ?? 0);
            expect(remaining).toBeGreaterThanOrEqual((others[index]?.remaining ?? 0) - 1);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("gives each changed key once, what was reset too, and nothing when nobody asked to track", () => {
    const clock = createManualClock();
    const store = createMemoryQuotaStore({ clock, track: true });
    store.take([toRequest("bucket", 1), toRequest("window", 2)]);
    store.take([toRequest("bucket", 1)]);
    expect(store.takeLevels(1)).toMatchObject([{ key: "t\0bucket\0u", debt: 2_000_000 }]);
    expect(store.takeLevels(10)).toMatchObject([{ key: "t\0window\0u", algorithm: "fixed-window", debt: 2_000_000 }]);
    expect(store.takeLevels(10)).toEqual([]);
    store.reset(["t\0bucket\0u"]);
    const [whole] = store.takeLevels(10);
    expect(whole).toMatchObject({ key: "t\0bucket\0u", debt: 0 });
    expect(whole?.until).toBe(whole?.at);
    const untracked = createMemoryQuotaStore({ clock });
    untracked.take([toRequest("bucket", 1)]);
    expect(untracked.takeLevels(10)).toEqual([]);
  });

  it("is not paid by a clock that went back, and by one that went on for all of the time", () => {
    const clock = createManualClock();
    const first = createMemoryQuotaStore({ clock, track: true });
    first.take([toRequest("slow", 2), toRequest("window", 2)]);
    const levels = first.takeLevels(10);
    const start = (shiftMs: number) => {
      const store = createMemoryQuotaStore({ clock: createManualClock(clock.now() + shiftMs) });
      store.restoreLevels(levels);
      return store.read([toRequest("slow", 0), toRequest("window", 0)]).map(({ remaining }) => remaining);
    };
    expect(start(-86_400_000)).toEqual([1, 3]);
    expect(start(0)).toEqual([1, 3]);
    expect(start(7_200_000)).toEqual([2, 5]);
    expect(start(86_400_000)).toEqual([3, 5]);
  });

  it("leaves a key that is in use as it is", () => {
    const clock = createManualClock();
    const store = createMemoryQuotaStore({ clock, track: true });
    store.take([toRequest("bucket", 1)]);
    const levels = store.takeLevels(10);
    store.take([toRequest("bucket", 2)]);
    store.restoreLevels(levels);
    expect(store.read([toRequest("bucket", 0)])).toMatchObject([{ remaining: 1 }]);
  });
});
