import { expect, test } from "vitest";
import { ALPHABET, createRandomText } from "./random-text.ts";

const ROUNDS = 4_000;
const LENGTH = 43;

test("gives as many characters as asked for, each equally often", () => {
  const counts = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const text = createRandomText(LENGTH);
    expect(text).toHaveLength(LENGTH);
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  expect([...counts.keys()].toSorted().join("")).toBe(ALPHABET);
  // Chi squared with 61 degrees of freedom: above 160 once in 10^10 runs; a modulo without the rejection gives 1,500.
  const expected = (ROUNDS * LENGTH) / ALPHABET.length;
  const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(chiSquared).toBeLessThan(160);
});

test("uses no byte that would favour some characters", () => {
  const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
  const text = createRandomText(248, () => bytes);
  for (const character of ALPHABET) expect(text.split(character)).toHaveLength(5);
});

test("never gives the same twice", () => {
  const texts = new Set(Array.from({ length: 20_000 }, () => createRandomText(18)));
  expect(texts.size).toBe(20_000);
});
