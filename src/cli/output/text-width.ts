// How many columns a text takes on a terminal, and texts made to fit.
import { stripVTControlCharacters } from "node:util";

const WIDE =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303F\uFF01-\uFF60\uFFE0-\uFFE6]/u;
const ASCII = /^[\x20-\x7e]*$/;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** Columns of a text of one line; colour sequences take none. */
export function toWidth(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (ASCII.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of segmenter.segment(plain)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** `text` of one line without colours, in at most `width` columns; "…" stands for what was left out. */
export function toTruncated(text: string, width: number): string {
  if (toWidth(text) <= width) return text;
  let kept = "";
  let columns = 0;
  for (const { segment } of segmenter.segment(text)) {
    columns += toWidth(segment);
    if (columns > width - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/**
 * `text` in lines of at most `width` columns, broken between words; longer words are broken too. Keeps line breaks, and
 * indents what follows a break as the line began, or behind its "- " or "→ ".
 */
export function toWrapped(text: string, width: number): readonly string[] {
  return text.split("\n").flatMap((line) => wrapLine(line, width));
}

function wrapLine(line: string, width: number): readonly string[] {
  const [lead = ""] = /^ *(?:[-→] )?/.exec(line) ?? [];
  const start = lead.length > width / 2 ? "" : lead;
  const margin = " ".repeat(start.length);
  const room = width - start.length;
  const lines: string[] = [];
  let current = "";
  for (const word of line
    .slice(start.length)
    .split(" ")
    .flatMap((part) => breakWord(part, room))) {
    const longer = current === "" ? word : `${current} ${word}`;
    if (toWidth(longer) <= room) {
      current = longer;
    } else {
      lines.push(current);
      current = word;
    }
  }
  lines.push(current);
  return lines.map((text, index) => `${index === 0 ? start : margin}${text}`);
}

function breakWord(word: string, width: number): readonly string[] {
  if (toWidth(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const { segment } of segmenter.segment(word)) {
    if (toWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = "";
    }
    piece += segment;
  }
  return [...pieces, piece];
}
