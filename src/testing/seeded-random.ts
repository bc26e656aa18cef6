// Chance that a test can repeat: SplitMix32. One step forward, one mixing of 32 bits that no two inputs share, so that
// in 2^32 numbers each comes once. Fit for drawing faults, not for secrets.
// INVARIANT: the same seed gives the same numbers in every version: "gives the numbers it always gave" in
// seeded-random.test.ts. Users keep seeds of failing runs.
import type { Random } from "../kernel/random.ts";

const STEP = 0x9e37_79b9;

/** Creates a generator; `seed` is a safe integer of either sign. */
export function createSeededRandom(seed: number): Random {
  // A seed may be wider than the state, such as a time: both of its halves count.
  let state = (seed ^ mix(Math.floor(seed / 2 ** 32))) >>> 0;
  return {
    next() {
      state = (state + STEP) >>> 0;
      return mix(state) / 2 ** 32;
    },
  };
}

/** Leaves 0 as it is. */
function mix(bits: number): number {
  let mixed = bits ^ (bits >>> 16);
  mixed = Math.imul(mixed, 0x21f0_aaad);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x735a_2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
