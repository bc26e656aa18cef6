// What every catalogue store has to do, whatever it keeps its data in.
import assert from "node:assert/strict";
import type {
  CatalogAnswer,
  CatalogChange,
  CatalogPage,
  CatalogStore,
  NewVersion,
  StoredTool,
} from "../ports/catalog-store.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

export interface OpenedCatalogStore {
  /** Empty. */
  readonly store: CatalogStore;
  close?(): MaybePromise<void>;
}

/** Registers the tests of a catalogue store: `describeCatalogStore({ test, open })`. */
export function describeCatalogStore(options: StoreSuiteOptions<OpenedCatalogStore>): void {
  registerCases(options, [...VERSIONS, ...REVISIONS, ...REMOVALS, ...PAGES]);
}

type Case = StoreCase<OpenedCatalogStore>;

const OK: CatalogAnswer = { ok: true };
const CHANGE = { at: 1_000, by: "default/ann", reason: 'a "reason", with an apostrophe\'s mark' };

function toVersion(version: string, parts: Partial<NewVersion> = {}): NewVersion {
  return { ...CHANGE, version, digest: `sha256:${version}`, source: "code", definition: { version }, ...parts };
}

function toTool(name: string, revision: number, parts: Partial<StoredTool> = {}): StoredTool {
  return { ...CHANGE, name, revision, state: { revision }, ...parts };
}

function toChange(name: string, expected: number, parts: Partial<CatalogChange> = {}): CatalogChange {
  return { name, expected, tool: toTool(name, expected + 1), put: [], remove: [], ...parts };
}

/** What a page comes to: names with revisions, and versions with their digests. */
function toBrief({ tools, versions }: CatalogPage): readonly string[] {
  return [
    ...tools.map(({ name, revision }) => `${name} ${revision}`),
    ...versions.map(({ name, version, digest }) => `${name}@${version} ${digest}`),
  ];
}

const VERSIONS: readonly Case[] = [
  [
    "gives back what was saved, to the letter",
    async ({ store }) => {
      const definition = { text: "é\u0000\u2028\\ \"'", list: [1, 2.5, null, true], deep: { a: { b: [] } } };
      const tool = toTool("orders.get", 1, { state: { note: "\u0000", n: 1 }, by: null, reason: null, at: 5 });
      const put = [toVersion("1.0.0", { definition, at: 7, by: null, reason: null }), toVersion("1.1.0-rc.1")];
      assert.deepEqual(await store.save([{ name: "orders.get", expected: 0, tool, put, remove: [] }]), OK);
      const page = await store.read("orders.get");
      assert.deepEqual(page.tools, [tool]);
      const [first, second] = page.versions;
      const kept = { name: "orders.get", source: "code", calledAt: null };
      assert.deepEqual(first, { ...kept, version: "1.0.0", digest: "sha256:1.0.0", at: 7, by: null, reason: null });
      assert.deepEqual(second, { ...kept, version: "1.1.0-rc.1", digest: "sha256:1.1.0-rc.1", ...CHANGE });
      assert.deepEqual(await store.definition("orders.get", "1.0.0"), definition);
      assert.deepEqual(await store.definition("orders.get", "1.1.0-rc.1"), { version: "1.1.0-rc.1" });
    },
  ],
  [
    "has nothing of what was never saved",
    async ({ store }) => {
      await store.save([toChange("a", 0, { put: [toVersion("1.0.0")] })]);
      assert.deepEqual(await store.read("b"), { tools: [], versions: [] });
      assert.deepEqual(await store.read("__proto__"), { tools: [], versions: [] });
      assert.equal(await store.definition("a", "2.0.0"), null);
      assert.equal(await store.definition("b", "1.0.0"), null);
      await store.markCalled("b", "1.0.0", 5);
      assert.deepEqual(await store.read("b"), { tools: [], versions: [] });
    },
  ],
  [
    "defines a version otherwise, and still knows when it was first called",
    async ({ store }) => {
      await store.save([toChange("a", 0, { put: [toVersion("1.0.0"), toVersion("1.1.0")] })]);
      await store.markCalled("a", "1.0.0", 5);
      await store.markCalled("a", "1.0.0", 9);
      const put = [toVersion("1.0.0", { digest: "sha256:other", definition: [2], at: 77 }), toVersion("2.0.0")];
      assert.deepEqual(await store.save([toChange("a", 1, { put })]), OK);
      const { tools, versions } = await store.read("a");
      assert.deepEqual(
        versions.map(({ version, digest, calledAt, at }) => [version, digest, calledAt, at]),
        [
          ["1.0.0", "sha256:other", 5, 77],
          ["1.1.0", "sha256:1.1.0", null, CHANGE.at],
          ["2.0.0", "sha256:2.0.0", null, CHANGE.at],
        ],
      );
      assert.deepEqual(await store.definition("a", "1.0.0"), [2]);
      // A call is no change.
      assert.equal(tools[0]?.revision, 2);
    },
  ],
];

const REVISIONS: readonly Case[] = [
  [
    "refuses a change that was made from another revision, and changes nothing",
    async ({ store }) => {
      await store.save([toChange("a", 0, { put: [toVersion("1.0.0")] })]);
      for (const expected of [0, 2]) {
        const change = toChange("a", expected, { put: [toVersion("9.0.0")], remove: ["1.0.0"] });
        assert.deepEqual(await store.save([change]), { ok: false, problem: "revision", name: "a" });
      }
      assert.deepEqual(await store.save([toChange("a", 2, { tool: null })]), {
        ok: false,
        problem: "revision",
        name: "a",
      });
      assert.deepEqual(await store.save([toChange("b", 1)]), { ok: false, problem: "revision", name: "b" });
      assert.deepEqual(toBrief(await store.page(null, 10)), ["a 1", "a@1.0.0 sha256:1.0.0"]);
    },
  ],
  [
    "changes several tools or none",
    async ({ store }) => {
      await store.save([toChange("a", 0), toChange("c", 0)]);
      const put = [toVersion("1.0.0")];
      assert.deepEqual(await store.save([toChange("b", 0, { put }), toChange("c", 5), toChange("a", 1, { put })]), {
        ok: false,
        problem: "revision",
        name: "c",
      });
      assert.deepEqual(toBrief(await store.page(null, 10)), ["a 1", "c 1"]);
      assert.deepEqual(await store.save([toChange("b", 0, { put }), toChange("c", 1), toChange("a", 1, { put })]), OK);
      assert.deepEqual(toBrief(await store.page(null, 10)), [
        ...["a 2", "b 1", "c 2"],
        ...["a@1.0.0 sha256:1.0.0", "b@1.0.0 sha256:1.0.0"],
      ]);
      assert.deepEqual(await store.save([]), OK);
    },
  ],
  [
    "lets one of two win that change the same tool at the same time",
    async ({ store }) => {
      await store.save([toChange("a", 0)]);
      const answers = await Promise.all(
        Array.from({ length: 8 }, async (_, index) => {
          return store.save([toChange("a", 1, { put: [toVersion(`${index}.0.0`)] })]);
        }),
      );
      assert.equal(answers.filter(({ ok }) => ok).length, 1);
      const { tools, versions } = await store.read("a");
      assert.deepEqual([tools[0]?.revision, versions.length], [2, 1]);
      assert.equal(versions[0]?.version, `${answers.findIndex(({ ok }) => ok)}.0.0`);
    },
  ],
];

const REMOVALS: readonly Case[] = [
  [
    "removes a version that was never called, with its definition",
    async ({ store }) => {
      await store.save([toChange("a", 0, { put: [toVersion("1.0.0"), toVersion("2.0.0")] })]);
      assert.deepEqual(await store.save([toChange("a", 1, { remove: ["1.0.0"] })]), OK);
      assert.deepEqual(toBrief(await store.read("a")), ["a 2", "a@2.0.0 sha256:2.0.0"]);
      assert.equal(await store.definition("a", "1.0.0"), null);
      // Published anew, it is new.
      assert.deepEqual(await store.save([toChange("a", 2, { put: [toVersion("1.0.0")] })]), OK);
      assert.deepEqual(await store.definition("a", "1.0.0"), { version: "1.0.0" });
    },
  ],
  [
    "removes nothing when a version that was to go has been called",
    async ({ store }) => {
      await store.save([toChange("a", 0, { put: [toVersion("1.0.0"), toVersion("2.0.0")] })]);
      await store.markCalled("a", "1.0.0", 5);
      const refused = { ok: false, problem: "called", name: "a" };
      assert.deepEqual(await store.save([toChange("a", 1, { remove: ["2.0.0", "1.0.0"] })]), refused);
      assert.deepEqual(await store.save([toChange("a", 1, { tool: null })]), refused);
      const left = ["a 1", "a@1.0.0 sha256:1.0.0", "a@2.0.0 sha256:2.0.0"];
      assert.deepEqual(toBrief(await store.read("a")), left);
      assert.notEqual(await store.definition("a", "2.0.0"), null);
      assert.deepEqual(await store.save([toChange("a", 1, { remove: ["2.0.0"] })]), OK);
    },
  ],
  [
    "removes a tool with everything of it",
    async ({ store }) => {
      await store.save([toChange("a", 0, { put: [toVersion("1.0.0")] }), toChange("ab", 0)]);
      assert.deepEqual(await store.save([toChange("a", 1, { tool: null })]), OK);
      assert.deepEqual(toBrief(await store.page(null, 10)), ["ab 1"]);
      assert.equal(await store.definition("a", "1.0.0"), null);
      // Its name is free again.
      assert.deepEqual(await store.save([toChange("a", 0)]), OK);
    },
  ],
];

const PAGES: readonly Case[] = [
  [
    "gives every tool once, in the order of the names by their bytes, each with all its versions",
    async ({ store }) => {
      const names = ["a", "B", "a.b", "_x", "Z.9", "a-b", "b", "a_b", "ab"];
      await store.save(names.map((name) => toChange(name, 0, { put: [toVersion("1.0.0"), toVersion("0.9.0")] })));
      for (const limit of [1, 2, 4, 9, 100]) {
        const seen: string[] = [];
        let after: string | null = null;
        for (;;) {
          const { tools, versions } = await store.page(after, limit);
          if (tools.length === 0) break;
          assert.ok(tools.length <= limit);
          assert.deepEqual(
            versions.map(({ name, version }) => `${name}@${version}`),
            tools.flatMap(({ name }) => [`${name}@0.9.0`, `${name}@1.0.0`]),
          );
          seen.push(...tools.map(({ name }) => name));
          after = tools.at(-1)?.name ?? null;
        }
        assert.deepEqual(seen, ["B", "Z.9", "_x", "a", "a-b", "a.b", "a_b", "ab", "b"]);
      }
    },
  ],
  [
    "holds a large catalogue, saved at once",
    async ({ store }) => {
      const count = 2_500;
      const names = Array.from({ length: count }, (_, index) => `tool_${String(index).padStart(5, "0")}`);
      assert.deepEqual(await store.save(names.map((name) => toChange(name, 0, { put: [toVersion("1.0.0")] }))), OK);
      const { tools, versions } = await store.page(null, count + 1);
      assert.deepEqual([tools.length, versions.length], [count, count]);
      const last = names.at(-1) ?? "";
      assert.deepEqual(await store.save([toChange("new", 0), toChange(last, 0)]), {
        ok: false,
        problem: "revision",
        name: last,
      });
      assert.deepEqual(toBrief(await store.page(last, 5)), []);
    },
  ],
];
