import { describe, expect, it } from "vitest";
import type { ChainHead } from "../../ports/audit-reader.ts";
import { CHAIN_KINDS, isChainKind, MAX_ANCHORS, toCheckpointBodies, toOpenedBody } from "./bookkeeping.ts";

const head = (writer: string, seq: number): ChainHead => ({ writer, seq, hash: `${writer}${seq}` });

describe("toOpenedBody", () => {
  it("says how records are hashed", () => {
    expect(toOpenedBody(true, "1.2.3", [{ ...head("b", 5), first: 1 } as never])).toEqual({
      format: 1,
      algorithm: "hmac-sha256",
      toolyard: "1.2.3",
      anchors: [head("b", 5)],
    });
    expect(toOpenedBody(false, "1.2.3", []).algorithm).toBe("sha256");
  });
});

describe("toCheckpointBodies", () => {
  it("makes bodies of a bounded length, and one at least", () => {
    const pruned = Array.from({ length: MAX_ANCHORS + 1 }, (_, index) => head("w", index + 1));
    const bodies = toCheckpointBodies({ before: 5, pruned });
    expect(bodies.map((body) => [body.before, body.pruned.length])).toEqual([
      [5, MAX_ANCHORS],
      [5, 1],
    ]);
    expect(bodies.flatMap((body) => body.pruned)).toEqual(pruned);
    expect(toCheckpointBodies({ before: 5, pruned: [] })).toEqual([{ before: 5, pruned: [] }]);
  });
});

it("tells records of the chains from events", () => {
  expect(CHAIN_KINDS.every(isChainKind)).toBe(true);
  expect(isChainKind("call.succeeded")).toBe(false);
});
