import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createChain } from "./chain.ts";

const key = Buffer.alloc(32, 7);
const entry = {
  at: 1_000.9,
  kind: "call.succeeded",
  body: { tenant: "t", principal: null, tool: "a", callId: "c1", details: undefined },
};

describe("createChain", () => {
  it("numbers records from 1 and names in each the hash of the one before", () => {
    const chain = createChain({ writer: "w" });
    expect(chain.head).toEqual({ writer: "w", seq: 0, hash: "" });
    const records = [chain.append(entry), chain.append(entry), chain.append(entry)];
    expect(records.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(records.map(({ prev }) => prev)).toEqual(["", records[0]?.hash, records[1]?.hash]);
    expect(chain.head).toEqual({ writer: "w", seq: 3, hash: records[2]?.hash });
  });

  it("gives what is stored: the body as it was hashed, and what it is found by", () => {
    const text = '{"callId":"c1","principal":null,"tenant":"t","tool":"a"}';
    const whole = `{"at":1000,"body":${text},"kind":"call.succeeded","prev":"","seq":1,"writer":"w"}`;
    const record = {
      writer: "w",
      seq: 1,
      at: 1_000,
      kind: "call.succeeded",
      bodyText: text,
      prev: "",
      index: { tenant: "t", principal: null, tool: "a", code: null, callId: "c1" },
    };
    const plain = createHash("sha256").update(whole).digest("hex");
    expect(createChain({ writer: "w" }).append(entry)).toEqual({ ...record, hash: plain });
    const keyed = createHmac("sha256", key).update(whole).digest("hex");
    expect(createChain({ writer: "w", key }).append(entry)).toEqual({ ...record, hash: keyed });
  });

  it("goes on from a head, and back to one", () => {
    const chain = createChain({ writer: "w" });
    const first = chain.append(entry);
    const second = chain.append(entry);
    chain.rewind(first);
    expect(chain.append(entry)).toEqual(second);
    expect(createChain({ writer: "w", head: first }).append(entry)).toEqual(second);
  });

  it("is found by what the body says, also where that was not well-formed", () => {
    const record = createChain({ writer: "w" }).append({ ...entry, body: { tool: "a\ud800" } });
    expect([record.bodyText, record.index.tool]).toEqual(['{"tool":"a\ufffd"}', "a\ufffd"]);
  });

  it("refuses a key that is too short, without showing it", () => {
    expect(() => createChain({ writer: "w", key: Buffer.from("hunter2") })).toThrow(
      "audit key: received 7 bytes, expected 32 to 1024 random bytes",
    );
  });
});
