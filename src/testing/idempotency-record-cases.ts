// What an idempotency store has to do with one record on its way from claim to claim, and who may do what with it.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { IdempotencyRecord, IdempotencyStore } from "../ports/idempotency-store.ts";
import {
  DAY,
  grant,
  type IdempotencyCase,
  keep,
  KEY,
  LEASE,
  OUTCOME,
  toClaim,
  toRecord,
  toStored,
} from "./idempotency-case.ts";

async function refuse(store: IdempotencyStore, record: IdempotencyRecord): Promise<void> {
  assert.deepEqual(await store.claim(toClaim("other")), { ok: false, record });
}

/** Neither stores nor releases, and changes nothing by trying. */
async function assertStranger(store: IdempotencyStore, owner: string, record: IdempotencyRecord | null): Promise<void> {
  assert.equal(await store.store(KEY, owner, '"forged"', DAY), false, `${owner} stored`);
  assert.equal(await store.release(KEY, owner), false, `${owner} released`);
  assert.deepEqual(await store.read(KEY), record);
}

const CLAIMS: readonly IdempotencyCase[] = [
  [
    "a key is absent until it is claimed, and then runs with what it was claimed with",
    async ({ store }) => {
      assert.equal(await store.read(KEY), null);
      await grant(store, "a");
      assert.deepEqual(await store.read(KEY), toRecord("running", "a"));
    },
  ],
  [
    "a second claim is told of the first and changes nothing, whoever claims",
    async ({ store }) => {
      await grant(store, "a");
      for (const owner of ["b", "a"]) {
        const different = { ...toClaim(owner), version: "2.0.0", argumentsDigest: "another", leaseMs: 10 * LEASE };
        assert.deepEqual(await store.claim(different), { ok: false, record: toRecord("running", "a") });
      }
      assert.deepEqual(await store.read(KEY), toRecord("running", "a"));
    },
  ],
  [
    "of claims that come at the same time one is granted, and the others are told of it",
    async ({ store }) => {
      const owners = Array.from({ length: 50 }, (_, index) => `owner${index}`);
      const answers = await Promise.all(owners.map(async (owner) => store.claim(toClaim(owner))));
      const winners = owners.filter((_, index) => answers[index]?.ok);
      assert.equal(winners.length, 1);
      const record = toRecord("running", winners[0] as string);
      const losers = answers.filter(({ ok }) => !ok);
      assert.deepEqual(
        losers,
        losers.map(() => ({ ok: false, record })),
      );
      assert.deepEqual(await store.read(KEY), record);
    },
  ],
  [
    "a lease that passes leaves an abandoned record, which stays and still refuses claims",
    async ({ store, advance }) => {
      await grant(store, "a");
      await advance(LEASE - 1);
      await refuse(store, toRecord("running", "a"));
      await advance(1);
      assert.deepEqual(await store.read(KEY), toRecord("abandoned", "a"));
      await refuse(store, toRecord("abandoned", "a"));
      await advance(1_000 * DAY);
      await refuse(store, toRecord("abandoned", "a"));
    },
  ],
  [
    "a new claim of a released key has a lease of its own",
    async ({ store, advance }) => {
      await grant(store, "a");
      await advance(LEASE - 1);
      assert.equal(await store.release(KEY, "a"), true);
      await grant(store, "b");
      await advance(LEASE - 1);
      assert.deepEqual(await store.read(KEY), toRecord("running", "b"));
      await advance(1);
      assert.deepEqual(await store.read(KEY), toRecord("abandoned", "b"));
    },
  ],
];

const OUTCOMES: readonly IdempotencyCase[] = [
  [
    "an outcome is given back for as long as it is kept, and then the key is absent",
    async ({ store, advance }) => {
      await grant(store, "a");
      await advance(LEASE / 2);
      await keep(store, "a", OUTCOME, DAY);
      assert.deepEqual(await store.read(KEY), toStored(OUTCOME, "a"));
      await advance(DAY - 1);
      await refuse(store, toStored(OUTCOME, "a"));
      await advance(1);
      assert.equal(await store.read(KEY), null);
      await grant(store, "b");
      assert.deepEqual(await store.read(KEY), toRecord("running", "b"));
    },
  ],
  [
    "an outcome whose time has passed is nobody's",
    async ({ store, advance }) => {
      await grant(store, "a");
      await keep(store, "a", OUTCOME, 1_000);
      await advance(1_000);
      await assertStranger(store, "a", null);
    },
  ],
  [
    "an outcome that is kept without an end stays until it is released",
    async ({ store, advance }) => {
      await grant(store, "a");
      await keep(store, "a", OUTCOME, null);
      await advance(10_000 * DAY);
      await refuse(store, toStored(OUTCOME, "a"));
      assert.equal(await store.release(KEY, "a"), true);
      await grant(store, "b");
    },
  ],
  [
    "an abandoned record is stored by an owner that comes back after all",
    async ({ store, advance }) => {
      await grant(store, "a");
      await advance(LEASE);
      await keep(store, "a", OUTCOME, DAY);
      await refuse(store, toStored(OUTCOME, "a"));
    },
  ],
  [
    "an outcome that is stored again takes the place of the first, and so does the time it is kept",
    async ({ store, advance }) => {
      await grant(store, "a");
      await keep(store, "a", '"first"', 1_000);
      await keep(store, "a", '"second"', null);
      await advance(DAY);
      assert.deepEqual(await store.read(KEY), toStored('"second"', "a"));
      await keep(store, "a", '"third"', 2_000);
      await keep(store, "a", '"fourth"', 1_000);
      await advance(999);
      assert.deepEqual(await store.read(KEY), toStored('"fourth"', "a"));
      await advance(1);
      assert.equal(await store.read(KEY), null);
    },
  ],
  [
    "the time of a released record does not end the one that comes after it",
    async ({ store, advance }) => {
      await grant(store, "a");
      await keep(store, "a", OUTCOME, 1_000);
      assert.equal(await store.release(KEY, "a"), true);
      await grant(store, "b");
      await advance(1_000);
      assert.deepEqual(await store.read(KEY), toRecord("running", "b"));
      await keep(store, "b", OUTCOME, null);
      await advance(DAY);
      await refuse(store, toStored(OUTCOME, "b"));
    },
  ],
];

const OWNERS: readonly IdempotencyCase[] = [
  [
    "nobody stores or releases what is absent",
    async ({ store }) => {
      await assertStranger(store, "a", null);
    },
  ],
  [
    "only its owner changes a record, whatever its state",
    async ({ store, advance }) => {
      await grant(store, "a");
      await assertStranger(store, "b", toRecord("running", "a"));
      await advance(LEASE);
      await assertStranger(store, "b", toRecord("abandoned", "a"));
      await keep(store, "a", OUTCOME, null);
      await assertStranger(store, "b", toStored(OUTCOME, "a"));
      await assertStranger(store, "A", toStored(OUTCOME, "a"));
    },
  ],
  [
    "a release makes the key absent, whatever its state",
    async ({ store, advance }) => {
      const reach: readonly (() => MaybePromise<unknown>)[] = [
        () => {},
        () => advance(LEASE),
        () => store.store(KEY, "a", OUTCOME, DAY),
      ];
      for (const reachState of reach) {
        await grant(store, "a");
        await reachState();
        assert.equal(await store.release(KEY, "a"), true);
        assert.equal(await store.read(KEY), null);
        assert.equal(await store.release(KEY, "a"), false);
      }
    },
  ],
  [
    "an owner that lost its key does not touch what the next one has",
    async ({ store }) => {
      await grant(store, "a");
      assert.equal(await store.release(KEY, "a"), true);
      await grant(store, "b");
      await assertStranger(store, "a", toRecord("running", "b"));
      await keep(store, "b", OUTCOME, DAY);
      await assertStranger(store, "a", toStored(OUTCOME, "b"));
    },
  ],
];

export const RECORD_CASES: readonly IdempotencyCase[] = [...CLAIMS, ...OUTCOMES, ...OWNERS];
