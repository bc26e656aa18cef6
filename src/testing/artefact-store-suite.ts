// What every artefact store has to do, as a list of tests: `describeArtefactStore({ test, open })` runs it under any test
// runner. How much a store has room for is its own affair; it is tested with a few small texts.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { ArtefactOwner, ArtefactStore } from "../ports/artefact-store.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** An empty store, whose time stands still but for `advance`. */
export interface OpenedArtefactStore {
  readonly store: ArtefactStore;
  /** Moves the store's time on by `ms`. */
  advance(ms: number): MaybePromise<void>;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type ArtefactStoreSuiteOptions = StoreSuiteOptions<OpenedArtefactStore>;

/** Registers the tests of an artefact store. */
export function describeArtefactStore(options: ArtefactStoreSuiteOptions): void {
  registerCases(options, CASES);
}

type Case = StoreCase<OpenedArtefactStore>;

const HOUR = 3_600_000;
const ALICE: ArtefactOwner = { tenant: "t", principal: "alice" };

const CASES: readonly Case[] = [
  [
    "gives a text to the one it belongs to, as often as it is asked",
    async ({ store }) => {
      assert.equal(await store.get(ALICE, "res_1"), null);
      assert.equal(await store.put(ALICE, "res_1", "text", HOUR), true);
      assert.equal(await store.get({ ...ALICE }, "res_1"), "text");
      assert.equal(await store.get({ ...ALICE }, "res_1"), "text");
      assert.equal(await store.get(ALICE, "res_2"), null);
    },
  ],
  [
    "gives a text to nobody else, not even one who knows its id",
    async ({ store }) => {
      const strangers = [
        { tenant: "t", principal: "bob" },
        { tenant: "u", principal: "alice" },
        { tenant: "T", principal: "alice" },
        { tenant: "alice", principal: "t" },
        { tenant: "ta", principal: "lice" },
        { tenant: "t", principal: "alice " },
        { tenant: "t", principal: "" },
        { tenant: "", principal: "" },
      ];
      await store.put(ALICE, "res_1", "text", HOUR);
      for (const stranger of strangers)
        assert.equal(await store.get(stranger, "res_1"), null, JSON.stringify(stranger));
    },
  ],
  [
    "keeps texts of one id apart that belong to different owners",
    async ({ store }) => {
      const owners = [ALICE, { tenant: "t", principal: "bob" }, { tenant: "u", principal: "alice" }];
      for (const [index, owner] of owners.entries()) await store.put(owner, "res_1", `text ${index}`, HOUR);
      for (const [index, owner] of owners.entries()) assert.equal(await store.get(owner, "res_1"), `text ${index}`);
    },
  ],
  [
    "gives a text for as long as it is kept",
    async ({ store, advance }) => {
      await store.put(ALICE, "res_1", "long", HOUR);
      await store.put(ALICE, "res_2", "short", 1_000);
      await advance(999);
      assert.equal(await store.get(ALICE, "res_2"), "short");
      await advance(1);
      assert.equal(await store.get(ALICE, "res_2"), null);
      await advance(HOUR - 1_001);
      assert.equal(await store.get(ALICE, "res_1"), "long");
      await advance(1);
      assert.equal(await store.get(ALICE, "res_1"), null);
    },
  ],
  [
    "gives the text that was put last, for as long as that is kept",
    async ({ store, advance }) => {
      await store.put(ALICE, "res_1", "first", 1_000);
      await store.put(ALICE, "res_1", "second", HOUR);
      await advance(HOUR - 1);
      assert.equal(await store.get(ALICE, "res_1"), "second");
      await store.put(ALICE, "res_1", "third", 1_000);
      await advance(1_000);
      assert.equal(await store.get(ALICE, "res_1"), null);
    },
  ],
  [
    "gives a text back to the letter, line ends and all",
    async ({ store }) => {
      const texts = [
        "",
        " ",
        "a\r\nb\n\tc\r",
        '{"b":1,  "a":1.0}',
        "ä a\u0308 😀 \u202e \u2028",
        "long ".repeat(20_000),
      ];
      for (const [index, text] of texts.entries())
        assert.equal(await store.put(ALICE, `res_${index}`, text, HOUR), true);
      for (const [index, text] of texts.entries()) assert.equal(await store.get(ALICE, `res_${index}`), text);
    },
  ],
];
