// What every store of usage has to do, as a list of tests: `describeUsageStore({ test, open })` runs it under any test runner.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { UsageFilter, UsageRow, UsageStore } from "../ports/usage-store.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** A store in which nothing is counted. */
export interface OpenedUsageStore {
  readonly store: UsageStore;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type UsageStoreSuiteOptions = StoreSuiteOptions<OpenedUsageStore>;

/** Registers the tests of a store of usage. */
export function describeUsageStore(options: UsageStoreSuiteOptions): void {
  registerCases(options, CASES);
}

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 1, 10);

function toRow(other: Partial<UsageRow> = {}): UsageRow {
  return {
    start: START,
    tool: "orders.get",
    version: "1.0.0",
    tenant: "t",
    principal: "alice",
    succeeded: 2,
    failed: 1,
    refused: 0,
    measured: 3,
    sumMs: 4.5,
    maxMs: 2.25,
    buckets: { "100": 2, "120": 1 },
    errors: { TIMEOUT: 1 },
    marks: { cached: 1 },
    ...other,
  };
}

function read(
  store: UsageStore,
  filter: Partial<UsageFilter> = {},
  limit = 100,
  offset = 0,
): MaybePromise<readonly UsageRow[]> {
  return store.read({ grain: "minute", from: 0, until: START + 24 * HOUR, ...filter }, limit, offset);
}

const CASES: readonly StoreCase<OpenedUsageStore>[] = [
  [
    "gives back what was added, by the minute and by the hour",
    async ({ store }) => {
      const row = toRow({ start: START + 60_000, principal: "bob \\ 😀", tool: "x\0y" });
      await store.add([row]);
      assert.deepEqual(await read(store), [row]);
      assert.deepEqual(await read(store, { grain: "hour" }), [{ ...row, start: START }]);
    },
  ],
  [
    "adds up what is of one minute, and the minutes of an hour",
    async ({ store }) => {
      await store.add([toRow(), toRow({ buckets: { "100": 1, "7": 1 }, errors: {}, maxMs: 9 })]);
      await store.add([toRow({ start: START + 120_000, marks: { cached: 2, retries: 1 } })]);
      const [first, second] = await read(store);
      assert.deepEqual(
        first,
        toRow({
          succeeded: 4,
          failed: 2,
          measured: 6,
          sumMs: 9,
          maxMs: 9,
          buckets: { "100": 3, "120": 1, "7": 1 },
          marks: { cached: 2 },
        }),
      );
      assert.equal(second?.start, START + 120_000);
      const [hour, ...more] = await read(store, { grain: "hour" });
      assert.equal(more.length, 0);
      assert.deepEqual([hour?.succeeded, hour?.failed, hour?.measured, hour?.sumMs, hour?.maxMs], [6, 3, 9, 13.5, 9]);
      assert.deepEqual([hour?.errors, hour?.marks], [{ TIMEOUT: 2 }, { cached: 4, retries: 1 }]);
    },
  ],
  [
    "loses nothing that is added at once",
    async ({ store }) => {
      await Promise.all(Array.from({ length: 20 }, async () => store.add([toRow()])));
      assert.deepEqual(
        (await read(store)).map(({ succeeded }) => succeeded),
        [40],
      );
      assert.deepEqual(
        (await read(store, { grain: "hour" })).map(({ succeeded }) => succeeded),
        [40],
      );
    },
  ],
  [
    "adds and forgets more than a few thousand rows",
    async ({ store }) => {
      const rows = Array.from({ length: 2_100 }, (_, index) => toRow({ principal: `p${index % 2_050}` }));
      await store.add(rows);
      await store.add(rows.slice(0, 300));
      const first = await read(store, { principal: "p7" });
      assert.deepEqual(
        first.map(({ succeeded }) => succeeded),
        [6],
      );
      assert.equal((await read(store, { grain: "hour" }, 5_000)).length, 2_050);
      assert.equal(await store.prune(START + 1, 0), 2_050);
      assert.deepEqual(await read(store), []);
      assert.equal(await store.prune(0, START + HOUR), 2_050);
      assert.deepEqual(await read(store, { grain: "hour" }), []);
    },
  ],
  [
    "orders names by their bytes",
    async ({ store }) => {
      const names = ["B", "a", "ä", "\uffee", "😀"];
      await store.add([...names].reverse().map((principal) => toRow({ principal })));
      assert.deepEqual(
        (await read(store)).map(({ principal }) => principal),
        names,
      );
    },
  ],
  [
    "reads a stretch of time, a tool, a tenant, a principal, and a page of them, in order",
    async ({ store }) => {
      await store.add([
        toRow({ start: START + 60_000 }),
        toRow({ tool: "b" }),
        toRow({ tool: "a", tenant: "u" }),
        toRow({ tool: "a", principal: "bob" }),
        toRow({ tool: "a", version: "" }),
      ]);
      const names = (rows: readonly UsageRow[]) =>
        rows.map((row) => [row.tool, row.version, row.tenant, row.principal].join());
      const all = ["a,,t,alice", "a,1.0.0,t,bob", "a,1.0.0,u,alice", "b,1.0.0,t,alice", "orders.get,1.0.0,t,alice"];
      assert.deepEqual(names(await read(store)), all);
      assert.deepEqual(names(await read(store, {}, 2, 1)), all.slice(1, 3));
      assert.deepEqual(names(await read(store, { from: START + 1 })), all.slice(4));
      assert.deepEqual(names(await read(store, { until: START + 60_000 })), all.slice(0, 4));
      assert.deepEqual(names(await read(store, { tool: "a", tenant: "t" })), all.slice(0, 2));
      assert.deepEqual(names(await read(store, { principal: "bob" })), all.slice(1, 2));
    },
  ],
  [
    "forgets what is older, minutes and hours each by their own time",
    async ({ store }) => {
      await store.add([toRow(), toRow({ start: START + HOUR }), toRow({ start: START + 2 * HOUR })]);
      assert.equal(await store.prune(START + 2 * HOUR, START + HOUR), 3);
      assert.deepEqual(
        (await read(store)).map(({ start }) => start),
        [START + 2 * HOUR],
      );
      assert.deepEqual(
        (await read(store, { grain: "hour" })).map(({ start }) => start),
        [START + HOUR, START + 2 * HOUR],
      );
    },
  ],
];
