// Multilinear hashing (Lemire and Kaser, "Strongly universal string hashing is fast", 2014): the sum of the characters,
// each times a random word of its place. For two different keys the upper 16 bits are equal with a chance of 2^-16,
// whatever the keys, so that a caller who chooses his id cannot aim at another's slot.
import { randomBytes } from "node:crypto";
import { invariant } from "../../kernel/invariant.ts";
import type { Random } from "../../kernel/random.ts";

/** A number from 0 to `2^bits - 1` for a key. */
export type Hash = (key: string) => number;

// Not `Math.random`: its state can be computed from a few of its numbers, and a tool may well tell them to its callers.
const SECRET: Random = { next: () => randomBytes(4).readUInt32LE() / 2 ** 32 };

/**
 * Creates a hash of `bits` (1 to 16) with words of its own; it draws more words as keys get longer.
 * @param random for tests; unpredictable when left out
 */
export function createSeededHash(bits: number, random: Random = SECRET): Hash {
  invariant(bits >= 1 && bits <= 16, "only the upper 16 bits are strongly universal");
  const words: number[] = [];
  const draw = (count: number): void => {
    while (words.length < count) words.push(Math.floor(random.next() * 2 ** 32) | 0);
  };
  return (key) => {
    if (words.length <= key.length) draw(key.length + 1);
    let sum = words[0] as number;
    // Characters count from 1, so that a key and the same key with zeros behind it differ.
    for (let place = 0; place < key.length; place++) {
      sum = (sum + Math.imul(words[place + 1] as number, key.charCodeAt(place) + 1)) | 0;
    }
    return sum >>> (32 - bits);
  };
}
