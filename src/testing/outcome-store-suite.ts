// What every store of unknown outcomes has to do, as a list of tests: `describeOutcomeStore({ test, open })` runs it under
// any test runner.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { OutcomeFilter, OutcomeStore, UnknownOutcome } from "../ports/outcome-store.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** A store in which nothing is listed. */
export interface OpenedOutcomeStore {
  readonly store: OutcomeStore;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type OutcomeStoreSuiteOptions = StoreSuiteOptions<OpenedOutcomeStore>;

/** Registers the tests of a store of unknown outcomes. */
export function describeOutcomeStore(options: OutcomeStoreSuiteOptions): void {
  registerCases(options, [...LISTS, ...PAGES, ...COUNTS]);
}

type Case = StoreCase<OpenedOutcomeStore>;

function toOutcome(id: string, other: Partial<UnknownOutcome> = {}): UnknownOutcome {
  return {
    id,
    tenant: "t",
    principal: "alice",
    tool: "orders.refund",
    version: "1.2.0",
    code: "OUTCOME_UNKNOWN",
    at: Date.UTC(2026, 0, 1),
    idempotencyKey: null,
    ...other,
  };
}

async function add(store: OutcomeStore, ...ids: readonly string[]): Promise<void> {
  for (const id of ids) await store.add(toOutcome(id));
}

async function idsOf(store: OutcomeStore, filter: OutcomeFilter = {}): Promise<readonly string[]> {
  return (await store.list(filter)).map(({ id }) => id);
}

const LISTS: readonly Case[] = [
  [
    "gives back what was added, every field of it",
    async ({ store }) => {
      const plain = toOutcome("a");
      const other = toOutcome("b", {
        tenant: "ü",
        principal: "bob 😀",
        tool: "mail.send",
        version: "2.0.0-rc.1",
        code: "TOOL_FAILED",
        at: 1_767_225_600_123,
        idempotencyKey: "key 'x' ä",
      });
      await store.add(plain);
      await store.add(other);
      assert.deepEqual(await store.get("a"), plain);
      assert.deepEqual(await store.get("b"), other);
      assert.deepEqual(await store.list({}), [plain, other]);
      assert.equal(await store.get("c"), null);
    },
  ],
  [
    "lists in the order of adding, whatever the ids and the times are",
    async ({ store }) => {
      assert.deepEqual(await store.list({}), []);
      for (const [index, id] of ["c", "a", "b"].entries()) await store.add(toOutcome(id, { at: 1_000 - index }));
      assert.deepEqual(await idsOf(store), ["c", "a", "b"]);
    },
  ],
  [
    "lists one id once, where it was first",
    async ({ store }) => {
      await add(store, "a", "b", "a");
      assert.deepEqual(await idsOf(store), ["a", "b"]);
      assert.equal((await store.count()).all, 2);
    },
  ],
  [
    "lists those of a tenant, of a tool, and of both",
    async ({ store }) => {
      await store.add(toOutcome("a"));
      await store.add(toOutcome("b", { tenant: "u" }));
      await store.add(toOutcome("c", { tool: "mail.send" }));
      await store.add(toOutcome("d", { tenant: "u", tool: "mail.send" }));
      assert.deepEqual(await idsOf(store, { tenant: "u" }), ["b", "d"]);
      assert.deepEqual(await idsOf(store, { tool: "mail.send" }), ["c", "d"]);
      assert.deepEqual(await idsOf(store, { tenant: "u", tool: "mail.send" }), ["d"]);
      assert.deepEqual(await idsOf(store, { tenant: "U" }), []);
      assert.deepEqual(await idsOf(store, { tool: "mail" }), []);
    },
  ],
  [
    "removes what is listed, once, and adds it at the end when it comes again",
    async ({ store }) => {
      await add(store, "a", "b", "c");
      assert.equal(await store.remove("b"), true);
      assert.equal(await store.remove("b"), false);
      assert.equal(await store.remove("never"), false);
      assert.equal(await store.get("b"), null);
      assert.deepEqual(await idsOf(store), ["a", "c"]);
      await add(store, "b");
      assert.deepEqual(await idsOf(store), ["a", "c", "b"]);
      assert.deepEqual(await store.get("b"), toOutcome("b"));
    },
  ],
];

const PAGES: readonly Case[] = [
  [
    "lists a hundred unless it is asked for more or fewer",
    async ({ store }) => {
      const all = Array.from({ length: 103 }, (_, index) => `call_${index}`);
      await add(store, ...all);
      assert.deepEqual(await idsOf(store), all.slice(0, 100));
      assert.deepEqual(await idsOf(store, { limit: 1_000 }), all);
      assert.deepEqual(await idsOf(store, { limit: 1 }), ["call_0"]);
    },
  ],
  [
    "pages give every one once, also of one tenant or tool",
    async ({ store }) => {
      for (let index = 0; index < 12; index++) {
        await store.add(toOutcome(`call_${index}`, index % 3 === 0 ? { tenant: "u", tool: "mail.send" } : {}));
      }
      for (const filter of [{}, { tenant: "u" }, { tool: "orders.refund" }]) {
        const paged: string[] = [];
        let page = await idsOf(store, { ...filter, limit: 3 });
        for (; page.length > 0; page = await idsOf(store, { ...filter, limit: 3, after: paged.at(-1) as string })) {
          paged.push(...page);
        }
        assert.deepEqual(paged, await idsOf(store, filter));
      }
    },
  ],
  [
    "a page goes on after one that was removed meanwhile, or that the filter leaves out",
    async ({ store }) => {
      await add(store, "a", "b", "c", "d");
      await store.add(toOutcome("e", { tenant: "u" }));
      await add(store, "f");
      assert.deepEqual(await idsOf(store, { limit: 2 }), ["a", "b"]);
      await store.remove("b");
      assert.deepEqual(await idsOf(store, { after: "b" }), ["c", "d", "e", "f"]);
      await store.remove("c");
      await store.remove("f");
      assert.deepEqual(await idsOf(store, { after: "b" }), ["d", "e"]);
      assert.deepEqual(await idsOf(store, { after: "f" }), []);
      assert.deepEqual(await idsOf(store, { tenant: "t", after: "e" }), []);
      await add(store, "g", "b");
      assert.deepEqual(await idsOf(store, { after: "f" }), ["g", "b"]);
      assert.deepEqual(await idsOf(store, { after: "b" }), []);
    },
  ],
  [
    "a page after an id that was never listed is the first one",
    async ({ store }) => {
      await add(store, "a", "b");
      assert.deepEqual(await idsOf(store, { after: "never" }), ["a", "b"]);
    },
  ],
];

const COUNTS: readonly Case[] = [
  [
    "counts what is listed, of one principal's calls of one tool and of all",
    async ({ store }) => {
      const mail = { tenant: "t", principal: "p", tool: "mail.send" };
      assert.deepEqual(await store.count(mail), { all: 0, own: 0 });
      await store.add(toOutcome("a", mail));
      await store.add(toOutcome("b", mail));
      await store.add(toOutcome("c", { ...mail, tool: "orders.refund" }));
      await store.add(toOutcome("d", { ...mail, tenant: "u" }));
      await store.add(toOutcome("e", { ...mail, principal: "q" }));
      await store.remove("a");
      await store.remove("a");
      assert.deepEqual(await store.count(mail), { all: 4, own: 1 });
      await store.remove("b");
      assert.deepEqual(await store.count(mail), { all: 3, own: 0 });
      assert.deepEqual(await store.count({ ...mail, tenant: "u" }), { all: 3, own: 1 });
      assert.deepEqual(await store.count({ ...mail, tool: "__proto__" }), { all: 3, own: 0 });
      assert.deepEqual(await store.count(), { all: 3, own: 0 });
    },
  ],
];
