import { expect, test } from "vitest";
import type { AuditEvent } from "../index.ts";
import { readTrailUsage } from "./audit-usage.ts";

const event = (overrides: Partial<AuditEvent>): AuditEvent => ({
  type: "call.succeeded",
  at: 1_000,
  tenant: "default",
  principal: "ulla",
  roles: ["USER"],
  ip: null,
  callId: "c",
  parentCallId: null,
  tool: "calculator",
  version: "1.0.0",
  digest: null,
  code: null,
  attempts: 1,
  answeredBy: "tool",
  effect: "applied",
  durationMs: 10,
  idempotencyKey: null,
  arguments: undefined,
  details: undefined,
  ...overrides,
});

async function* from(events: readonly AuditEvent[]): AsyncGenerator<AuditEvent> {
  yield* events;
}

test("counts successes, failures and refusals apart, and refusals not in the latencies", async () => {
  const { tools, calls } = await readTrailUsage(
    from([
      event({ durationMs: 10 }),
      event({ durationMs: 20 }),
      event({ type: "call.failed", code: "TIMEOUT", durationMs: 90 }),
      event({ type: "call.refused", code: "QUOTA_EXCEEDED", durationMs: 0.01 }),
    ]),
    0,
    2_000,
  );
  expect(calls).toBe(4);
  expect(tools).toEqual([
    expect.objectContaining({
      tool: "calculator",
      calls: 4,
      succeeded: 2,
      failed: 1,
      refused: 1,
      successRate: 0.5,
      errorRate: 0.5,
      averageMs: 40,
      maxMs: 90,
      errors: expect.objectContaining({ TIMEOUT: 1, QUOTA_EXCEEDED: 1 }) as object,
    }),
  ]);
  expect(tools[0]?.p95Ms).toBeCloseTo(90, 0);
});

test("leaves out what is no call, and what lies outside of the time asked for", async () => {
  const { calls } = await readTrailUsage(
    from([event({ at: 1 }), event({ at: 5 }), event({ at: 9 }), event({ at: 5, type: "tool.published" })]),
    2,
    8,
  );
  expect(calls).toBe(1);
});

test("has one row for all names that do not exist, and rows by name", async () => {
  const { tools } = await readTrailUsage(
    from([
      event({ tool: "b" }),
      event({ tool: "a" }),
      event({ tool: "x1", type: "call.refused", code: "UNKNOWN_TOOL" }),
      event({ tool: "x2", type: "call.refused", code: "UNKNOWN_TOOL" }),
    ]),
    0,
    2_000,
  );
  expect(tools.map(({ tool, calls }) => [tool, calls])).toEqual([
    ["(unknown)", 2],
    ["a", 1],
    ["b", 1],
  ]);
  expect(tools[0]?.averageMs).toBeNull();
});

test("takes a tool called constructor for a tool", async () => {
  const { tools } = await readTrailUsage(from([event({ tool: "constructor", code: null })]), 0, 2_000);
  expect(tools[0]?.calls).toBe(1);
});
