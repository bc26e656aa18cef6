import { describe, expect, test } from "vitest";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { toSteps, toUnits } from "./steps.ts";

describe("toSteps", () => {
  test("counts decimal fractions of up to six places exactly", () => {
    const wrong: number[] = [];
    for (let count = 0; count <= 100_000; count++) {
      if (toSteps(count / 1_000) !== count * 1_000 || toSteps(count / 1_000_000) !== count) wrong.push(count);
    }
    expect(wrong).toEqual([]);
  });

  test("rounds what lies between two steps up, so that nothing is free", () => {
    expect(toSteps(0.000_000_1)).toBe(1);
    expect(toSteps(Number.MIN_VALUE)).toBe(1);
    expect(toSteps(1.000_000_4)).toBe(1_000_001);
  });

  test.each([-1, -Number.MIN_VALUE, Number.NaN])("refuses %s", (units) => {
    expect(() => toSteps(units)).toThrow(ToolyardError);
  });

  test("takes what is too much for any limit as it is", () => {
    expect(toSteps(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect(toSteps(1e300)).toBeGreaterThan(1e15);
  });
});

describe("toUnits", () => {
  test("counts whole units only", () => {
    expect(toUnits(1_999_999.9)).toBe(1);
  });
});
