// Text of strangers on a terminal: descriptions and outputs of tools may hold escape sequences that rewrite what is on
// the screen, or bidirectional overrides that show another order than what is there. They are made visible instead.

// Control characters (C0, DEL, C1), bidirectional controls, line separators, and characters without width but the joiners
// that emoji and Indic scripts need.
const UNSAFE = /[\p{Cc}\u061C\u200B\u200E\u200F\u2028-\u202E\u2060-\u2069\uFEFF\u{E0000}-\u{E007F}]/gu;

/** `text` with everything that could steer a terminal made visible. Line breaks stay, tabs become two spaces. */
export function toSafeText(text: string): string {
  return text.replace(UNSAFE, (character) => {
    if (character === "\n") return "\n";
    return character === "\t" ? "  " : toVisible(character);
  });
}

/** `toSafeText` on one line: breaks and runs of white space become one space. */
export function toSafeLine(text: string): string {
  return toSafeText(text.replace(/\s+/g, " ")).trim();
}

/** `text` of JSON, in which no character steers a terminal; it means the same. */
export function toSafeJsonText(text: string): string {
  // Between tokens JSON.stringify puts line breaks and spaces only, and inside of strings it escapes line breaks itself.
  return text.replace(UNSAFE, (character) => (character === "\n" ? "\n" : toEscape(character)));
}

function toVisible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  return code === 0x7f ? "\u2421" : `\\u{${code.toString(16)}}`;
}

function toEscape(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}
