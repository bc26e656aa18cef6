import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeSchema } from "./describe-schema.ts";
import { describeValue, quote } from "./describe-value.ts";

describe("a value", () => {
  test.each<[unknown, string]>([
    ["abc", 'string "abc"'],
    [5, "number 5"],
    [null, "null"],
    [true, "boolean true"],
    [undefined, "nothing"],
    [[], "empty array"],
    [[1], "array of 1 item"],
    [[1, 2], "array of 2 items"],
    [{}, "empty object"],
    [{ a: 1, b: 2 }, 'object with "a", "b"'],
    [() => 1, "function"],
    ["x".repeat(100), `string "${"x".repeat(70)}…"`],
  ])("%j reads %s", (value, words) => {
    expect(describeValue(value)).toBe(words);
  });

  test("takes at most 80 characters, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary", maxLength: 200 }),
          fc.dictionary(fc.string({ unit: "binary" }), fc.nat()),
          fc.bigInt(),
          fc.double(),
        ),
        (value) => {
          expect(describeValue(value).length).toBeLessThanOrEqual(80);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("is cut within a quotation, never within its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), fc.integer({ min: 12, max: 80 }), (text, max) => {
        const quoted = quote(text, max);
        expect(quoted.length).toBeLessThanOrEqual(max);
        expect(typeof JSON.parse(quoted)).toBe("string");
      }),
    );
  });
});

describe("a schema", () => {
  test.each<[unknown, string]>([
    [{ type: "integer", minimum: 1, maximum: 10 }, "integer from 1 to 10"],
    [{ type: "number", exclusiveMinimum: 0 }, "number over 0"],
    [{ type: "number", maximum: 5, multipleOf: 0.5 }, "number of 5 or less that is a multiple of 0.5"],
    [{ enum: ["c", "f"] }, 'one of "c", "f"'],
    [{ const: 5 }, "5"],
    [{ type: "string", minLength: 1, maxLength: 5 }, "string of 1 to 5 characters"],
    [{ type: "string", minLength: 1 }, "string of at least 1 character"],
    [{ type: "string", maxLength: 1, minLength: 1 }, "string of exactly 1 character"],
    [{ type: "string", format: "date" }, 'string in the format date, such as "2026-01-31"'],
    [{ type: "string", pattern: "^a$" }, "string matching ^a$"],
    [{ type: ["string", "null"] }, "string or null"],
    [{ type: "string", nullable: true }, "string or null"],
    [{ type: "boolean" }, "true or false"],
    [{ type: "array", items: { type: "integer" }, maxItems: 3 }, "array of at most 3 items, each integer"],
    [{ type: "array", uniqueItems: true }, "array without repetitions"],
    [{ type: "object", properties: { a: {}, b: {} }, required: ["a"] }, 'object with "a", "b" (optional)'],
    [{ type: "object" }, "object"],
    [{ anyOf: [{ type: "integer" }, { type: "null" }] }, "integer or null"],
    [{ allOf: [{ type: "integer" }, { description: "x" }] }, "integer"],
    [{ $ref: "#/$defs/n" }, "number of 2 or more"],
    [{ $ref: "#/$defs/loop" }, "array, each array, each array, each array"],
    [{}, "any value"],
    [{ minLength: 2 }, "string of at least 2 characters"],
    [{ minLength: 2, minimum: 1 }, "any value"],
    [true, "any value"],
    [false, "nothing"],
    [
      { enum: Array.from({ length: 20 }, (_, index) => index) },
      "one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more",
    ],
    [{ anyOf: Array.from({ length: 6 }, (_, index) => ({ const: index })) }, "0 or 1 or 2 or 3 or 2 other forms"],
  ])("%j reads %s", (schema, words) => {
    const root = {
      $defs: { n: { type: "number", minimum: 2 }, loop: { type: "array", items: { $ref: "#/$defs/loop" } } },
    };
    expect(describeSchema(schema, root)).toBe(words);
  });
});
