import { describe, expect, test } from "vitest";
import { createPrincipal } from "../call/principal.ts";
import { createMemoryQuotaStore, createMemorySlotStore } from "../stores/memory/index.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import type { Limit } from "../tool/limit.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { createLimiter } from "./index.ts";

const alice = createPrincipal({ id: "alice" });
const tool = { name: "orders.get", limits: [], concurrency: [] } as unknown as ToolVersion;
const limit = (capacity: number, other: Partial<Limit> = {}): Limit => ({
  name: "hourly",
  per: ["principal"],
  capacity,
  windowMs: 3_600_000,
  ...other,
});

describe("setLimits", () => {
  test("holds calls to other limits from then on, and what was used stays used", async () => {
    const clock = createManualClock();
    const limiter = createLimiter({
      clock,
      store: createMemoryQuotaStore({ clock }),
      slots: createMemorySlotStore(),
      limits: [limit(5)],
      concurrency: [],
      isRole: () => true,
      versionsOf: () => [],
    });
    const remaining = async () =>
      (await limiter.remaining(limiter.compile(tool), alice)).map((state) => state.remaining);
    const before = limiter.epoch;
    await limiter.consume(limiter.compile(tool), alice, 2);
    limiter.setLimits([limit(3), limit(9, { name: "own", per: ["principal", "tool"] })]);
    expect(limiter.epoch).toBeGreaterThan(before);
    expect(limiter.names).toEqual(["hourly", "own"]);
    expect(await remaining()).toEqual([1, 9]);
    expect((await limiter.remaining(limiter.shared, alice)).map((state) => state.limit)).toEqual(["hourly"]);
    limiter.override(alice, "own", { capacity: 4 });
    expect(await remaining()).toEqual([1, 4]);
    expect(() => limiter.setLimits([limit(-1)])).toThrow(/cannot be used/);
    expect(await remaining()).toEqual([1, 4]);
    limiter.setLimits([]);
    expect(await remaining()).toEqual([]);
    expect(() => limiter.override(alice, "hourly", { capacity: 1 })).toThrow(/expected one of/);
  });

  test("checks an override without setting it", () => {
    const clock = createManualClock();
    const limiter = createLimiter({
      clock,
      store: createMemoryQuotaStore({ clock }),
      slots: createMemorySlotStore(),
      limits: [limit(5)],
      concurrency: [],
      isRole: () => true,
      versionsOf: () => [],
    });
    expect(() => limiter.checkOverride(alice, "hurly", { capacity: 1 })).toThrow(/did you mean "hourly"/);
    expect(() => limiter.checkOverride(alice, "hourly", { capacity: 0 })).toThrow(/cannot be used/);
    limiter.checkOverride(alice, "hourly", { capacity: 1 });
    expect(limiter.overrides).toEqual([]);
  });
});
