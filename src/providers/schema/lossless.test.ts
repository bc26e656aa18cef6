// What is sent takes every argument that the tool's schema takes, and what it takes besides is told: where two keywords
// depend on each other, and one of them cannot be sent as it is.
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { ANTHROPIC } from "./anthropic-rules.ts";
import { compileSchema } from "./compile-schema.ts";
import type { CompiledSchema } from "./compiled-schema.ts";
import { GEMINI } from "./gemini-rules.ts";
import { OPENAI } from "./openai-rules.ts";

const text = { type: "string" };
const ALL = [OPENAI, ANTHROPIC, GEMINI];

function accepts(schema: JsonSchema, value: unknown): boolean {
  const ajv = new Ajv2020({ strict: false, validateSchema: false, logger: false, ownProperties: true });
  return (ajv.compile(structuredClone(schema)) as (one: unknown) => boolean)(value);
}

function toTold({ changes }: CompiledSchema): readonly string[] {
  return changes.map(({ what, path, keyword }) => `${what} ${path === "" ? "" : `${path} `}${keyword}`);
}

/** That `sent` is accepted, and comes back as `value`, which the tool's schema takes. */
function expectWay(compiled: CompiledSchema, schema: JsonSchema, sent: unknown, value: unknown): void {
  expect(accepts(schema, value)).toBe(true);
  expect(accepts(compiled.schema, sent)).toBe(true);
  expect(compiled.restore(sent)).toEqual(value);
}

const condition = {
  if: { properties: { kind: { const: "big" } }, required: ["kind"] },
  then: { properties: { size: { type: "integer" } } },
};
const kind = { type: "object", properties: { kind: text } };

describe("what is not evaluated", () => {
  const big = { kind: "big", size: 1 };

  test("is refused only beside a condition that is sent", () => {
    const schema = { ...kind, ...condition, unevaluatedProperties: false };
    const openai = compileSchema(schema, OPENAI, false);
    expectWay(openai, schema, big, big);
    expect(toTold(openai)).toEqual(["described if", "described unevaluatedProperties"]);
    expect(openai.schema["description"]).toMatch(/No other members\.$/);
    const anthropic = compileSchema(schema, ANTHROPIC, false);
    expect(anthropic.schema).toEqual(schema);
    expect(anthropic.changes).toEqual([]);
  });

  test("is refused only beside conditions of parts, alternatives and references that are sent", () => {
    const wide = { ...condition, if: { ...condition.if, oneOf: [{ required: ["kind"] }, { required: ["other"] }] } };
    const within: readonly JsonSchema[] = [
      { ...kind, ...wide },
      { ...kind, allOf: [wide] },
      { ...kind, anyOf: [wide, { required: ["other"] }] },
      { ...kind, then: wide, if: { required: ["kind"] } },
      { ...kind, dependentSchemas: { kind: wide } },
      { ...kind, $ref: "#/$defs/wide" },
    ];
    for (const one of within) {
      const schema = {
        type: "object",
        // The definition is compiled before the place that is asked about.
        properties: { first: { $ref: "#/$defs/wide" }, at: { ...one, unevaluatedProperties: false } },
        $defs: { wide },
      };
      const compiled = compileSchema(schema, OPENAI, false);
      expectWay(compiled, schema, { at: big }, { at: big });
      expect(toTold(compiled)).toContain("described at unevaluatedProperties");
    }
  });

  test("stays refused beside what is sent, whatever is lost further in", () => {
    const lossy = { type: "object", ...condition, if: { oneOf: [{ required: ["a"] }, { required: ["b"] }] } };
    const at = { ...kind, properties: { kind: text, in: lossy }, unevaluatedProperties: false };
    const { schema } = compileSchema({ type: "object", properties: { at } }, OPENAI, false);
    expect(accepts(schema, { at: { kind: "a", other: 1 } })).toBe(false);
  });

  test("is not refused beside alternatives that are merged at the root", () => {
    const schema = { ...kind, anyOf: [condition, { required: ["other"] }], unevaluatedProperties: false };
    for (const rules of [OPENAI, ANTHROPIC]) {
      const compiled = compileSchema(schema, rules, false);
      expectWay(compiled, schema, big, big);
      expect(toTold(compiled)).toContain("described unevaluatedProperties");
    }
  });

  test("is told when it is a schema", () => {
    const at = { ...kind, unevaluatedProperties: { type: "integer" } };
    const { schema } = compileSchema({ type: "object", properties: { at } }, GEMINI, false);
    expect(schema["properties"]).toMatchObject({ at: { description: "Other members are each integer." } });
  });

  test("of a tuple is refused, or told", () => {
    const tuple = { type: "array", prefixItems: [text], unevaluatedItems: false };
    for (const list of [tuple, { ...tuple, prefixItems: undefined, allOf: [{ type: "array", prefixItems: [text] }] }]) {
      const schema = { type: "object", properties: { list: JSON.parse(JSON.stringify(list)) as JsonSchema } };
      const anthropic = compileSchema(schema, ANTHROPIC, false);
      expect(accepts(anthropic.schema, { list: ["x", 1] })).toBe(false);
      expect(anthropic.changes).toEqual([]);
      for (const rules of [OPENAI, GEMINI]) {
        expect(toTold(compileSchema(schema, rules, false))).toContain("described list unevaluatedItems");
      }
    }
  });
});

describe("a definition that accepts more than before", () => {
  const wide = { oneOf: [{ type: "integer" }, { type: "number", minimum: 10 }] };

  test("is not under `not`, wherever it was first referred to", () => {
    const at = { not: { $ref: "#/$defs/wide" } };
    for (const properties of [
      { first: { $ref: "#/$defs/wide" }, at },
      { at, last: { $ref: "#/$defs/wide" } },
    ]) {
      const compiled = compileSchema({ type: "object", properties, $defs: { wide } }, OPENAI, false);
      expect(accepts(compiled.schema, { at: 12 })).toBe(true);
      expect(toTold(compiled)).toEqual(expect.arrayContaining(["described at not", "widened #wide oneOf"]));
    }
  });

  test("is not under `not` within itself", () => {
    const node = {
      type: "object",
      properties: { no: { not: { $ref: "#/$defs/node" } }, some: wide },
      required: ["some"],
    };
    const compiled = compileSchema(
      { type: "object", properties: { node: { $ref: "#/$defs/node" } }, $defs: { node } },
      OPENAI,
      false,
    );
    expect(toTold(compiled)).toContain("described #node.no not");
    const exact = { ...node, properties: { no: { not: { $ref: "#/$defs/node" } } } };
    const kept = { type: "object", properties: { node: { $ref: "#/$defs/node" } }, $defs: { node: exact } };
    expect(compileSchema(kept, OPENAI, false).schema).toEqual(kept);
  });
});

describe("a name that is replaced", () => {
  const odd = { type: "object", properties: { "a b": { type: "integer" }, c: { type: "integer" } } };
  const own = { "a b": 1, c: 2 };
  const sent = { a_b: 1, c: 2 };

  const beside: readonly (readonly [string, JsonSchema])[] = [
    ["propertyNames that are listed", { propertyNames: { enum: ["a b", "c"] } }],
    ["propertyNames with a pattern", { propertyNames: { pattern: "^(a b|c)$" } }],
    ["an enum", { enum: [own] }],
    ["a constant", { const: own }],
    ["not a constant", { not: { const: { "a b": 2, c: 2 } } }],
    ["dependentRequired", { dependentRequired: { "a b": ["c"], c: ["a b"] } }],
    ["dependentSchemas", { dependentSchemas: { "a b": { required: ["c"] } } }],
    [
      "patternProperties",
      { patternProperties: { "^a": { type: "integer" } }, additionalProperties: { type: "integer" } },
    ],
    ["patterns of a part", { allOf: [{ patternProperties: { "^a b": true, c: true }, additionalProperties: false }] }],
    ["a condition", { if: { required: ["a b"] }, then: { required: ["c"] }, else: false }],
    ["unevaluatedProperties", { unevaluatedProperties: false }],
    ["a default", { default: own }],
    ["examples", { examples: [own] }],
  ];

  test.each(beside)("is the same for a model beside %s", (_name, more) => {
    const schema = { type: "object", properties: { at: { ...odd, ...more } } };
    for (const rules of [ANTHROPIC, GEMINI]) {
      const compiled = compileSchema(schema, rules, false);
      expectWay(compiled, schema, { at: sent }, { at: own });
      // A pattern is the author's, and matches the author's names.
      const shown = JSON.stringify(compiled.schema).replaceAll(/match \^a b|\^\(a b\|c\)/g, "");
      expect(shown).not.toContain("a b");
    }
  });

  test("comes back where it is required, or needed with another, and not described", () => {
    for (const more of [{ required: ["a b"] }, { dependentRequired: { c: ["a b"] } }]) {
      const at = { type: "object", properties: { c: { type: "integer" } }, ...more };
      const schema = { type: "object", properties: { at } };
      expectWay(compileSchema(schema, ANTHROPIC, false), schema, { at: sent }, { at: own });
    }
    const names = { ...odd, propertyNames: { pattern: "^(a b|c)$" } };
    expect(toTold(compileSchema(names, GEMINI, false))).toContain("widened propertyNames");
  });
});

describe("a format of numbers", () => {
  test("is told where it is not sent", () => {
    const schema = {
      type: "object",
      properties: { a: { type: "integer", format: "int32" }, b: { type: ["string", "number"], format: "float" } },
      required: ["a", "b"],
    };
    for (const rules of [OPENAI, ANTHROPIC]) {
      const compiled = compileSchema(schema, rules, true);
      expect(toTold(compiled)).toContain("described a format");
      expect(JSON.stringify(compiled.schema)).toContain("Format: float.");
    }
    expect(compileSchema(schema, GEMINI, false).schema).toEqual(schema);
  });

  test("is not told of where it is one of texts, and the value is none", () => {
    const schema = { type: "object", properties: { a: { type: "integer", format: "date" } }, required: ["a"] };
    expect(toTold(compileSchema(schema, OPENAI, true))).toEqual(["rewritten additionalProperties"]);
  });
});

describe("a discriminator", () => {
  const branch = (tag: unknown, name: string): object => ({
    type: "object",
    properties: { "the kind": tag, [name]: text },
    required: ["the kind", name],
    additionalProperties: false,
  });
  const toSchema = (mapping: unknown, ...tags: readonly [unknown, unknown]): JsonSchema => ({
    type: "object",
    properties: {
      pet: {
        oneOf: [{ $ref: "#/$defs/cat" }, { $ref: "#/$defs/dog" }],
        discriminator: { propertyName: "the kind", ...(mapping !== undefined && { mapping }) },
      },
    },
    required: ["pet"],
    additionalProperties: false,
    $defs: { cat: branch(tags[0], "lives"), dog: branch(tags[1], "tricks") },
  });

  test("is told where its tags are no constants", () => {
    const schema = toSchema({ c: "#/$defs/cat", d: "dog" }, text, text);
    for (const rules of ALL) expect(toTold(compileSchema(schema, rules, true))).toContain("dropped pet discriminator");
  });

  test("says nothing new where they are", () => {
    const schema = toSchema(undefined, { const: "cat" }, { enum: ["dog", "hound"] });
    for (const rules of ALL)
      expect(toTold(compileSchema(schema, rules, true))).not.toContain("dropped pet discriminator");
  });
});

describe("oneOf sent as anyOf", () => {
  const tagged = (tag: unknown, more: object = {}): object => ({
    type: "object",
    properties: { kind: tag },
    required: ["kind"],
    ...more,
  });
  const named = (name: string): object => ({ type: "object", properties: { [name]: text }, required: [name] });
  const apart: readonly (readonly [string, JsonSchema])[] = [
    ["types differ", { oneOf: [text, { type: "integer" }, { type: ["null", "boolean"] }] }],
    ["constants differ", { oneOf: [{ const: "a" }, { enum: ["b", 1] }, { type: "boolean" }] }],
    ["tags differ", { oneOf: [tagged({ const: 1 }), tagged({ enum: [2, 3] }), { type: "null" }] }],
    ["tags of references differ", { oneOf: [{ $ref: "#/$defs/a" }, { $ref: "#/$defs/b" }] }],
  ];
  const together: readonly (readonly [string, JsonSchema])[] = [
    ["one is wider", { oneOf: [{ type: "integer" }, { type: "number", minimum: 10 }] }],
    [
      "a tag may be left out",
      { oneOf: [tagged({ const: 1 }, { required: [] }), tagged({ const: 2 }, { required: [] })] },
    ],
    [
      "a value may be no object",
      {
        oneOf: [
          { ...tagged({ const: 1 }), type: undefined },
          { ...tagged({ const: 2 }), type: undefined },
        ],
      },
    ],
    ["names differ, and others may be there", { oneOf: [named("a"), named("b")] }],
    ["constants are the same", { oneOf: [{ enum: ["a", "b"] }, { enum: ["b", "c"] }] }],
  ];
  const compileAt = (at: JsonSchema): CompiledSchema =>
    compileSchema(
      {
        type: "object",
        properties: { at: JSON.parse(JSON.stringify(at)) as JsonSchema },
        $defs: { a: tagged({ const: "a" }), b: tagged({ const: "b" }) },
      },
      GEMINI,
      false,
    );

  test.each(apart)("accepts no more where %s", (_name, at) => {
    expect(toTold(compileAt(at))).toContain("rewritten at oneOf");
  });

  test.each(together)("is told to accept more where %s", (_name, at) => {
    expect(toTold(compileAt(at))).toContain("widened at oneOf");
  });

  test("is told to accept more where too much would have to be compared", () => {
    const oneOf = Array.from({ length: 2_000 }, (_, index) => tagged({ const: index }));
    expect(toTold(compileAt({ oneOf }))).toContain("widened at oneOf");
  });
});
