import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ANTHROPIC } from "./anthropic-rules.ts";
import { compileSchema } from "./compile-schema.ts";
import { GEMINI } from "./gemini-rules.ts";
import { OPENAI } from "./openai-rules.ts";

type Schema = Record<string, unknown>;

const text = { type: "string" };
const of = (...values: readonly unknown[]): Schema => ({ enum: values });
const closed = (properties: object): Schema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
});

function restore(schema: Schema, input: unknown, strict = false): unknown {
  return compileSchema(schema, ANTHROPIC, strict).restore(input);
}

describe("constants that come in another case", () => {
  test.each([true, false])("get the case of the schema (strict: %s)", (strict) => {
    const schema = closed({
      currency: of("EUR", "USD"),
      kind: { const: "Order" },
      list: { type: "array", items: of("red", "Dark Green") },
      maybe: { anyOf: [of("On", "Off"), { type: "null" }] },
      mixed: of("Auto", 1, null),
    });
    const sent = { currency: "eur", kind: "ORDER", list: ["Red", "dark green"], maybe: "ON", mixed: "auto" };
    const meant = { currency: "EUR", kind: "Order", list: ["red", "Dark Green"], maybe: "On", mixed: "Auto" };
    expect(restore(schema, sent, strict)).toEqual(meant);
    expect(restore(schema, JSON.stringify(sent), strict)).toBe(JSON.stringify(meant));
    expect(restore(schema, { ...meant, maybe: null, mixed: 1 }, strict)).toEqual({ ...meant, maybe: null, mixed: 1 });
  });

  test("go through references, maps, tuples and replaced names", () => {
    const schema = {
      type: "object",
      properties: {
        "a b": { type: "object", additionalProperties: { $ref: "#/$defs/level" } },
        pair: { type: "array", prefixItems: [{ $ref: "#/$defs/level" }, text] },
      },
      $defs: { level: of("LOW", "HIGH") },
    };
    expect(restore(schema, { a_b: { x: "low" }, pair: ["high", "high"] })).toEqual({
      "a b": { x: "LOW" },
      pair: ["HIGH", "high"],
    });
  });

  test("tell alternatives apart, where one can be meant", () => {
    const pick = { oneOf: [closed({ kind: of("Cat"), name: text }), closed({ kind: of("Dog"), name: text })] };
    expect(restore(closed({ pick }), { pick: { kind: "dog", name: "rex" } })).toEqual({
      pick: { kind: "Dog", name: "rex" },
    });
  });

  test("stay as they are where they could mean several or none, or are what the schema says", () => {
    const schema = closed({ a: of("eur", "Eur"), b: of("EUR"), c: text });
    const same = { a: "EUR", b: "pound", c: "eur" };
    expect(restore(schema, same)).toBe(same);
    const exact = { a: "Eur", b: "EUR", c: "EUR" };
    expect(restore(schema, exact)).toBe(exact);
  });

  test("stay as they are where the constant need not be meant", () => {
    const cases: readonly (readonly [Schema, unknown])[] = [
      [{ anyOf: [of("EUR"), text] }, "eur"],
      [{ anyOf: [of("EUR"), { type: "string", maxLength: 9 }] }, "eur"],
      [{ anyOf: [closed({ a: of("A") }), closed({ a: text })] }, { a: "a" }],
      [{ type: "object", if: { required: ["x"] }, then: { properties: { a: of("A") } } }, { a: "a" }],
      [{ type: "object", dependentSchemas: { x: { properties: { a: of("A") } } } }, { a: "a" }],
      [{ type: "object", patternProperties: { "^a": text }, additionalProperties: of("A") }, { a: "a" }],
      [{ not: of("A") }, "a"],
    ];
    for (const [schema, value] of cases) expect(restore(closed({ value: schema }), { value })).toEqual({ value });
  });

  test("are left alone for providers that promise the case", () => {
    for (const rules of [OPENAI, GEMINI]) {
      const input = { a: "eur" };
      expect(compileSchema(closed({ a: of("EUR") }), rules, true).restore(input)).toBe(input);
    }
  });
});

const word = fc.constantFrom("a", "A", "ab", "Ab", "AB");
const leaf: fc.Arbitrary<Schema> = fc.oneof(
  fc.uniqueArray(word, { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
  word.map((value) => ({ const: value })),
  fc.constant(text),
  fc.constant({ type: "string", maxLength: 1 }),
);
const { node } = fc.letrec<{ node: Schema }>((tie) => ({
  node: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    fc.record({ x: tie("node"), y: tie("node") }).map((properties) => ({ type: "object", properties })),
    fc.record({ x: tie("node") }).map((properties) => ({ ...closed(properties) })),
    fc.array(tie("node"), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.array(tie("node"), { minLength: 2, maxLength: 2 }).map((oneOf) => ({ oneOf })),
    fc.array(tie("node"), { minLength: 1, maxLength: 2 }).map((allOf) => ({ allOf })),
    tie("node").map((items) => ({ type: "array", items })),
    tie("node").map((not) => ({ not })),
    fc.tuple(tie("node"), tie("node"), tie("node")).map(([one, then, other]) => ({ if: one, then, else: other })),
    tie("node").map((rest) => ({ type: "object", patternProperties: { x: text }, additionalProperties: rest })),
    tie("node").map((rest) => ({ type: "object", additionalProperties: rest })),
  ),
}));
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    word,
    fc.record({ x: tie("value"), y: tie("value") }, { requiredKeys: [] }),
    fc.array(tie("value"), { maxLength: 2 }),
  ),
}));

test("the way back never changes a value that is valid", () => {
  let changed = 0;
  fc.assert(
    fc.property(node, value, fc.boolean(), (schema, one, strict) => {
      const whole = closed({ v: schema });
      const input = { v: one };
      if (restore(whole, input, strict) === input) return;
      changed++;
      const validate = new Ajv2020({ strict: false, validateSchema: false, logger: false }).compile(whole);
      expect(validate(input)).toBe(false);
    }),
    { numRuns: 3_000 },
  );
  expect(changed).toBeGreaterThan(30);
});
