// What every store of secrets has to do, as a list of tests: `describeSecretStore({ test, open })` runs it under any test runner.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { SealedSecret, SecretStore } from "../ports/secret-store.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** A store without secrets and without a master key. */
export interface OpenedSecretStore {
  readonly store: SecretStore;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type SecretStoreSuiteOptions = StoreSuiteOptions<OpenedSecretStore>;

/** Registers the tests of a store of secrets. */
export function describeSecretStore(options: SecretStoreSuiteOptions): void {
  registerCases(options, [...SECRETS, ...MASTER_KEYS]);
}

type Case = StoreCase<OpenedSecretStore>;

function toSecret(name: string, other: Partial<SealedSecret> = {}): SealedSecret {
  return {
    name,
    revision: 1,
    masterKeyId: "m1",
    sealed: `sealed-${name}`,
    at: Date.UTC(2026, 0, 1),
    by: null,
    reason: null,
    ...other,
  };
}

async function fill(store: SecretStore, ...names: readonly string[]): Promise<void> {
  await store.keepMasterKeyId("m1");
  for (const name of names) assert.equal(await store.set(toSecret(name), 0), true);
}

async function namesOf(store: SecretStore, after: string | null = null, limit = 1_000): Promise<readonly string[]> {
  return (await store.page(after, limit)).map(({ name }) => name);
}

const SECRETS: readonly Case[] = [
  [
    "gives back what was set, every member of it",
    async ({ store }) => {
      await store.keepMasterKeyId("m1");
      const other = toSecret("crm/Token.v-2_x", {
        sealed: "_-".repeat(50_000),
        at: 1_767_225_600_123,
        by: "t/admin 😀",
        reason: "it's \\0 new",
      });
      assert.equal(await store.set(toSecret("a"), 0), true);
      assert.equal(await store.set(other, 0), true);
      assert.deepEqual(await store.get("a"), toSecret("a"));
      assert.deepEqual(await store.get(other.name), other);
      for (const name of ["", "A", "b", "%", "__proto__"]) assert.equal(await store.get(name), null);
    },
  ],
  [
    "writes over the expected revision and over no other",
    async ({ store }) => {
      await fill(store, "a");
      const second = toSecret("a", { revision: 2, sealed: "second" });
      assert.equal(await store.set(second, 0), false);
      assert.equal(await store.set(second, 2), false);
      assert.deepEqual(await store.get("a"), toSecret("a"));
      assert.equal(await store.set(second, 1), true);
      assert.deepEqual(await store.get("a"), second);
      assert.equal(await store.set(toSecret("b", { revision: 2 }), 1), false);
      assert.deepEqual(await namesOf(store), ["a"]);
    },
  ],
  [
    "of many that write over one revision at once one does",
    async ({ store }) => {
      await fill(store, "a");
      for (const [name, expected] of [
        ["a", 1],
        ["new", 0],
      ] as const) {
        const tries = Array.from({ length: 8 }, async (_, index) =>
          store.set(toSecret(name, { revision: expected + 1, sealed: `try${index}` }), expected),
        );
        const done = await Promise.all(tries);
        assert.equal(done.filter(Boolean).length, 1);
        assert.equal((await store.get(name))?.sealed, `try${done.indexOf(true)}`);
      }
    },
  ],
  [
    "gives pages in the order of the names, and no secret that was removed",
    async ({ store }) => {
      await fill(store, "b", "a/2", "B", "a", "c");
      assert.deepEqual(await namesOf(store), ["B", "a", "a/2", "b", "c"]);
      assert.deepEqual(await namesOf(store, null, 2), ["B", "a"]);
      assert.deepEqual(await namesOf(store, "a", 2), ["a/2", "b"]);
      assert.deepEqual(await namesOf(store, "c", 2), []);
      assert.equal(await store.remove("a/2"), true);
      assert.equal(await store.remove("a/2"), false);
      assert.equal(await store.get("a/2"), null);
      assert.deepEqual(await namesOf(store, "a"), ["b", "c"]);
      assert.equal(await store.set(toSecret("a/2"), 0), true);
    },
  ],
];

const MASTER_KEYS: readonly Case[] = [
  [
    "keeps one master key, the first, and takes no secret under another or under none",
    async ({ store }) => {
      assert.equal(await store.readMasterKeyId(), null);
      assert.equal(await store.set(toSecret("a"), 0), false);
      assert.equal(await store.keepMasterKeyId("m1"), "m1");
      assert.equal(await store.keepMasterKeyId("m2"), "m1");
      assert.equal(await store.readMasterKeyId(), "m1");
      assert.equal(await store.set(toSecret("a", { masterKeyId: "m2" }), 0), false);
      assert.deepEqual(await namesOf(store), []);
    },
  ],
  [
    "changes the master key and every secret together",
    async ({ store }) => {
      const names = Array.from({ length: 250 }, (_, index) => `s${String(index).padStart(3, "0")}`);
      await fill(store, ...names);
      const rewrap = (secret: SealedSecret): SealedSecret => ({
        ...secret,
        masterKeyId: "m2",
        sealed: `again-${secret.sealed}`,
      });
      assert.equal(await store.replaceMasterKey("m1", "m2", rewrap), 250);
      assert.equal(await store.readMasterKeyId(), "m2");
      assert.deepEqual(
        await store.page(null, 1_000),
        names.map((name) => toSecret(name, { masterKeyId: "m2", sealed: `again-sealed-${name}` })),
      );
      assert.equal(await store.set(toSecret("new"), 0), false);
      assert.equal(await store.set(toSecret("new", { masterKeyId: "m2" }), 0), true);
    },
  ],
  [
    "changes nothing when the master key is another, and when a secret cannot be sealed anew",
    async ({ store }) => {
      await fill(store, "a", "b", "c");
      assert.equal(await store.replaceMasterKey("m0", "m2", (secret) => ({ ...secret, sealed: "lost" })), null);
      const failing = (secret: SealedSecret): SealedSecret => {
        if (secret.name === "c") throw new Error("cannot be opened");
        return { ...secret, masterKeyId: "m2", sealed: "lost" };
      };
      await assert.rejects(async () => store.replaceMasterKey("m1", "m2", failing), /cannot be opened/);
      assert.equal(await store.readMasterKeyId(), "m1");
      assert.deepEqual(await store.page(null, 10), [toSecret("a"), toSecret("b"), toSecret("c")]);
    },
  ],
  [
    "changes the master key of a store that holds nothing",
    async ({ store }) => {
      assert.equal(await store.replaceMasterKey("m1", "m2", (secret) => secret), null);
      await store.keepMasterKeyId("m1");
      assert.equal(await store.replaceMasterKey("m1", "m2", (secret) => secret), 0);
      assert.equal(await store.readMasterKeyId(), "m2");
    },
  ],
];
