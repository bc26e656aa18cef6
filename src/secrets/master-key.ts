// What secrets are encrypted under: AES-256-GCM with a new random nonce for every value (NIST SP 800-38D, section 8.2.2), the
// key derived from the master key for this purpose alone. Name, revision and master key are authenticated, so that a row
// cannot be put in the place of another.
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from "node:crypto";
import { toCanonicalJson } from "../kernel/canonical-json.ts";
import { deriveKey } from "../kernel/derive-key.ts";
import type { SealedSecret } from "../ports/secret-store.ts";

/** What a value is bound to. */
export type SecretPlace = Pick<SealedSecret, "name" | "revision" | "masterKeyId">;

export interface MasterKey {
  /** Tells this key from others and gives nothing of it away. */
  readonly id: string;
  seal(value: string, place: Omit<SecretPlace, "masterKeyId">): string;
  /** The value; null when it was not sealed under this key for this place. */
  open(secret: SecretPlace & Pick<SealedSecret, "sealed">): string | null;
}

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** The master key of 32 random bytes. */
export function createMasterKey(bytes: Uint8Array): MasterKey {
  const id = toMasterKeyId(bytes);
  const key = createSecretKey(deriveKey(bytes, "toolyard:secrets:seal:1"));
  return {
    id,
    seal(value, place) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(toAuthenticated({ ...place, masterKeyId: id }));
      const ciphertext = [cipher.update(value, "utf8"), cipher.final()];
      return Buffer.concat([nonce, ...ciphertext, cipher.getAuthTag()]).toString("base64url");
    },
    open({ sealed, ...place }) {
      const bytesOf = Buffer.from(sealed, "base64url");
      if (place.masterKeyId !== id || bytesOf.length < NONCE_BYTES + TAG_BYTES) return null;
      const decipher = createDecipheriv(ALGORITHM, key, bytesOf.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(toAuthenticated(place));
      decipher.setAuthTag(bytesOf.subarray(-TAG_BYTES));
      try {
        const ciphertext = bytesOf.subarray(NONCE_BYTES, -TAG_BYTES);
        return decipher.update(ciphertext, undefined, "utf8") + decipher.final("utf8");
      } catch {
        return null;
      }
    },
  };
}

/** What tells the key of `bytes` from others. */
export function toMasterKeyId(bytes: Uint8Array): string {
  return deriveKey(bytes, "toolyard:secrets:id:1", 16).toString("hex");
}

function toAuthenticated({ name, revision, masterKeyId }: SecretPlace): Buffer {
  return Buffer.from(toCanonicalJson(["toolyard.secret", name, revision, masterKeyId]));
}
