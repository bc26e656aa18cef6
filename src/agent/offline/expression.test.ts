import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findExpressions } from "./expression.ts";

const find = (text: string): readonly unknown[] => findExpressions(text).map(({ value }) => value);

describe("arithmetic in a text", () => {
  test.each([
    ["what is 2+2?", ["2+2"]],
    ["2 + 2 and 3*4", ["2 + 2", "3*4"]],
    ["(1 + 2) * -3 ^ 2", ["(1 + 2) * -3 ^ 2"]],
    ["12 times 7 plus 1", ["12 * 7 + 1"]],
    ["10 divided by 4", ["10 / 4"]],
    ["2 to the power of 10", ["2 ^ 10"]],
    ["15% of 80", ["15 / 100 * 80"]],
    ["15 percent of 80 minus 2", ["15 / 100 * 80 - 2"]],
    ["10 % 3 and 7 mod 2", ["10 % 3", "7 % 2"]],
    ["the square root of 16 plus 3 squared", ["sqrt(16) + 3^2"]],
    ["cube root of (8 + 19)", ["cbrt((8 + 19))"]],
    ["sqrt(2) * sin(pi / 4)", ["sqrt(2) * sin(pi / 4)"]],
    ["max(1,200, -3)", ["max(1,200, -3)"]],
    ["1,200 * 2", ["1200 * 2"]],
    ["5! - 3", ["5! - 3"]],
    ["3 x 4", ["3 * 4"]],
    ["2 ** 8", ["2 ^ 8"]],
    ["1e3 + 1", ["1e3 + 1"]],
  ])("is found in %j", (text, expected) => {
    const found = find(text);
    expect(found.map((value) => String(value).replace("**", "^"))).toEqual(expected.map((value) => value));
  });

  test.each(["5", "a 5 km walk", "-3", "(5)", "km2+", "2+", "* 3", "one plus two", "v1.2.3", "x-y", "", "(((("])(
    "is not seen in %j",
    (text) => {
      expect(find(text)).toEqual([]);
    },
  );

  test("stops before an operator that nothing follows", () => {
    expect(findExpressions("2+3 - and so on")).toMatchObject([{ value: "2+3", start: 0, end: 3 }]);
  });

  test("is what was written, for any expression", () => {
    const number = fc.nat(999).map(String);
    const operator = fc.constantFrom("+", "-", "*", "/", "^");
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        number,
        fc.tuple(tie("tree"), operator, tie("tree")).map(([left, sign, right]) => `(${left} ${sign} ${right})`),
        fc.tuple(fc.constantFrom("sqrt", "abs"), tie("tree")).map(([name, inner]) => `${name}(${inner})`),
      ),
    }));
    fc.assert(
      fc.property(tree, tree, (left, right) => {
        const depth = Math.max(...[left, right].map((text) => text.split("(").length));
        fc.pre(depth < 20);
        expect(find(`please tell me ${left} + ${right}, thanks`)).toEqual([`${left} + ${right}`]);
      }),
    );
  });

  test("is looked for in linear time, whatever the text", () => {
    const hostile = ["(", "ab(", "1+", "square root of ", "square root of (", "-", "1,", "e", "pi(", "1 x "];
    for (const part of hostile) expect(findExpressions(part.repeat(4_096 / part.length)).length).toBeLessThan(4_096);
  });
});
