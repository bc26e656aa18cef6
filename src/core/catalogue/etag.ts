// Revisions as HTTP says them (RFC 9110, sections 8.8.3 and 13.1.1), so that a face needs no other state.

/** The entity tag of a revision: `"7"`. */
export function toETag(revision: number): string {
  return `"${revision}"`;
}

/**
 * The revision that an `If-Match` header asks for; undefined for `*` and without the header, when any will do. Null when none can
 * match: a weak tag, a list of several, or what `toETag` has not written.
 */
export function readIfMatch(header: string | undefined): number | null | undefined {
  const text = header?.trim();
  if (text === undefined || text === "*") return undefined;
  const digits = /^"(0|[1-9]\d{0,15})"$/.exec(text)?.[1];
  const revision = digits === undefined ? Number.NaN : Number(digits);
  return Number.isSafeInteger(revision) ? revision : null;
}
