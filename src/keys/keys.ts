// API keys as their users see them. The key itself is in one place only: the answer that made it.
import type { PrincipalInput } from "../call/principal.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { SecretText } from "../kernel/secret-text.ts";
import type { KeyFilter, StoredKey } from "../ports/key-store.ts";

/** `rotated`: a successor exists, and the key works until `expiresAt`. */
export type KeyStatus = "active" | "rotated" | "expired" | "revoked";

/** All that may be shown of a key. */
export interface KeyDescription extends Omit<StoredKey, "hash"> {
  readonly status: KeyStatus;
}

export interface KeyInput {
  /** Whom calls with the key are made by, 1 to 256 characters. */
  readonly principal: string;
  /** @default "default" */
  readonly tenant?: string;
  /** For people, 1 to 128 characters. @default the principal */
  readonly name?: string;
  /** A word in the key that tells what it is for, 1 to 16 of a to z and 0 to 9. @default "live" */
  readonly env?: string;
  /** At most 32; null: those that the principal has without a key. @default null */
  readonly roles?: readonly string[] | null;
  /** At most 256. @default none */
  readonly scopes?: readonly string[];
  /** How long it works, milliseconds, 1,000 to 315,360,000,000 (10 years); null: until it is revoked. @default 7,776,000,000 (90 days) */
  readonly lifetimeMs?: number | null;
  /** Who makes it. @default nobody known */
  readonly by?: string | null;
}

export interface RotateOptions {
  /** How long the old key goes on working, milliseconds, 0 to 7,776,000,000 (90 days). @default 86,400,000 (24 h) */
  readonly overlapMs?: number;
  /** How long the new key works; as for `KeyInput`. @default as long as the old one was to work */
  readonly lifetimeMs?: number | null;
  /** Who does it. @default nobody known */
  readonly by?: string | null;
}

export interface RevokeOptions {
  /** Who does it. @default nobody known */
  readonly by?: string | null;
  /** Why, at most 1,024 characters. @default not said */
  readonly reason?: string | null;
}

/** A key that was just made. */
export interface CreatedKey {
  /** The key. It cannot be shown again. */
  readonly key: SecretText;
  readonly description: KeyDescription;
}

/** For the operator: which of the four it was. Whoever presented the key is never told. */
export type KeyRefusalReason = "malformed" | "unknown" | "expired" | "revoked";

export type KeyAnswer =
  | { readonly ok: true; readonly principal: PrincipalInput; readonly keyId: string }
  | {
      readonly ok: false;
      /** What is answered to the outside, the same whatever the reason. */
      readonly code: "UNAUTHENTICATED";
      readonly message: string;
      /** For logs and metrics alone. */
      readonly reason: KeyRefusalReason;
      /** The id that was presented; null for what is no key. */
      readonly keyId: string | null;
    };

export interface Keys extends AsyncDisposable {
  /** Makes a key. Rejects with INVALID_OPTION, naming every problem. */
  create(input: KeyInput): Promise<CreatedKey>;
  /** In the order of their ids. */
  list(filter?: KeyFilter): Promise<readonly KeyDescription[]>;
  /**
   * Makes a successor of a key: both work until the old one ends. Rejects with UNKNOWN_KEY when there is none of this id, with
   * KEY_ENDED when it was revoked, has expired or has a successor already.
   */
  rotate(id: string, options?: RotateOptions): Promise<CreatedKey>;
  /** Ends a key at once. Whether it was still to work; rejects with UNKNOWN_KEY when there is none of this id. */
  revoke(id: string, options?: RevokeOptions): Promise<boolean>;
  /** Whose key it is. Rejects or throws when the store fails: a key that cannot be looked up is not accepted. */
  verify(presented: unknown): MaybePromise<KeyAnswer>;
  /** Writes the last uses that wait. */
  flush(): Promise<void>;
  /** Flushes, and stops. The store is not closed. */
  close(): Promise<void>;
}
