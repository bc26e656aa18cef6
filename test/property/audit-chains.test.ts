// Whatever was written by however many writers: nothing is said of an untouched trail, and nothing that is done to one is
// missed, as far as something else names what was there.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type OutsideAnchor, verifyChains } from "../../src/audit/chain/verify-chains.ts";
import type { ChainHead, ChainRecord } from "../../src/ports/audit-reader.ts";
import {
  type Act,
  FORGERIES,
  histories,
  play,
  rewrite,
  rehash,
  toHeads,
  toReader,
  type Trail,
} from "./audit-history.ts";

const KEY = Buffer.alloc(32, 5);
const keys = fc.constantFrom(undefined, KEY);
const toOptions = (key: Uint8Array | undefined): { readonly key?: Uint8Array } => (key === undefined ? {} : { key });

/** A history, whether it is keyed, and a record of it. */
const cases = fc.tuple(histories, keys, fc.nat()).map(([history, key, pick]) => {
  const trail = play(history, key);
  const index = pick % trail.records.length;
  return { key, trail, index, record: trail.records[index] as ChainRecord };
});

async function kindsOf(trail: Trail, key?: Uint8Array, anchors?: readonly OutsideAnchor[]): Promise<readonly string[]> {
  const { ok, problems, problemCount } = await verifyChains(toReader(trail), {
    ...toOptions(key),
    ...(anchors && { anchors }),
    pageSize: 3,
  });
  expect(ok).toBe(problemCount === 0);
  return problems.map(({ kind }) => kind);
}

const toOutside = (heads: readonly ChainHead[]): readonly OutsideAnchor[] =>
  heads.map((head) => ({ ...head, by: "heads.jsonl:1", at: 9_999 }));

/** The last record of a chain that a record of another chain names. */
function toAnchored({ records }: Trail, writer: string): number {
  const named = records
    .flatMap(({ bodyText }) => (JSON.parse(bodyText) as { anchors?: readonly ChainHead[] }).anchors ?? [])
    .filter((head) => head.writer === writer);
  return Math.max(0, ...named.map(({ seq }) => seq));
}

describe("the verifier", () => {
  test("says nothing of an untouched trail", async () => {
    await fc.assert(
      fc.asyncProperty(histories, keys, async (history, key) => {
        const trail = play(history, key);
        expect(await kindsOf(trail, key, toOutside(trail.heads))).toEqual([]);
      }),
    );
  });

  test("says where a change of any one member is", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.constantFrom(...FORGERIES), async ({ trail, key, index, record }, [, forge]) => {
        const records = trail.records.with(index, forge(record));
        const { problems } = await verifyChains(toReader({ ...trail, records }), { ...toOptions(key), pageSize: 3 });
        expect(problems.map(({ writer }) => writer)).toContain(record.writer);
      }),
    );
  });

  test("finds a record that is gone, with the list of chains as it was", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ trail, key, index, record }) => {
        const kinds = await kindsOf({ ...trail, records: trail.records.toSpliced(index, 1) }, key);
        expect(kinds).toContain(trail.heads.some(({ hash }) => hash === record.hash) ? "truncated" : "missing");
      }),
    );
  });

  test("finds two records that stand in each other's place", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), async ({ trail, key, index, record }, pick) => {
        const others = trail.records.filter(({ hash }) => hash !== record.hash);
        const other = others[pick % Math.max(1, others.length)];
        fc.pre(other !== undefined);
        const place = ({ writer, seq }: ChainRecord): { writer: string; seq: number } => ({ writer, seq });
        const records = trail.records
          .with(index, { ...record, ...place(other) })
          .with(trail.records.indexOf(other), { ...other, ...place(record) });
        expect(await kindsOf({ records, heads: toHeads(records) }, key)).not.toEqual([]);
      }),
    );
  });

  test("finds a record that was put in, between others or behind the last", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ trail, key, record }) => {
        const { writer, seq } = record;
        const shifted = trail.records.map((found) =>
          found.writer === writer && found.seq > seq ? { ...found, seq: found.seq + 1 } : found,
        );
        const inserted = { ...record, seq: seq + 1, prev: record.hash };
        const records = [...shifted, rehash(inserted)];
        const isLast = trail.heads.some(({ hash }) => hash === record.hash);
        // Behind the last record of a chain without a key the list of chains knows better, unless it was changed as well.
        expect(await kindsOf({ records, heads: isLast ? trail.heads : toHeads(records) }, key)).not.toEqual([]);
      }),
    );
  });

  test("finds a record that was written anew alone, by the one behind it", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ trail, index, record }) => {
        fc.pre(trail.records.some(({ writer, seq }) => writer === record.writer && seq === record.seq + 1));
        const { problems } = await verifyChains(
          toReader({ ...trail, records: trail.records.with(index, rehash({ ...record, at: record.at + 1 })) }),
        );
        expect(problems).toContainEqual(expect.objectContaining({ kind: "unlinked", seq: record.seq + 1 }));
      }),
    );
  });

  test("finds a chain that ends before what another chain names of it", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ trail, key, record }) => {
        fc.pre(record.seq <= toAnchored(trail, record.writer));
        const records = trail.records.filter(({ writer, seq }) => writer !== record.writer || seq < record.seq);
        expect(await kindsOf({ records, heads: toHeads(records) }, key)).toContain("truncated");
      }),
    );
  });

  test("finds a chain that was written anew, by what another chain names of it", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ trail, key, index, record }) => {
        fc.pre(record.seq <= toAnchored(trail, record.writer));
        const changed = trail.records.with(index, { ...record, at: record.at + 1 });
        const records = rewrite(changed, record.writer, record.seq, key);
        expect(await kindsOf({ records, heads: toHeads(records) }, key)).toContain("replaced");
      }),
    );
  });

  test("finds any end that is gone when the heads were kept outside", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ trail, key, record }) => {
        const records = trail.records.filter(({ writer, seq }) => writer !== record.writer || seq < record.seq);
        expect(await kindsOf({ records, heads: toHeads(records) }, key, toOutside(trail.heads))).toContain("truncated");
      }),
    );
  });
});

describe("the key", () => {
  const rewriteAll = ({ records }: Trail, key?: Uint8Array): Trail => {
    // As if it had all happened once more, so that what chains name of one another fits as well.
    const heads = new Map<string, string>();
    const chains = new Map<string, ChainRecord[]>();
    const anew: ChainRecord[] = [];
    for (const record of records) {
      const own = chains.get(record.writer) ?? [];
      const body = JSON.parse(record.bodyText) as { anchors?: ChainHead[] };
      const anchors = body.anchors?.map((head) => ({ ...head, hash: heads.get(`${head.writer} ${head.seq}`) ?? "" }));
      const changed = { ...record, bodyText: JSON.stringify({ ...body, ...(anchors && { anchors }) }) };
      const [written] = rewrite([...own.slice(-1), changed], record.writer, record.seq, key).slice(-1);
      if (written === undefined) continue;
      own.push(written);
      chains.set(record.writer, own);
      heads.set(`${written.writer} ${written.seq}`, written.hash);
      anew.push(written);
    }
    return { records: anew, heads: toHeads(anew) };
  };
  const keyed = histories.map((history: readonly Act[]) => play(history, KEY));

  test("tells a trail that was written anew as a whole, without it or with another", async () => {
    await fc.assert(
      fc.asyncProperty(keyed, async (trail) => {
        const plain = rewriteAll(trail);
        // It fits in every way but that anybody could have written it.
        expect(await kindsOf(plain)).toEqual([]);
        expect(new Set(await kindsOf(plain, KEY))).toEqual(new Set(["unkeyed"]));
        expect(await kindsOf(rewriteAll(trail, Buffer.alloc(32, 6)), KEY)).toContain("key");
      }),
    );
  });

  test("is asked for, and another one is refused", async () => {
    await fc.assert(
      fc.asyncProperty(keyed, async (trail) => {
        expect(new Set(await kindsOf(trail))).toEqual(new Set(["key"]));
        expect(new Set(await kindsOf(trail, Buffer.alloc(32, 6)))).toEqual(new Set(["key"]));
      }),
    );
  });
});
