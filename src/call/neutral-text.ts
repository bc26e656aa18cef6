// Text of strangers with every character made visible that steers a terminal, turns the order of what is read, or says
// something that no person sees. Marks are plain ASCII, so that marking twice changes nothing.

// Control characters but tab and line feed (ESC and the C1 set begin ANSI sequences), bidirectional controls, line and
// paragraph separators, and tag characters, which are ASCII that no font shows.
const DECEIVING = /[^\P{Cc}\t\n]|[\u{61C}\u{200E}\u{200F}\u{2028}-\u{202E}\u{2066}-\u{2069}\u{E0000}-\u{E007F}]/gu;
// Most results are ASCII, for which this is several times faster.
const PLAIN = /^[\t\n -~]*$/;

/**
 * `text` with characters that deceive as visible marks such as `<U+202E>`; CR LF becomes LF.
 * Linear, and idempotent: "marks nothing twice" in neutral-text.test.ts.
 */
export function neutralise(text: string): string {
  return PLAIN.test(text) ? text : text.replaceAll("\r\n", "\n").replace(DECEIVING, toMark);
}

function toMark(found: string): string {
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return `<U+${code}>`;
}
