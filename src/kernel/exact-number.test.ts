import fc from "fast-check";
import { expect, test } from "vitest";
import { findInexactness, toBigInt } from "./exact-number.ts";

test.each([
  ["9007199254740992", null],
  ["9007199254740993", "INTEGER"],
  ["-9007199254740993", "INTEGER"],
  ["9007199254740993.0", "INTEGER"],
  ["9007199254740993e0", "INTEGER"],
  ["9.007199254740993e15", "INTEGER"],
  ["9007199254740992.5", "INTEGER"],
  ["12345678901234567890", "INTEGER"],
  ["12345678901234567000", null],
  ["1e22", null],
  ["1e23", null],
  ["100000000000000000000000", null],
  ["1.0", null],
  ["0.1", null],
  ["3.14159265358979323846", null],
  ["0", null],
  ["-0.0e9999999999", null],
  ["1e400", "OVERFLOW"],
  ["-1e1000000000", "OVERFLOW"],
  ["1e-400", "UNDERFLOW"],
  ["5e-324", null],
  [`0.${"0".repeat(400)}1`, "UNDERFLOW"],
  [`0.${"0".repeat(400)}1e401`, null],
  [`1${"0".repeat(309)}`, "OVERFLOW"],
])("judges %s: %s", (literal, kind) => {
  expect(findInexactness(literal)).toBe(kind);
});

test.each([
  ["2384185791015625000", null, "INTEGER"],
  ["1e23", null, "INTEGER"],
  ["1e22", null, null],
  ["9007199254740994", null, null],
  ["0.1", null, null],
  ["5", null, null],
] as const)("judges the text of %s: %s, and its very value: %s", (literal, text, value) => {
  expect(findInexactness(literal)).toBe(text);
  expect(findInexactness(literal, true)).toBe(value);
});

test("agrees with BigInt on every integer below 10^22", () => {
  // Up to 22 digits a shortest text without exponent is the exact value or a rounding that reads back the same.
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 21n), max: 10n ** 21n }), (integer) => {
      const held = BigInt(JSON.stringify(Number(integer)).replace("e+21", "0".repeat(21)));
      expect(findInexactness(String(integer))).toBe(held === integer ? null : "INTEGER");
    }),
    { numRuns: 5_000 },
  );
});

test("does not depend on how a number is written", () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 30n }),
      fc.integer({ min: 0, max: 29 }),
      fc.nat(5),
      (integer, shift, zeros) => {
        const digits = String(integer);
        const point = Math.max(1, digits.length - shift);
        const written = `${digits.slice(0, point)}.${digits.slice(point)}${"0".repeat(zeros + 1)}e+0${digits.length - point}`;
        expect(findInexactness(written)).toBe(findInexactness(digits));
        expect(toBigInt(written)).toBe(integer);
      },
    ),
  );
});

test.each([
  ["1e400", 10n ** 400n],
  ["-12e2", -1_200n],
  ["0.5e1", 5n],
  ["0e99999", 0n],
  ["1.5", null],
  ["1e-3", null],
  ["1e1000000000", null],
  ["1e1000", null],
])("turns %s into a BigInt where it is an integer of at most 1,000 digits", (literal, expected) => {
  expect(toBigInt(literal)).toBe(expected);
});

test("turns the longest integer it takes, and not one digit more", () => {
  expect(toBigInt("1e999")).toBe(10n ** 999n);
  expect(toBigInt("9".repeat(1_001))).toBeNull();
});
