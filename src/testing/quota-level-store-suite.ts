// What every store of levels of quotas has to do, as a list of tests: `describeQuotaLevelStore({ test, open })` runs it under any test runner.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { QuotaLevel, QuotaLevelStore } from "../ports/quota-level-store.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** A store in which nothing is kept. */
export interface OpenedQuotaLevelStore {
  readonly store: QuotaLevelStore;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type QuotaLevelStoreSuiteOptions = StoreSuiteOptions<OpenedQuotaLevelStore>;

/** Registers the tests of a store of levels of quotas. */
export function describeQuotaLevelStore(options: QuotaLevelStoreSuiteOptions): void {
  registerCases(options, CASES);
}

const NOW = Date.UTC(2026, 0, 1, 10);

function toLevel(key: string, other: Partial<QuotaLevel> = {}): QuotaLevel {
  return {
    key,
    algorithm: "token-bucket",
    capacity: 100,
    windowMs: 3_600_000,
    burst: 20.5,
    debt: 9_007_199_254_740_991,
    at: NOW,
    until: NOW + 1_000,
    ...other,
  };
}

const CASES: readonly StoreCase<OpenedQuotaLevelStore>[] = [
  [
    "gives back what was put, whatever its key holds",
    async ({ store }) => {
      const levels = [toLevel("t\0default\0alice \\ 😀"), toLevel("t\0own", { algorithm: "fixed-window", debt: 1 })];
      await store.put(levels);
      assert.deepEqual(await store.page(NOW, null, 100), levels);
    },
  ],
  [
    "keeps one level for a key: what was put last, also within one put",
    async ({ store }) => {
      await store.put([toLevel("k"), toLevel("other")]);
      await store.put([toLevel("k", { debt: 3 }), toLevel("k", { debt: 2, capacity: 7 })]);
      assert.deepEqual(await store.page(NOW, null, 100), [toLevel("k", { debt: 2, capacity: 7 }), toLevel("other")]);
    },
  ],
  [
    "leaves out what owes nothing any more, and forgets it when told",
    async ({ store }) => {
      await store.put([toLevel("a"), toLevel("b", { until: NOW + 5_000 })]);
      assert.equal((await store.page(NOW + 999, null, 100)).length, 2);
      assert.deepEqual(await store.page(NOW + 1_000, null, 100), [toLevel("b", { until: NOW + 5_000 })]);
      assert.equal(await store.prune(NOW + 1_000), 1);
      assert.equal(await store.prune(NOW + 1_000), 0);
      assert.equal((await store.page(NOW, null, 100)).length, 1);
    },
  ],
  [
    "pages through many in the order of their keys",
    async ({ store }) => {
      const levels = Array.from({ length: 700 }, (_, index) => toLevel(`k${String(index).padStart(4, "0")}`));
      await store.put(levels.toReversed());
      const found: QuotaLevel[] = [];
      for (let after: string | null = null; ;) {
        const page: readonly QuotaLevel[] = await store.page(NOW, after, 300);
        found.push(...page);
        after = page.at(-1)?.key ?? null;
        if (page.length < 300) break;
      }
      assert.deepEqual(found, levels);
    },
  ],
  [
    "takes nothing for nothing",
    async ({ store }) => {
      await store.put([]);
      assert.deepEqual(await store.page(NOW, null, 10), []);
    },
  ],
];
