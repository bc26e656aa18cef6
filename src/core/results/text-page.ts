// Pages of a text and matches in it, by cursors in UTF-16 units. A page never begins or ends within a surrogate pair, and
// pages that follow one another by `next` are the whole text.

/** `text` comes last, so that a page cut on its way to the model still says where it stands. */
export interface Page {
  /** Where the page begins. */
  readonly cursor: number;
  /** Where the next one does; null after the last. */
  readonly next: number | null;
  /** Length of the whole. */
  readonly total: number;
  readonly text: string;
}

export interface Match {
  readonly cursor: number;
  /** The match and what stands around it. */
  readonly excerpt: string;
}

export interface Matches {
  readonly matches: readonly Match[];
  /** Where the search goes on; null when there are no more matches. */
  readonly next: number | null;
  /** Length of the whole. */
  readonly total: number;
}

const MAX_MATCHES = 20;
const AROUND = 80;

/** The page of up to `limit` units (1 or more) from `cursor` on; a unit more where a character would be split. */
export function toPage(text: string, cursor: number, limit: number): Page {
  const total = text.length;
  const start = toBoundary(text, Math.min(cursor, total));
  const cut = toBoundary(text, Math.min(start + limit, total));
  const end = cut > start || start === total ? cut : start + 2;
  return { cursor: start, next: end < total ? end : null, total, text: text.slice(start, end) };
}

/** The first 20 places from `cursor` on where `search` (1 or more units) stands, whatever the case of its letters. */
export function findText(text: string, search: string, cursor: number): Matches {
  const folded = foldCase(text);
  const wanted = foldCase(search);
  const matches: Match[] = [];
  let at = folded.indexOf(wanted, cursor);
  while (at !== -1 && matches.length < MAX_MATCHES) {
    const end = at + wanted.length;
    const from = toBoundary(text, Math.max(0, at - AROUND));
    const to = toBoundary(text, Math.min(text.length, end + AROUND));
    matches.push({ cursor: at, excerpt: text.slice(from, to) });
    at = folded.indexOf(wanted, end);
  }
  return { matches, next: at === -1 ? null : at, total: text.length };
}

/** `at`, or the unit before it when it stands within a surrogate pair. */
function toBoundary(text: string, at: number): number {
  const isSplit = isIn(text.charCodeAt(at - 1), 0xd800) && isIn(text.charCodeAt(at), 0xdc00);
  return isSplit ? at - 1 : at;
}

function isIn(code: number, first: number): boolean {
  return code >= first && code <= first + 0x3ff;
}

/**
 * `text` in lower case, as long as it was: cursors into one are cursors into the other. The dotted capital I is the one
 * letter that lower case makes longer; a final sigma depends on what follows it.
 */
export function foldCase(text: string): string {
  return text.replaceAll("\u0130", "i").toLowerCase().replaceAll("\u03c2", "\u03c3");
}
