// Where API keys are kept: never the key itself, only a keyed hash of it.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

export interface StoredKey {
  /** The public part of the key, by which it is found. */
  readonly id: string;
  /** For people, such as `ci` or `alice's laptop`. */
  readonly name: string;
  readonly env: string;
  /** Keyed hash of the whole key, hex. */
  readonly hash: string;
  readonly tenant: string;
  readonly principal: string;
  /** null: those that the principal has without a key. */
  readonly roles: readonly string[] | null;
  readonly scopes: readonly string[];
  /** Epoch ms, as all times here. */
  readonly createdAt: number;
  readonly createdBy: string | null;
  /** From then on it is not accepted; null: never. */
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

/** When a key was used. */
export interface KeyUse {
  readonly id: string;
  readonly at: number;
}

export interface KeyStore {
  /** What tells the pepper under which the keys are hashed from others; null: none was kept yet. */
  readMark(): MaybePromise<string | null>;
  /** Keeps the mark unless there is one. The one that is there then. */
  keepMark(mark: string): MaybePromise<string>;
  /** False, and no change, when there is a key of this id. */
  add(key: StoredKey): MaybePromise<boolean>;
  get(id: string): MaybePromise<StoredKey | null>;
  /** In the order of their ids, by their bytes. */
  list(filter: KeyFilter): MaybePromise<readonly StoredKey[]>;
  /**
   * Adds a successor and ends the old key at `expiresAt`, or before, when it ends before: both or neither. False, and no change,
   * when there is no old key, when it was revoked or replaced or has ended at the successor's `createdAt`, and when there is
   * a key of the successor's id.
   */
  replace(id: string, successor: StoredKey, expiresAt: number): MaybePromise<boolean>;
  /** Whether it was there and not revoked. */
  revoke(id: string, at: number): MaybePromise<boolean>;
  /** Remembers last uses; a time before the known one changes nothing, nor does the use of a key that is not there. */
  touch(uses: readonly KeyUse[]): MaybePromise<void>;
}
