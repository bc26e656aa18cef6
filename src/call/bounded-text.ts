// Text cut to a number of bytes of UTF-8, never within a character: half of one would be another character, or none.

const encoder = new TextEncoder();

/** Whether `text` takes at most `maxBytes` bytes of UTF-8. Texts that surely fit are not looked at. */
export function isWithinBytes(text: string, maxBytes: number): boolean {
  return text.length * 3 <= maxBytes || (text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes);
}

/** The longest beginning of `text` that takes at most `maxBytes` bytes of UTF-8 and splits no character. */
export function cutToBytes(text: string, maxBytes: number): string {
  if (isWithinBytes(text, maxBytes)) return text;
  // The encoder stops before the first character that does not fit whole.
  const { read } = encoder.encodeInto(text, new Uint8Array(Math.max(0, maxBytes)));
  return text.slice(0, read);
}
