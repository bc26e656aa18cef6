import { describe, expect, test } from "vitest";
import type { Random } from "../../kernel/random.ts";
import { createSeededHash } from "./seeded-hash.ts";

function createSequence(seed: number): Random {
  let state = seed;
  return {
    next() {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    },
  };
}

describe("createSeededHash", () => {
  test("gives a key one slot, whatever was hashed in between", () => {
    const hash = createSeededHash(10, createSequence(1));
    const before = hash("tenant\0limit\0\0alice");
    hash("a key that is much longer than the first one, and draws more words".repeat(9));
    expect(hash("tenant\0limit\0\0alice")).toBe(before);
  });

  test("spreads keys that differ in one place, and permutations, over all slots", () => {
    const hash = createSeededHash(6, createSequence(7));
    const used = new Set<number>();
    const counts = new Array<number>(64).fill(0);
    for (let index = 0; index < 6_400; index++) {
      const slot = hash(`tenant\0limit\0\0user-${index}`);
      used.add(slot);
      counts[slot] = (counts[slot] as number) + 1;
    }
    expect(used.size).toBe(64);
    expect(Math.max(...counts)).toBeLessThan(300);
    expect(hash("ab")).not.toBe(hash("ba"));
    expect(hash("a")).not.toBe(hash("a\0"));
  });

  test("draws words that differ from hash to hash when it is given none", () => {
    const hashes = Array.from({ length: 8 }, () => createSeededHash(16));
    expect(new Set(hashes.map((hash) => hash("tenant\0limit\0\0alice"))).size).toBeGreaterThan(4);
  });

  // Keys that meet under one seed would have to be found again under another: nobody can aim without knowing it.
  test("lets keys that meet under one seed part under others", () => {
    const first = createSeededHash(4, createSequence(1));
    const slot = first("victim");
    const aimed = Array.from({ length: 4_000 }, (_, index) => `attacker-${index}`).filter((key) => first(key) === slot);
    expect(aimed.length).toBeGreaterThan(100);
    for (const seed of [2, 3, 4]) {
      const other = createSeededHash(4, createSequence(seed));
      const still = aimed.filter((key) => other(key) === other("victim")).length;
      expect(still).toBeLessThan(aimed.length / 4);
    }
  });
});
