// What every store of API keys has to do, as a list of tests: `describeKeyStore({ test, open })` runs it under any test runner.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { KeyFilter, KeyStore, StoredKey } from "../ports/key-store.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** A store without keys. */
export interface OpenedKeyStore {
  readonly store: KeyStore;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type KeyStoreSuiteOptions = StoreSuiteOptions<OpenedKeyStore>;

/** Registers the tests of a store of API keys. */
export function describeKeyStore(options: KeyStoreSuiteOptions): void {
  registerCases(options, [...KEYS, ...LISTS, ...REPLACEMENTS, ...ENDS]);
}

type Case = StoreCase<OpenedKeyStore>;

const AT = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

function toKey(id: string, other: Partial<StoredKey> = {}): StoredKey {
  return {
    id,
    name: "ci",
    env: "live",
    hash: "ab".repeat(32),
    tenant: "t",
    principal: "alice",
    roles: ["USER"],
    scopes: [],
    createdAt: AT,
    createdBy: null,
    expiresAt: null,
    revokedAt: null,
    lastUsedAt: null,
    replacedBy: null,
    ...other,
  };
}

async function idsOf(store: KeyStore, filter: KeyFilter = {}): Promise<readonly string[]> {
  return (await store.list(filter)).map(({ id }) => id);
}

const KEYS: readonly Case[] = [
  [
    "keeps one mark, the first",
    async ({ store }) => {
      assert.equal(await store.readMark(), null);
      assert.equal(await store.keepMark("one"), "one");
      assert.equal(await store.keepMark("two"), "one");
      assert.equal(await store.readMark(), "one");
    },
  ],
  [
    "gives back what was added, every member of it",
    async ({ store }) => {
      const plain = toKey("a");
      const other = toKey("B", {
        name: "bob's laptop \\0 😀",
        env: "test2",
        hash: "00".repeat(32),
        tenant: "ü",
        principal: "bob\\",
        roles: null,
        scopes: ["orders:read", 'a"b', "ü"],
        createdAt: 1_767_225_600_123,
        createdBy: "t/admin",
        expiresAt: 9_007_199_254_740_991,
        revokedAt: 0,
        lastUsedAt: 60_000,
        replacedBy: "c",
      });
      assert.equal(await store.add(plain), true);
      assert.equal(await store.add(other), true);
      assert.deepEqual(await store.get("a"), plain);
      assert.deepEqual(await store.get("B"), other);
      assert.deepEqual(await store.list({}), [other, plain]);
    },
  ],
  [
    "adds one id once, and leaves the key that is there as it is",
    async ({ store }) => {
      await store.add(toKey("a"));
      assert.equal(await store.add(toKey("a", { principal: "mallory" })), false);
      assert.deepEqual(await store.get("a"), toKey("a"));
    },
  ],
  [
    "finds no key by another id, whatever it is",
    async ({ store }) => {
      await store.add(toKey("a"));
      for (const id of ["", "A", "b", "a ", "%", "_", "__proto__", "a' or 'a'='a"]) {
        assert.equal(await store.get(id), null);
        assert.equal(await store.revoke(id, AT), false);
      }
    },
  ],
];

const LISTS: readonly Case[] = [
  [
    "lists in the order of the ids, those of a tenant, of a principal, and of both",
    async ({ store }) => {
      assert.deepEqual(await store.list({}), []);
      await store.add(toKey("b"));
      await store.add(toKey("a", { tenant: "u" }));
      await store.add(toKey("Z", { principal: "bob" }));
      await store.add(toKey("c", { tenant: "u", principal: "bob" }));
      assert.deepEqual(await idsOf(store), ["Z", "a", "b", "c"]);
      assert.deepEqual(await idsOf(store, { tenant: "u" }), ["a", "c"]);
      assert.deepEqual(await idsOf(store, { principal: "bob" }), ["Z", "c"]);
      assert.deepEqual(await idsOf(store, { tenant: "t", principal: "bob" }), ["Z"]);
      assert.deepEqual(await idsOf(store, { tenant: "T" }), []);
    },
  ],
  [
    "lists a hundred unless it is asked for more or fewer, and pages give every key once",
    async ({ store }) => {
      const all = Array.from({ length: 103 }, (_, index) => `key${String(index).padStart(3, "0")}`);
      for (const id of all.toReversed()) await store.add(toKey(id));
      assert.deepEqual(await idsOf(store), all.slice(0, 100));
      assert.deepEqual(await idsOf(store, { limit: 1_000 }), all);
      const paged: string[] = [];
      for (let page = await idsOf(store, { limit: 40 }); page.length > 0;) {
        paged.push(...page);
        page = await idsOf(store, { limit: 40, after: paged.at(-1) as string });
      }
      assert.deepEqual(paged, all);
    },
  ],
];

const REPLACEMENTS: readonly Case[] = [
  [
    "replaces a key: the successor is there, and the old one ends when it is said to, or before",
    async ({ store }) => {
      await store.add(toKey("a"));
      await store.add(toKey("b", { expiresAt: AT + DAY }));
      assert.equal(await store.replace("a", toKey("a2", { createdAt: AT + 1 }), AT + 2 * DAY), true);
      assert.equal(await store.replace("b", toKey("b2", { createdAt: AT + 1 }), AT + 2 * DAY), true);
      assert.deepEqual(await store.get("a"), toKey("a", { expiresAt: AT + 2 * DAY, replacedBy: "a2" }));
      assert.deepEqual(await store.get("b"), toKey("b", { expiresAt: AT + DAY, replacedBy: "b2" }));
      assert.deepEqual(await store.get("a2"), toKey("a2", { createdAt: AT + 1 }));
    },
  ],
  [
    "replaces no key that is not there, was revoked, has expired or was replaced, and then adds nothing",
    async ({ store }) => {
      await store.add(toKey("revoked", { revokedAt: AT }));
      await store.add(toKey("expired", { expiresAt: AT + 5 }));
      await store.add(toKey("replaced", { replacedBy: "other" }));
      const before = await store.list({});
      for (const id of ["revoked", "expired", "replaced", "never"]) {
        assert.equal(await store.replace(id, toKey("next", { createdAt: AT + 5 }), AT + DAY), false);
      }
      assert.deepEqual(await store.list({}), before);
    },
  ],
  [
    "replaces no key by one whose id is taken, and then ends nothing",
    async ({ store }) => {
      await store.add(toKey("a"));
      await store.add(toKey("b"));
      assert.equal(await store.replace("a", toKey("b", { principal: "mallory" }), AT + DAY), false);
      assert.deepEqual(await store.list({}), [toKey("a"), toKey("b")]);
    },
  ],
  [
    "of many that replace one key at once one does",
    async ({ store }) => {
      await store.add(toKey("a"));
      const tries = Array.from({ length: 8 }, async (_, index) => store.replace("a", toKey(`next${index}`), AT + DAY));
      const done = await Promise.all(tries);
      assert.equal(done.filter(Boolean).length, 1);
      const winner = `next${done.indexOf(true)}`;
      assert.deepEqual(await idsOf(store), ["a", winner]);
      assert.equal((await store.get("a"))?.replacedBy, winner);
    },
  ],
];

const ENDS: readonly Case[] = [
  [
    "revokes a key once, and keeps when it was",
    async ({ store }) => {
      await store.add(toKey("a"));
      await store.add(toKey("b"));
      assert.equal(await store.revoke("a", AT + 1), true);
      assert.equal(await store.revoke("a", AT + 2), false);
      assert.deepEqual(await store.list({}), [toKey("a", { revokedAt: AT + 1 }), toKey("b")]);
    },
  ],
  [
    "remembers the last use of each key, never an earlier one",
    async ({ store }) => {
      for (const id of ["a", "b", "c"]) await store.add(toKey(id));
      await store.touch([]);
      await store.touch([
        { id: "a", at: 120_000 },
        { id: "b", at: 60_000 },
        { id: "never", at: 60_000 },
      ]);
      await store.touch([
        { id: "a", at: 60_000 },
        { id: "b", at: 180_000 },
      ]);
      const used = (await store.list({})).map(({ lastUsedAt }) => lastUsedAt);
      assert.deepEqual(used, [120_000, 180_000, null]);
      assert.deepEqual(await store.get("c"), toKey("c"));
    },
  ],
];
