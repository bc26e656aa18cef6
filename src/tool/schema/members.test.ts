import { expect, test } from "vitest";
import { subschemasOf } from "./members.ts";
import type { JsonSchema } from "./schema.ts";

const A = { title: "a" };
const B = { title: "b" };
const C = { title: "c" };

test.each<[string, JsonSchema, string | number, readonly unknown[]]>([
  ["a property", { properties: { x: A }, additionalProperties: C }, "x", [A]],
  [
    "a property that matches a pattern, too",
    { properties: { x1: A }, patternProperties: { "^x": B }, additionalProperties: C },
    "x1",
    [A, B],
  ],
  [
    "a property that only matches a pattern",
    { properties: {}, patternProperties: { "^x": B }, additionalProperties: C },
    "x2",
    [B],
  ],
  ["any other property", { properties: { x: A }, patternProperties: { "^x": B }, additionalProperties: C }, "y", [C]],
  ["any other property, of which nothing is said", { properties: { x: A } }, "y", []],
  [
    "a property beside a pattern that cannot be judged",
    { properties: { x: A }, patternProperties: { "(?=y)": B }, additionalProperties: C },
    "y",
    [],
  ],
  ["what every object inherits", { properties: {}, additionalProperties: C }, "constructor", [C]],
  ["an item", { items: A }, 3, [A]],
  ["an item of a tuple", { prefixItems: [A, B], items: C }, 1, [B]],
  ["an item after a tuple", { prefixItems: [A, B], items: C }, 2, [C]],
  ["an item of a tuple of draft-07", { items: [A, B], additionalItems: C }, 0, [A]],
  ["an item after a tuple of draft-07", { items: [A, B], additionalItems: C }, 2, [C]],
  ["an item of which nothing is said", {}, 0, []],
])("finds what speaks of %s", (_name, schema, key, expected) => {
  expect(subschemasOf(schema, key)).toStrictEqual(expected);
});
