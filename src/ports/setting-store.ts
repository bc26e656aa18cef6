// Where what an operator sets at run time is kept: roles, grants, permissions, principals, limits, overrides of quotas, stops. One
// shape for all of them; what the bodies hold is the business of who sets them.
import type { JsonValue } from "../kernel/json.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Change } from "./catalog-store.ts";

export type SettingKind = "role" | "grant" | "permission" | "principal" | "limit" | "override" | "stop";

export interface Setting extends Change {
  readonly kind: SettingKind;
  /** Of its kind: a role's name, a grant's name, `<tenant>\0<principal>` … */
  readonly id: string;
  /** Grows by one with every change; 1 at the first. */
  readonly revision: number;
  readonly body: JsonValue;
}

/** What becomes of one setting among several. */
export interface SettingChange {
  readonly kind: SettingKind;
  readonly id: string;
  /** null: it goes. */
  readonly body: JsonValue | null;
  /** The revision it is made from; 0: there is none yet. */
  readonly expected: number;
}

export interface SettingStore {
  get(kind: SettingKind, id: string): MaybePromise<Setting | null>;
  /** In the order of their ids, after `after`, at most `limit`. */
  page(kind: SettingKind, after: string | null, limit: number): MaybePromise<readonly Setting[]>;
  /** Writes over revision `expected` (0: none yet; null: whatever there is). The new revision; null, and no change, otherwise. */
  set(setting: Omit<Setting, "revision">, expected: number | null): MaybePromise<number | null>;
  /** Whether there was one (of revision `expected`, unless null). */
  remove(kind: SettingKind, id: string, expected: number | null): MaybePromise<boolean>;
  /** Makes these changes of different settings: all of them, or none and false when one has another revision. */
  save(changes: readonly SettingChange[], change: Change): MaybePromise<boolean>;
}
