import { describe, expect, it } from "vitest";
import { CHAIN_KINDS, isChainKind, toAnchors, toOpenedBody } from "./bookkeeping.ts";

const head = (writer: string, seq: number): { writer: string; seq: number; hash: string } => ({
  writer,
  seq,
  hash: `${writer}${seq}`,
});

describe("toAnchors", () => {
  it("names the heads of other chains that have moved since they were last named, in order", () => {
    const heads = [head("d", 1), head("c", 9), head("b", 5), head("a", 4), { ...head("e", 2), first: 1 }];
    const anchored = new Map([
      ["b", 5],
      ["c", 8],
    ]);
    expect(toAnchors(heads, anchored, "a")).toEqual([head("c", 9), head("d", 1), head("e", 2)]);
    expect(toAnchors([head("a", 0), head("b", 0)], new Map(), "c")).toEqual([]);
  });
});

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

it("tells records of the chains from events", () => {
  expect(CHAIN_KINDS.every(isChainKind)).toBe(true);
  expect(isChainKind("call.succeeded")).toBe(false);
});
