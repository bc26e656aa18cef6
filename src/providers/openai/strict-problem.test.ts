import { describe, expect, test } from "vitest";
import { z } from "zod";
import { findStrictProblem } from "./strict-problem.ts";

const text = { type: "string" };
const closed = (properties: object, more: object = {}): Record<string, unknown> => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

describe("a schema is in the strict subset", () => {
  test.each([
    ["a closed object of required properties", closed({ a: text, b: { type: ["number", "null"], minimum: 1 } })],
    ["nothing at all", closed({})],
    [
      "annotations and formats",
      closed({ a: { type: "string", format: "date", description: "x", title: "y" } }, { $schema: "s" }),
    ],
    [
      "unions, lists, references",
      closed(
        { a: { anyOf: [text, { type: "null" }] }, b: { type: "array", items: { $ref: "#/$defs/c" } } },
        { $defs: { c: closed({}) } },
      ),
    ],
  ])("with %s", (_what, schema) => {
    expect(findStrictProblem(schema)).toBeNull();
  });

  test("as zod writes it for strict objects", () => {
    const schema = z.strictObject({
      a: z.enum(["x", "y"]),
      b: z.number().nullable(),
      c: z.strictObject({ d: z.boolean() }),
    });
    expect(findStrictProblem(z.toJSONSchema(schema, { io: "input" }))).toBeNull();
  });
});

describe("a schema is not in the strict subset", () => {
  test.each([
    ["additionalProperties is not false at the root", { type: "object", properties: {} }],
    ["additionalProperties is not false at a", closed({ a: { type: "object", additionalProperties: text } })],
    ['"b" is optional at the root', { ...closed({ a: text, b: text }), required: ["a"] }],
    ["the root is not an object", { anyOf: [closed({})] }],
    ["anyOf at the root", closed({}, { anyOf: [closed({})] })],
    ["oneOf at a", closed({ a: { oneOf: [text] } })],
    ["default at a", closed({ a: { type: "string", default: "x" } })],
    ["a has no type", closed({ a: {} })],
    ["a accepts anything or nothing", closed({ a: true })],
    ["an array without items at a", closed({ a: { type: "array" } })],
    ["prefixItems at a", closed({ a: { type: "array", prefixItems: [text] } })],
    ['format "uri" at a', closed({ a: { type: "string", format: "uri" } })],
    ["a pattern that looks around at a", closed({ a: { type: "string", pattern: "^(?=a)" } })],
    ["maxLength at a", closed({ a: { type: "string", maxLength: 5 } })],
    ["$ref with other keywords at a", closed({ a: { $ref: "#/$defs/x", type: "string" } }, { $defs: { x: text } })],
    ["$ref at a points outside of the schema", closed({ a: { $ref: "https://example.com/x" } })],
    ["patternProperties at x", closed({ a: text }, { $defs: { x: { type: "object", patternProperties: {} } } })],
    [
      "1001 enum values, at most 1000 are accepted",
      closed({ a: { enum: Array.from({ length: 1_001 }, (_, index) => index) } }),
    ],
    [
      "5001 properties, at most 5000 are accepted",
      closed(Object.fromEntries(Array.from({ length: 5_001 }, (_, index) => [`p${index}`, text]))),
    ],
  ])("because %s", (problem, schema) => {
    expect(findStrictProblem(schema)).toBe(problem);
  });

  test("because it is nested too deep, or a large enum is too long", () => {
    let deep: Record<string, unknown> = closed({});
    for (let level = 0; level < 11; level++) deep = closed({ a: deep });
    expect(findStrictProblem(deep)).toMatch(/deeper than 10 levels/);
    const words = Array.from({ length: 300 }, (_, index) => `${index}`.padEnd(60, "x"));
    expect(findStrictProblem(closed({ a: { enum: words } }))).toMatch(
      /an enum of 300 values with 18000 characters at a/,
    );
  });
});
