// The order in which databases hold texts.

/** Compares by the bytes of UTF-8: below 0 when `a` comes first. */
export function compareBytes(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
