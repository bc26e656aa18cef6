// What a secret may be: text of 1 byte to 64 KiB.

export const MAX_SECRET_BYTES: number = 64 * 1_024;

/** What is wrong with `value` as a secret, in words without a character of it; null: nothing. */
export function findValueProblem(value: unknown): string | null {
  if (typeof value !== "string") return `it is no text (${value === null ? "null" : typeof value})`;
  if (value === "") return "it is empty";
  if (value.length > MAX_SECRET_BYTES || Buffer.byteLength(value) > MAX_SECRET_BYTES)
    return `it has more than ${MAX_SECRET_BYTES.toLocaleString("en-US")} bytes`;
  // Half a character would come back as another one.
  return value.isWellFormed() ? null : "it is no valid Unicode";
}
