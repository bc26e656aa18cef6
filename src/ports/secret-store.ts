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
  /** The master key that all secrets are encrypted under; null: none was kept yet. */
  readMasterKeyId(): MaybePromise<string | null>;
  /** Keeps it unless there is one. The one that is there then. */
  keepMasterKeyId(masterKeyId: string): MaybePromise<string>;
  get(name: string): MaybePromise<SealedSecret | null>;
  /** In the order of their names, by their bytes, after `after`, at most `limit`. */
  page(after: string | null, limit: number): MaybePromise<readonly SealedSecret[]>;
  /** Writes over revision `expected` (0: none yet). False, and no change, when there is another one, or another master key. */
  set(secret: SealedSecret, expected: number): MaybePromise<boolean>;
  /** Whether there was one. */
  remove(name: string): MaybePromise<boolean>;
  /**
   * Changes the master key in one transaction: every secret becomes what `rewrap` makes of it, and `to` the master key. What
   * `rewrap` throws, the store throws, with no change. How many there were; null, and no change, when the master key is not `from`.
   */
  replaceMasterKey(
    from: string,
    to: string,
    rewrap: (secret: SealedSecret) => SealedSecret,
  ): MaybePromise<number | null>;
}
