// The hash of a record: SHA-256 of its text, or HMAC-SHA-256 (RFC 2104, FIPS 198-1) under a key, which whoever can
// write to the database and does not have the key cannot compute.
// INVARIANT: the keyed hash is that of `createHmac`: "is HMAC-SHA-256" in record-hash.test.ts.
import { hash } from "node:crypto";

/** The hash of a text, in hex. */
export type TextHash = (text: string) => string;

const BLOCK = 64;
const START_BYTES = 4_096;

/** The hash under `key`; null for no key. */
export function createTextHash(key: Uint8Array | null): TextHash {
  return key === null ? (text) => hash("sha256", text, "hex") : createKeyedHash(key);
}

// Two hashes in one call each: an object of `createHmac` for each record costs several times as much.
function createKeyedHash(key: Uint8Array): TextHash {
  const block = key.length > BLOCK ? hash("sha256", key, "buffer") : key;
  let inner = Buffer.alloc(BLOCK + START_BYTES, 0x36);
  const outer = Buffer.alloc(BLOCK + 32, 0x5c);
  for (const [index, byte] of block.entries()) {
    inner[index] = byte ^ 0x36;
    outer[index] = byte ^ 0x5c;
  }
  return (text) => {
    // UTF-8 takes three bytes for a UTF-16 unit at most.
    if (text.length * 3 > inner.length - BLOCK) {
      const larger = Buffer.alloc(BLOCK + text.length * 3);
      inner.copy(larger, 0, 0, BLOCK);
      inner = larger;
    }
    const length = inner.write(text, BLOCK, "utf8");
    hash("sha256", inner.subarray(0, BLOCK + length), "buffer").copy(outer, BLOCK);
    return hash("sha256", outer, "hex");
  };
}
