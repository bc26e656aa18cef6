// What every cache has to do, as a list of tests: `describeCacheStore({ test, open })` runs it under any test runner. A
// cache may forget at any time, but one that is nearly empty has no reason to; it is tested with a few small entries.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { CacheStore } from "../ports/cache-store.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** An empty cache, whose time stands still but for `advance`. */
export interface OpenedCacheStore {
  readonly store: CacheStore;
  /** Moves the store's time on by `ms`. */
  advance(ms: number): MaybePromise<void>;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type CacheStoreSuiteOptions = StoreSuiteOptions<OpenedCacheStore>;

/** Registers the tests of a cache. */
export function describeCacheStore(options: CacheStoreSuiteOptions): void {
  registerCases(options, CASES);
}

type Case = StoreCase<OpenedCacheStore>;

const MINUTE = 60_000;
const KEY = "t\0orders.get\0k";

const CASES: readonly Case[] = [
  [
    "gives what was set, with its age",
    async ({ store, advance }) => {
      assert.equal(await store.get(KEY), null);
      await store.set(KEY, '{"total":1}', MINUTE);
      assert.deepEqual(await store.get(KEY), { value: '{"total":1}', ageMs: 0 });
      await advance(1_500);
      assert.deepEqual(await store.get(KEY), { value: '{"total":1}', ageMs: 1_500 });
      await advance(500);
      assert.deepEqual(await store.get(KEY), { value: '{"total":1}', ageMs: 2_000 });
    },
  ],
  [
    "gives nothing that is older than it was to be kept, however often it was read",
    async ({ store, advance }) => {
      await store.set(KEY, "1", MINUTE);
      await advance(MINUTE - 1);
      assert.deepEqual(await store.get(KEY), { value: "1", ageMs: MINUTE - 1 });
      await advance(1);
      assert.equal(await store.get(KEY), null);
      assert.equal(await store.get(KEY), null);
    },
  ],
  [
    "a value that is set again takes the place of the first, with an age and a time of its own",
    async ({ store, advance }) => {
      await store.set(KEY, "1", MINUTE);
      await advance(MINUTE - 1);
      await store.set(KEY, "2", 2 * MINUTE);
      assert.deepEqual(await store.get(KEY), { value: "2", ageMs: 0 });
      await advance(MINUTE);
      assert.deepEqual(await store.get(KEY), { value: "2", ageMs: MINUTE });
      await store.set(KEY, "3", 10);
      await advance(10);
      assert.equal(await store.get(KEY), null);
    },
  ],
  [
    "a value that is set to be kept for no time takes away what was there",
    async ({ store }) => {
      await store.set(KEY, "1", MINUTE);
      await store.set(KEY, "2", 0);
      assert.equal(await store.get(KEY), null);
    },
  ],
  [
    "forgets everything when it is cleared, and keeps what is set after that",
    async ({ store }) => {
      const keys = [KEY, "t\0other", "u\0orders.get\0k"];
      for (const key of keys) await store.set(key, "1", MINUTE);
      await store.clear();
      for (const key of keys) assert.equal(await store.get(key), null);
      await store.set(KEY, "2", MINUTE);
      assert.deepEqual(await store.get(KEY), { value: "2", ageMs: 0 });
      await store.clear();
      await store.clear();
      assert.equal(await store.get(KEY), null);
    },
  ],
  [
    "keeps keys apart, whatever is in them",
    async ({ store }) => {
      const texts = [
        "",
        " ",
        "k",
        "K",
        "k\0",
        "\0k",
        "ä",
        "a\u0308",
        "%",
        "'",
        "__proto__",
        "{k}",
        "😀",
        "k".repeat(999),
      ];
      const keys = [...texts.map((text) => `t\0${text}`), "u\0k", "tk"];
      for (const [index, key] of keys.entries()) await store.set(key, String(index), MINUTE);
      for (const [index, key] of keys.entries()) assert.equal((await store.get(key))?.value, String(index));
    },
  ],
  [
    "gives a value back to the letter",
    async ({ store }) => {
      const values = [
        "null",
        '{"b":1,  "a":1.0,"a":2}',
        '"\\u0000 \\ud800 ä a\u0308 😀"',
        `"${"long ".repeat(5_000)}"`,
      ];
      for (const value of values) {
        await store.set(KEY, value, MINUTE);
        assert.deepEqual(await store.get(KEY), { value, ageMs: 0 });
      }
    },
  ],
];
