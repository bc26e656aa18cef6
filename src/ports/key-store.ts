// Where API keys are kept: never the key itself, only a keyed hash of it.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

export interface StoredKey {
  /** The public part of the key, by which it is found. */
  readonly id: string;
  /** For people, such as `ci` or `alice's laptop`. */
  readonly name: string;
  readonly env: string;
  /** Keyed hash of the secret part, hex. */
  readonly hash: string;
  readonly tenant: string;
  readonly principal: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  /** Epoch ms, as all times here. */
  readonly createdAt: number;
  readonly createdBy: string | null;
  /** null: never. */
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
  /** To the minute; null: never used. */
  readonly lastUsedAt: number | null;
  /** Id of the key that takes its place; it works until `expiresAt` all the same. */
  readonly replacedBy: string | null;
}

export interface KeyFilter {
  readonly tenant?: string;
  readonly principal?: string;
  /** Those after this id. */
  readonly after?: string;
  /** At most so many, 1 to 1,000. @default 100 */
  readonly limit?: number;
}

export interface KeyStore {
  /** False when there is a key of this id. */
  add(key: StoredKey): MaybePromise<boolean>;
  get(id: string): MaybePromise<StoredKey | null>;
  /** In the order of their ids. */
  list(filter: KeyFilter): MaybePromise<readonly StoredKey[]>;
  /** Adds a successor and ends the old key at `expiresAt` (or before, when it ends before): both or neither. False when the old one is not there or has ended. */
  replace(id: string, successor: StoredKey, expiresAt: number): MaybePromise<boolean>;
  /** Whether it was there and not revoked. */
  revoke(id: string, at: number): MaybePromise<boolean>;
  /** Remembers the last use; a time before the known one changes nothing. */
  touch(id: string, at: number): MaybePromise<void>;
}
