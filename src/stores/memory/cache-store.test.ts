import { describe, expect, test } from "vitest";
import { describeCacheStore } from "../../testing/cache-store-suite.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createMemoryCacheStore } from "./cache-store.ts";
import { toEntryBytes } from "./sized-map.ts";

describe("createMemoryCacheStore", () => {
  describeCacheStore({
    test,
    open() {
      const clock = createManualClock();
      return { store: createMemoryCacheStore({ clock }), advance: (ms) => clock.advance(ms) };
    },
  });

  const ENTRY = toEntryBytes("k0", "v");

  test("lets the one go first that was not used for the longest time", () => {
    const store = createMemoryCacheStore({ clock: createManualClock(), maxBytes: 5 * ENTRY });
    for (const key of ["k0", "k1", "k2", "k3", "k4"]) store.set(key, "v", 1_000);
    store.get("k0");
    store.set("k1", "w", 1_000);
    store.set("k5", "v", 1_000);
    store.set("k6", "v", 1_000);
    const kept = ["k0", "k1", "k2", "k3", "k4", "k5", "k6"].filter((key) => store.get(key) !== null);
    expect(kept).toEqual(["k0", "k1", "k4", "k5", "k6"]);
    expect([store.size, store.bytes]).toEqual([5, 5 * ENTRY]);
  });

  test("lets as many go as a large entry needs", () => {
    const store = createMemoryCacheStore({ clock: createManualClock(), maxBytes: 8 * ENTRY });
    for (let index = 0; index < 8; index++) store.set(`k${index}`, "v", 1_000);
    store.set("kl", "v".repeat(1 + ENTRY / 2), 1_000);
    expect([store.size, store.bytes]).toEqual([7, 8 * ENTRY]);
    expect([store.get("k1"), store.get("k2")]).toEqual([null, { value: "v", ageMs: 0 }]);
  });

  test("keeps no entry of more than a quarter of the store, and nothing that was there before", () => {
    const store = createMemoryCacheStore({ clock: createManualClock(), maxBytes: 4 * ENTRY });
    store.set("k0", "v", 1_000);
    store.set("k1", "v", 1_000);
    expect(store.get("k0")).not.toBeNull();
    store.set("k0", "vv", 1_000);
    expect([store.get("k0"), store.get("k1")?.value]).toEqual([null, "v"]);
    expect([store.size, store.bytes]).toEqual([1, ENTRY]);
  });

  test("never takes more bytes than it may, and counts nothing that is gone", async () => {
    const clock = createManualClock();
    const store = createMemoryCacheStore({ clock, maxBytes: 20_000 });
    for (let index = 0; index < 5_000; index++) {
      store.set(`k${(index * 7) % 300}`, "v".repeat((index * 13) % 3_000), 1 + ((index * 17) % 90));
      store.get(`k${(index * 11) % 300}`);
      expect(store.bytes).toBeLessThanOrEqual(20_000);
      await clock.advance(1);
    }
    expect(store.size).toBeGreaterThan(3);
    await clock.advance(100);
    for (let index = 0; index < 300; index++) store.get(`k${index}`);
    expect([store.size, store.bytes]).toEqual([0, 0]);
  });

  test("counts nothing after it was cleared", () => {
    const store = createMemoryCacheStore({ clock: createManualClock() });
    store.set("k0", "v", 1_000);
    store.clear();
    expect([store.size, store.bytes]).toEqual([0, 0]);
  });

  test.each([Number.NaN, -1, 0])("keeps nothing for %s ms", (keepMs) => {
    const store = createMemoryCacheStore({ clock: createManualClock() });
    store.set("k0", "v", keepMs);
    expect([store.size, store.get("k0")]).toEqual([0, null]);
  });

  test("goes by the time since the process began, whatever the wall clock does", async () => {
    const clock = createManualClock();
    const store = createMemoryCacheStore({ clock });
    store.set("k0", "v", 1_000);
    clock.stepWall(3_600_000);
    await clock.advance(10);
    expect(store.get("k0")).toEqual({ value: "v", ageMs: 10 });
  });

  test.each([0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY])("refuses to keep %s bytes", (maxBytes) => {
    expect(() => createMemoryCacheStore({ clock: createManualClock(), maxBytes })).toThrow(
      `maxBytes: received ${maxBytes}, expected an integer of 1 or more`,
    );
  });
});
