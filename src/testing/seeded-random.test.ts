import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createSeededRandom } from "./seeded-random.ts";

function draw(seed: number, count: number): readonly number[] {
  const random = createSeededRandom(seed);
  return Array.from({ length: count }, () => random.next());
}

describe("createSeededRandom", () => {
  test("gives the numbers it always gave", () => {
    expect(draw(1, 3)).toEqual([0.3678755429573357, 0.08161311969161034, 0.8205357783008367]);
  });

  test("gives the same numbers for the same seed, and others for its neighbours", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        const numbers = draw(seed, 4);
        for (const number of numbers) expect(number >= 0 && number < 1).toBe(true);
        expect(draw(seed, 4)).toEqual(numbers);
        expect(draw(seed > 0 ? seed - 1 : seed + 1, 4)).not.toEqual(numbers);
      }),
    );
  });

  test("counts the half of a seed that is over 32 bits", () => {
    expect(draw(7 + 2 ** 32, 4)).not.toEqual(draw(7, 4));
  });

  test("spreads evenly, and a number says nothing of the next", () => {
    const cells = new Array<number>(100).fill(0);
    const numbers = draw(3, 20_000);
    for (let index = 0; index < numbers.length; index += 2) {
      const cell = Math.floor((numbers[index] as number) * 10) * 10 + Math.floor((numbers[index + 1] as number) * 10);
      cells[cell] = (cells[cell] as number) + 1;
    }
    // Pearson: 99 degrees of freedom exceed 149 once in a thousand times.
    expect(cells.reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0)).toBeLessThan(149);
  });
});
