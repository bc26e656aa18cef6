import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutToBytes, isWithinBytes } from "./bounded-text.ts";

const anyText = fc.string({ unit: fc.oneof(fc.constantFrom("a", "é", "価", "🚀", "\ud83d", "\ude80"), fc.string()) });

describe("cutToBytes", () => {
  it.each([
    ["abc", 3, "abc"],
    ["abc", 2, "ab"],
    ["éé", 3, "é"],
    ["価", 2, ""],
    ["a🚀b", 4, "a"],
    ["a🚀b", 5, "a🚀"],
    ["a\ud83d", 3, "a"],
    ["a\ud83d", 4, "a\ud83d"],
    ["abc", 0, ""],
    ["abc", -1, ""],
    ["", 0, ""],
  ])("cuts %j to %i bytes: %j", (text, maxBytes, expected) => {
    expect(cutToBytes(text, maxBytes)).toBe(expected);
  });

  it("gives the longest beginning that fits and splits no character", () => {
    fc.assert(
      fc.property(anyText, fc.nat(40), (text, maxBytes) => {
        let expected = "";
        for (const character of text) {
          if (Buffer.byteLength(expected + character) > maxBytes) break;
          expected += character;
        }
        expect(cutToBytes(text, maxBytes)).toBe(expected);
      }),
    );
  });
});

it("isWithinBytes counts bytes of UTF-8", () => {
  fc.assert(
    fc.property(anyText, fc.nat(40), (text, maxBytes) => {
      expect(isWithinBytes(text, maxBytes)).toBe(Buffer.byteLength(text) <= maxBytes);
    }),
  );
});
