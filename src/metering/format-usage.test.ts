import { describe, expect, it } from "vitest";
import { createManualClock } from "../testing/manual-clock.ts";
import { createMetering } from "./create-metering.ts";
import { formatUsage } from "./format-usage.ts";
import type { ToolUsage } from "./usage.ts";

const usage: ToolUsage = {
  tool: "calculator",
  version: null,
  calls: 150,
  succeeded: 145,
  failed: 3,
  refused: 2,
  successRate: 145 / 150,
  errorRate: 5 / 150,
  averageMs: 45.2,
  p50Ms: 40,
  p95Ms: 119.7,
  p99Ms: 130,
  maxMs: 131,
  errors: { TIMEOUT: 3, QUOTA_EXCEEDED: 2 },
  retries: 0,
  cached: 0,
  degraded: 0,
  replayed: 0,
  shadowed: 0,
  shadowDiffers: 0,
  breaker: null,
  since: 0,
  until: 1,
};

const latency = (averageMs: number | null): string | undefined =>
  /Avg latency: (.*)/.exec(formatUsage({ ...usage, averageMs }))?.[1];

describe("formatUsage", () => {
  it("has exactly the form of the original specification", () => {
    expect(formatUsage(usage)).toBe(
      "Tool: calculator\nTotal calls: 150\nSuccess rate: 96.67%\nAvg latency: 45ms\nP95 latency: 120ms\nError rate: 3.33%",
    );
  });

  it("names the version of a row of one version", () => {
    expect(formatUsage({ ...usage, version: "1.2.0" })).toContain("Tool: calculator@1.2.0\n");
  });

  it.each([
    [null, "n/a"],
    [0, "0ms"],
    [0.0042, "0.0042ms"],
    [0.4249, "0.42ms"],
    [0.9999, "1ms"],
    [1.25, "1.3ms"],
    [9.99, "10ms"],
    [45.4, "45ms"],
    [12_345.6, "12346ms"],
  ])("writes a latency of %d ms as %s", (ms, expected) => {
    expect(latency(ms)).toBe(expected);
  });
});

describe("format", () => {
  it("writes the whole report", async () => {
    const clock = createManualClock();
    const metering = createMetering({}, { clock });
    expect(metering.format()).toBe("No calls yet.");
    metering.meter("a", "1.0.0").record(2, null, true, null);
    await metering.track("own.work", () => clock.advance(30));
    metering.count("orders.placed", 3);
    metering.observe("basket.size", 4);
    expect(metering.format()).toBe(
      [
        "Tool: a\nTotal calls: 1\nSuccess rate: 100.00%\nAvg latency: 2ms\nP95 latency: 2ms\nError rate: 0.00%",
        "Work: own.work\nTotal calls: 1\nSuccess rate: 100.00%\nAvg latency: 30ms\nP95 latency: 30ms\nError rate: 0.00%",
        "Custom metrics\nbasket.size: 1 values, avg 4, P95 4, max 4\norders.placed: 3",
      ].join("\n\n"),
    );
  });
});
