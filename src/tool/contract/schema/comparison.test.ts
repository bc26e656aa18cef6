import { describe, expect, test } from "vitest";
import type { JsonSchema } from "../../schema/schema.ts";
import { Comparison } from "./comparison.ts";
import { toDocuments } from "./document.ts";

const text = { type: "string" };

/** Definitions that refer to one another in a circle; `v` is what differs. */
function circle(v: object): JsonSchema {
  return {
    $defs: {
      N: { type: "object", properties: { next: { $ref: "#/$defs/M" }, v } },
      M: { type: "object", properties: { back: { $ref: "#/$defs/N" } } },
    },
  };
}

test("takes nothing for granted that rested on what turned out not to hold", () => {
  const [before, after] = toDocuments(circle(text), circle({ type: "integer" }));
  const [n, m] = [{ $ref: "#/$defs/N" }, { $ref: "#/$defs/M" }];
  const comparison = new Comparison();
  // M is within M if N is within N, which is being asked; and it is not.
  expect(comparison.isSubset(before.toNode(n), after.toNode(n), "strict")).toBe(false);
  expect(comparison.isSubset(before.toNode(m), after.toNode(m), "strict")).toBe(false);
});

test("sees that what leads in a circle is the same", () => {
  const [before, after] = toDocuments(circle(text), circle({ anyOf: [text] }));
  const comparison = new Comparison();
  const [one, other] = [before.toNode({ $ref: "#/$defs/N" }), after.toNode({ $ref: "#/$defs/N" })];
  expect(comparison.isSubset(one, other, "same")).toBe(true);
  expect(comparison.reason).toBeNull();
});

test("keeps the same object of both sides apart where it refers to different things", () => {
  const shared = { $ref: "#/$defs/T" };
  const [before, after] = toDocuments({ $defs: { T: text } }, { $defs: { T: { type: "integer" } } });
  expect(new Comparison().isSubset(before.toNode(shared), after.toNode(shared), "strict")).toBe(false);
});

test("says no when there are no steps left, and why", () => {
  const wide = (maxLength: number): JsonSchema => ({
    type: "object",
    properties: Object.fromEntries(
      Array.from({ length: 40 }, (_none, index) => [`p${index}`, { ...text, maxLength: maxLength + index }]),
    ),
  });
  const [before, after] = toDocuments(wide(5), wide(9));
  const ask = (comparison: Comparison): boolean =>
    comparison.isSubset(before.toNode(before.root), after.toNode(after.root), "strict");
  expect(ask(new Comparison())).toBe(true);
  const short = new Comparison(20);
  expect(ask(short)).toBe(false);
  expect(short.reason).toBe("they are too large to be compared");
});

test("is not held up by a schema that refers to itself without a member in between", () => {
  const [before, after] = toDocuments({ $ref: "#" }, { allOf: [{ $ref: "#" }, text] });
  const comparison = new Comparison();
  expect(comparison.isSubset(before.toNode(before.root), after.toNode(after.root), "strict")).toBe(false);
  expect(comparison.reason).toMatch(/lead in a circle/);
});

const whole = { type: "integer" };
const number = { type: "number" };
const list = (items: object) => ({ type: "array", items });
const has = (name: string, schema: object = {}) => ({
  type: "object",
  properties: { [name]: schema },
  required: [name],
});

/** Two schemas, and whether the first is seen to be within the second, and the second within the first. */
type Row = readonly [one: object, other: object, within: boolean, back: boolean];

const ROWS: Readonly<Record<string, readonly Row[]>> = {
  numbers: [
    [{ ...number, exclusiveMinimum: 1 }, { ...number, minimum: 1 }, true, false],
    [{ ...number, exclusiveMaximum: 1 }, { ...number, maximum: 1 }, true, false],
    [{ ...whole, exclusiveMinimum: 1 }, { ...whole, minimum: 2 }, true, true],
    [{ ...whole, minimum: 0.5, maximum: 2.5 }, { ...whole, minimum: 1, maximum: 2 }, true, true],
    [{ ...whole, multipleOf: 3, minimum: 1, maximum: 8 }, { enum: [3, 6] }, true, true],
    [{ ...whole, multipleOf: 3, minimum: 1, maximum: 8 }, { enum: [0, 3, 6] }, true, false],
    [{ ...whole, multipleOf: 3, minimum: 1 }, { ...whole, multipleOf: 3, minimum: 3 }, true, true],
    [{ allOf: [number, whole] }, whole, true, true],
    [{ allOf: [{ enum: [1, 1.5] }, whole] }, { const: 1 }, true, true],
    [
      { ...number, maximum: 2 },
      {
        anyOf: [
          { ...number, maximum: 1 },
          { ...number, minimum: 1, maximum: 2 },
        ],
      },
      true,
      true,
    ],
    [
      { ...number, maximum: 2 },
      {
        anyOf: [
          { ...number, exclusiveMaximum: 1 },
          { ...number, minimum: 1, maximum: 2 },
        ],
      },
      true,
      true,
    ],
    [
      { ...number, maximum: 2 },
      {
        anyOf: [
          { ...number, exclusiveMaximum: 1 },
          { ...number, exclusiveMinimum: 1, maximum: 2 },
        ],
      },
      false,
      true,
    ],
    [{ ...number, multipleOf: 0.5 }, { ...number, multipleOf: 0.25 }, true, false],
    [{ ...number, multipleOf: 2 }, whole, true, false],
  ],
  // Where cases have to be told apart by what is ruled out, a yes is not always seen.
  "one of several": [
    [
      {
        oneOf: [
          { ...number, maximum: 1 },
          { ...number, minimum: 1 },
        ],
      },
      { ...number, not: { const: 1 } },
      true,
      false,
    ],
    [
      {
        oneOf: [
          { ...number, exclusiveMaximum: 1 },
          { ...number, minimum: 1 },
        ],
      },
      number,
      true,
      true,
    ],
    [{ oneOf: [whole, number] }, { ...number, not: whole }, true, true],
    [{ oneOf: [text, { type: ["string", "null"] }] }, { type: "null" }, true, true],
    [
      {
        oneOf: [
          { ...text, pattern: "^a" },
          { ...text, pattern: "^b" },
        ],
      },
      { ...text, pattern: "^[ab]" },
      true,
      false,
    ],
    [{ oneOf: [has("a"), has("b")] }, { anyOf: [has("a"), has("b")] }, true, false],
  ],
  "alternatives of different types": [
    [{ anyOf: [text, list(text)] }, { type: ["string", "array"], items: text }, true, true],
    [{ anyOf: [text, list(text)] }, { type: ["string", "array"], items: whole }, false, false],
    [
      { anyOf: [list(text), { ...text, minLength: 2 }] },
      { anyOf: [{ ...text, minLength: 1 }, list(text)] },
      true,
      false,
    ],
    [
      { type: ["object", "null"], properties: { a: text } },
      { anyOf: [{ type: "null" }, { type: "object", properties: { a: text } }] },
      true,
      true,
    ],
    [{ type: ["boolean", "null"] }, { enum: [null, false, true] }, true, true],
    [{ anyOf: [{ type: "null", minLength: 9 }, { enum: ["a"] }] }, { enum: ["a", null] }, true, true],
  ],
  conditions: [
    [{ if: text, then: { minLength: 1 }, else: whole }, { anyOf: [{ ...text, minLength: 1 }, whole] }, true, true],
    [
      { type: "object", if: { required: ["a"] }, then: { required: ["b"] } },
      { type: "object", dependentRequired: { a: ["b"] } },
      true,
      true,
    ],
    [
      { type: "object", dependentSchemas: { a: { required: ["b"] } } },
      { type: "object", dependentRequired: { a: ["b"] } },
      true,
      true,
    ],
    [
      { type: "object", dependentRequired: { a: ["b"], b: ["c"] } },
      { type: "object", dependentRequired: { a: ["c"] } },
      true,
      false,
    ],
    [{ not: { not: text } }, text, true, true],
    [{ type: "null", not: { const: 1 } }, { type: "null", not: { not: { const: 1 } } }, false, true],
    [{ type: "object", not: { required: ["a"] } }, { type: "object", properties: { a: false } }, true, true],
    [{ ...text, not: { minLength: 3 } }, { ...text, maxLength: 2 }, false, true],
  ],
  members: [
    [{ ...has("a"), additionalProperties: false }, { type: "object", minProperties: 1, maxProperties: 1 }, true, false],
    [
      { type: "object", propertyNames: { enum: ["a"] } },
      { type: "object", properties: { a: true }, additionalProperties: false },
      true,
      true,
    ],
    [
      { type: "object", propertyNames: { pattern: "^a$" } },
      { type: "object", patternProperties: { "^a$": true }, additionalProperties: false },
      true,
      true,
    ],
    [{ type: "object", patternProperties: { "^a": text } }, { type: "object", properties: { ab: text } }, true, false],
    [
      { type: "object", patternProperties: { "^a": text }, additionalProperties: whole },
      { type: "object", patternProperties: { "^a": text } },
      true,
      false,
    ],
    [
      { type: "object", additionalProperties: text },
      { type: "object", patternProperties: { "^a": text } },
      true,
      false,
    ],
    [
      { allOf: [{ type: "object", properties: { a: text } }], unevaluatedProperties: false },
      { type: "object", properties: { a: text }, additionalProperties: false },
      true,
      true,
    ],
  ],
  "what is not evaluated": [
    [
      { type: "object", additionalProperties: text, unevaluatedProperties: false },
      { type: "object", additionalProperties: false },
      false,
      true,
    ],
    [{ type: "array", items: text, unevaluatedItems: false }, { type: "array", maxItems: 0 }, false, true],
    [
      { type: "array", prefixItems: [text], unevaluatedItems: false },
      { type: "array", prefixItems: [text], items: false },
      true,
      true,
    ],
    [
      { type: "object", anyOf: [has("a")], unevaluatedProperties: false },
      { type: "object", anyOf: [has("a")], unevaluatedProperties: false },
      true,
      true,
    ],
    [
      { type: "object", anyOf: [has("a")], unevaluatedProperties: false },
      { type: "object", anyOf: [has("a"), has("b")], unevaluatedProperties: false },
      false,
      false,
    ],
  ],
  lists: [
    [{ type: "array", maxItems: 0 }, { type: "array", items: false }, true, true],
    [{ type: "array", prefixItems: [text, false] }, { type: "array", items: text, maxItems: 1 }, true, true],
    [
      { type: "array", items: { const: 1 }, minItems: 2 },
      { type: "array", contains: { const: 1 }, minContains: 2 },
      true,
      false,
    ],
    [
      { type: "array", contains: { const: 1 }, maxContains: 1 },
      { type: "array", contains: { enum: [1, 2] } },
      true,
      false,
    ],
    [{ type: "array", maxItems: 1 }, { type: "array", uniqueItems: true }, true, false],
    [{ type: "array", prefixItems: [text] }, { type: "array", items: text }, false, true],
  ],
};

describe.each(Object.entries(ROWS))("of %s", (_what, rows) => {
  test.each(rows)("%j within %j: %s, and back: %s", (one, other, within, back) => {
    const [a, b] = toDocuments(one as JsonSchema, other as JsonSchema);
    const ask = (): readonly boolean[] => [
      new Comparison().isSubset(a.toNode(one), b.toNode(other), "strict"),
      new Comparison().isSubset(b.toNode(other), a.toNode(one), "strict"),
    ];
    expect(ask()).toEqual([within, back]);
  });
});
