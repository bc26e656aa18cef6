import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuditEvent } from "../../ports/audit-sink.ts";
import { fromAuditLine, toAuditLine } from "./audit-line.ts";

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    "\n",
    "\r\n",
    "\u2028",
    "\u2029",
    "\u0085",
    "\u202e",
    "\u001b[31m",
    '"}\n{"type":"call.succeeded"',
    "\ud800",
  ),
);

const events: fc.Arbitrary<AuditEvent> = fc.record({
  type: fc.constantFrom("call.succeeded" as const, "call.refused" as const, "tool.published" as const),
  at: fc.nat(),
  tenant: text,
  principal: fc.option(text),
  roles: fc.array(text, { maxLength: 3 }),
  ip: fc.option(text),
  callId: fc.option(text),
  parentCallId: fc.constant(null),
  tool: text,
  version: fc.constant("1.0.0"),
  digest: fc.constant(null),
  code: fc.constant(null),
  attempts: fc.nat(),
  answeredBy: fc.constantFrom("tool" as const, "cache" as const, null),
  effect: fc.constant("none" as const),
  durationMs: fc.nat(),
  idempotencyKey: fc.option(text),
  arguments: fc.oneof(fc.constant(undefined), fc.dictionary(text, text)),
  details: fc.constant(undefined),
});

describe("toAuditLine", () => {
  it("writes every event as one line of printable ASCII that reads back as the event", () => {
    fc.assert(
      fc.property(events, (event) => {
        const line = toAuditLine(event);
        expect(line).toMatch(/^[ -~]+\n$/);
        // What JSON itself makes of it: a lone surrogate and a member named __proto__ survive.
        expect(JSON.stringify(fromAuditLine(line.trimEnd()))).toBe(JSON.stringify(event));
      }),
      { numRuns: 500 },
    );
  });

  it("refuses what JSON cannot hold", () => {
    const event = { type: "call.succeeded", at: 0, tool: "a", arguments: 1n } as unknown as AuditEvent;
    expect(() => toAuditLine(event)).toThrow(TypeError);
  });
});

describe("fromAuditLine", () => {
  it.each(["", "{", "[]", "null", "5", '{"type":"a","at":1}', '{"type":"a","at":"1","tool":"b"}'])(
    "finds no event on the line %j",
    (line) => {
      expect(fromAuditLine(line)).toBeNull();
    },
  );
});
