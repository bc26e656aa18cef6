// Texts that a database cannot hold as they are: PostgreSQL refuses U+0000, which separates the parts of our keys.
// INVARIANT: two texts that differ are stored as texts that differ, in the same order, see stored-text.test.ts.

const ZERO = "\u0000";
/** Begins a pair that stands for U+0000 or for itself; below every other character, so that the order stays. */
const MARK = "\u0001";
const STORED_ZERO = MARK + MARK;
const STORED_MARK = `${MARK}\u0002`;

/** `text` without U+0000. */
export function toStoredText(text: string): string {
  if (!text.includes(ZERO) && !text.includes(MARK)) return text;
  return text.replaceAll(MARK, STORED_MARK).replaceAll(ZERO, STORED_ZERO);
}

/** What `toStoredText` was given. */
export function fromStoredText(stored: string): string {
  if (!stored.includes(MARK)) return stored;
  const [first = "", ...rest] = stored.split(MARK);
  let text = first;
  // A pair of two marks leaves nothing between them.
  for (let index = 0; index < rest.length; index++) {
    const part = rest[index] as string;
    text += part === "" ? ZERO + (rest[++index] ?? "") : MARK + part.slice(1);
  }
  return text;
}
