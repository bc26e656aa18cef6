// Random texts of letters and digits, 5.95 bits a character. Every character is equally likely: a byte that would favour some of
// them is thrown away.
import { randomBytes } from "node:crypto";

export const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** The largest multiple of 62 that a byte can say. */
const USABLE = 248;

/** `length` random characters out of `source`, a source of random bytes that cannot be guessed. */
export function createRandomText(length: number, source: (bytes: number) => Uint8Array = randomBytes): string {
  let text = "";
  while (text.length < length) {
    for (const byte of source(length - text.length + 8)) {
      if (byte < USABLE && text.length < length) text += ALPHABET[byte % ALPHABET.length];
    }
  }
  return text;
}
