import { describe, expect, test } from "vitest";
import type { JsonSchema } from "./schema.ts";
import { subschemasOf } from "./subschemas.ts";
import { checkSchemaBudget, UNTRUSTED_SCHEMA } from "./untrusted-schema.ts";

const messagesOf = (schema: JsonSchema): readonly string[] =>
  checkSchemaBudget(schema).map(({ path, message }) => `${path.join(".")}: ${message}`);

function nest(levels: number): JsonSchema {
  let schema: JsonSchema = { type: "string" };
  for (let level = 1; level < levels; level++) schema = { type: "array", items: schema };
  return schema;
}

const fill = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const toProperties = (count: number): JsonSchema => ({
  type: "object",
  properties: Object.fromEntries(fill(count, (index) => [`p${index}`, { type: "string" }])),
});
/** Each definition names the next one twice: 2^levels once references are followed. */
const doubling = (levels: number): JsonSchema => ({
  $ref: "#/$defs/d0",
  $defs: Object.fromEntries(
    fill(levels, (index) => [
      `d${index}`,
      index === levels - 1
        ? { type: "string" }
        : {
            type: "object",
            properties: { a: { $ref: `#/$defs/d${index + 1}` }, b: { $ref: `#/$defs/d${index + 1}` } },
          },
    ]),
  ),
});

describe("a schema of a stranger", () => {
  test.each([
    ["nests as deep as it may", nest(UNTRUSTED_SCHEMA.maxDepth)],
    ["has as many properties as it may", toProperties(UNTRUSTED_SCHEMA.maxProperties)],
    ["has as long an enum as it may", { enum: fill(UNTRUSTED_SCHEMA.maxEnum, (index) => index) }],
    ["refers to itself", { type: "object", properties: { child: { $ref: "#" } } }],
    ["refers in a chain", doubling(10)],
    [
      "defines much that refers to one another",
      {
        $defs: Object.fromEntries(
          fill(400, (index) => [`d${index}`, { type: "array", items: { $ref: `#/$defs/d${(index + 1) % 400}` } }]),
        ),
        $ref: "#/$defs/d0",
      },
    ],
    [
      "has a property called enum",
      { type: "object", properties: { enum: { type: "string" }, $ref: { type: "string" } } },
    ],
    ["has data that looks like schemas", { const: nest(60), default: { properties: 5, enum: "x" } }],
  ] satisfies [string, JsonSchema][])("passes when it %s", (_what, schema) => {
    expect(checkSchemaBudget(schema)).toEqual([]);
  });

  test.each([
    [
      "bytes",
      { description: "x".repeat(131_072) },
      /^: has 131090 bytes as JSON, at most 131072 are taken; split the tool$/,
    ],
    ["depth", nest(33), /^items(\.items)*: nests subschemas more than 32 levels deep; flatten them$/],
    ["subschemas", { anyOf: fill(1_001, () => ({})) }, /^anyOf\.999: has more than 1000 subschemas; split the tool$/],
    ["properties", toProperties(257), /^properties: are 257, at most 256 are taken$/],
    [
      "an enum",
      { enum: fill(1_001, (index) => index) },
      /^enum: has 1001 values, at most 1000 are taken; accept a string$/,
    ],
    [
      "patterns",
      { allOf: fill(65, (index) => ({ pattern: `a{${index}}` })) },
      /^allOf\.64: is beyond the 64 patterns that a schema may have$/,
    ],
    [
      "expansion",
      doubling(20),
      /^: stands for more than 20000 subschemas once references are followed; they multiply$/,
    ],
    [
      "references to anchors",
      { $defs: { a: { $anchor: "a" } }, allOf: fill(65, () => ({ $ref: "#a" })) },
      /^allOf\.64\.\$ref: is beyond the 64 references to anchors; write "#\/\$defs\/…"$/,
    ],
    [
      "a file",
      { properties: { a: { $ref: "file:///etc/passwd" } } },
      /^properties\.a\.\$ref: received "file:\/\/\/etc\/passwd"; nothing outside of the schema is read: copy it to \$defs$/,
    ],
    [
      "a page",
      { $ref: "https://example.org/schema" },
      /^\$ref: received "https:\/\/example.org\/schema"; nothing outside/,
    ],
  ] satisfies [string, JsonSchema, RegExp][])(
    "is refused for too much of, or the wrong, %s",
    (_what, schema, expected) => {
      const messages = messagesOf(schema);
      expect(messages).toHaveLength(1);
      expect(messages[0]).toMatch(expected);
    },
  );

  test("is bounded where its references lead out of the known keywords", () => {
    const hidden = fill(1_100, (index) => ({ $ref: `#/x/${index + 1}` }));
    expect(messagesOf({ $ref: "#/x/0", x: [...hidden, { type: "string" }] })[0]).toContain("more than 1000 subschemas");
  });
});

test("subschemas are found under every keyword that holds them, and nowhere else", () => {
  const schema = {
    not: { a: 1 },
    items: [{ b: 1 }, true],
    anyOf: [{ c: 1 }],
    properties: { constructor: { d: 1 } },
    dependencies: { x: ["y"], z: { e: 1 } },
    const: { f: 1 },
    unknown: { g: 1 },
  };
  expect([...subschemasOf(schema)].map(({ path }) => path.join("."))).toEqual([
    ...["not", "items.0", "anyOf.0", "properties.constructor", "dependencies.z"],
  ]);
});
