// What every store of settings has to do, as a list of tests: `describeSettingStore({ test, open })` runs it under any test runner.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { Setting, SettingKind, SettingStore } from "../ports/setting-store.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** A store in which nothing is set. */
export interface OpenedSettingStore {
  readonly store: SettingStore;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type SettingStoreSuiteOptions = StoreSuiteOptions<OpenedSettingStore>;

/** Registers the tests of a store of settings. */
export function describeSettingStore(options: SettingStoreSuiteOptions): void {
  registerCases(options, CASES);
}

type New = Omit<Setting, "revision">;

function toSetting(id: string, other: Partial<New> = {}): New {
  return { kind: "role", id, body: { inherits: ["USER"] }, at: 1_000, by: "t\0alice", reason: null, ...other };
}

async function idsOf(
  store: SettingStore,
  kind: SettingKind,
  after: string | null,
  limit = 100,
): Promise<readonly string[]> {
  return (await store.page(kind, after, limit)).map(({ id }) => id);
}

const CASES: readonly StoreCase<OpenedSettingStore>[] = [
  [
    "gives back what was set, every field of it, and of the right kind",
    async ({ store }) => {
      const body = { text: "ä\0'%😀", list: [1, null, true, { a: 1.5 }], "": {} };
      const setting = toSetting("t\0bob \\0", { body, by: null, reason: "because\0" });
      assert.equal(await store.get("role", setting.id), null);
      assert.equal(await store.set(setting, 0), 1);
      assert.deepEqual(await store.get("role", setting.id), { ...setting, revision: 1 });
      assert.equal(await store.get("grant", setting.id), null);
    },
  ],
  [
    "sets over the revision that was read, and over no other",
    async ({ store }) => {
      assert.equal(await store.set(toSetting("a"), 0), 1);
      assert.equal(await store.set(toSetting("a", { body: "again" }), 0), null);
      assert.equal(await store.set(toSetting("a", { body: "second" }), 1), 2);
      assert.equal(await store.set(toSetting("a", { body: "late" }), 1), null);
      assert.equal(await store.set(toSetting("b"), 1), null);
      assert.deepEqual((await store.get("role", "a"))?.body, "second");
      assert.equal(await store.get("role", "b"), null);
    },
  ],
  [
    "sets over whatever there is when no revision is asked for",
    async ({ store }) => {
      assert.equal(await store.set(toSetting("a"), null), 1);
      assert.equal(await store.set(toSetting("a", { body: 2, at: 2_000 }), null), 2);
      assert.deepEqual(await store.get("role", "a"), { ...toSetting("a", { body: 2, at: 2_000 }), revision: 2 });
    },
  ],
  [
    "of changes made from one state at once one is taken",
    async ({ store }) => {
      await store.set(toSetting("a"), 0);
      const revisions = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => store.set(toSetting("a", { body: index }), 1)),
      );
      assert.deepEqual(
        revisions.filter((revision) => revision !== null),
        [2],
      );
    },
  ],
  [
    "removes what is there, once, and only at the revision that was read",
    async ({ store }) => {
      await store.set(toSetting("a"), 0);
      assert.equal(await store.remove("role", "a", 2), false);
      assert.equal(await store.remove("grant", "a", null), false);
      assert.equal(await store.remove("role", "a", 1), true);
      assert.equal(await store.remove("role", "a", null), false);
      assert.equal(await store.set(toSetting("a"), 0), 1);
      assert.equal(await store.remove("role", "a", null), true);
    },
  ],
  [
    "pages a kind in the order of the bytes of its ids",
    async ({ store }) => {
      const ids = ["B", "a", "Z", "ä", "_", "😀", "aa", "\uffee"];
      for (const id of ids) await store.set(toSetting(id), 0);
      await store.set(toSetting("other", { kind: "grant" }), 0);
      const sorted = ["B", "Z", "_", "a", "aa", "ä", "\uffee", "😀"];
      assert.deepEqual(await idsOf(store, "role", null), sorted);
      assert.deepEqual(await idsOf(store, "role", null, 3), sorted.slice(0, 3));
      assert.deepEqual(await idsOf(store, "role", "a", 2), ["aa", "ä"]);
      assert.deepEqual(await idsOf(store, "role", "😀"), []);
    },
  ],
  [
    "makes several changes together, or none of them when one was made from another state",
    async ({ store }) => {
      await store.set(toSetting("a"), 0);
      await store.set(toSetting("b", { kind: "grant" }), 0);
      const by = { at: 2_000, by: "t/bob", reason: "import" };
      const added = { kind: "limit", id: "c", body: { capacity: 5 }, expected: 0 } as const;
      const changed = { kind: "role", id: "a", body: 1, expected: 1 } as const;
      const gone = { kind: "grant", id: "b", body: null, expected: 1 } as const;
      assert.equal(await store.save([added, changed, { ...gone, expected: 2 }], by), false);
      assert.equal(await store.save([changed, { ...added, kind: "grant", id: "b" }], by), false);
      assert.equal(await store.get("limit", "c"), null);
      assert.equal((await store.get("role", "a"))?.revision, 1);
      assert.equal(await store.save([added, changed, gone], by), true);
      assert.deepEqual(await store.get("limit", "c"), {
        ...by,
        kind: "limit",
        id: "c",
        body: { capacity: 5 },
        revision: 1,
      });
      assert.equal((await store.get("role", "a"))?.revision, 2);
      assert.equal(await store.get("grant", "b"), null);
      assert.equal(await store.save([], by), true);
    },
  ],
];
