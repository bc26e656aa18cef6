import { expect, test } from "vitest";
import { normalizeSchema } from "./normalize-schema.ts";

test("names types as JSON Schema does, at every depth", () => {
  const java = {
    type: "HashMap",
    properties: {
      names: { type: "ArrayList", items: { type: "String" } },
      at: { type: "long" },
      ratio: { type: "double" },
    },
    additionalProperties: { type: "dict", properties: { on: { type: "Boolean" } } },
  };
  expect(normalizeSchema(java)).toEqual({
    type: "object",
    properties: {
      names: { type: "array", items: { type: "string" } },
      at: { type: "integer" },
      ratio: { type: "number" },
    },
    additionalProperties: { type: "object", properties: { on: { type: "boolean" } } },
  });
});

test("leaves out a type that names nothing in JSON, and what is no keyword", () => {
  expect(normalizeSchema({ type: "any", optional: true, description: "x" })).toEqual({ description: "x" });
});

test("keeps a parameter that is called like a keyword", () => {
  expect(normalizeSchema({ type: "dict", properties: { type: { type: "str" } } })).toEqual({
    type: "object",
    properties: { type: { type: "string" } },
  });
});

test("requires each member once, and only members that there are", () => {
  const schema = { type: "dict", properties: { a: { type: "int" } }, required: ["a", "b", "a"] };
  expect(normalizeSchema(schema)["required"]).toEqual(["a"]);
});

test("tells what it leaves out, at every depth, and nothing else", () => {
  const told: string[] = [];
  const tell = (what: string): void => {
    told.push(what);
  };
  normalizeSchema({ type: "dict", properties: { a: { type: "int" } }, required: ["a", "a"] }, tell);
  expect(told).toEqual([]);
  normalizeSchema({ type: "list", items: { type: "dict", properties: { a: { type: "any" } }, required: ["b"] } }, tell);
  expect(told).toEqual(['type "any" left out', "required of what is not described left out"]);
});
