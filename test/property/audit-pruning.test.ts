// A trail of which old records were taken can be verified as before, also while they are being taken, and what is left is as
// well guarded as it was.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planPruning, type PruningPlan } from "../../src/audit/chain/plan-pruning.ts";
import { verifyChains, type VerifyResult } from "../../src/audit/chain/verify-chains.ts";
import type { ChainRecord } from "../../src/ports/audit-reader.ts";
import { FORGERIES, histories, play, prune, toReader, type Trail } from "./audit-history.ts";

const KEY = Buffer.alloc(32, 5);

const verify = (trail: Trail, key?: Uint8Array, outside: Trail = trail): Promise<VerifyResult> =>
  verifyChains(toReader(trail), {
    ...(key && { key }),
    anchors: outside.heads.map((head) => ({ ...head, by: "heads.jsonl:1", at: 9_999 })),
    pageSize: 3,
  });

const plan = async (trail: Trail, before: number, key?: Uint8Array): Promise<PruningPlan | null> =>
  planPruning(toReader(trail), { before, verified: await verify(trail, key), pageSize: 3 });

/** A trail that was pruned once, perhaps not to the end. */
const cases = fc.record({
  history: histories,
  key: fc.constantFrom(undefined, KEY),
  before: fc.integer({ min: 1_000, max: 1_050 }),
  share: fc.constantFrom(0, 0.3, 1, 1),
});

describe("a pruned trail", () => {
  test("has no problems, whatever was taken of what may go, once and again", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat({ max: 60 }), async ({ history, key, before, share }, more) => {
        const whole = play(history, key);
        const first = await plan(whole, before, key);
        fc.pre(first !== null);
        const once = prune(whole, first.pruning, "p1", share, key);
        expect((await verify(once, key, whole)).problems).toEqual([]);
        const second = await plan(once, before + more, key);
        if (second === null) return;
        const twice = prune(once, second.pruning, "p2", 1, key);
        expect((await verify(twice, key, once)).problems).toEqual([]);
        // What the first one did not get to is gone now.
        const cuts = new Map(first.pruning.pruned.map(({ writer, seq }) => [writer, seq]));
        expect(twice.records.filter(({ writer, seq }) => seq <= (cuts.get(writer) ?? 0))).toEqual([]);
      }),
    );
  });

  test("keeps what is young, what is open, and the last record of a chain that was not closed", async () => {
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1_000, max: 1_050 }), fc.nat(), async (history, before, pick) => {
        const trail = play(history);
        const written = trail.records.filter(({ kind }) => kind === "call.succeeded");
        fc.pre(written.length > 0);
        const open = written[pick % written.length] as ChainRecord;
        // The verifier does not look at kinds; the plan does.
        const records = trail.records.map((record) => (record === open ? { ...open, kind: "call.intended" } : record));
        const planned = await planPruning(toReader({ ...trail, records }, [open.index.callId ?? ""]), {
          before,
          verified: await verify(trail),
          pageSize: 3,
        });
        const cuts = new Map(planned?.pruning.pruned.map(({ writer, seq }) => [writer, seq]));
        let taken = 0;
        for (const record of records) {
          if (record.seq > (cuts.get(record.writer) ?? 0)) continue;
          taken++;
          expect(record.at).toBeLessThan(before);
          expect(record.kind).not.toBe("call.intended");
          if (isHead(trail, record)) expect(record.kind).toBe("chain.closed");
        }
        expect(taken).toBe(planned?.records ?? 0);
      }),
    );
  });

  test("shows every change and every loss of what is left", async () => {
    await fc.assert(
      fc.asyncProperty(cases, fc.nat(), fc.constantFrom(...FORGERIES), async (given, pick, [, forge]) => {
        const { history, key, before } = given;
        const whole = play(history, key);
        const planned = await plan(whole, before, key);
        fc.pre(planned !== null);
        const trail = prune(whole, planned.pruning, "p1", 1, key);
        const index = pick % trail.records.length;
        const record = trail.records[index] as ChainRecord;
        const forged = await verify({ ...trail, records: trail.records.with(index, forge(record)) }, key, whole);
        expect(forged.ok).toBe(false);
        const lost = await verify({ ...trail, records: trail.records.toSpliced(index, 1) }, key, whole);
        expect(lost.ok).toBe(false);
      }),
    );
  });

  test("is not explained by a checkpoint that is gone", async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const whole = play(history);
        const planned = await plan(whole, 1_030);
        fc.pre(planned !== null);
        const { records, heads } = prune(whole, planned.pruning, "p1", 1);
        const without = { records: records.filter(({ writer }) => writer !== "p1"), heads: heads.slice(0, -1) };
        const { problems } = await verify(without, undefined, without);
        const left = without.heads.some(({ writer }) => planned.pruning.pruned.some((cut) => cut.writer === writer));
        if (left) expect(problems.map(({ kind }) => kind)).toContain("missing");
      }),
    );
  });

  test("is not planned while it has problems", async () => {
    const trail = play([]);
    const records = trail.records.slice(1);
    await expect(plan({ ...trail, records }, 2_000)).rejects.toThrow("without problems");
  });
});

function isHead({ heads }: Trail, { writer, seq }: ChainRecord): boolean {
  return heads.some((head) => head.writer === writer && head.seq === seq);
}
