// For each keyword of JSON Schema, small schemas that use it: what docs/providers/keywords.md says is what the compiler does
// with these. The first probe of a keyword is its plainest use, about which the rules of a provider speak; the others are
// the cases in which something else comes out for some provider.
import type { Keyword } from "../../src/providers/schema/keywords.ts";
import type { JsonSchema } from "../../src/tool/schema/schema.ts";

export interface Probe {
  /** What is special; empty for the plainest use. */
  readonly title: string;
  /** `property`: the schema of `value`, which is required. `optional`: of `value`, which is not. `root`: the whole. */
  readonly at: "property" | "optional" | "root";
  readonly schema: JsonSchema;
  /** Refused because of the keyword alone; undefined where the keyword refuses nothing. */
  readonly refused?: unknown;
  /** Keywords of the root. */
  readonly beside?: JsonSchema;
}

const text = { type: "string" } as const;
const integer = { type: "integer" } as const;
const a = { type: "object", properties: { a: text }, required: ["a"] } as const;
const ab = { type: "object", properties: { a: text, b: text }, additionalProperties: false } as const;
const list = { type: "array", items: integer } as const;

/** In a property that is required. */
function use(schema: JsonSchema, refused?: unknown, title = ""): Probe {
  return { title, at: "property", schema, ...(refused !== undefined && { refused }) };
}

function on(title: string, schema: JsonSchema, refused?: unknown): Probe {
  return use(schema, refused, title);
}

function atRoot(schema: JsonSchema, refused?: unknown, title = "at the root"): Probe {
  return { ...use(schema, refused, title), at: "root" };
}

/** As a property, and the same at the root. */
function both(schema: JsonSchema, refused: unknown): readonly Probe[] {
  return [use(schema, refused), atRoot(schema, refused)];
}

const $defs = { word: text };
const toWord = { $ref: "#/$defs/word" };
const condition = {
  type: "object",
  properties: { kind: text, size: integer, name: text },
  required: ["kind"],
  additionalProperties: false,
  if: { properties: { kind: { const: "big" } } },
} as const;
const tagged = [
  { ...ab, properties: { kind: { const: "a" }, a: text }, required: ["kind", "a"] },
  { ...ab, properties: { kind: { const: "b" }, b: text }, required: ["kind", "b"] },
];

function recursive(next: JsonSchema, required: readonly string[]): JsonSchema {
  return { node: { type: "object", properties: { v: text, next }, required, additionalProperties: false } };
}

export const PROBES: Readonly<Record<Keyword, readonly [Probe, ...Probe[]]>> = {
  $ref: [
    { ...use(toWord, 1), at: "optional", beside: { $defs } },
    { ...on("in a required property", toWord, 1), beside: { $defs } },
    { ...on("with keywords beside it", { ...toWord, maxLength: 3 }, 1), beside: { $defs } },
    {
      ...on("to what contains it, which may be left out", { $ref: "#/$defs/node" }, 1),
      at: "optional",
      beside: { $defs: recursive({ $ref: "#/$defs/node" }, ["v"]) },
    },
    {
      ...on("to what contains it, in items", { $ref: "#/$defs/node" }, 1),
      beside: { $defs: recursive({ type: "array", items: { $ref: "#/$defs/node" } }, ["v", "next"]) },
    },
    on("out of the schema", { $ref: "https://example.com/a.json" }),
    on("to nothing", { $ref: "#/$defs/nothing" }),
    atRoot({ type: "object", $ref: "#/$defs/args", $defs: { args: { ...a, additionalProperties: false } } }, { a: 1 }),
  ],
  $defs: [
    atRoot({ type: "object", properties: { value: toWord }, additionalProperties: false, $defs }, undefined, ""),
    atRoot({ type: "object", properties: { value: text }, $defs }, undefined, "to which nothing refers"),
  ],
  type: [
    use(text, 1),
    on("or null", { type: ["string", "null"] }, 1),
    on("several", { type: ["string", "integer"] }, true),
    on("none", { description: "Anything" }),
  ],
  enum: [
    use({ ...text, enum: ["a", "b"] }, "c"),
    on("of integers", { ...integer, enum: [1, 2] }, 3),
    on("of booleans", { enum: [true, false] }, 1),
    on("with null", { enum: ["a", null] }, "b"),
    on("of several types", { enum: ["a", 1] }, "b"),
    on("of objects", { enum: [{ a: 1 }, { a: 2 }] }, { a: 3 }),
    on("of 251 texts, 60 characters each", { ...text, enum: toTexts(251, 60) }, "c"),
    on("without values", { ...text, enum: [] }),
    atRoot({ type: "object", enum: [{ a: 1 }] }, { a: 2 }),
  ],
  const: [
    use({ ...text, const: "a" }, "b"),
    on("true", { const: true }, 1),
    on("null", { const: null }, 1),
    on("an object", { const: { a: 1 } }, { a: 2 }),
    atRoot({ type: "object", const: { a: 1 } }, { a: 2 }),
  ],
  anyOf: [
    use({ anyOf: [text, integer] }, true),
    on("beside properties", { ...ab, anyOf: [{ required: ["a"] }, { required: ["b"] }] }, {}),
    atRoot({ ...ab, anyOf: [{ required: ["a"] }, { required: ["b"] }] }, {}),
  ],
  oneOf: [
    use({ oneOf: [text, integer] }, true),
    on("with tags", { oneOf: tagged }, { kind: "c" }),
    on("beside anyOf", { anyOf: [text, integer], oneOf: [{ const: "a" }, { const: 1 }] }, "b"),
    atRoot({ type: "object", oneOf: tagged }, { kind: "a", b: "b" }),
  ],
  allOf: [
    use({ allOf: [a, { type: "object", properties: { b: integer }, required: ["b"] }] }, { a: "a", b: "b" }),
    on("whose parts cannot be merged", { ...text, allOf: [{ pattern: "^a" }, { pattern: "z$" }] }, "a"),
    atRoot({ type: "object", allOf: [a, { type: "object", properties: { b: integer }, required: ["b"] }] }, { a: "a" }),
  ],
  not: [use({ ...text, not: { const: "root" } }, "root"), atRoot({ ...ab, not: { required: ["a", "b"] } }, toAb())],
  if: both({ ...condition, then: { required: ["size"] } }, { kind: "big" }) as [Probe, Probe],
  then: both({ ...condition, then: { required: ["size"] } }, { kind: "big" }) as [Probe, Probe],
  else: both({ ...condition, else: { required: ["name"] } }, { kind: "small" }) as [Probe, Probe],
  properties: [
    use(a, { a: 1 }),
    on("none named", { type: "object", properties: {} }),
    on("one that nothing fits", { ...a, properties: { a: text, b: false } }, { a: "a", b: 1 }),
    atRoot(a, { a: 1 }),
    atRoot({ type: "object", properties: {} }, undefined, "none named, at the root"),
  ],
  required: [
    use(a, {}),
    on("not all", { ...ab, required: ["a"] }, {}),
    on("absent", { ...ab }),
    on("a name that is not described", { ...a, required: ["a", "c"] }, toAb()),
  ],
  additionalProperties: [
    use({ ...a, additionalProperties: false }, toAb()),
    on("absent", a),
    on("true", { ...a, additionalProperties: true }),
    on("a schema, beside properties", { ...a, additionalProperties: integer }, toAb()),
    on("a schema, alone: a map", { type: "object", additionalProperties: integer }, { b: "b" }),
    on("absent, without properties", { type: "object" }),
  ],
  patternProperties: both({ ...a, patternProperties: { "^x": integer } }, { a: "a", x: "x" }) as [Probe, Probe],
  propertyNames: both({ ...ab, required: ["a"], propertyNames: { pattern: "^a$" } }, toAb()) as [Probe, Probe],
  minProperties: both({ ...ab, required: ["a"], minProperties: 2 }, { a: "a" }) as [Probe, Probe],
  maxProperties: both({ ...ab, required: ["a"], maxProperties: 1 }, toAb()) as [Probe, Probe],
  dependentRequired: both({ ...ab, dependentRequired: { a: ["b"] } }, { a: "a" }) as [Probe, Probe],
  dependentSchemas: both({ ...ab, dependentSchemas: { a: { required: ["b"] } } }, { a: "a" }) as [Probe, Probe],
  unevaluatedProperties: both({ ...a, unevaluatedProperties: false }, toAb()) as [Probe, Probe],
  prefixItems: [use({ ...list, prefixItems: [text] }, [1])],
  items: [
    use(list, ["a"]),
    on("absent", { type: "array" }),
    on("true", { type: "array", items: true }),
    on("false", { type: "array", items: false }, ["a"]),
    on("false, after `prefixItems`", { type: "array", prefixItems: [text], items: false }, ["a", 1]),
  ],
  minItems: [
    use({ ...list, minItems: 1 }, []),
    on("0", { ...list, minItems: 0 }),
    on("2", { ...list, minItems: 2 }, [1]),
  ],
  maxItems: [use({ ...list, maxItems: 1 }, [1, 2])],
  uniqueItems: [use({ ...list, uniqueItems: true }, [1, 1])],
  contains: [use({ ...list, contains: { const: 7 } }, [1])],
  minContains: [use({ ...list, contains: { const: 7 }, minContains: 2 }, [7])],
  maxContains: [use({ ...list, contains: { const: 7 }, maxContains: 1 }, [7, 7])],
  unevaluatedItems: [use({ type: "array", prefixItems: [text], unevaluatedItems: false }, ["a", 1])],
  minLength: [use({ ...text, minLength: 2 }, "a")],
  maxLength: [use({ ...text, maxLength: 2 }, "abc")],
  format: [
    use({ ...text, format: "date" }, "a"),
    on("known to few", { ...text, format: "uri-reference" }, "\\"),
    on("of no standard", { ...text, format: "colour" }),
    on("of a number", { ...integer, format: "int32" }),
  ],
  pattern: [
    use({ ...text, pattern: "^[a-z]+$" }, "A"),
    on("with look-around", { ...text, pattern: "^(?=.*[0-9])[a-z0-9]+$" }, "a"),
    on("with a word boundary", { ...text, pattern: "\\bword\\b" }, "words"),
  ],
  contentEncoding: [use({ ...text, contentEncoding: "base64" })],
  contentMediaType: [use({ ...text, contentMediaType: "image/png" })],
  contentSchema: [use({ ...text, contentMediaType: "application/json", contentSchema: { type: "object" } })],
  minimum: [
    use({ ...integer, minimum: 1 }, 0),
    on("of a safe integer", { ...integer, minimum: Number.MIN_SAFE_INTEGER }, -(2 ** 53)),
  ],
  maximum: [
    use({ ...integer, maximum: 1 }, 2),
    on("of a safe integer", { ...integer, maximum: Number.MAX_SAFE_INTEGER }, 2 ** 53),
  ],
  exclusiveMinimum: [
    use({ ...integer, exclusiveMinimum: 0 }, 0),
    on("of a number", { type: "number", exclusiveMinimum: 0 }, 0),
  ],
  exclusiveMaximum: [
    use({ ...integer, exclusiveMaximum: 0 }, 0),
    on("of a number", { type: "number", exclusiveMaximum: 0 }, 0),
  ],
  multipleOf: [use({ type: "number", multipleOf: 0.5 }, 0.3)],
  title: [use({ ...text, title: "A" })],
  description: [use({ ...text, description: "A" })],
  default: [use({ ...text, default: "a" })],
  examples: [use({ ...text, examples: ["a"] })],
  deprecated: [use({ ...text, deprecated: true })],
  readOnly: [use({ ...text, readOnly: true })],
  writeOnly: [use({ ...text, writeOnly: true })],
  $schema: [atRoot({ ...a, $schema: "https://json-schema.org/draft/2020-12/schema" }, undefined, "")],
  $id: [atRoot({ ...a, $id: "https://example.com/a.json" }, undefined, "")],
  $anchor: [use({ ...text, $anchor: "word" })],
  $comment: [use({ ...text, $comment: "A" })],
};

/** A keyword that JSON Schema does not know. */
export const UNKNOWN_KEYWORD = "x-order";
export const UNKNOWN_PROBE: Probe = use({ ...text, [UNKNOWN_KEYWORD]: 1 });

/** Formats of JSON Schema, of OpenAPI, and of nobody. */
export const PROBED_FORMATS: readonly string[] = [
  ...["date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"],
  ...["uuid", "uri", "uri-reference", "uri-template", "iri", "iri-reference", "json-pointer", "relative-json-pointer"],
  ...["regex", "byte", "binary", "password", "colour"],
];

export const PROBED_PATTERNS: readonly string[] = [
  ...["^[A-Z]{3}$", "^(?:a|b)+$", "^(?<name>a)$", "\\p{L}", "\\d+\\.\\d{2}", "\\w\\s"],
  ...["a(?=b)", "a(?!b)", "(?<=a)b", "(?<!a)b"],
  ...["(a)\\1", "(?<n>a)\\k<n>", "\\bword\\b", "\\Bword", "a{99}", "a{100}", "a{1,100}"],
];

export const PROBED_NAMES: readonly string[] = [
  ...["snake_case", "camelCase", "kebab-case", "with.dot", "with space", "filter[name]", "$top", "@type", "2nd", "_id"],
  ...["ünï", "名前", "😀", "", "__proto__", "constructor", "x".repeat(64), "x".repeat(65)],
];

function toAb(): object {
  return { a: "a", b: "b" };
}

export function toTexts(count: number, length: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${index}`.padEnd(length, "x"));
}
