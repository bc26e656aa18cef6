// What chance decides in a chaos test. All of it comes from one seed, which every failure names.
import type { Random } from "../../src/kernel/random.ts";
import { createSeededRandom } from "../../src/testing/seeded-random.ts";

export interface Draw {
  /** A whole number, `min` to `max`. */
  int(min: number, max: number): number;
  /** True in `rate` of the cases, 0 to 1. */
  chance(rate: number): boolean;
  /** One of `items`, of which there is at least one. */
  pick<T>(items: readonly T[]): T;
  readonly random: Random;
}

/** Draws that are the same for the same seed. */
export function createDraw(seed: number): Draw {
  const random = createSeededRandom(seed);
  const int = (min: number, max: number): number => min + Math.floor(random.next() * (max - min + 1));
  return {
    int,
    chance: (rate) => random.next() < rate,
    pick: <T>(items: readonly T[]): T => items[int(0, items.length - 1)] as T,
    random,
  };
}
