import { expect, test, vi } from "vitest";
import { createCaller } from "../../../../test/cli/call-tool.ts";
import { calculator } from "./calculator.ts";
import { calculate } from "./expression.ts";

// mathjs takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test.each([
  ["1 + 2 * 3", 7],
  ["(3 + 4) * 2^0.5", 9.8994949366117],
  ["-2^2", -4],
  ["10 % 3", 1],
  ["8% of 250", 20],
  ["250 * 8%", 20],
  ["6 × 7 ÷ 2 − 1", 20],
  ["5!", 120],
  ["2 pi", 6.2831853071796],
  ["max(1, 5, 3) + mean(2, 4)", 8],
  ["0.1 + 0.2", 0.3],
  ["2^53 - 1", 9007199254740991],
])("calculates %s", async (expression, result) => {
  expect(await calculate(expression)).toBe(result);
});

test.each([
  ["[1, 2]", /Array is not accepted/],
  ["1:1000000000", /Range is not accepted/],
  ["a = 1", /Assignment is not accepted/],
  ["f(x) = f(x)", /FunctionAssignment is not accepted/],
  ["1; 2", /Block is not accepted/],
  ["{a: 1}", /Object is not accepted/],
  ["true ? 1 : 2", /Conditional is not accepted/],
  ["cos.constructor", /Accessor is not accepted/],
  ['"text"', /Only numbers are accepted/],
  ["1 < 2", /operator < is not accepted/],
  ["5 cm", /no constant cm/],
  ["i", /no constant i/],
  ["import(1)", /no function import/],
  ["evaluate(1)", /no function evaluate/],
  ["createUnit(1)", /no function createUnit/],
  ["constructor(1)", /no function constructor/],
  ["zeros(100000, 100000)", /no function zeros/],
  ["combinations(1e9, 5e8)", /no function combinations/],
  ["sin", /no constant sin/],
  ["pi(2)", /no function pi/],
  ["1 +", /cannot be read/],
  ["sqrt(1, 2, 3)", /cannot be read/],
])("refuses %s", async (expression, message) => {
  await expect(calculate(expression)).rejects.toMatchObject({
    toolCode: "INVALID_EXPRESSION",
    message: expect.stringMatching(message) as string,
  });
});

test.each(["1/0", "sqrt(-1)", "9^9^9^9", "171!", "0/0"])("says that %s has no finite value", async (expression) => {
  await expect(calculate(expression)).rejects.toMatchObject({ toolCode: "NOT_A_NUMBER" });
});

test("reads the deepest and longest text that fits, and no longer one", async () => {
  expect(await calculate(`${"(".repeat(127)}1${")".repeat(127)}`)).toBe(1);
  expect(await calculate(`1${"!".repeat(255)}`)).toBe(1);
  await expect(calculate("1".repeat(257))).rejects.toMatchObject({ toolCode: "INVALID_EXPRESSION" });
});

test("answers a call, and refuses one without an expression", async () => {
  const { call, execute } = createCaller(calculator);
  expect(await call({ expression: "12 * (3 + 4)" })).toEqual({ expression: "12 * (3 + 4)", result: 84 });
  const refused = await execute({ expresion: "1" });
  expect(refused.ok ? null : refused.error.code).toBe("INVALID_INPUT");
});
