import { expect, test } from "vitest";
import { createKeyHasher, isSameHash } from "./key-hasher.ts";

const PEPPER = Uint8Array.from({ length: 32 }, (_, index) => index);
const KEY = "ty_live_000000000000000000_00000000000000000000000000000000000000000003CFyBK";

// Pinned: another hash would end every key that was given out.
test("hashes as it always did", () => {
  const hasher = createKeyHasher(PEPPER);
  expect(hasher.hash(KEY).toString("hex")).toBe("e10cd9fd15cdada1eba228f222e757ee2dd5f4dca224a80cbd66fde540441219");
  expect(hasher.mark).toBe("021ab478c31f415e7b5d36494e890a38");
});

test("gives another hash and another mark under another pepper", () => {
  const [one, other] = [createKeyHasher(PEPPER), createKeyHasher(PEPPER.map((byte) => byte ^ 1))];
  expect(isSameHash(one.hash(KEY), other.hash(KEY))).toBe(false);
  expect(one.mark).not.toBe(other.mark);
});

test("tells hashes that differ in one bit, and ones that are no hashes", () => {
  const hash = createKeyHasher(PEPPER).hash(KEY);
  expect(isSameHash(hash, Buffer.from(hash))).toBe(true);
  for (let bit = 0; bit < 256; bit++) {
    const other = Buffer.from(hash);
    other[bit >> 3] = (other[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(isSameHash(hash, other)).toBe(false);
  }
  expect(isSameHash(hash, hash.subarray(1))).toBe(false);
  expect(isSameHash(hash, Buffer.alloc(0))).toBe(false);
});
