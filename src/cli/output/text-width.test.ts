import fc from "fast-check";
import { expect, test } from "vitest";
import { toTruncated, toWidth, toWrapped } from "./text-width.ts";

test("counts columns: wide letters take two, colours none, combining marks none", () => {
  expect(toWidth("abc")).toBe(3);
  expect(toWidth("東京")).toBe(4);
  expect(toWidth("👩‍💻")).toBe(2);
  expect(toWidth("e\u0301")).toBe(1);
  expect(toWidth("\u001b[31mred\u001b[39m")).toBe(3);
});

test("cuts a text and says so", () => {
  expect(toTruncated("abcdef", 6)).toBe("abcdef");
  expect(toTruncated("abcdef", 4)).toBe("abc…");
  expect(toTruncated("東京都", 4)).toBe("東…");
});

test("wraps between words and keeps line breaks", () => {
  expect(toWrapped("one two three\nfour", 7)).toEqual(["one two", "three", "four"]);
});

test("indents what follows as the line began", () => {
  expect(toWrapped("  one two three", 9)).toEqual(["  one two", "  three"]);
  expect(toWrapped("- one two three", 9)).toEqual(["- one two", "  three"]);
  expect(toWrapped("          one", 9)).toEqual(["one"]);
});

test("breaks words that are longer than a line", () => {
  expect(toWrapped("ab abcdefgh", 4)).toEqual(["ab", "abcd", "efgh"]);
});

test("no wrapped line is wider than asked, and no letter is lost", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.integer({ min: 2, max: 20 }), (raw, width) => {
      const text = raw.replace(/[\p{C}\s]/gu, " ");
      const lines = toWrapped(text, width);
      for (const line of lines) expect(toWidth(line)).toBeLessThanOrEqual(width);
      expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
    }),
  );
});
