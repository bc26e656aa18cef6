import { expect, test } from "vitest";
import { toSafeJsonText, toSafeLine, toSafeText } from "./safe-text.ts";

test("makes escape sequences visible instead of sending them", () => {
  expect(toSafeText("\u001b[2Jgone\u0007")).toBe("␛[2Jgone␇");
  expect(toSafeText("\u009b2J\u007f")).toBe("\\u{9b}2J␡");
});

test("makes bidirectional overrides and invisible characters visible", () => {
  expect(toSafeText("a\u202Eb\u2066c\u200Bd")).toBe("a\\u{202e}b\\u{2066}c\\u{200b}d");
  expect(toSafeText("a\u{E0041}")).toBe("a\\u{e0041}");
});

test("keeps line breaks, accents, emoji and what joins them", () => {
  const text = "é\n한국어 👩‍💻 नमस्ते";
  expect(toSafeText(text)).toBe(text);
});

test("puts a text on one line", () => {
  expect(toSafeLine("  a\n\tb \r\n c\u001b ")).toBe("a b c␛");
});

test("escapes in JSON without changing what it means", () => {
  const value = { text: "\u001b[1m\u009b\u202e\u{E0041}\n ok" };
  const text = toSafeJsonText(JSON.stringify(value, null, 2));
  expect(text).not.toMatch(/[\u0080-\u009f\u202e\u{E0041}]/u);
  expect(JSON.parse(text)).toEqual(value);
});
