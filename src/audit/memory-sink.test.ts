import { describe, expect, it } from "vitest";
import type { AuditEvent } from "../ports/audit-sink.ts";
import { createMemoryAuditSink } from "./memory-sink.ts";

const event = (callId: string): AuditEvent => ({
  type: "call.succeeded",
  at: 0,
  tenant: "default",
  principal: null,
  roles: [],
  ip: null,
  callId,
  parentCallId: null,
  tool: "a",
  version: null,
  digest: null,
  code: null,
  attempts: 1,
  answeredBy: "tool",
  effect: "none",
  durationMs: 0,
  idempotencyKey: null,
  arguments: undefined,
  details: undefined,
});

describe("createMemoryAuditSink", () => {
  it("keeps the last events, oldest first, and counts what it dropped", () => {
    const sink = createMemoryAuditSink({ maxEvents: 3 });
    for (const id of ["a", "b", "c", "d", "e"]) sink.append(event(id));
    expect(sink.events.map(({ callId }) => callId)).toEqual(["c", "d", "e"]);
    expect(sink.dropped).toBe(2);
    sink.append(event("f"));
    expect(sink.events.map(({ callId }) => callId)).toEqual(["d", "e", "f"]);
  });

  it("keeps what it holds when it is flushed and closed", async () => {
    const sink = createMemoryAuditSink();
    sink.append(event("a"));
    await sink.flush();
    await sink.close();
    expect(sink.events).toHaveLength(1);
  });

  it.each([0, -1, 1.5, 1_000_001, Number.NaN])("refuses maxEvents %j", (maxEvents) => {
    expect(() => createMemoryAuditSink({ maxEvents })).toThrow("expected an integer from 1 to 1000000");
  });
});
