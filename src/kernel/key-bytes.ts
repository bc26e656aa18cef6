// Keys of our own (the master key of secrets, the pepper of API keys): 32 random bytes, written as text in files and variables.
// INVARIANT: what is wrong with a text is said without a character of it.
import { randomBytes } from "node:crypto";

/** Bytes of a key. */
export const KEY_BYTES = 32;
/** Of 32 random bytes more than 20 differ; a key made by hand has few. */
const MIN_DIFFERENT = 12;

/** What is accepted, for messages. */
export const KEY_TEXT_EXPECTED: string = `${KEY_BYTES} random bytes as hexadecimal or base64, such as openssl rand -hex 32 prints`;

export type ParsedKeyText =
  | { readonly ok: true; readonly key: Uint8Array }
  | { readonly ok: false; readonly problem: string };

/** A new key. */
export function createKeyBytes(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

/** `key` as text, hexadecimal. */
export function formatKeyText(key: Uint8Array): string {
  return Buffer.from(key).toString("hex");
}

/** The key that `text` says, in hexadecimal or base64 of either alphabet; white space around it does not count. */
export function parseKeyText(text: string): ParsedKeyText {
  const trimmed = text.trim();
  const encoding = /^(?:[0-9a-f]{2})+$/i.test(trimmed) ? "hex" : "base64";
  if (encoding === "base64" && !/^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed)) {
    return { ok: false, problem: `received ${trimmed.length} characters that are neither hexadecimal nor base64` };
  }
  return checkKeyBytes(Buffer.from(trimmed, encoding));
}

/** `key` when it can be one. */
export function checkKeyBytes(key: Uint8Array): ParsedKeyText {
  if (key.length !== KEY_BYTES) return { ok: false, problem: `received ${key.length} bytes` };
  const different = new Set(key).size;
  if (different < MIN_DIFFERENT)
    return { ok: false, problem: `received bytes of which only ${different} differ: they are not random` };
  return { ok: true, key };
}
