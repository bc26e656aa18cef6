import { describe, expect, test } from "vitest";
import { z } from "zod";
import { toParameters } from "./to-parameters.ts";

const text = { type: "string" };

describe("the schema for a tool that is not strict", () => {
  test("is an object, also where nothing is accepted or nothing is said", () => {
    expect(toParameters({}).schema).toEqual({ type: "object", properties: {} });
    expect(toParameters({ type: ["object", "null"], additionalProperties: false }).schema).toEqual({
      type: "object",
      properties: {},
      additionalProperties: false,
    });
  });

  test("stays as it is where there is nothing to change", () => {
    const schema = z.toJSONSchema(z.object({ a: z.string().min(1), b: z.array(z.number()).optional() }), {
      io: "input",
    });
    const { $schema: _, ...rest } = schema;
    expect(toParameters(schema)).toEqual({ schema: rest, changes: [] });
  });

  test("has no $schema, and anyOf for oneOf, wherever schemas stand", () => {
    const { schema, changes } = toParameters({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "object",
      properties: {
        a: { type: "array", items: { oneOf: [text, { type: "object", properties: { b: { oneOf: [text] } } }] } },
      },
    });
    expect(schema).toEqual({
      type: "object",
      properties: {
        a: { type: "array", items: { anyOf: [text, { type: "object", properties: { b: { anyOf: [text] } } }] } },
      },
    });
    expect(changes).toEqual(["oneOf sent as anyOf"]);
  });

  test("keeps what only looks like a keyword", () => {
    const properties = {
      oneOf: text,
      $schema: text,
      propertyNames: text,
      e: { enum: [{ oneOf: [1] }], default: { $schema: 1 } },
    };
    expect(toParameters({ type: "object", properties }).schema["properties"]).toEqual(properties);
  });

  test("keeps both unions where a schema has two", () => {
    const { schema } = toParameters({
      type: "object",
      properties: { a: { anyOf: [text], oneOf: [{ minLength: 1 }], allOf: [{ maxLength: 2 }] } },
    });
    expect(schema["properties"]).toEqual({
      a: { anyOf: [text], allOf: [{ maxLength: 2 }, { anyOf: [{ minLength: 1 }] }] },
    });
  });

  test("has no propertyNames, and says so where they mattered", () => {
    const record = (names: object): object => ({
      type: "object",
      properties: { a: { type: "object", propertyNames: names } },
    });
    expect(toParameters(record(text) as never)).toEqual({
      schema: { type: "object", properties: { a: { type: "object" } } },
      changes: [],
    });
    expect(toParameters(record({ pattern: "^a" }) as never).changes).toEqual(["propertyNames left out"]);
  });

  test("merges alternatives at the root into one object that accepts them all", () => {
    const schema = z.toJSONSchema(
      z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a"), x: z.number() }),
        z.object({ kind: z.literal("b"), x: z.string(), y: z.boolean() }),
      ]),
      { io: "input" },
    );
    const merged = toParameters(schema);
    expect(merged.schema).toEqual({
      type: "object",
      properties: {
        kind: { type: "string", enum: ["a", "b"] },
        x: { anyOf: [{ type: "number" }, text] },
        y: { type: "boolean" },
      },
      required: ["kind", "x"],
    });
    expect(merged.changes).toEqual(["alternatives at the root merged into one object"]);
  });

  test("requires what every part of an intersection requires", () => {
    const part = (name: string): object => ({ type: "object", properties: { [name]: text }, required: [name] });
    expect(toParameters({ allOf: [part("a"), part("b")] }).schema).toEqual({
      type: "object",
      properties: { a: text, b: text },
      required: ["a", "b"],
    });
  });

  test("follows a reference at the root and keeps its definitions", () => {
    const node = { type: "object", properties: { next: { $ref: "#/$defs/node" } } };
    expect(toParameters({ $ref: "#/$defs/node", $defs: { node } }).schema).toEqual({ ...node, $defs: { node } });
    expect(toParameters({ $ref: "#" }).schema).toEqual({ type: "object", properties: {} });
  });

  test("drops at the root what cannot stand there, and says so", () => {
    const { schema, changes } = toParameters({
      type: "object",
      properties: { a: text },
      not: { required: ["a"] },
      if: {},
      then: {},
    });
    expect(schema).toEqual({ type: "object", properties: { a: text } });
    expect(changes).toEqual(["not, if, then at the root left out"]);
  });

  test("accepts anything where merging took away what was referred to", () => {
    const { schema, changes } = toParameters({
      oneOf: [{ properties: { a: { type: "object", properties: { b: { $ref: "#/oneOf/0" } } } } }],
    });
    expect(schema["properties"]).toEqual({ a: { type: "object", properties: { b: {} } } });
    expect(changes).toContain("a reference into the root's alternatives accepts anything");
  });

  test("keeps a property named __proto__ a property", () => {
    const properties = JSON.parse('{"__proto__":{"type":"string"}}') as object;
    const { schema } = toParameters({ type: "object", properties });
    expect(JSON.stringify(schema["properties"])).toBe('{"__proto__":{"type":"string"}}');
  });
});
