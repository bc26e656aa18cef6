// What every idempotency store has to do, as a list of tests: `describeIdempotencyStore({ test, open })` runs it under any
// test runner. The store in memory is the model. What a store does when it is full is its own affair, and not tested here.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import {
  DAY,
  grant,
  type IdempotencyCase,
  keep,
  KEY,
  type OpenedIdempotencyStore,
  OUTCOME,
  toKey,
  toRecord,
  toStored,
} from "./idempotency-case.ts";
import { RECORD_CASES } from "./idempotency-record-cases.ts";
import { registerCases, type StoreSuiteOptions } from "./store-suite.ts";

export type IdempotencyStoreSuiteOptions = StoreSuiteOptions<OpenedIdempotencyStore>;

// A store that asks its database now and then does so at least this often.
const NOTICE = 1_000;

/** Registers the tests of an idempotency store. */
export function describeIdempotencyStore(options: IdempotencyStoreSuiteOptions): void {
  registerCases(options, [...RECORD_CASES, ...TEXTS, ...WATCHERS]);
}

const TEXTS: readonly IdempotencyCase[] = [
  [
    "keeps keys apart, whatever is in them",
    async ({ store }) => {
      const texts = ["", " ", "k", "K", "k ", "ä", "a\u0308", "%", "_", "'", "__proto__", "{k}", "😀", "k".repeat(256)];
      const keys = [
        ...texts.map((text) => toKey(text)),
        toKey("k", "orders"),
        "t\0bob\0orders.refund\0k",
        "u\0alice\0orders.refund\0k",
        "talice\0\0orders.refund\0k",
      ];
      for (const [index, key] of keys.entries()) await grant(store, `owner${index}`, key);
      for (const [index, key] of keys.entries()) {
        assert.deepEqual(await store.read(key), toRecord("running", `owner${index}`));
        assert.equal(await store.store(key, `owner${index}`, String(index), DAY), true);
      }
      for (const [index, key] of keys.entries()) {
        assert.deepEqual(await store.read(key), toStored(String(index), `owner${index}`));
      }
    },
  ],
  [
    "gives an outcome back to the letter",
    async ({ store }) => {
      const texts = [
        "null",
        '{"b":1,  "a":1.0,"a":12345678901234567890}',
        '"\\u0000 \\ud800 ä a\u0308 😀"',
        '["1e400"]',
        `"${"long ".repeat(50_000)}"`,
      ];
      await grant(store, "a");
      for (const text of texts) {
        await keep(store, "a", text, DAY);
        assert.deepEqual(await store.read(KEY), toStored(text, "a"));
      }
    },
  ],
];

const WATCHERS: readonly IdempotencyCase[] = [
  [
    "a watcher is called when the record is stored and when it is released",
    async (opened) => {
      const { store } = opened;
      await grant(store, "a");
      await assertCalled(opened, KEY, () => store.store(KEY, "a", OUTCOME, DAY));
      await assertCalled(opened, KEY, () => store.release(KEY, "a"));
    },
  ],
  [
    "a watcher is called no more once it was stopped",
    async (opened) => {
      const { store } = opened;
      await grant(store, "a");
      let calls = 0;
      const count = (): void => void calls++;
      const stop = store.watch(KEY, count);
      stop();
      stop();
      // The one that watches now says when a call of the other would have come.
      await assertCalled(opened, KEY, () => store.release(KEY, "a"));
      assert.equal(calls, 0);
    },
  ],
  [
    "of two watchers with one function each is stopped by itself",
    async (opened) => {
      const { store } = opened;
      await grant(store, "a");
      let calls = 0;
      const count = (): void => void calls++;
      const stopFirst = store.watch(KEY, count);
      const stopSecond = store.watch(KEY, count);
      stopFirst();
      stopFirst();
      await assertCalled(opened, KEY, () => store.release(KEY, "a"));
      assert.ok(calls >= 1, "the second watcher was stopped with the first");
      stopSecond();
    },
  ],
];

/** Waits for a watcher of `key` after `change`: one that is never called fails by the time limit of the test runner. */
async function assertCalled(
  { store, advance }: OpenedIdempotencyStore,
  key: string,
  change: () => MaybePromise<boolean>,
): Promise<void> {
  let stop = (): void => {};
  const called = new Promise<void>((resolve) => {
    stop = store.watch(key, resolve);
  });
  assert.equal(await change(), true);
  await advance(NOTICE);
  await called;
  stop();
}
