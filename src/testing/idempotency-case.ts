// What the tests of an idempotency store share: a key, an owner's claim of it, and what becomes of its record.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { IdempotencyClaim, IdempotencyRecord, IdempotencyStore } from "../ports/idempotency-store.ts";
import type { StoreCase } from "./store-suite.ts";

/** A store in which every key is absent, and whose time stands still but for `advance`. */
export interface OpenedIdempotencyStore {
  readonly store: IdempotencyStore;
  /** Moves the store's time on by `ms`. */
  advance(ms: number): MaybePromise<void>;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type IdempotencyCase = StoreCase<OpenedIdempotencyStore>;

export const LEASE = 30_000;
export const DAY = 86_400_000;
export const KEY: string = toKey("k");
export const OUTCOME: string = '{"ok":true}';

export function toKey(key: string, tool = "orders.refund"): string {
  return `t\0alice\0${tool}\0${key}`;
}

export function toClaim(owner: string, key: string = KEY): IdempotencyClaim {
  return { key, owner, version: "1.2.0", argumentsDigest: "digest", leaseMs: LEASE };
}

export function toRecord(state: "running" | "abandoned", owner: string): IdempotencyRecord {
  return { state, owner, version: "1.2.0", argumentsDigest: "digest" };
}

export function toStored(outcome: string, owner: string): IdempotencyRecord {
  return { state: "stored", outcome, owner, version: "1.2.0", argumentsDigest: "digest" };
}

export async function grant(store: IdempotencyStore, owner: string, key: string = KEY): Promise<void> {
  assert.deepEqual(await store.claim(toClaim(owner, key)), { ok: true });
}

export async function keep(
  store: IdempotencyStore,
  owner: string,
  outcome: string,
  keepMs: number | null,
): Promise<void> {
  assert.equal(await store.store(KEY, owner, outcome, keepMs), true);
}
