import { expect, test } from "vitest";
import { formatShare, toNoneTarget, toShareTarget } from "./target.ts";

test("holds from the share that is asked for", () => {
  expect(toShareTarget("x", 999, 1_000, 0.999)).toEqual({
    name: "x",
    measured: "999 of 1,000 (99.9 %)",
    target: "≥ 99.9 %",
    holds: true,
  });
  expect(toShareTarget("x", 998, 1_000, 0.999).holds).toBe(false);
  expect(toShareTarget("x", 1_000, 1_000, 1)).toMatchObject({ target: "100 %", holds: true });
});

test("does not hold where nothing was measured", () => {
  expect(toShareTarget("x", 0, 0, 0.99)).toMatchObject({ measured: "0 of 0", holds: false });
});

test("holds for none only when there is none", () => {
  expect(toNoneTarget("x", 0).holds).toBe(true);
  expect(toNoneTarget("x", 1).holds).toBe(false);
});

test("never rounds up to everything", () => {
  expect(formatShare(99_999, 100_000)).toBe("99.99 %");
  expect(formatShare(5, 5)).toBe("100 %");
});
