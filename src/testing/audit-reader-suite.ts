// What every reader of the trail has to do, as a list of tests: `describeAuditReader({ test, open })` runs it under any test
// runner.
import { strict as assert } from "node:assert";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { AuditFilter, AuditReader, ChainHead, ChainRecord } from "../ports/audit-reader.ts";
import { registerCases, type StoreCase, type StoreSuiteOptions } from "./store-suite.ts";

/** What a store holds: records, the list of chains, and calls that are open. */
export interface StoredTrail {
  readonly records: readonly ChainRecord[];
  readonly heads: readonly ChainHead[];
  readonly openCalls: readonly string[];
}

/** A reader of nothing, until something is put into its store. */
export interface OpenedAuditReader {
  readonly reader: AuditReader;
  /** Puts records, heads and open calls into the store as they are, beside its other rows. */
  readonly put: (trail: StoredTrail) => MaybePromise<void>;
  /** Called when a test is over. */
  close?(): MaybePromise<void>;
}

export type AuditReaderSuiteOptions = StoreSuiteOptions<OpenedAuditReader>;

/** Registers the tests of a reader of the trail. */
export function describeAuditReader(options: AuditReaderSuiteOptions): void {
  registerCases(options, [...CHAINS, ...SEARCHES, ...PLACES]);
}

type Case = StoreCase<OpenedAuditReader>;

const AT = Date.UTC(2026, 0, 1);

function toRecord(writer: string, seq: number, other: Partial<ChainRecord> = {}): ChainRecord {
  const index = { tenant: "t", principal: "alice", tool: "orders.get", code: null, callId: `call_${writer}_${seq}` };
  return {
    writer,
    seq,
    at: AT + seq,
    kind: "call.succeeded",
    bodyText: `{"n":${seq}}`,
    prev: `p${seq}`,
    hash: `h${writer}${seq}`,
    index,
    ...other,
  };
}

function toTrail(records: readonly ChainRecord[]): StoredTrail {
  const heads = new Map<string, ChainHead>();
  for (const { writer, seq, hash } of records) heads.set(writer, { writer, seq, hash });
  return { records, heads: [...heads.values()], openCalls: [] };
}

function toChain(writer: string, length: number): readonly ChainRecord[] {
  return Array.from({ length }, (_, index) => toRecord(writer, index + 1));
}

async function searchAll(
  reader: AuditReader,
  filter: AuditFilter,
  order: "newest" | "oldest",
  limit: number,
): Promise<readonly (readonly string[])[]> {
  const pages: (readonly string[])[] = [];
  let cursor: string | null = null;
  do {
    const page = await reader.search(filter, order, cursor, limit);
    pages.push(page.records.map((record) => `${record.writer}${record.seq}`));
    cursor = page.cursor;
    assert.ok(pages.length < 100, "the search ends");
  } while (cursor !== null);
  return pages;
}

const CHAINS: readonly Case[] = [
  [
    "finds no chains in a store that holds nothing",
    async ({ reader }) => {
      assert.deepEqual(await reader.chains(), []);
      assert.deepEqual(await reader.chain("a", 0, 10), []);
      assert.deepEqual(await reader.search({}, "newest", null, 10), { records: [], cursor: null });
      assert.deepEqual(await reader.openCalls(), []);
    },
  ],
  [
    "gives back every member of a record",
    async ({ reader, put }) => {
      const plain = toRecord("a", 1);
      const other = toRecord("a", 2, {
        at: 1_767_225_600_123,
        kind: "call.refused",
        bodyText: '{"a":"\\u0000 \\\\ ü 😀 \'"}',
        prev: "",
        index: { tenant: "ü\0\\0", principal: null, tool: "a'b", code: "FORBIDDEN", callId: null },
      });
      await put(toTrail([plain, other]));
      assert.deepEqual(await reader.chain("a", 0, 10), [plain, other]);
    },
  ],
  [
    "lists chains in the order of their ids, with what the list of chains says",
    async ({ reader, put }) => {
      const records = [...toChain("b", 3), ...toChain("B", 1), ...toChain("a", 2)];
      const heads = [
        { writer: "b", seq: 9, hash: "other" },
        { writer: "B", seq: 1, hash: "hB1" },
        { writer: "a", seq: 2, hash: "ha2" },
      ];
      await put({ records, heads, openCalls: [] });
      const chains = await reader.chains();
      assert.deepEqual(
        chains.map(({ writer, seq, hash, listed }) => [writer, seq, hash, listed]),
        [
          ["B", 1, "hB1", true],
          ["a", 2, "ha2", true],
          ["b", 9, "other", true],
        ],
      );
    },
  ],
  [
    "finds chains that have records and are not listed, and listed ones without records",
    async ({ reader, put }) => {
      const records = [...toChain("a", 2), ...toChain("b", 3), ...toChain("c", 1)];
      await put({
        records,
        heads: [
          { writer: "b", seq: 3, hash: "hb3" },
          { writer: "x", seq: 5, hash: "hx5" },
        ],
        openCalls: [],
      });
      const chains = await reader.chains();
      assert.deepEqual(
        chains.map(({ writer, seq, hash, listed }) => [writer, seq, hash, listed]),
        [
          ["a", 2, "ha2", false],
          ["b", 3, "hb3", true],
          ["c", 1, "hc1", false],
          ["x", 5, "hx5", true],
        ],
      );
    },
  ],
  [
    "gives a chain in pages, in the order of the numbers, and no other chain",
    async ({ reader, put }) => {
      await put(toTrail([...toChain("b", 12), ...toChain("a", 3), ...toChain("bb", 2)].toReversed()));
      const numbersOf = async (after: number, limit: number): Promise<readonly number[]> =>
        (await reader.chain("b", after, limit)).map(({ seq }) => seq);
      assert.deepEqual(await numbersOf(0, 5), [1, 2, 3, 4, 5]);
      assert.deepEqual(await numbersOf(9, 5), [10, 11, 12]);
      assert.deepEqual(await numbersOf(12, 5), []);
    },
  ],
  [
    "names the calls that are open",
    async ({ reader, put }) => {
      await put({ records: [], heads: [], openCalls: ["call_1", "call\\2"] });
      assert.deepEqual((await reader.openCalls()).toSorted(), ["call\\2", "call_1"]);
    },
  ],
];

const MIXED: readonly ChainRecord[] = [
  toRecord("a", 1, { kind: "chain.opened" }),
  toRecord("a", 2),
  toRecord("a", 3, { index: { tenant: "t", principal: "bob", tool: "mail.send", code: "TIMEOUT", callId: "c1" } }),
  toRecord("a", 4, { kind: "tool.published" }),
  toRecord("b", 1, { index: { tenant: "u", principal: "bob", tool: "orders.get", code: null, callId: "c2" } }),
  toRecord("b", 2, { kind: "call.failed" }),
  toRecord("b", 3, { kind: "chain.closed" }),
];

const SEARCHES: readonly Case[] = [
  [
    "gives events newest or oldest first, those of one time by chain and number, and no records of the chains",
    async ({ reader, put }) => {
      await put(toTrail(MIXED));
      assert.deepEqual(await searchAll(reader, {}, "oldest", 10), [["b1", "a2", "b2", "a3", "a4"]]);
      assert.deepEqual(await searchAll(reader, {}, "newest", 10), [["a4", "a3", "b2", "a2", "b1"]]);
    },
  ],
  ...(
    [
      [{ tenant: "u" }, ["b1"]],
      [{ principal: "bob" }, ["b1", "a3"]],
      [{ tool: "mail.send" }, ["a3"]],
      [{ code: "TIMEOUT" }, ["a3"]],
      [{ kind: "tool.published" }, ["a4"]],
      [{ callId: "c2" }, ["b1"]],
      [{ from: AT + 2, until: AT + 4 }, ["a2", "b2", "a3"]],
      [{ principal: "bob", tenant: "t", from: AT + 2 }, ["a3"]],
      [{ kind: "chain.opened" }, []],
      [{ tenant: "%" }, []],
      [{ callId: "c1", tenant: "u" }, []],
    ] as const
  ).map(([filter, expected]): Case => [
    `finds by ${Object.keys(filter).join(" and ")}: ${JSON.stringify(expected)}`,
    async ({ reader, put }) => {
      await put(toTrail(MIXED));
      assert.deepEqual((await searchAll(reader, filter, "oldest", 10)).flat(), expected);
    },
  ]),
  [
    "finds texts with U+0000 and backslashes",
    async ({ reader, put }) => {
      const index = { tenant: "a\0b", principal: "a\\0b", tool: "\\", code: null, callId: "\0" };
      await put(toTrail([toRecord("a", 1, { index })]));
      for (const filter of [{ tenant: "a\0b" }, { principal: "a\\0b" }, { tool: "\\" }, { callId: "\0" }])
        assert.deepEqual((await searchAll(reader, filter, "newest", 5)).flat(), ["a1"]);
      assert.deepEqual((await searchAll(reader, { tenant: "a\\0b" }, "newest", 5)).flat(), []);
    },
  ],
];

const PLACES: readonly Case[] = [
  [
    "goes on where a page ended, whatever has been written since",
    async ({ reader, put }) => {
      await put(toTrail(Array.from({ length: 7 }, (_, index) => toRecord("a", index + 1, { at: AT + (index >> 1) }))));
      assert.deepEqual(await searchAll(reader, {}, "oldest", 3), [["a1", "a2", "a3"], ["a4", "a5", "a6"], ["a7"]]);
      assert.deepEqual(await searchAll(reader, {}, "newest", 7), [["a7", "a6", "a5", "a4", "a3", "a2", "a1"]]);
      const { cursor } = await reader.search({}, "newest", null, 2);
      await put(toTrail([toRecord("b", 1, { at: AT + 9 })]));
      const rest = await reader.search({}, "newest", cursor, 10);
      assert.deepEqual(
        rest.records.map(({ seq }) => seq),
        [5, 4, 3, 2, 1],
      );
      assert.equal(rest.cursor, null);
    },
  ],
  [
    "finds the few among many, in time that does not depend on how many one page holds",
    async ({ reader, put }) => {
      const records = Array.from({ length: 25_000 }, (_, index) =>
        toRecord("a", index + 1, index % 12_000 === 7 ? { kind: "tool.deleted" } : {}),
      );
      await put(toTrail(records));
      assert.deepEqual(await searchAll(reader, { kind: "tool.deleted" }, "oldest", 2), [["a8", "a12008"], ["a24008"]]);
      assert.deepEqual(await searchAll(reader, { kind: "tool.deleted" }, "newest", 3), [["a24008", "a12008", "a8"]]);
      assert.deepEqual(await searchAll(reader, { kind: "none" }, "newest", 3), [[]]);
    },
  ],
  [
    "refuses a cursor that no search has given",
    async ({ reader }) => {
      for (const cursor of ["", "x", "1.2", "1.2.", `1.${"2".repeat(17)}.a`])
        await assert.rejects(
          async () => reader.search({}, "newest", cursor, 1),
          /audit cursor: received .*, expected one that a search has given/u,
        );
    },
  ],
];
