import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toLabel, toSentence } from "./to-sentence.ts";

describe("JSON in plain English", () => {
  test.each<[unknown, string]>([
    [4, "4"],
    ["It is so.", "It is so."],
    [true, "yes"],
    [null, "nothing"],
    [[], "none"],
    [["a", "b", "c"], "a, b and c"],
    [[1, 2, 3, 4, 5, 6, 7], "1, 2, 3, 4, 5 and 2 more"],
    [{}, "done"],
    [{ result: 4 }, "4"],
    [{ value: 6.2, unit: "mile" }, "6.2 mile"],
    [{ days: 3, isLeapYear: false }, "days: 3; is leap year: no"],
    [{ meanTemperatureC: 17, from: { value: 1, unit: "km" } }, "mean temperature C: 17; from: 1 km"],
    [
      {
        notes: [
          { id: 1, text: "a" },
          { id: 2, text: "b" },
        ],
      },
      "notes: (id: 1, text: a) and (id: 2, text: b)",
    ],
  ])("%j is %j", (value, expected) => {
    expect(toSentence(value)).toBe(expected);
  });

  test("leaves out what was just said", () => {
    expect(toSentence({ city: "Oslo", month: 7, mean: 17 }, { city: "oslo", month: 7 })).toBe("mean: 17");
    expect(toSentence({ city: "Oslo" }, { city: "Oslo" })).toBe("city: Oslo");
  });

  test("says how much it leaves out of what is long", () => {
    expect(toSentence("x".repeat(700))).toBe(`${"x".repeat(600)}… (700 characters)`);
    expect(toSentence(Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`k${index}`, index])))).toMatch(
      /k11: 11 and 3 more$/,
    );
  });

  test("comes to an end for any value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        expect(typeof toSentence(value)).toBe("string");
      }),
    );
  });

  test("makes words of names", () => {
    expect(["timeZone", "mean_temperature", "HTTPStatus", "a.b-c"].map(toLabel)).toEqual([
      "time zone",
      "mean temperature",
      "HTTPStatus",
      "a b c",
    ]);
  });
});
