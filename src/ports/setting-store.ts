// Where what an operator sets at run time is kept: roles, grants, permissions, principals, limits, overrides of quotas. One
// shape for all of them; what the bodies hold is the business of who sets them.
import type { JsonValue } from "../kernel/json.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Change } from "./catalog-store.ts";

export type SettingKind = "role" | "grant" | "permission" | "principal" | "limit" | "override";

export interface Setting extends Change {
  readonly kind: SettingKind;
  /** Of its kind: a role's name, a grant's name, `<tenant>\0<principal>` … */
  readonly id: string;
  /** Grows by one with every change; 1 at the first. */
  readonly revision: number;
  readonly body: JsonValue;
}

export interface SettingStore {
  get(kind: SettingKind, id: string): MaybePromise<Setting | null>;
  /** In the order of their ids, after `after`, at most `limit`. */
  page(kind: SettingKind, after: string | null, limit: number): MaybePromise<readonly Setting[]>;
  /** Writes over revision `expected` (0: none yet; null: whatever there is). The new revision; null, and no change, otherwise. */
  set(setting: Omit<Setting, "revision">, expected: number | null): MaybePromise<number | null>;
  /** Whether there was one (of revision `expected`, unless null). */
  remove(kind: SettingKind, id: string, expected: number | null): MaybePromise<boolean>;
}
