// From text to search terms: names are split where their words meet, and words are cut to their stems, so that
// "exactNumbers" is found by "exact number" and "refused" by "refuses".

/** Words of `text`: `getUserId` and `get_user-id` are get, user and id. */
export function toWords(text: string): string[] {
  return text
    .replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== "");
}

const STOP_WORDS: ReadonlySet<string> = new Set(
  "a an and are as at be but by can do does for from how i if in into is it its may of on or so such than that the then they this to was what when which who will with you".split(
    " ",
  ),
);
// Longest first; what remains has to keep three letters at least.
const SUFFIXES = ["ations", "ation", "ings", "ies", "ing", "ed", "es", "s", "e", "y"];

/** The stem of a word, or null for a word that says nothing. A light stemmer: it only cuts endings. */
export function toTerm(word: string): string | null {
  const lower = word.toLowerCase();
  if (STOP_WORDS.has(lower)) return null;
  for (const suffix of SUFFIXES) {
    if (lower.endsWith(suffix) && lower.length - suffix.length >= 3) return lower.slice(0, -suffix.length);
  }
  return lower;
}
