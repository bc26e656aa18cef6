// What every slot store has to do, as a list of tests: `describeSlotStore({ test, open })` runs it under any test runner.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { SlotRequest, SlotStore } from "../ports/quota-store.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** A store in which nothing runs. */
export interface OpenedSlotStore {
  readonly store: SlotStore;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type SlotStoreSuiteOptions = StoreSuiteOptions<OpenedSlotStore>;

/** Registers the tests of a slot store. */
export function describeSlotStore(options: SlotStoreSuiteOptions): void {
  registerCases(options, CASES);
}

type Case = StoreCase<OpenedSlotStore>;

const A: SlotRequest = { key: "t\0running\0\0a", max: 2 };
const B: SlotRequest = { key: "t\0running\0\0b", max: 1 };

async function take(store: SlotStore, ...requests: readonly SlotRequest[]): Promise<() => void> {
  const taken = await store.take(requests);
  assert.ok(taken.ok, "the store refused what it had to grant");
  // Taken off its object, as the pipeline does.
  return taken.release;
}

async function running(store: SlotStore): Promise<readonly number[]> {
  return store.read([A.key, B.key]);
}

const CASES: readonly Case[] = [
  [
    "grants as many slots as there are, and one more when one came back",
    async ({ store }) => {
      const release = await take(store, A);
      await take(store, A);
      assert.deepEqual(await store.take([A]), { ok: false, index: 0 });
      release();
      await take(store, A);
      assert.deepEqual(await store.take([A]), { ok: false, index: 0 });
    },
  ],
  [
    "takes no slot when one of several is full",
    async ({ store }) => {
      await take(store, B);
      assert.deepEqual(await store.take([A, B]), { ok: false, index: 1 });
      assert.deepEqual(await store.take([B, A]), { ok: false, index: 0 });
      assert.deepEqual(await running(store), [0, 1]);
    },
  ],
  [
    "a release gives back all that was taken, once",
    async ({ store }) => {
      const first = await take(store, A, B);
      await take(store, A);
      first();
      assert.deepEqual(await running(store), [1, 0]);
      first();
      assert.deepEqual(await running(store), [1, 0]);
      await take(store, A, B);
    },
  ],
  [
    "counts a key that is asked for twice in one take twice",
    async ({ store }) => {
      assert.deepEqual(await store.take([B, B]), { ok: false, index: 1 });
      const release = await take(store, A, A);
      assert.deepEqual(await running(store), [2, 0]);
      release();
      assert.deepEqual(await running(store), [0, 0]);
    },
  ],
  [
    "a lower maximum refuses until fewer run",
    async ({ store }) => {
      const first = await take(store, A);
      const second = await take(store, A);
      const lowered = { key: A.key, max: 1 };
      first();
      assert.deepEqual(await store.take([lowered]), { ok: false, index: 0 });
      second();
      await take(store, lowered);
    },
  ],
  [
    "grants takes that come at the same time no more than there is",
    async ({ store }) => {
      const taken = await Promise.all(Array.from({ length: 20 }, async () => store.take([{ ...A, max: 7 }])));
      assert.equal(taken.filter(({ ok }) => ok).length, 7);
      for (const one of taken) if (one.ok) one.release();
      assert.deepEqual(await running(store), [0, 0]);
    },
  ],
  [
    "takes nothing when asked for nothing",
    async ({ store }) => {
      (await take(store))();
      assert.deepEqual(await store.read([]), []);
    },
  ],
];
