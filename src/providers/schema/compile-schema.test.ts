import { describe, expect, test } from "vitest";
import { ANTHROPIC } from "./anthropic-rules.ts";
import { compileSchema } from "./compile-schema.ts";
import { GEMINI } from "./gemini-rules.ts";
import { OPENAI } from "./openai-rules.ts";

const text = { type: "string" };
const ALL = [OPENAI, ANTHROPIC, GEMINI];
const object = (properties: object, more: object = {}): Record<string, unknown> => ({
  type: "object",
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});

/** What is sent for `schema` as a property. */
function send(schema: unknown, rules = OPENAI, strict = true): unknown {
  const { schema: sent } = compileSchema(object({ a: schema }), rules, strict);
  return (sent["properties"] as Record<string, unknown>)["a"];
}

describe("what is sent", () => {
  test("has sentences for what a provider cannot express, after what the author wrote, in one order", () => {
    expect(send({ maxLength: 5, description: "A code", type: "string", minLength: 1, default: "x" })).toEqual({
      type: "string",
      description: 'A code. At least 1 character. At most 5 characters. Default: "x".',
    });
    expect(send({ ...text, pattern: "^(?!x)", description: "Why?" })).toEqual({
      type: "string",
      description: "Why? Matches the pattern `^(?!x)`.",
    });
    expect(send({ type: "number", minimum: 1, maximum: 2 }, ANTHROPIC)).toEqual({
      type: "number",
      description: "At least 1. At most 2.",
    });
  });

  test("leaves out keywords that speak of other types, without a word", () => {
    expect(
      compileSchema(object({ a: { type: "string", minimum: 5, items: {}, minLength: 0 } }), OPENAI, true),
    ).toMatchObject({
      strict: true,
      changes: [],
      schema: { properties: { a: text } },
    });
  });

  test("has unions that say everything in each of their alternatives where objects are closed", () => {
    const base = { type: "object", properties: { id: text }, required: ["id"] };
    const sent = send({
      ...base,
      anyOf: [
        { properties: { x: text }, required: ["x"] },
        { properties: { y: text }, required: ["y"] },
      ],
    });
    expect(sent).toEqual({ anyOf: [object({ id: text, x: text }), object({ id: text, y: text })] });
    const loose = { ...base, anyOf: [{ required: ["id"] }] };
    expect(send(loose, OPENAI, false)).toEqual(loose);
  });

  test("keeps unevaluatedProperties with the reference they are about", () => {
    const schema = {
      ...object({ a: { $ref: "#/$defs/b", unevaluatedProperties: false } }),
      $defs: { b: { type: "object", properties: { x: text } } },
    };
    const { schema: sent } = compileSchema(schema, OPENAI, false);
    expect(sent["properties"]).toEqual({ a: { unevaluatedProperties: false, allOf: [{ $ref: "#/$defs/b" }] } });
  });

  test("does not make `not`, `if` and `contains` refuse more than before", () => {
    const wide = { oneOf: [text, { minLength: 1 }] };
    for (const schema of [{ not: wide }, { if: wide, then: false }, { contains: wide, maxContains: 1 }]) {
      const sent = send(schema, OPENAI, false) as Record<string, unknown>;
      expect(Object.keys(sent)).toEqual(["description"]);
    }
    expect(send({ not: text }, OPENAI, false)).toEqual({ not: text });
    // What accepts more may be one too many for oneOf.
    expect(send({ oneOf: [{ not: { $ref: "https://example.com/" } }, text] }, ANTHROPIC, false)).toHaveProperty(
      "anyOf",
    );
  });

  test("merges what an intersection says of one property where objects are closed", () => {
    const a = { type: "object", properties: { x: { type: "number", minimum: 1 } }, required: ["x"] };
    const b = {
      type: "object",
      properties: { x: { type: "integer", minimum: 3, maximum: 9 }, y: text },
      additionalProperties: false,
    };
    expect(send({ allOf: [a, b] })).toEqual(
      object({ x: { type: "integer", minimum: 3, maximum: 9 }, y: { type: ["string", "null"] } }),
    );
  });

  test("does not depend on the order in which definitions are written, and names them once", () => {
    const schema = {
      ...object({ a: { $ref: "#/$defs/x" }, b: { $ref: "#/definitions/x" }, c: { $ref: "#tag" } }),
      $defs: { x: text, t: { ...text, $anchor: "tag" } },
      definitions: { x: { type: "integer" } },
    };
    const { schema: sent } = compileSchema(schema, OPENAI, true);
    expect(sent["$defs"]).toEqual({ x: text, x_2: { type: "integer" }, tag: text });
    expect(sent["properties"]).toEqual({
      a: { $ref: "#/$defs/x" },
      b: { $ref: "#/$defs/x_2" },
      c: { $ref: "#/$defs/tag" },
    });
  });

  test("writes references out for Gemini where every value has to follow them, and ends circles there", () => {
    const node = {
      type: "object",
      properties: { up: { $ref: "#/$defs/node" }, down: { $ref: "#/$defs/node" } },
      required: ["down"],
    };
    const { schema: sent, changes } = compileSchema(
      { ...object({ a: { $ref: "#/$defs/node" } }), $defs: { node } },
      GEMINI,
      false,
    );
    const compiled = {
      type: "object",
      properties: { up: { $ref: "#/$defs/node" }, down: { type: "object" } },
      required: ["down"],
    };
    expect(sent["properties"]).toEqual({ a: compiled });
    expect(sent["$defs"]).toEqual({ node: compiled });
    expect(changes.map(({ path, what }) => `${what} ${path}`)).toContain("widened a.down");
  });

  test("keeps a property named __proto__ a property", () => {
    const properties = JSON.parse('{"__proto__":{"type":"string"}}') as object;
    for (const rules of [OPENAI, ANTHROPIC]) {
      const { schema } = compileSchema({ type: "object", properties }, rules, true);
      expect(JSON.stringify(schema["properties"])).toContain('{"__proto__":{"type":');
    }
  });

  test("takes keywords for what they are, and nothing for one that only looks like it", () => {
    const properties = {
      oneOf: text,
      $schema: text,
      allOf: text,
      $ref: text,
      e: { enum: [{ oneOf: [1] }], default: { $ref: 1 } },
    };
    expect(compileSchema({ type: "object", properties }, OPENAI, false).schema["properties"]).toEqual(properties);
  });
});

describe("the cost", () => {
  test("counts what providers limit", () => {
    const { cost } = compileSchema(
      {
        type: "object",
        properties: {
          ab: { enum: ["x", "yz"] },
          c: { type: ["string", "null"] },
          d: { type: "array", items: object({ e: text }) },
        },
        required: ["ab"],
      },
      ANTHROPIC,
      true,
    );
    expect(cost).toEqual({ properties: 4, depth: 4, characters: 8, enumValues: 2, optionals: 2, unions: 1 });
  });
});

describe("a hostile schema", () => {
  test("that doubles with each reference is bounded", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => {
        const $ref = `#/$defs/d${index + 1}`;
        return [
          `d${index}`,
          { ...object({ a: { $ref }, b: { $ref } }), allOf: [{ $ref }, { $ref, minProperties: 0 }] },
        ];
      }),
    );
    const schema = { ...object({ a: { $ref: "#/$defs/d0", minProperties: 1 } }), $defs: { ...$defs, d40: object({}) } };
    for (const rules of ALL) expect(compileSchema(schema, rules, true).strict).toBe(false);
    const plain = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => {
        const $ref = `#/$defs/d${index + 1}`;
        return [`d${index}`, object({ a: { $ref }, b: { $ref } })];
      }),
    );
    const doubling = { ...object({ a: { $ref: "#/$defs/d0" } }), $defs: { ...plain, d40: object({}) } };
    expect(compileSchema(doubling, OPENAI, true).strict).toBe(true);
    const { schema: sent, changes } = compileSchema(doubling, GEMINI, true);
    expect(sent).toEqual({ type: "object", properties: {} });
    expect(changes[0]?.message).toMatch(/any object is sent in its place: more than 30000 subschemas/);
  });

  test("that is nested too deep, or is huge, is any object", () => {
    let deep: Record<string, unknown> = text;
    for (let level = 0; level < 20_000; level++) deep = { type: "array", items: deep };
    const wide = { type: "object", properties: { a: { enum: Array.from({ length: 300_000 }, (_, index) => index) } } };
    const shared = Array.from({ length: 64 }).reduce<unknown>((inner) => ({ anyOf: [inner, inner] }), text);
    for (const schema of [object({ a: deep }), wide, object({ a: shared })]) {
      for (const rules of ALL) {
        const compiled = compileSchema(schema, rules, true);
        expect(compiled.schema).toEqual({ type: "object", properties: {} });
        expect(compiled.reason).not.toBeNull();
      }
    }
  });

  test("that goes in circles ends", () => {
    const circle = {
      ...object({ a: { $ref: "#/$defs/a" } }),
      $defs: { a: { $ref: "#/$defs/b" }, b: { $ref: "#/$defs/a" } },
    };
    const within = { ...object({ a: { $ref: "#/$defs/a" } }), $defs: { a: { allOf: [{ $ref: "#/$defs/a" }, text] } } };
    const root = { $ref: "#", type: "object" };
    for (const schema of [
      circle,
      within,
      root,
      { allOf: [{ $ref: "#" }] },
      { type: "object", anyOf: [{ $ref: "#" }] },
    ]) {
      for (const rules of ALL) expect(compileSchema(schema, rules, true).schema["type"]).toBe("object");
    }
  });

  test("that is a boolean is an object", () => {
    for (const rules of ALL)
      expect(compileSchema(true as never, rules, false).schema).toEqual({ type: "object", properties: {} });
  });
});
