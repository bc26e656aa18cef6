import { expect, test } from "vitest";
import { findInexpressible } from "./expressible.ts";

const root = (properties: object, more: object = {}): Record<string, unknown> => ({
  type: "object",
  properties,
  ...more,
});
const text = { type: "string" };

test.each([
  ["no arguments", root({})],
  ["optional and required properties", root({ a: text, b: text }, { required: ["a"] })],
  ["a closed object", root({ a: text }, { additionalProperties: false })],
  ["an array of objects", root({ a: { type: "array", items: root({ b: text }) } })],
  ["an enum without a type", root({ a: { enum: ["x", 1, null] } })],
  ["alternatives", root({ a: { anyOf: [text, { type: "null" }] } })],
  ["a schema that refers to itself", root({ a: text, next: { $ref: "#" } })],
  ["a definition", root({ a: { $ref: "#/$defs/a" } }, { $defs: { a: text } })],
])("can be expressed: %s", (_what, schema) => {
  expect(findInexpressible(schema)).toBeNull();
});

test.each([
  ["anything", "a", root({ a: { description: "whatever" } })],
  ["anything", "a", root({ a: true })],
  ["anything", "a", root({ a: { $ref: "#/$defs/missing" } })],
  ["anything", "a", root({ a: { anyOf: [text, {}] } })],
  ["an open object", "a", root({ a: { type: "object" } })],
  ["an open object", "a.b", root({ a: root({ b: { type: "object", properties: {} } }) })],
  ["an open object", "", root({ a: text }, { additionalProperties: true })],
  ["an open object", "", root({ a: text }, { additionalProperties: {} })],
  ["an open object", "", { type: "object" }],
  ["a map", "a", root({ a: { type: "object", additionalProperties: text } })],
  ["an array of anything", "a", root({ a: { type: "array" } })],
  ["an array of anything", "a", root({ a: { type: ["array", "null"], items: { description: "x" } } })],
  ["anything", "a[].b", root({ a: { type: "array", items: root({ b: {} }) } })],
  ["prefixItems", "a", root({ a: { type: "array", prefixItems: [text] } })],
  ["not", "a", root({ a: { type: "string", not: { const: "x" } } })],
  ["constants that are no scalars", "a", root({ a: { enum: [{}] } })],
  ["a required property that is not described", "", root({ a: text }, { required: ["b"] })],
])("cannot be expressed: %s at %j", (what, at, schema) => {
  const found = findInexpressible(schema);
  expect(found?.what).toBe(what);
  expect(found?.at.replace(/\[\]$/, "")).toBe(at);
});
