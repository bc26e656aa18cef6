// What is kept of an API key: an HMAC of all of it under the pepper, which no database holds. A key has 256 random bits, so a
// slow hash would protect nothing more; without the pepper a stolen table cannot even be searched.
import { createHmac, createSecretKey, timingSafeEqual } from "node:crypto";
import { deriveKey } from "../kernel/derive-key.ts";

export interface KeyHasher {
  /** Tells this pepper from others and gives nothing of it away. */
  readonly mark: string;
  hash(key: string): Buffer;
}

/** Creates the hasher of a pepper of 32 random bytes. */
export function createKeyHasher(pepper: Uint8Array): KeyHasher {
  const key = createSecretKey(deriveKey(pepper, "toolyard:keys:hash:1"));
  return {
    mark: toPepperMark(pepper),
    hash: (text) => createHmac("sha256", key).update(text).digest(),
  };
}

/** What tells `pepper` from others. */
export function toPepperMark(pepper: Uint8Array): string {
  return deriveKey(pepper, "toolyard:keys:mark:1", 16).toString("hex");
}

/** Whether the hashes are the same, in a time that does not depend on where they differ. */
export function isSameHash(hash: Buffer, other: Buffer): boolean {
  // Lengths are public: all hashes have the same, unless somebody wrote into the table.
  return hash.length === other.length && timingSafeEqual(hash, other);
}
