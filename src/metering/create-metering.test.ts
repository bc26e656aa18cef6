import { describe, expect, it } from "vitest";
import { ToolError } from "../errors/tool-error.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createMetering } from "./create-metering.ts";
import type { Meter, MeteringCore, MeteringOptions } from "./metering.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);

function open(options: MeteringOptions = {}): { metering: MeteringCore; clock: ReturnType<typeof createManualClock> } {
  const clock = createManualClock(START);
  return { metering: createMetering(options, { clock }), clock };
}

function record(meter: Meter, count: number, durationMs = 10, code: string | null = null, entered = true): void {
  for (let index = 0; index < count; index++) meter.record(durationMs, code, entered, null);
}

describe("usage", () => {
  it("counts calls, rates, latencies and errors by code", () => {
    const { metering } = open();
    const meter = metering.meter("calculator", "1.0.0");
    for (let index = 0; index < 145; index++) meter.record(index < 140 ? 40 : 120, null, true, null);
    record(meter, 3, 50, "TIMEOUT");
    record(meter, 2, 0.01, "QUOTA_EXCEEDED", false);
    const usage = metering.usage("calculator");
    expect(usage).toMatchObject({
      tool: "calculator",
      version: null,
      calls: 150,
      succeeded: 145,
      failed: 3,
      refused: 2,
      successRate: 145 / 150,
      errorRate: 5 / 150,
      averageMs: (140 * 40 + 5 * 120 + 3 * 50) / 148,
      maxMs: 120,
      errors: { TIMEOUT: 3, QUOTA_EXCEEDED: 2 },
    });
    expect(usage.p50Ms).toBeCloseTo(40, 0);
    expect(usage.p99Ms).toBe(120);
    expect(usage.byPrincipal).toBeUndefined();
  });

  it("leaves refused calls out of the latencies and in the error rate", () => {
    const { metering } = open();
    const meter = metering.meter("slow", "1.0.0");
    record(meter, 1, 1_000);
    record(meter, 99, 0.01, "QUOTA_EXCEEDED", false);
    expect(metering.usage("slow")).toMatchObject({ averageMs: 1_000, p50Ms: 1_000, errorRate: 0.99, refused: 99 });
  });

  it("has no latencies where no handler was entered, and only zeros for a tool that was never called", () => {
    const { metering } = open();
    record(metering.meter("shut", "1.0.0"), 2, 1, "FORBIDDEN", false);
    const none = { averageMs: null, p50Ms: null, p95Ms: null, p99Ms: null, maxMs: null };
    expect(metering.usage("shut")).toMatchObject({ calls: 2, refused: 2, successRate: 0, errorRate: 1, ...none });
    expect(metering.usage("never")).toMatchObject({ calls: 0, successRate: 0, errorRate: 0, errors: {}, ...none });
    expect(metering.usage().map(({ tool }) => tool)).toEqual(["shut"]);
  });

  it("tells versions, ranges of versions and all of them apart", () => {
    const { metering } = open();
    for (const [version, count] of [
      ["1.0.0", 1],
      ["1.4.0", 2],
      ["2.0.0-rc.1", 4],
      ["2.0.0", 8],
    ] as const) {
      record(metering.meter("orders.get", version), count);
    }
    const callsOf = (ref: string): number => metering.usage(ref).calls;
    expect([
      callsOf("orders.get"),
      callsOf("orders.get@1.4.0"),
      callsOf("orders.get@^1"),
      callsOf("orders.get@^2"),
    ]).toEqual([15, 2, 3, 12]);
    expect(metering.usage("orders.get@1.4.0").version).toBe("1.4.0");
    expect(metering.usage()).toHaveLength(1);
  });

  it("keeps the latencies of tools apart", () => {
    const { metering } = open();
    record(metering.meter("a", "1.0.0"), 5, 1_000);
    record(metering.meter("b", "1.0.0"), 1, 10);
    expect(metering.usage().map(({ p50Ms, p99Ms }) => [p50Ms, p99Ms])).toEqual([
      [1_000, 1_000],
      [10, 10],
    ]);
  });

  it("counts a tool that was dropped for want of room in a row of its own again", () => {
    const metering = createMetering({}, { clock: createManualClock(START), bounds: { series: 1, bytes: 1e9 } });
    const [a, b] = [metering.meter("a", "1.0.0"), metering.meter("b", "1.0.0")];
    record(a, 1);
    record(b, 2);
    record(a, 4);
    expect(metering.usage().map(({ tool, calls }) => [tool, calls])).toEqual([
      ["(other)", 3],
      ["a", 4],
    ]);
  });

  it.each(["", "no such name", "orders.get@stable"])("refuses the reference %j", (ref) => {
    expect(() => open().metering.usage(ref)).toThrow("usage: ");
  });

  it("counts calls of what does not exist in one row, whatever the names", () => {
    const { metering } = open();
    record(metering.unknown, 3, 0.1, "UNKNOWN_TOOL", false);
    expect(metering.usage("(unknown)")).toMatchObject({ calls: 3, errors: { UNKNOWN_TOOL: 3 } });
    expect(metering.usage().map(({ tool }) => tool)).toEqual(["(unknown)"]);
  });

  it("keeps codes that are names of Object's own properties", () => {
    const { metering } = open();
    record(metering.meter("a", "1.0.0"), 1, 1, "constructor");
    const { errors } = metering.usage("a");
    expect(Object.entries(errors)).toEqual([["constructor", 1]]);
    expect(errors["toString"]).toBeUndefined();
    expect(JSON.parse(JSON.stringify(errors))).toEqual({ constructor: 1 });
  });

  it("counts durations that cannot be as zero", () => {
    const { metering } = open();
    const meter = metering.meter("a", "1.0.0");
    for (const duration of [Number.NaN, -5, 0]) record(meter, 1, duration);
    expect(metering.usage("a")).toMatchObject({ calls: 3, averageMs: 0, maxMs: 0 });
    record(meter, 1, Number.POSITIVE_INFINITY);
    expect(metering.usage("a").maxMs).toBe(1e9);
  });
});

describe("retention", () => {
  it("counts to the minute within the hour and to the hour before, for 24 hours", async () => {
    const { metering, clock } = open();
    const meter = metering.meter("a", "1.0.0");
    await clock.advance(30 * MINUTE);
    record(meter, 1);
    await clock.advance(HOUR);
    record(meter, 2);
    await clock.advance(22.5 * HOUR);
    expect(metering.usage("a")).toMatchObject({ calls: 3, since: START, until: START + 24 * HOUR });
    // Minute 30 is past the retention at 24:30; its cell ends at minute 31.
    await clock.advance(31 * MINUTE);
    expect(metering.usage("a").calls).toBe(2);
    await clock.advance(HOUR);
    expect(metering.usage("a").calls).toBe(0);
    record(meter, 5);
    expect(metering.usage("a").calls).toBe(5);
  });

  it("reaches back at most an hour more than the retention, and says since when", async () => {
    const { metering, clock } = open();
    const meter = metering.meter("a", "1.0.0");
    record(meter, 1);
    await clock.advance(59 * MINUTE);
    record(meter, 1);
    // A busy tool: its old minutes become hours when a new minute begins.
    for (let hour = 0; hour < 24; hour++) {
      await clock.advance(HOUR);
      record(meter, 1);
    }
    await clock.advance(30_000);
    const { calls, since, until } = metering.usage("a");
    expect(calls).toBe(26);
    expect(until - since).toBe(24 * HOUR + 59 * MINUTE + 30_000);
    await clock.advance(MINUTE);
    expect(metering.usage("a").calls).toBe(24);
  });

  it("does not care about steps of the wall clock, except in the times it shows", async () => {
    const { metering, clock } = open({ retentionMs: HOUR });
    const meter = metering.meter("a", "1.0.0");
    record(meter, 1);
    clock.stepWall(30 * 24 * HOUR);
    expect(metering.usage("a")).toMatchObject({ calls: 1, until: START + 30 * 24 * HOUR });
    clock.stepWall(-60 * 24 * HOUR);
    await clock.advance(59 * MINUTE);
    record(meter, 1);
    expect(metering.usage("a").calls).toBe(2);
    await clock.advance(2 * MINUTE);
    expect(metering.usage("a").calls).toBe(1);
  });

  it("takes a retention of a minute and of 30 days", async () => {
    const short = open({ retentionMs: MINUTE });
    const long = open({ retentionMs: 30 * 24 * HOUR });
    for (const { metering, clock } of [short, long]) {
      record(metering.meter("a", "1.0.0"), 1);
      await clock.advance(2 * MINUTE);
    }
    expect([short.metering.usage("a").calls, long.metering.usage("a").calls]).toEqual([0, 1]);
    await long.clock.advance(30 * 24 * HOUR - 2 * MINUTE);
    expect(long.metering.usage("a").calls).toBe(1);
    await long.clock.advance(MINUTE);
    expect(long.metering.usage("a").calls).toBe(0);
  });

  it.each([
    [{ retentionMs: 59_999 }, "the nearest is 60000"],
    [{ retentionMs: 2_592_000_001 }, "the nearest is 2592000000"],
    [{ byPrincipal: "yes" }, 'received "yes", expected true or false'],
    [{ retention: HOUR }, 'did you mean "retentionMs"?'],
    [null, "expected an object of options"],
  ])("refuses the options %j", (options, expected) => {
    expect(() => open(options as unknown as MeteringOptions)).toThrow(expected);
  });
});

describe("by principal", () => {
  it("counts per principal when it was asked for, and tracked work too", async () => {
    const { metering } = open({ byPrincipal: true });
    const meter = metering.meter("a", "1.0.0");
    const other = metering.meter("a", "2.0.0");
    meter.record(1, null, true, { id: "u1", tenant: "acme" });
    other.record(1, "TIMEOUT", true, { id: "u1", tenant: "acme" });
    meter.record(1, null, true, { id: "u2" });
    meter.record(1, null, true, null);
    await metering.track("own.work", { principal: { id: "u2" } }, () => 1);
    expect(metering.usage("a").byPrincipal).toEqual([
      { tenant: "acme", principal: "u1", calls: 2, succeeded: 1, failed: 1, refused: 0 },
      { tenant: "default", principal: "u2", calls: 1, succeeded: 1, failed: 0, refused: 0 },
    ]);
    expect(metering.usage("a@1.0.0").byPrincipal).toHaveLength(2);
    expect(metering.report().work[0]?.byPrincipal).toMatchObject([{ principal: "u2", calls: 1 }]);
  });
});

describe("track", () => {
  it("returns the result, rethrows the error, and counts both with their time", async () => {
    const { metering, clock } = open();
    const work = async (): Promise<string> => {
      await clock.advance(20);
      return "done";
    };
    expect(await metering.track("own.work", work)).toBe("done");
    const failure = new Error("no");
    await expect(metering.track("own.work", () => Promise.reject(failure))).rejects.toBe(failure);
    await expect(
      metering.track("own.work", {}, () => {
        throw new ToolError("NO", "no");
      }),
    ).rejects.toThrow("no");
    expect(metering.report().work).toMatchObject([
      { tool: "own.work", calls: 3, succeeded: 1, failed: 2, maxMs: 20, errors: { TOOL_FAILED: 1, TOOL_ERROR: 1 } },
    ]);
    expect(metering.usage()).toEqual([]);
  });

  it("does not count what began before a reset", async () => {
    const { metering } = open();
    const gate = Promise.withResolvers<void>();
    const tracked = metering.track("own.work", () => gate.promise);
    metering.reset();
    gate.resolve();
    await tracked;
    expect(metering.report().work).toEqual([]);
  });

  it("does not run the work under a name it refuses", async () => {
    let ran = false;
    await expect(open().metering.track("Own Work", () => (ran = true))).rejects.toThrow('such as "own_work"');
    expect(ran).toBe(false);
  });
});

describe("custom metrics", () => {
  it("adds counters up and gives the percentiles of observations", () => {
    const { metering } = open();
    metering.count("orders.placed");
    metering.count("orders.placed", 2.5);
    for (let value = 1; value <= 100; value++) metering.observe("basket.size", value * 1_000);
    expect(metering.custom("orders.placed")).toMatchObject({ kind: "count", total: 3.5 });
    const sizes = metering.custom("basket.size");
    expect(sizes).toMatchObject({ kind: "observation", count: 100, average: 50_500, max: 100_000 });
    expect((sizes as { p95: number }).p95 / 95_000).toBeCloseTo(1, 2);
    expect(metering.custom("never")).toBeUndefined();
    expect(metering.report().custom.map(({ name }) => name)).toEqual(["basket.size", "orders.placed"]);
  });

  it("forgets custom metrics past the retention", async () => {
    const { metering, clock } = open({ retentionMs: MINUTE });
    metering.count("a", 5);
    metering.observe("b", 5);
    await clock.advance(3 * MINUTE);
    expect(metering.custom("a")).toMatchObject({ total: 0 });
    expect(metering.custom("b")).toMatchObject({ count: 0, average: null, p95: null, max: null });
  });

  it.each([
    ["count", "a", -1],
    ["count", "a", Number.NaN],
    ["observe", "a", Number.POSITIVE_INFINITY],
    ["observe", "a", 1e9 + 1],
    ["observe", "A", 1],
    ["count", "1a", 1],
    ["count", "a-b", 1],
    ["count", "", 1],
    ["observe", "a".repeat(129), 1],
  ] as const)("refuses %s(%j, %d)", (method, name, value) => {
    expect(() => open().metering[method](name, value)).toThrow("metric");
  });

  it("refuses a name for a second kind of metric, and the 1,001st name", async () => {
    const { metering } = open();
    metering.count("a");
    expect(() => metering.observe("a", 1)).toThrow("it is a counter and cannot be a distribution as well");
    await expect(metering.track("a", () => 1)).rejects.toThrow("cannot be tracked work as well");
    for (let index = 1; index < 1_000; index++) metering.count(`n${index}`);
    expect(() => metering.count("one.more")).toThrow("there are 1000 names already");
    metering.reset();
    metering.count("one.more");
    expect(metering.custom("one.more")).toMatchObject({ total: 1 });
  });
});

describe("report", () => {
  it("has everything, by name, and is plain JSON data", async () => {
    const { metering, clock } = open();
    await clock.advance(1_000);
    for (const name of ["b", "a"]) record(metering.meter(name, "1.0.0"), 1);
    metering.count("c");
    const report = metering.report();
    expect(report.tools.map(({ tool }) => tool)).toEqual(["a", "b"]);
    expect(report).toMatchObject({ since: START, until: START + 1_000 });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it("starts anew after a reset, for meters that were made before it too", async () => {
    const { metering, clock } = open({ byPrincipal: true });
    const meter = metering.meter("a", "1.0.0");
    meter.record(1, null, true, { id: "u1" });
    record(metering.unknown, 1);
    metering.count("c");
    await clock.advance(5_000);
    metering.reset();
    expect(metering.report()).toEqual({ tools: [], work: [], custom: [], since: START + 5_000, until: START + 5_000 });
    record(meter, 2);
    record(metering.unknown, 3);
    expect(metering.usage("a")).toMatchObject({ calls: 2, byPrincipal: [] });
    expect(metering.usage("(unknown)").calls).toBe(3);
  });

  it("is empty when metering is off, and work still runs", async () => {
    const { metering } = open({ enabled: false });
    record(metering.meter("a", "1.0.0"), 1);
    record(metering.unknown, 1);
    metering.count("c");
    metering.observe("d", 1);
    expect(await metering.track("w", () => 7)).toBe(7);
    expect(metering.report()).toMatchObject({ tools: [], work: [{ calls: 0 }], custom: [{ total: 0 }, { count: 0 }] });
    expect(() => metering.count("Not a name")).toThrow("metric name");
  });
});
