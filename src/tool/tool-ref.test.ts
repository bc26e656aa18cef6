import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseToolRef } from "./tool-ref.ts";

describe("parseToolRef", () => {
  it.each([
    ["orders.refund", { name: "orders.refund", kind: "latest" }],
    ["orders.refund@1", { name: "orders.refund", kind: "range", range: "1" }],
    ["orders.refund@^1.2", { name: "orders.refund", kind: "range", range: "^1.2" }],
    ["orders.refund@1.4.2", { name: "orders.refund", kind: "exact", version: "1.4.2" }],
    ["orders.refund@2.0.0-beta.1", { name: "orders.refund", kind: "exact", version: "2.0.0-beta.1" }],
    ["orders.refund@stable", { name: "orders.refund", kind: "channel", channel: "stable" }],
    ["_a-b@ >=1 <3 ", { name: "_a-b", kind: "range", range: ">=1 <3" }],
  ])("reads %s", (text, ref) => {
    expect(parseToolRef(text)).toEqual({ ok: true, ref });
  });

  it.each([
    "",
    "@1",
    "a b",
    "a@",
    "1a",
    ".a",
    "a.",
    "a..b",
    "a@1@2",
    "a@Stable",
    "ä",
    "a\u200b",
    "a\n",
    "a".repeat(129),
    "a@>>1",
  ])("refuses %j and says what is accepted", (text) => {
    const parsed = parseToolRef(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.message).toContain('"orders.get@^1"');
  });

  it("refuses what is no text", () => {
    for (const value of [undefined, null, 1, {}, []]) expect(parseToolRef(value as never).ok).toBe(false);
  });

  it("answers any text without throwing, and echoes no more than 80 characters of it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
        const parsed = parseToolRef(text);
        if (!parsed.ok) expect(parsed.message.length).toBeLessThan(800);
      }),
    );
  });
});
