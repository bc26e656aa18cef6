import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neutralise } from "./neutral-text.ts";

const RANGES: readonly (readonly [from: number, to: number])[] = [
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  [0x61c, 0x61c],
  [0x200e, 0x200f],
  [0x2028, 0x202e],
  [0x2066, 0x2069],
  [0xe0000, 0xe007f],
];

function deceives(code: number): boolean {
  return RANGES.some(([from, to]) => code >= from && code <= to);
}

const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom("\r\n", "\r", "\n", "\t", "<U+202E>", "\u202e", "\u001b[31m", "\u{e0041}", "\udb40", "\udc41"),
    fc.string({ unit: "binary", maxLength: 1 }),
  ),
});

describe("neutralise", () => {
  it.each([
    ["plain\n\ttext ~", "plain\n\ttext ~"],
    ["Größe, 価格, 🚀, e\u0301, a\u200db", "Größe, 価格, 🚀, e\u0301, a\u200db"],
    ["\u001b[31mred", "<U+001B>[31mred"],
    ["\u009b31m", "<U+009B>31m"],
    ["a\r\nb\rc\r\r\n", "a\nb<U+000D>c<U+000D>\n"],
    ["user\u202etxt.exe", "user<U+202E>txt.exe"],
    ["a\u2028b\u0000", "a<U+2028>b<U+0000>"],
    ["hi\u{e0068}", "hi<U+E0068>"],
    ["", ""],
  ])("makes %j %j", (text, expected) => {
    expect(neutralise(text)).toBe(expected);
  });

  it("marks exactly the characters that deceive, and none beside them", () => {
    const all = [
      ...Array(0x3000).keys(),
      ...Array.from({ length: 0x300 }, (_, index) => 0xdff00 + index),
      0xfeff,
      0x10ffff,
    ];
    const toShown = (code: number): string =>
      deceives(code) ? `<U+${code.toString(16).toUpperCase().padStart(4, "0")}>` : String.fromCodePoint(code);
    expect(neutralise(all.map((code) => String.fromCodePoint(code)).join(""))).toBe(all.map(toShown).join(""));
    expect(neutralise("\ud800\udb40\udfff")).toBe("\ud800\udb40\udfff");
  });

  it("marks nothing twice", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const once = neutralise(text);
        expect(neutralise(once)).toBe(once);
        expect(Array.from(once).some((character) => deceives(character.codePointAt(0) ?? 0))).toBe(false);
      }),
    );
  });

  it("leaves everything else where it is", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const kept = Array.from(text).filter((character) => !deceives(character.codePointAt(0) ?? 0));
        expect(neutralise(text.replaceAll("<", "")).replaceAll(/<U\+[0-9A-F]{4,5}>/g, "")).toBe(
          kept.join("").replaceAll("<", ""),
        );
      }),
    );
  });
});
