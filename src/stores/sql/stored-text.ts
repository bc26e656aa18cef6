// Texts that a database cannot hold as they are: PostgreSQL refuses U+0000, which separates the parts of our keys.
// INVARIANT: two texts that differ are stored as texts that differ, see stored-text.test.ts.

const SPECIAL = /[\0\\]/;

/** `text` without U+0000. */
export function toStoredText(text: string): string {
  return SPECIAL.test(text) ? text.replaceAll("\\", "\\\\").replaceAll("\0", "\\0") : text;
}

/** What `toStoredText` was given. */
export function fromStoredText(stored: string): string {
  return stored.includes("\\")
    ? stored.replace(/\\([\\0])/g, (_, mark: string) => (mark === "0" ? "\0" : "\\"))
    : stored;
}
