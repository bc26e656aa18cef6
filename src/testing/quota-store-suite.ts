// What every quota store has to do, as a list of tests: `describeQuotaStore({ test, open })` runs it under any test
// runner. The store in memory is the model; a store that passes may still be slower, never more generous.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { QuotaReading, QuotaRequest, QuotaStore } from "../ports/quota-store.ts";
import { type Grant, measureOverGrant } from "./over-grant.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** A store with nothing in it, whose time stands still but for `advance`. */
export interface OpenedQuotaStore {
  readonly store: QuotaStore;
  /** Moves the store's time on by `ms`. */
  advance(ms: number): MaybePromise<void>;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

/** `open` gives a store whose wall clock stands at a whole hour. */
export type QuotaStoreSuiteOptions = StoreSuiteOptions<OpenedQuotaStore>;

const SECOND = 1_000;
const HOUR = 3_600_000;

/** Registers the tests of a quota store. */
export function describeQuotaStore(options: QuotaStoreSuiteOptions): void {
  registerCases(options, [...BUCKETS, ...WINDOWS, ...SEVERAL, ...KEYS]);
}

type Case = StoreCase<OpenedQuotaStore>;

/** Ten units a second, all at once if need be, unless `other` says otherwise. */
function ask(key: string, cost: number, other: Partial<QuotaRequest> = {}): QuotaRequest {
  const capacity = other.capacity ?? 10;
  return {
    key: `t\0limit\0\0${key}`,
    algorithm: "token-bucket",
    windowMs: SECOND,
    burst: capacity,
    ...other,
    capacity,
    cost,
  };
}

function askHourly(key: string, cost: number): QuotaRequest {
  return ask(key, cost, { algorithm: "fixed-window", windowMs: HOUR });
}

async function take(store: QuotaStore, ...requests: readonly QuotaRequest[]): Promise<boolean> {
  return (await store.take(requests)).ok;
}

async function refuse(
  store: QuotaStore,
  ...requests: readonly QuotaRequest[]
): Promise<QuotaReading & { index: number }> {
  const taken = await store.take(requests);
  assert.equal(taken.ok, false, "the store granted what it had to refuse");
  return taken.ok ? assert.fail() : { ...taken.reading, index: taken.index };
}

async function remaining(store: QuotaStore, ...requests: readonly QuotaRequest[]): Promise<readonly number[]> {
  return (await store.read(requests)).map((reading) => reading.remaining);
}

const BUCKETS: readonly Case[] = [
  [
    "a bucket grants its burst at once, then nothing until a unit has come back",
    async ({ store, advance }) => {
      for (let count = 0; count < 10; count++) assert.ok(await take(store, ask("a", 1)), `unit ${count + 1}`);
      assert.deepEqual(await refuse(store, ask("a", 1)), {
        index: 0,
        remaining: 0,
        resetsInMs: SECOND,
        retryAfterMs: 100,
      });
      await advance(99);
      assert.equal((await refuse(store, ask("a", 1))).retryAfterMs, 1);
      await advance(1);
      assert.ok(await take(store, ask("a", 1)));
      await refuse(store, ask("a", 1));
    },
  ],
  [
    "a bucket refills continuously and never beyond its burst",
    async ({ store, advance }) => {
      assert.ok(await take(store, ask("a", 10)));
      await advance(350);
      assert.deepEqual(await store.read([ask("a", 5)]), [{ remaining: 3, resetsInMs: 650, retryAfterMs: 150 }]);
      await advance(10 * HOUR);
      assert.deepEqual(await store.read([ask("a", 5)]), [{ remaining: 10, resetsInMs: 0, retryAfterMs: 0 }]);
    },
  ],
  [
    "a burst may be smaller or larger than the capacity",
    async ({ store, advance }) => {
      const small = (cost: number): QuotaRequest => ask("small", cost, { burst: 2 });
      const large = (cost: number): QuotaRequest => ask("large", cost, { burst: 25 });
      assert.ok(await take(store, small(2), large(25)));
      await refuse(store, small(1));
      await refuse(store, large(1));
      await advance(SECOND);
      assert.deepEqual(await remaining(store, small(1), large(1)), [2, 10]);
    },
  ],
  [
    "a cost over the burst is refused for ever, and takes nothing",
    async ({ store }) => {
      assert.equal((await refuse(store, ask("a", 10.5))).retryAfterMs, Number.POSITIVE_INFINITY);
      assert.deepEqual(await remaining(store, ask("a", 1)), [10]);
    },
  ],
  [
    "fractions of a unit add up exactly",
    async ({ store, advance }) => {
      const one = (cost: number): QuotaRequest => ask("a", cost, { capacity: 1 });
      for (let count = 0; count < 10; count++) assert.ok(await take(store, one(0.1)), `tenth ${count + 1}`);
      await refuse(store, one(0.000_001));
      await advance(300);
      for (let count = 0; count < 3; count++) assert.ok(await take(store, one(0.1)), `tenth ${count + 11}`);
      await refuse(store, one(0.000_001));
    },
  ],
  [
    "a cost of nothing always fits",
    async ({ store }) => {
      assert.ok(await take(store, ask("a", 10)));
      assert.ok(await take(store, ask("a", 0)));
      assert.equal((await store.read([ask("a", 0)]))[0]?.retryAfterMs, 0);
      assert.ok(await take(store, ask("a", 0, { capacity: 5 })));
    },
  ],
  [
    "a cost that is negative or no number is an error, and takes nothing",
    async ({ store }) => {
      for (const cost of [-1, Number.NaN]) {
        await assert.rejects(async () => store.take([ask("a", 1), ask("b", cost)]), `cost ${cost}`);
      }
      assert.deepEqual(await remaining(store, ask("a", 1), ask("b", 1)), [10, 10]);
    },
  ],
  [
    "constant demand gets all that the limit allows and nothing more",
    async ({ store, advance }) => {
      const grants: Grant[] = [];
      for (let at = 0; at <= 30 * SECOND; at += 7) {
        const units = 1 + (at % 3);
        if (await take(store, ask("a", units))) grants.push({ at, units });
        await advance(7);
      }
      const granted = grants.reduce((sum, { units }) => sum + units, 0);
      assert.ok(granted <= 10 + 300 && granted > 10 + 300 - 4, `granted ${granted}`);
      assert.ok(measureOverGrant(grants, { burst: 10, capacity: 10, windowMs: SECOND }) <= 0.000_001);
    },
  ],
];

const WINDOWS: readonly Case[] = [
  [
    "a window gives everything back at its end and nothing before",
    async ({ store, advance }) => {
      await advance(HOUR / 2);
      assert.ok(await take(store, askHourly("a", 10)));
      const half = { index: 0, remaining: 0, resetsInMs: HOUR / 2, retryAfterMs: HOUR / 2 };
      assert.deepEqual(await refuse(store, askHourly("a", 1)), half);
      await advance(HOUR / 2 - 1);
      assert.equal((await refuse(store, askHourly("a", 1))).retryAfterMs, 1);
      await advance(1);
      assert.deepEqual(await store.read([askHourly("a", 1)]), [{ remaining: 10, resetsInMs: HOUR, retryAfterMs: 0 }]);
      assert.ok(await take(store, askHourly("a", 10)));
    },
  ],
  [
    "a cost over a window's capacity is refused for ever",
    async ({ store }) => {
      assert.equal((await refuse(store, askHourly("a", 11))).retryAfterMs, Number.POSITIVE_INFINITY);
    },
  ],
];

const SEVERAL: readonly Case[] = [
  [
    "takes nothing when one of several refuses",
    async ({ store }) => {
      assert.ok(await take(store, ask("b", 8)));
      assert.equal((await refuse(store, ask("a", 5), ask("b", 5), askHourly("c", 5))).index, 1);
      assert.deepEqual(await remaining(store, ask("a", 1), ask("b", 1), askHourly("c", 1)), [10, 2, 10]);
      assert.ok(await take(store, ask("a", 5), ask("b", 2), askHourly("c", 5)));
      assert.deepEqual(await remaining(store, ask("a", 1), ask("b", 1), askHourly("c", 1)), [5, 0, 5]);
    },
  ],
  [
    "names the one that refuses longest",
    async ({ store, advance }) => {
      await advance(HOUR - 50);
      assert.ok(await take(store, ask("a", 10), ask("b", 9), askHourly("c", 10)));
      const { index, retryAfterMs } = await refuse(store, ask("b", 2), ask("a", 2), askHourly("c", 2));
      assert.deepEqual({ index, retryAfterMs }, { index: 1, retryAfterMs: 200 });
      assert.equal((await refuse(store, ask("a", 2), ask("b", 20), askHourly("c", 2))).index, 1);
    },
  ],
  [
    "counts a key that is asked for twice in one take together",
    async ({ store }) => {
      assert.equal((await refuse(store, ask("a", 6), ask("a", 6))).retryAfterMs, 200);
      assert.ok(await take(store, ask("a", 4), ask("b", 1), ask("a", 4)));
      assert.deepEqual(await remaining(store, ask("a", 1), ask("b", 1)), [2, 9]);
      await refuse(store, ask("a", 1), ask("a", 0.5), ask("a", 0.6));
      assert.ok(await take(store, ask("a", 1), ask("a", 0.5), ask("a", 0.5)));
      assert.deepEqual(await remaining(store, ask("a", 1)), [0]);
    },
  ],
  [
    "grants takes that come at the same time no more than there is",
    async ({ store }) => {
      const taken = await Promise.all(Array.from({ length: 50 }, () => take(store, ask("a", 1), askHourly("b", 1))));
      assert.equal(taken.filter(Boolean).length, 10);
      assert.deepEqual(await remaining(store, ask("a", 1), askHourly("b", 1)), [0, 0]);
    },
  ],
  [
    "takes nothing and reads nothing when asked for nothing",
    async ({ store }) => {
      assert.deepEqual(await store.take([]), { ok: true });
      assert.deepEqual(await store.read([]), []);
      await store.reset([]);
    },
  ],
];

const KEYS: readonly Case[] = [
  [
    "keeps keys apart, whatever is in them",
    async ({ store }) => {
      const keys = ["", " ", "a", "A", "a\0", "\0a", "ä", "a\u0308", "__proto__", "{a}", "😀", "a".repeat(1_000)];
      for (const [index, key] of keys.entries()) assert.ok(await take(store, ask(key, index % 10)));
      assert.deepEqual(
        await remaining(store, ...keys.map((key) => ask(key, 1))),
        keys.map((_, index) => 10 - (index % 10)),
      );
    },
  ],
  [
    "reading takes nothing, and a key that nobody used is whole",
    async ({ store }) => {
      const whole = { remaining: 10, resetsInMs: 0, retryAfterMs: 0 };
      assert.deepEqual(await store.read([ask("a", 10)]), [whole]);
      assert.deepEqual(await store.read([ask("a", 10)]), [whole]);
      assert.deepEqual(await store.read([ask("a", 11)]), [{ ...whole, retryAfterMs: Number.POSITIVE_INFINITY }]);
    },
  ],
  [
    "a reset makes its keys whole and leaves the others",
    async ({ store }) => {
      assert.ok(await take(store, ask("a", 10), askHourly("b", 10), ask("c", 10)));
      await store.reset([ask("a", 1).key, askHourly("b", 1).key, ask("unused", 1).key]);
      assert.deepEqual(await remaining(store, ask("a", 1), askHourly("b", 1), ask("c", 1)), [10, 10, 0]);
    },
  ],
  [
    "a debt carries over when the limit of its key changes",
    async ({ store, advance }) => {
      const raised = { capacity: 20, windowMs: 2 * SECOND };
      const lowered = { capacity: 4, windowMs: SECOND };
      assert.ok(await take(store, ask("a", 8)));
      assert.deepEqual(await remaining(store, ask("a", 1, raised), ask("a", 1, lowered)), [12, 0]);
      assert.ok(await take(store, ask("a", 12, raised)));
      assert.equal((await refuse(store, ask("a", 1, lowered))).retryAfterMs, 4_250);
      await advance(4_250);
      assert.ok(await take(store, ask("a", 1, lowered)));
      assert.deepEqual(await remaining(store, ask("a", 1, lowered), ask("a", 1, raised)), [0, 16]);
    },
  ],
  [
    "a debt carries over between a bucket and a window",
    async ({ store }) => {
      assert.ok(await take(store, ask("a", 7)));
      assert.deepEqual(await remaining(store, askHourly("a", 1)), [3]);
      assert.ok(await take(store, askHourly("a", 3)));
      await refuse(store, ask("a", 1));
    },
  ],
];
