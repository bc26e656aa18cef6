import fc from "fast-check";
import { expect, it } from "vitest";
import { fromStoredText, toStoredText } from "./stored-text.ts";

it("gives every text back, and stores none with U+0000", () => {
  const texts = fc.array(fc.constantFrom("\0", "\\", "0", "a", "😀")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(texts, texts, (one, other) => {
      expect(fromStoredText(toStoredText(one))).toBe(one);
      expect(toStoredText(one)).not.toContain("\0");
      if (one !== other) expect(toStoredText(one)).not.toBe(toStoredText(other));
    }),
  );
});
