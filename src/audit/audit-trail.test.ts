import { describe, expect, it } from "vitest";
import { createPrincipal } from "../call/principal.ts";
import type { AuditSink } from "../ports/audit-sink.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import type { CallRecord } from "./audit-event.ts";
import { type AuditOptions, createAuditTrail } from "./audit-trail.ts";
import { createMemoryAuditSink } from "./memory-sink.ts";

const NOW = Date.UTC(2026, 5, 1);
const clock = createManualClock(NOW);
const principal = createPrincipal({ id: "u1", tenant: "acme", roles: ["USER"], ip: "192.0.2.7" });

const call: CallRecord = {
  callId: "call_a_1",
  parentCallId: "call_a_0",
  principal,
  tool: "orders.get",
  version: "1.2.0",
  digest: "sha256:00",
  code: null,
  entered: true,
  attempts: 1,
  answeredBy: "tool",
  effect: "none",
  durationMs: 1.234567,
  idempotencyKey: "k1",
  arguments: { id: "o_17", password: "canary" },
  details: undefined,
};

describe("createAuditTrail", () => {
  it("records a call as one event with every field", () => {
    const sink = createMemoryAuditSink();
    void createAuditTrail(sink, { clock }).recordCall(call);
    expect(sink.events).toEqual([
      {
        type: "call.succeeded",
        at: NOW,
        tenant: "acme",
        principal: "u1",
        roles: ["USER"],
        ip: "192.0.2.7",
        callId: "call_a_1",
        parentCallId: "call_a_0",
        tool: "orders.get",
        version: "1.2.0",
        digest: "sha256:00",
        code: null,
        attempts: 1,
        answeredBy: "tool",
        effect: "none",
        durationMs: 1.235,
        idempotencyKey: "k1",
        arguments: { id: "o_17", password: "[redacted]" },
        details: undefined,
      },
    ]);
  });

  it("tells a refused call from a failed one by whether the handler was entered", () => {
    const sink = createMemoryAuditSink();
    const trail = createAuditTrail(sink, { clock });
    void trail.recordCall({ ...call, code: "QUOTA_EXCEEDED", entered: false });
    void trail.recordCall({ ...call, code: "TIMEOUT", entered: true });
    expect(sink.events.map(({ type, code }) => [type, code])).toEqual([
      ["call.refused", "QUOTA_EXCEEDED"],
      ["call.failed", "TIMEOUT"],
    ]);
  });

  it("records a call without a principal in the default tenant", () => {
    const sink = createMemoryAuditSink();
    void createAuditTrail(sink, { clock }).recordCall({ ...call, principal: null });
    expect(sink.events[0]).toMatchObject({ tenant: "default", principal: null, roles: [], ip: null });
  });

  it("records an administrative act, redacted even when the arguments of calls are not kept", () => {
    const sink = createMemoryAuditSink();
    const trail = createAuditTrail({ sink, arguments: "none" }, { clock });
    const details = { roles: ["USER"], apiKey: "canary" };
    void trail.recordAct({ type: "permissions.changed", principal, tool: "a", version: null, digest: null, details });
    void trail.recordCall(call);
    expect(sink.events[0]).toMatchObject({
      type: "permissions.changed",
      effect: "applied",
      details: { roles: ["USER"], apiKey: "[redacted]" },
    });
    expect(sink.events[1]?.arguments).toBeUndefined();
  });

  it("gives the sink's promise and its failures back", async () => {
    const failure = new Error("disk full");
    const failing: AuditSink = { append: () => Promise.reject(failure), flush: async () => {}, close: async () => {} };
    await expect(createAuditTrail(failing, { clock }).recordCall(call)).rejects.toBe(failure);
  });

  it("closes a sink that cannot be flushed, and says so", async () => {
    let closed = false;
    const failure = new Error("disk full");
    const sink: AuditSink = {
      append: () => {},
      flush: () => Promise.reject(failure),
      close: async () => void (closed = true),
    };
    await expect(createAuditTrail({ sink }, { clock }).close()).rejects.toBe(failure);
    expect(closed).toBe(true);
  });

  it("flushes before it closes", async () => {
    const done: string[] = [];
    const sink: AuditSink = {
      append: () => {},
      flush: async () => void done.push("flush"),
      close: async () => void done.push("close"),
    };
    await createAuditTrail({ sink }, { clock }).close();
    expect(done).toEqual(["flush", "close"]);
  });

  it("hashes under the audit key what it is told to, in either form of the key", () => {
    const key = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
    const keep = (given: Uint8Array | string): unknown => {
      const sink = createMemoryAuditSink();
      void createAuditTrail({ sink, redact: { hmac: { keys: ["id"] } }, key: given }, { clock }).recordCall(call);
      return sink.events[0]?.arguments;
    };
    expect(keep(key)).toEqual({ id: expect.stringMatching(/^hmac-sha256:[0-9a-f]{64}$/), password: "[redacted]" });
    expect(keep(key.toString("hex"))).toEqual(keep(key));
  });

  it.each([
    [{ sink: createMemoryAuditSink(), redact: { hmac: { keys: ["id"] } } }, "audit.redact.hmac: needs the audit key"],
    [{ sink: createMemoryAuditSink(), key: "hunter2hunter2" }, "audit key: received 10 bytes"],
    [
      { sink: createMemoryAuditSink(), arguments: "redact" },
      'audit.arguments: received "redact", expected one of none, redacted, full; did you mean "redacted"?',
    ],
    [{ sink: {} }, "audit.sink: received an object, expected an AuditSink"],
    [
      { sink: createMemoryAuditSink(), argumens: "none" },
      'audit.argumens: there is no such option; did you mean "arguments"?',
    ],
    [{ sink: createMemoryAuditSink(), redact: { paths: [""] } }, "audit.redact.paths"],
    [null, "audit: received null"],
  ])("refuses options that cannot be used, case %#", (options, expected) => {
    expect(() => createAuditTrail(options as unknown as AuditOptions, { clock })).toThrow(expected);
  });
});
