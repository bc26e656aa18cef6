// One key, many purposes: what is derived for one tells nothing of what is derived for another, nor of the key (RFC 5869).
// Changing how a purpose is written makes everything that was stored under it unreadable.
import { hkdfSync } from "node:crypto";

/** `bytes` bytes for `purpose`, such as `toolyard:secrets:seal:1`, out of a key of random bytes. */
export function deriveKey(key: Uint8Array, purpose: string, bytes = 32): Buffer {
  return Buffer.from(hkdfSync("sha256", key, new Uint8Array(), purpose, bytes));
}
