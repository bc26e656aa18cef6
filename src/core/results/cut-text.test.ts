import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutWithMark, toLostMark, toPageMark, toReadOnMark } from "./cut-text.ts";

const MARKS = [toReadOnMark("toolyard.read_result", `res_${"x".repeat(22)}`), toLostMark, toPageMark];

describe("cutWithMark", () => {
  it("says how much is shown and how to read on", () => {
    const text = "a".repeat(1_074_488);
    const shown = cutWithMark(text, 262_144, toReadOnMark("toolyard.read_result", "res_1"));
    expect(shown).toMatch(
      /^a+\n\[truncated: 262,0\d\d of 1,074,488 bytes shown\. Read on with toolyard\.read_result \{"id":"res_1","cursor":262\d{3}\}\]$/,
    );
    expect(cutWithMark(text, 1_024, toLostMark)).toMatch(
      /\n\[truncated: \d+ of 1,074,488 bytes shown\. The rest was not kept; ask for less at a time\.\]$/,
    );
    expect(cutWithMark(text, 1_024, toPageMark)).toMatch(/ bytes shown\. Ask again with a smaller "limit"\.\]$/);
  });

  it("keeps within the limit and shows nearly as much as fits", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4_000 }),
        fc.constantFrom("a", "é", "価", "🚀", "\ud83d"),
        fc.constantFrom(...MARKS),
        (maxBytes, character, toMark) => {
          const shown = cutWithMark(character.repeat(4_000), maxBytes, toMark);
          expect(Buffer.byteLength(shown)).toBeLessThanOrEqual(maxBytes);
          expect(Buffer.byteLength(shown)).toBeGreaterThan(maxBytes - 12);
          if (maxBytes >= 256) expect(shown).toContain("\n[truncated: ");
        },
      ),
    );
  });
});
