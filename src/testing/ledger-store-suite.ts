// What every ledger has to do, as a list of tests: `describeLedger({ test, open })` runs it under any test runner. What a
// process that is killed leaves behind is tested where the store can be opened again: give `again`.
import { strict as assert } from "node:assert";
import type { ChainRecord } from "../ports/audit-reader.ts";
import {
  AT,
  begin,
  end,
  type LedgerCase,
  type OpenedLedger,
  read,
  tell,
  toClaim,
  toEvent,
  toKey,
} from "./ledger-case.ts";
import { SURVIVORS } from "./ledger-survivor-cases.ts";
import { registerCases, type StoreSuiteOptions } from "./store-suite.ts";

export type LedgerSuiteOptions = StoreSuiteOptions<OpenedLedger> & {
  /** Whether `open` gives an `again`. @default false */
  readonly survives?: boolean;
};

/** Registers the tests of a ledger. */
export function describeLedger(options: LedgerSuiteOptions): void {
  registerCases(options, [...INTENTS, ...EVENTS, ...ENDS, ...(options.survives === true ? SURVIVORS : [])]);
}

const INTENTS: readonly LedgerCase[] = [
  [
    "an intent is open until an event of its call is appended",
    async (opened) => {
      assert.equal(await begin(opened, "a"), true);
      assert.equal(await begin(opened, "b"), true);
      assert.deepEqual([...(await opened.reader.openCalls())].toSorted(), ["a", "b"]);
      await end(opened, "a");
      assert.deepEqual(await opened.reader.openCalls(), ["b"]);
      assert.deepEqual(await tell(opened), ["call.intended a", "call.intended b", "call.succeeded a"]);
    },
  ],
  [
    "an intent takes its key",
    async (opened) => {
      assert.equal(await begin(opened, "a", "k"), true);
      const record = await opened.idempotency.read(toKey("k"));
      assert.deepEqual(record, { state: "running", owner: "a", version: "1.2.0", argumentsDigest: "digest" });
      assert.equal(await opened.idempotency.store(toKey("k"), "a", '"done"', null), true);
    },
  ],
  [
    "where the key is taken nothing is written, and its record is the answer",
    async (opened) => {
      await begin(opened, "a", "k");
      const answer = await opened.ledger.begin(toEvent("call.intended", "b"), toClaim("b", "k"));
      const record = { state: "running", owner: "a", version: "1.2.0", argumentsDigest: "digest" };
      assert.deepEqual(answer, { ok: false, record });
      assert.deepEqual(await opened.reader.openCalls(), ["a"]);
      assert.deepEqual(await tell(opened), ["call.intended a"]);
      assert.equal(await opened.idempotency.release(toKey("k"), "a"), true);
      assert.equal(await begin(opened, "c", "k"), true);
    },
  ],
  [
    "of many that want one key at once one gets it, and one intent is written",
    async (opened) => {
      const ids = Array.from({ length: 40 }, (_, index) => `call_${index}`);
      const granted = await Promise.all(ids.map((id) => begin(opened, id, "k")));
      assert.equal(granted.filter(Boolean).length, 1);
      const owner = ids[granted.indexOf(true)] as string;
      assert.deepEqual(await tell(opened), [`call.intended ${owner}`]);
      assert.equal((await opened.idempotency.read(toKey("k")))?.owner, owner);
    },
  ],
  [
    "many that want a key each get it",
    async (opened) => {
      const ids = Array.from({ length: 300 }, (_, index) => `call_${index}`);
      const granted = await Promise.all(ids.map((id) => begin(opened, id, id)));
      assert.equal(granted.every(Boolean), true);
      await Promise.all(ids.map(async (id) => opened.idempotency.store(toKey(id), id, `"${id}"`, null)));
      await Promise.all(ids.map((id) => end(opened, id)));
      assert.deepEqual(await opened.reader.openCalls(), []);
      for (const id of ids.filter((_, index) => index % 50 === 0)) {
        const record = await opened.idempotency.read(toKey(id));
        assert.equal(record?.state === "stored" && record.outcome, `"${id}"`);
      }
    },
  ],
];

const EVENTS: readonly LedgerCase[] = [
  [
    "keeps an event to the letter",
    async (opened) => {
      const odd = toEvent("call.failed", "call_ü", {
        tenant: "ü\0\\0",
        principal: null,
        tool: "😀",
        code: "TOOL_FAILED",
        idempotencyKey: "k 'x' \\ \u0000",
        arguments: { b: [1, null, { c: "\u2028 \u0007" }], a: 1e21, __proto__x: -0.5 },
        details: "text",
      });
      await opened.ledger.append(odd, "durable");
      const [record] = await read(opened);
      assert.deepEqual(JSON.parse(record?.bodyText ?? ""), JSON.parse(JSON.stringify(odd)));
      const index = { tenant: "ü\0\\0", principal: null, tool: "😀", code: "TOOL_FAILED", callId: "call_ü" };
      assert.deepEqual(record?.index, index);
    },
  ],
  [
    "keeps an event with half a character in it",
    async (opened) => {
      await opened.ledger.append(toEvent("call.refused", "a", { tool: "x\ud800", arguments: ["\udc00"] }), "durable");
      const [record] = await read(opened);
      assert.equal(record?.index.tool, "x\ufffd");
    },
  ],
  [
    "keeps what was batched once it is flushed, in its order",
    async (opened) => {
      const ids = Array.from({ length: 500 }, (_, index) => `call_${index}`);
      for (const id of ids) await opened.ledger.append(toEvent("call.succeeded", id), "batched");
      await opened.ledger.flush();
      const kept = (await read(opened)).toSorted((a, b) => a.seq - b.seq);
      assert.deepEqual(
        kept.map(({ index }) => index.callId),
        ids,
      );
      assert.equal(opened.ledger.state.waiting, 0);
      assert.equal(opened.ledger.state.dropped, 0);
      assert.equal(opened.ledger.state.available, true);
    },
  ],
  [
    "keeps acts, which are no calls",
    async (opened) => {
      await opened.ledger.append(toEvent("act.intended", null, { tool: "*" }), "durable");
      await opened.ledger.append(toEvent("roles.changed", null, { tool: "*", details: { added: ["X"] } }), "durable");
      assert.deepEqual(await tell(opened), ["act.intended null", "roles.changed null"]);
    },
  ],
  [
    "chains its records without gaps",
    async (opened) => {
      for (const id of ["a", "b", "c"]) await begin(opened, id);
      const [chain] = await opened.reader.chains();
      const records = await opened.reader.chain(chain?.writer ?? "", 0, 1_000);
      assert.equal(records[0]?.kind, "chain.opened");
      assert.equal(records.at(-1)?.hash, chain?.hash);
      for (const [index, record] of records.entries()) {
        assert.equal(record.seq, index + 1);
        assert.equal(record.prev, records[index - 1]?.hash ?? "");
      }
    },
  ],
];

const ENDS: readonly LedgerCase[] = [
  [
    "prunes the beginning of a chain, and says so",
    async (opened) => {
      for (const id of ["a", "b", "c"]) await opened.ledger.append(toEvent("call.succeeded", id), "durable");
      const [chain] = await opened.reader.chains();
      const writer = chain?.writer ?? "";
      const pruned = (await opened.reader.chain(writer, 0, 1_000)).find(({ index }) => index.callId === "b");
      const { seq, hash } = pruned as ChainRecord;
      await opened.ledger.prune({ before: AT + 1, pruned: [{ writer, seq, hash }] }, toEvent("audit.pruned", null));
      assert.deepEqual(await tell(opened), ["audit.pruned null", "call.succeeded c"]);
      const kinds = (await opened.reader.chain(writer, 0, 1_000)).map(({ kind }) => kind);
      assert.deepEqual(kinds, ["call.succeeded", "audit.pruned", "chain.checkpoint"]);
      assert.equal((await opened.reader.chains())[0]?.first, seq + 1);
    },
  ],
  [
    "takes nothing more once it is closed, and may be closed again",
    async ({ ledger }) => {
      await ledger.close();
      await ledger.close();
      const begun = async (): Promise<unknown> => ledger.begin(toEvent("call.intended", "a"), null);
      await assert.rejects(begun, { code: "CLOSED" });
      const appended = async (): Promise<unknown> => ledger.append(toEvent("call.succeeded", "a"), "durable");
      await assert.rejects(appended, { code: "CLOSED" });
      await ledger.flush();
    },
  ],
];
