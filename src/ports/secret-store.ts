// Where secrets are kept, encrypted before they get here: the store never sees one, nor the master key.
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Change } from "./catalog-store.ts";

export interface SealedSecret extends Change {
  readonly name: string;
  /** Grows by one with every change of the value; part of what is authenticated. */
  readonly revision: number;
  /** Which master key it is encrypted under: a fingerprint, not the key. */
  readonly masterKeyId: string;
  /** Nonce, ciphertext and tag, base64url. */
  readonly sealed: string;
}

export interface SecretStore {
  get(name: string): MaybePromise<SealedSecret | null>;
  /** In the order of their names, after `after`, at most `limit`. */
  page(after: string | null, limit: number): MaybePromise<readonly SealedSecret[]>;
  /** Writes over revision `expected` (0: none yet). False, and no change, when there is another one. */
  set(secret: SealedSecret, expected: number): MaybePromise<boolean>;
  remove(name: string): MaybePromise<boolean>;
  /** Replaces all of them, for a new master key: all or nothing. False when one is not of the revision that its successor names. */
  replaceAll(secrets: readonly SealedSecret[]): MaybePromise<boolean>;
}
