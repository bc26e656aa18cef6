// Where calls with an idempotency key are remembered. A record is in one of these states:
//
//   absent ──claim──▶ running ──store──▶ stored ──(time)──▶ absent
//     ▲                 │  │               │
//     └────release──────┘  └─(lease)─▶ abandoned: its owner is gone, the effect is not known
//     └────release──────────────────────── (an operator or the tool says that nothing happened)
//
// INVARIANT: of two claims of one key, one is granted; only the owner named by a record changes it.
// `describeIdempotencyStore` in `toolyard/testing` holds a store to it.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

export interface IdempotencyClaim {
  /** `<tenant>\0<principal>\0<tool>\0<key>`. */
  readonly key: string;
  /** Id of the call that claims; what the record is changed by later. */
  readonly owner: string;
  /** Version that runs. */
  readonly version: string;
  /** Of the arguments as received. */
  readonly argumentsDigest: string;
  /** How long the owner is believed to be alive, milliseconds from now. */
  readonly leaseMs: number;
}

interface RecordParts {
  readonly owner: string;
  readonly version: string;
  readonly argumentsDigest: string;
}

export type IdempotencyRecord =
  | ({ readonly state: "running" | "abandoned" } & RecordParts)
  /** `outcome` is JSON text. */
  | ({ readonly state: "stored"; readonly outcome: string } & RecordParts);

export type ClaimAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly record: IdempotencyRecord }
  /** There is no room for another record; `retryAfterMs` from now the oldest goes. */
  | { readonly ok: false; readonly record: null; readonly retryAfterMs: number };

export interface IdempotencyStore {
  read(key: string): MaybePromise<IdempotencyRecord | null>;
  /** Takes the key when it is absent; atomically. */
  claim(claim: IdempotencyClaim): MaybePromise<ClaimAnswer>;
  /**
   * Keeps the outcome for `keepMs` (null: until it is released or stored again). In any state but absent; false, and no
   * change, when the record is not this owner's.
   */
  store(key: string, owner: string, outcome: string, keepMs: number | null): MaybePromise<boolean>;
  /** Makes the key absent. False, and no change, when the record is not this owner's. */
  release(key: string, owner: string): MaybePromise<boolean>;
  /** Calls `onChange` when the record may have changed, until the returned function is called. */
  watch(key: string, onChange: () => void): () => void;
}
