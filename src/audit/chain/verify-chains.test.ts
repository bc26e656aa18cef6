import { describe, expect, it } from "vitest";
import type { ChainHead, ChainRecord } from "../../ports/audit-reader.ts";
import { createMemoryAuditReader } from "../../stores/memory/audit-reader.ts";
import { toAnchoredBody, toOpenedBody } from "./bookkeeping.ts";
import { type Chain, createChain } from "./chain.ts";
import { verifyChains, type VerifyOptions, type VerifyProgress, type VerifyResult } from "./verify-chains.ts";

const KEY = Buffer.alloc(32, 5);

/** A chain of `length` records, the first of which names `anchors`. */
function write(
  writer: string,
  length: number,
  key?: Uint8Array,
  anchors: readonly ChainHead[] = [],
): readonly ChainRecord[] {
  const chain: Chain = createChain({ writer, ...(key && { key }) });
  const opened = chain.append({ at: 1, kind: "chain.opened", body: toOpenedBody(key !== undefined, "1.0.0", anchors) });
  const rest = Array.from({ length: length - 1 }, (_, index) =>
    chain.append({ at: index + 2, kind: "call.succeeded", body: { tool: "a", index } }),
  );
  return [opened, ...rest];
}

const verify = (
  records: readonly ChainRecord[],
  options: VerifyOptions = {},
  heads?: readonly ChainHead[],
): Promise<VerifyResult> =>
  verifyChains(
    createMemoryAuditReader(() => ({ records, ...(heads && { heads }) })),
    options,
  );
const last = (records: readonly ChainRecord[]): ChainRecord => records.at(-1) as ChainRecord;

describe("verifyChains", () => {
  it("gives what it has read", async () => {
    const records = write("a", 3);
    const { writer, seq, hash } = last(records);
    expect(await verify(records)).toEqual({
      ok: true,
      chains: [
        {
          writer: "a",
          first: 1,
          head: { writer, seq, hash },
          records: 3,
          mode: "plain",
          closed: false,
          from: 1,
          until: 3,
          before: null,
        },
      ],
      records: 3,
      problems: [],
      problemCount: 0,
      heads: [{ writer, seq, hash }],
      pruned: [],
      gone: [],
    });
    expect(await verify([])).toMatchObject({ ok: true, chains: [], records: 0 });
  });

  it("counts all problems and describes the first of them", async () => {
    const records = write("a", 20).map((record) => ({ ...record, index: { ...record.index, tenant: "x" } }));
    const result = await verify(records, { maxProblems: 3 });
    expect(result).toMatchObject({ ok: false, problemCount: 20 });
    expect(result.problems).toEqual(
      [1, 2, 3].map((seq) => ({
        kind: "index",
        writer: "a",
        seq,
        expected: "tenant null, as the body says",
        received: '"x"',
      })),
    );
  });

  it("says one thing of a chain of which no hash holds, and each record once one holds", async () => {
    const forged = write("a", 4).map((record) => ({ ...record, at: record.at + 1 }));
    expect((await verify(forged)).problems.map(({ kind, seq }) => [kind, seq])).toEqual([["key", null]]);
    const partly = [...forged.slice(0, 3), last(write("a", 4))];
    expect((await verify(partly)).problems.map(({ kind, seq }) => [kind, seq])).toEqual([
      ["changed", 1],
      ["changed", 2],
      ["changed", 3],
    ]);
  });

  it("shows little of what was put in place of something", async () => {
    const [first] = write("a", 1) as [ChainRecord];
    const { problems } = await verify([
      { ...first, kind: "x".repeat(5_000), prev: "y".repeat(5_000), bodyText: "z".repeat(5_000) },
    ]);
    expect(problems.map(({ kind }) => kind)).toEqual(["unreadable", "unlinked", "unopened", "key"]);
    for (const { expected, received } of problems) expect(expected.length + received.length).toBeLessThan(250);
  });

  it("tells what it has read after each page, waits for who is told, and ends between two pages", async () => {
    const records = [...write("a", 25), ...write("b", 5)];
    const told: VerifyProgress[] = [];
    let waiting = false;
    const onProgress = async (progress: VerifyProgress): Promise<void> => {
      expect(waiting).toBe(false);
      waiting = true;
      told.push(progress);
      await Promise.resolve();
      waiting = false;
    };
    await verify(records, { pageSize: 10, onProgress });
    expect(told.map((progress) => progress.records)).toEqual([10, 20, 25, 30]);
    expect(told.every(({ total }) => total === 30)).toBe(true);
    const stop = new AbortController();
    const stopped = verify(records, {
      pageSize: 10,
      signal: stop.signal,
      onProgress: () => stop.abort(new Error("enough")),
    });
    await expect(stopped).rejects.toThrow("enough");
  });

  it("finds chains that are not listed, and lists that say otherwise than the records", async () => {
    const records = write("a", 3);
    const kinds = async (heads: readonly ChainHead[]): Promise<readonly string[]> =>
      (await verify(records, {}, heads)).problems.map(({ kind }) => kind);
    expect(await kinds([])).toEqual(["head"]);
    expect(await kinds([{ ...last(records), hash: "00" }])).toEqual(["head"]);
    expect(await kinds([{ ...last(records), seq: 4 }])).toEqual(["truncated"]);
    expect(await kinds([records[1] as ChainRecord])).toEqual(["head"]);
    expect(await kinds([last(records), { writer: "b", seq: 2, hash: "00" }])).toEqual(["truncated"]);
    expect(await kinds([last(records), { writer: "b", seq: 0, hash: "" }])).toEqual([]);
  });

  it("believes what is not keyed as far as a keyed chain or a head kept outside names it", async () => {
    const plain = write("a", 4);
    const problemsOf = async (named: readonly ChainHead[], options: VerifyOptions = {}): Promise<unknown> =>
      (await verify([...plain, ...write("b", 2, KEY, named)], { key: KEY, ...options })).problems.map((problem) => [
        problem.kind,
        problem.seq,
      ]);
    expect(await problemsOf([last(plain)])).toEqual([]);
    expect(await problemsOf([plain[1] as ChainRecord])).toEqual([["unkeyed", 3]]);
    expect(await problemsOf([])).toEqual([["unkeyed", 1]]);
    expect(await problemsOf([], { anchors: [{ ...last(plain), by: "heads.jsonl:1", at: 1 }] })).toEqual([]);
    // Named by a chain that is not keyed either.
    const { problems } = await verify([...plain, ...write("b", 2, undefined, [last(plain)])], { key: KEY });
    expect(problems.map(({ kind, writer }) => [kind, writer])).toEqual([
      ["unkeyed", "a"],
      ["unkeyed", "b"],
    ]);
  });

  it("does not believe anchors and checkpoints in records that were changed", async () => {
    const chain = createChain({ writer: "b" });
    const opened = chain.append({ at: 1, kind: "chain.opened", body: toOpenedBody(false, "1.0.0", []) });
    const anchored = chain.append({
      at: 2,
      kind: "chain.anchored",
      body: toAnchoredBody([{ writer: "ghost", seq: 1, hash: "00" }]),
    });
    const checkpoint = chain.append({
      at: 3,
      kind: "chain.checkpoint",
      body: { before: 9, pruned: [{ writer: "a", seq: 2, hash: write("a", 4)[1]?.hash }] },
    });
    const pruned = write("a", 4).slice(2);
    expect(
      (await verify([...pruned, opened, { ...anchored, bodyText: '{"anchors":[]}' }, checkpoint])).problems.map(
        ({ kind, writer }) => `${kind} ${writer}`,
      ),
    ).toEqual(["changed b"]);
    const forged = { ...checkpoint, at: 4 };
    const { problems } = await verify([...pruned, opened, anchored, forged]);
    expect(problems.map(({ kind, writer }) => `${kind} ${writer}`)).toEqual([
      "changed b",
      "missing a",
      "truncated ghost",
    ]);
  });

  it("refuses a key that is too short", async () => {
    await expect(verify([], { key: Buffer.alloc(5) })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });
});
