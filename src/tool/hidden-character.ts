// Text that a person approves has to be the text a model reads: no character that a person cannot see.

// Control, format (bidirectional, zero-width, tags), line separators, lone surrogates; tab and line feed are text.
const HIDDEN = /[^\P{Cc}\t\n]|[\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
// Descriptions of tools are mostly ASCII, for which this is several times faster.
const PLAIN = /^[\t\n -~]*$/;

/** The first character of `text` that cannot be seen, as `U+200B at position 4`; null when there is none. */
export function findHiddenCharacter(text: string): string | null {
  if (PLAIN.test(text)) return null;
  const found = HIDDEN.exec(text);
  if (found === null) return null;
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `U+${code} at position ${found.index}`;
}
