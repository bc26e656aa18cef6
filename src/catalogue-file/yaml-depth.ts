// How deeply a text is nested, by its marks alone and before it is parsed: the parser's time grows with the square of the depth.
import { Lexer } from "yaml";

/** Marks of the lexer's own, which are not in the text: a document begins, an empty value, a scalar without quotes follows. */
const SCALAR_FOLLOWS = "\u001f";
const OWN_MARKS: ReadonlySet<string> = new Set(["\u0002", "\u0018", SCALAR_FOLLOWS]);
const STEPS: ReadonlyMap<string, number> = new Map([
  ["[", 1],
  ["{", 1],
  ["]", -1],
  ["}", -1],
]);

/** Where brackets, or levels that begin in one line, are more than `most`; null: nowhere. Other levels take a longer line each. */
export function findDepth(text: string, most: number): number | null {
  let at = 0;
  let brackets = 0;
  let inLine = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (!OWN_MARKS.has(token)) at += token.length;
    if (!isScalar) {
      brackets += STEPS.get(token) ?? 0;
      if (token === "-" || token === "?") inLine++;
    }
    if (token.includes("\n")) inLine = 0;
    if (brackets > most || inLine > most) return at;
    isScalar = token === SCALAR_FOLLOWS;
  }
  return null;
}
