// Usage that is kept loses no call: the hours of the store are its minutes, and those are the calls, whatever the store does meanwhile.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { UsageRow, UsageStore } from "../ports/usage-store.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { fromBucket, readBucketPercentile, toBucket } from "./duration-buckets.ts";
import { createUsageKeeper } from "./usage-keeper.ts";
import type { RolledCall } from "./usage-rollup.ts";
import { addUsage, toHourRow } from "./usage-sum.ts";

const toKey = ({ start, tool, version, tenant, principal }: UsageRow): string =>
  [start, tool, version, tenant, principal].join("|");

/** A store in two maps. */
function createUsageInMemory() {
  const minutes = new Map<string, UsageRow>();
  const hours = new Map<string, UsageRow>();
  let fails = false;
  const addTo = (rows: Map<string, UsageRow>, row: UsageRow): void => {
    const known = rows.get(toKey(row));
    rows.set(toKey(row), known === undefined ? row : addUsage(known, row));
  };
  const store: UsageStore = {
    async add(rows) {
      if (fails) throw new Error("the store is away");
      for (const row of rows) {
        addTo(minutes, row);
        addTo(hours, toHourRow(row));
      }
    },
    read: () => [],
    prune: () => 0,
  };
  return {
    store,
    minutes,
    hours,
    fail(value: boolean) {
      fails = value;
    },
  };
}

const call = fc.record({
  tool: fc.constantFrom("a", "b"),
  version: fc.constantFrom("1.0.0", "2.0.0"),
  principal: fc.option(fc.record({ id: fc.constantFrom("u", "v"), tenant: fc.constantFrom("t", "s") })),
  durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
  code: fc.constantFrom(null, "TOOL_FAILED", "TIMEOUT"),
  entered: fc.boolean(),
  marks: fc.constantFrom<RolledCall["marks"]>([], [["cached", 1]], [["retries", 2]]),
});
const step = fc.oneof(
  { weight: 6, arbitrary: call.map((given) => ({ do: "call" as const, given })) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 200_000 }).map((ms) => ({ do: "wait" as const, ms })) },
  { weight: 1, arbitrary: fc.boolean().map((fails) => ({ do: "store" as const, fails })) },
  { weight: 1, arbitrary: fc.constant({ do: "restart" as const }) },
);

const sum = (rows: Iterable<UsageRow>, field: "succeeded" | "failed" | "refused" | "measured"): number =>
  [...rows].reduce((total, row) => total + row[field], 0);

describe("createUsageKeeper", () => {
  it("keeps every call once, over restarts and a store that is away now and then", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = createManualClock();
        const kept = createUsageInMemory();
        const open = () => createUsageKeeper({ store: kept.store, clock, report: () => {} });
        let keeper = open();
        const calls: RolledCall[] = [];
        for (const one of steps) {
          if (one.do === "call") {
            calls.push(one.given);
            keeper.record(one.given);
          } else if (one.do === "wait") await clock.advance(one.ms);
          else if (one.do === "store") kept.fail(one.fails);
          else {
            kept.fail(false);
            await keeper.close();
            keeper = open();
          }
        }
        kept.fail(false);
        await keeper.close();
        for (const rows of [kept.minutes.values(), kept.hours.values()].map((values) => [...values])) {
          expect(sum(rows, "succeeded")).toBe(calls.filter(({ code }) => code === null).length);
          expect(sum(rows, "failed")).toBe(calls.filter(({ code, entered }) => code !== null && entered).length);
          expect(sum(rows, "refused")).toBe(calls.filter(({ code, entered }) => code !== null && !entered).length);
          expect(sum(rows, "measured")).toBe(calls.filter(({ entered }) => entered).length);
        }
        const minutes = [...kept.minutes.values()];
        for (const hour of kept.hours.values()) {
          const own = minutes.filter((row) => toKey(toHourRow(row)) === toKey(hour));
          expect(sum(own, "measured")).toBe(hour.measured);
          expect(Math.max(...own.map(({ maxMs }) => maxMs))).toBe(hour.maxMs);
        }
      }),
    );
  });

  it("writes once a minute while there is something, and leaves no timer when there is not", async () => {
    const clock = createManualClock();
    const kept = createUsageInMemory();
    const keeper = createUsageKeeper({ store: kept.store, clock, report: () => {} });
    const given: RolledCall = {
      tool: "a",
      version: "1.0.0",
      principal: null,
      durationMs: 1,
      code: null,
      entered: true,
      marks: [],
    };
    keeper.record(given);
    expect(kept.minutes.size).toBe(0);
    await clock.advance(121_000);
    expect([...kept.minutes.values()].map(({ succeeded, principal }) => [succeeded, principal])).toEqual([[1, ""]]);
    await keeper.close();
    expect(kept.minutes.size).toBe(1);
  });

  it("gives principals beyond its bound one row, and loses none of their calls", async () => {
    const clock = createManualClock();
    const kept = createUsageInMemory();
    const keeper = createUsageKeeper({ store: kept.store, clock, report: () => {} });
    for (let index = 0; index < 2_500; index++)
      keeper.record({
        tool: "a",
        version: "1.0.0",
        principal: { id: `u${index}` },
        durationMs: 1,
        code: null,
        entered: true,
        marks: [],
      });
    await keeper.close();
    expect(kept.minutes.size).toBe(2_001);
    expect(sum(kept.minutes.values(), "succeeded")).toBe(2_500);
  });
});

describe("duration buckets", () => {
  it("stand for what is in them within 2.5 %", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 1e9, noNaN: true }), (ms) => {
        const told = fromBucket(toBucket(ms));
        expect(Math.abs(told - ms) / ms).toBeLessThanOrEqual(0.0251);
      }),
    );
  });

  it("tell percentiles", () => {
    const buckets: Record<string, number> = {};
    for (let ms = 1; ms <= 100; ms++) buckets[toBucket(ms)] = (buckets[toBucket(ms)] ?? 0) + 1;
    for (const percent of [50, 95, 99]) {
      const told = readBucketPercentile(buckets, percent) ?? 0;
      expect(Math.abs(told - percent) / percent).toBeLessThan(0.05);
    }
    expect(readBucketPercentile({}, 50)).toBeNull();
  });
});
