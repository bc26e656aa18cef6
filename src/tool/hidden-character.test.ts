import { expect, test } from "vitest";
import { findHiddenCharacter } from "./hidden-character.ts";

test.each([
  ["plain\n\ttext", null],
  ["Größe, 価格, ценa, 🚀, e\u0301", null],
  ["a\u0000", "U+0000 at position 1"],
  ["\u001b[31mred", "U+001B at position 0"],
  ["a\r\n", "U+000D at position 1"],
  ["ab\u200b", "U+200B at position 2"],
  ["a\u202eb", "U+202E at position 1"],
  ["a\u2028b", "U+2028 at position 1"],
  ["\ufeffa", "U+FEFF at position 0"],
  ["a\u{e0041}", "U+E0041 at position 1"],
  ["a\ud800", "U+D800 at position 1"],
  ["\u0085", "U+0085 at position 0"],
])("finds in %j: %s", (text, found) => {
  expect(findHiddenCharacter(text)).toBe(found);
});
