import fc from "fast-check";
import { expect, it } from "vitest";
import { fromStoredText, toStoredText } from "./stored-text.ts";

const parts = fc.constantFrom("\0", "\u0001", "\u0002", "\u0003", "\\", "0", "a", "é", "😀");
const texts = fc.array(parts).map((some) => some.join(""));

it("gives every text back, and stores none with U+0000", () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(fromStoredText(toStoredText(text))).toBe(text);
      expect(toStoredText(text)).not.toContain("\0");
    }),
    { numRuns: 2_000 },
  );
});

it("keeps the order of texts, so that none is stored as another one", () => {
  const compare = (one: string, other: string): number => Buffer.compare(Buffer.from(one), Buffer.from(other));
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      expect(compare(toStoredText(one), toStoredText(other))).toBe(compare(one, other));
    }),
    { numRuns: 2_000 },
  );
});
