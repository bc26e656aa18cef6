import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findText, foldCase, toPage } from "./text-page.ts";

const anyText = fc.string({ unit: fc.constantFrom("a", "B", "é", "🚀", "\ud83d", "\ude80", "İ", "Σ", "ς", "\n") });

describe("toPage", () => {
  it("gives pages that are the whole text, whatever their size, and splits no character", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 5 }), (text, limit) => {
        let read = "";
        for (let cursor: number | null = 0; cursor !== null;) {
          const page = toPage(text, cursor, limit);
          expect(page).toMatchObject({ cursor, total: text.length });
          expect(page.text.length).toBeLessThanOrEqual(Math.max(limit, 2));
          // Of text without lone halves, no page has one.
          if (text.isWellFormed()) expect(page.text.isWellFormed()).toBe(true);
          read += page.text;
          if (page.next !== null) expect(page.next).toBeGreaterThan(cursor);
          cursor = page.next;
        }
        expect(read).toBe(text);
      }),
    );
  });

  it("begins a unit earlier when the cursor stands within a character", () => {
    expect(toPage("a🚀b", 2, 1)).toEqual({ cursor: 1, next: 3, total: 4, text: "🚀" });
  });

  it("is empty behind the end", () => {
    expect(toPage("abc", 3, 10)).toEqual({ cursor: 3, next: null, total: 3, text: "" });
    expect(toPage("abc", 1e300, 10)).toEqual({ cursor: 3, next: null, total: 3, text: "" });
    expect(toPage("", 0, 10)).toEqual({ cursor: 0, next: null, total: 0, text: "" });
  });
});

describe("findText", () => {
  it("finds whatever the case, with what stands around it", () => {
    expect(findText("an Error, no error", "ERROR", 0)).toEqual({
      matches: [
        { cursor: 3, excerpt: "an Error, no error" },
        { cursor: 13, excerpt: "an Error, no error" },
      ],
      next: null,
      total: 18,
    });
    const [match] = findText(`${"x".repeat(200)}needle${"y".repeat(200)}`, "Needle", 0).matches;
    expect(match).toEqual({ cursor: 200, excerpt: `${"x".repeat(80)}needle${"y".repeat(80)}` });
    expect(findText("ΟΔΟΣ οδος", "οδοσ", 0).matches.map(({ cursor }) => cursor)).toEqual([0, 5]);
    expect(findText("İİ needle", "needle", 0).matches[0]?.cursor).toBe(3);
    expect(findText("a.c abc", "a.c", 0).matches).toHaveLength(1);
  });

  it("answers with 20 at a time and goes on from the cursor, each match once", () => {
    const text = "ab ".repeat(45);
    const found: number[] = [];
    for (let cursor: number | null = 0; cursor !== null;) {
      const { matches, next } = findText(text, "AB", cursor);
      expect(matches.length).toBeLessThanOrEqual(20);
      found.push(...matches.map((match) => match.cursor));
      cursor = next;
    }
    expect(found).toEqual(Array.from({ length: 45 }, (_, index) => index * 3));
    expect(findText("ab ".repeat(20), "ab", 0).next).toBeNull();
  });

  it("splits no character at the ends of an excerpt", () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(3), (before, after) => {
        const text = `${"🚀".repeat(60)}${"a".repeat(before)}!${"b".repeat(after)}${"🚀".repeat(60)}`;
        const [match] = findText(text, "!", 0).matches;
        expect(match?.excerpt.isWellFormed()).toBe(true);
      }),
    );
  });

  it("takes no longer than the text, whatever is searched", () => {
    // Compared place by place this would be 10^9 steps.
    expect(findText("a".repeat(4_000_000), `${"a".repeat(255)}b`, 0).matches).toEqual([]);
  });
});

it("foldCase keeps every character as long as it was", () => {
  const changed: string[] = [];
  for (let code = 0; code <= 0x10ffff; code++) {
    const character = String.fromCodePoint(code);
    if (foldCase(character).length !== character.length) changed.push(character);
  }
  expect(changed).toEqual([]);
});
