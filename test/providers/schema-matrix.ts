// Exotic schemas, each with what a person is told of it per provider: strict or not, why not, and what was changed. What the
// compiler does is fixed here in words; `schema-matrix.test.ts` runs it, docs/providers/schemas.md shows it.
import { type } from "arktype";
import { z } from "zod";
import { LIBRARIES } from "./schema-matrix-libraries.ts";
import { closed, deep, DRAFT_07, type MatrixRow, text, toInput, words } from "./schema-matrix-parts.ts";
import { REFERENCES } from "./schema-matrix-references.ts";
import { SHAPES } from "./schema-matrix-shapes.ts";
import { UNIONS } from "./schema-matrix-unions.ts";
import { VALUES } from "./schema-matrix-values.ts";

const FORMATS = [
  ...["date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"],
  ...["uri", "uri-reference", "iri", "idn-email", "json-pointer", "regex", "binary"],
];

export const MATRIX: readonly MatrixRow[] = [
  {
    name: "a map",
    schema: { type: "object", properties: { labels: { type: "object", additionalProperties: text } } },
    openai: { reason: "labels is a map: additionalProperties is a schema", changes: [] },
    anthropic: { reason: "labels is a map: additionalProperties is a schema", changes: [] },
    gemini: [],
  },
  {
    name: "a map of maps beside properties",
    schema: {
      type: "object",
      properties: { id: text },
      required: ["id"],
      additionalProperties: { type: "object", additionalProperties: { type: "integer" } },
    },
    openai: { reason: "the root is a map: additionalProperties is a schema", changes: [] },
    anthropic: { reason: "the root is a map: additionalProperties is a schema", changes: [] },
    gemini: [],
  },
  {
    name: "an open object",
    schema: { type: "object", properties: { options: { type: "object" } }, additionalProperties: false },
    openai: { reason: "options is an object whose properties are not described", changes: [] },
    anthropic: { reason: "options is an object whose properties are not described", changes: [] },
    gemini: [],
  },
  {
    name: "an object that takes further properties",
    schema: { type: "object", properties: { id: text }, required: ["id"], additionalProperties: true },
    openai: { reason: "the root takes any further properties", changes: [] },
    anthropic: { reason: "the root takes any further properties", changes: [] },
    gemini: [],
  },
  {
    name: "an object that says nothing of further properties",
    schema: { type: "object", properties: { id: text }, required: ["id"] },
    openai: { reason: null, changes: ["rewritten the root: closed: only the properties that are named can be sent"] },
    anthropic: {
      reason: null,
      changes: ["rewritten the root: closed: only the properties that are named can be sent"],
    },
    gemini: [],
  },
  {
    name: "nothing but an object",
    schema: { type: "object" },
    openai: { reason: "the root is an object whose properties are not described", changes: [] },
    anthropic: { reason: "the root is an object whose properties are not described", changes: [] },
    gemini: [],
  },
  {
    name: "no arguments",
    schema: { type: "object", properties: {} },
    openai: { reason: null, changes: ["rewritten the root: closed: only the properties that are named can be sent"] },
    anthropic: {
      reason: null,
      changes: ["rewritten the root: closed: only the properties that are named can be sent"],
    },
    gemini: [],
  },
  {
    name: "no arguments, closed",
    schema: { type: "object", properties: {}, additionalProperties: false },
    openai: { reason: null, changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "an object without members within another",
    schema: closed({ a: { type: "object", properties: {} } }),
    openai: { reason: "a is an object whose properties are not described", changes: [] },
    anthropic: { reason: "a is an object whose properties are not described", changes: [] },
    gemini: [],
  },
  {
    name: "any value",
    schema: closed({ value: {} }),
    openai: { reason: "value accepts anything", changes: [] },
    anthropic: { reason: "value accepts anything", changes: [] },
    gemini: [],
  },
  {
    name: "boolean schemas",
    schema: { ...closed({ anything: true }), properties: { anything: true, nothing: false } },
    openai: { reason: "anything accepts anything", changes: [] },
    anthropic: { reason: "anything accepts anything", changes: [] },
    gemini: ["dropped nothing: a property that nothing fits left out"],
  },
  {
    name: "what nothing fits and may be left out",
    schema: { ...closed({ id: text }), properties: { id: text, gone: false } },
    openai: { reason: null, changes: ["rewritten gone: a property that nothing fits left out"] },
    anthropic: { reason: null, changes: ["rewritten gone: a property that nothing fits left out"] },
    gemini: ["dropped gone: a property that nothing fits left out"],
  },
  {
    name: "an array of anything",
    schema: closed({ list: { type: "array" } }),
    openai: { reason: "the items of list are not described", changes: [] },
    anthropic: { reason: "the items of list are not described", changes: [] },
    gemini: [],
  },
  {
    name: "a tuple",
    schema: closed({ point: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }], items: false } }),
    openai: { reason: "prefixItems at point", changes: ["rewritten point: items: false sent as maxItems"] },
    anthropic: { reason: "prefixItems at point", changes: ["rewritten point: items: false sent as maxItems"] },
    gemini: ["rewritten point: items: false sent as maxItems"],
  },
  {
    name: "a tuple of draft-07",
    schema: {
      $schema: DRAFT_07,
      ...closed({ point: { type: "array", items: [{ type: "number" }, text], additionalItems: text } }),
    },
    openai: { reason: "prefixItems at point", changes: [] },
    anthropic: { reason: "prefixItems at point", changes: [] },
    gemini: [],
  },
  {
    name: "direct recursion",
    schema: {
      ...closed({ tree: { $ref: "#/$defs/node" } }),
      $defs: { node: closed({ value: text, children: { type: "array", items: { $ref: "#/$defs/node" } } }) },
    },
    openai: { reason: null, changes: [] },
    anthropic: { reason: "#node.children[] refers to what contains it", changes: [] },
    gemini: ["widened tree.children[]: the same again, of which only the type is sent"],
  },
  {
    name: "mutual recursion",
    schema: {
      ...closed({ a: { $ref: "#/$defs/a" } }),
      $defs: {
        a: { ...closed({ b: { $ref: "#/$defs/b" } }), required: [] },
        b: { ...closed({ a: { $ref: "#/$defs/a" } }), required: [] },
      },
    },
    openai: {
      reason: null,
      changes: [
        "widened #b.a: always sent; null where it is left out, and taken out again",
        "widened #a.b: always sent; null where it is left out, and taken out again",
      ],
    },
    anthropic: { reason: "#b.a refers to what contains it", changes: [] },
    gemini: [],
  },
  {
    name: "recursion through the root",
    schema: {
      type: "object",
      properties: { name: text, parent: { $ref: "#" } },
      required: ["name"],
      additionalProperties: false,
    },
    openai: { reason: null, changes: ["widened parent: always sent; null where it is left out, and taken out again"] },
    anthropic: { reason: "parent refers to what contains it", changes: [] },
    gemini: [],
  },
  {
    name: "a discriminated union",
    schema: closed({
      shape: {
        oneOf: [
          closed({ kind: { const: "circle" }, radius: { type: "number" } }),
          {
            ...closed({ kind: { const: "square" }, side: { type: "number" }, label: text }),
            required: ["kind", "side"],
          },
        ],
      },
    }),
    openai: {
      reason: null,
      changes: [
        "widened shape|1.label: always sent; null where it is left out, and taken out again",
        "rewritten shape: oneOf sent as anyOf",
      ],
    },
    anthropic: { reason: null, changes: ["rewritten shape: oneOf sent as anyOf"] },
    gemini: [
      "rewritten shape|0.kind: const sent as an enum",
      "rewritten shape|1.kind: const sent as an enum",
      "rewritten shape: oneOf sent as anyOf",
    ],
  },
  {
    name: "a union that null would blur",
    schema: closed({
      pick: { anyOf: [{ ...closed({ x: text }), required: [] }, closed({ x: { type: ["string", "null"] } })] },
    }),
    openai: { reason: "null is a value in one alternative of pick and stands for nothing in another", changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "alternatives beside properties",
    schema: closed({
      range: {
        type: "object",
        properties: { from: text, to: text },
        additionalProperties: false,
        anyOf: [{ required: ["from"] }, { required: ["to"] }],
      },
    }),
    openai: {
      reason: null,
      changes: [
        "rewritten range: what stands beside anyOf merged into each alternative",
        "widened range|0.to: always sent; null where it is left out, and taken out again",
        "widened range|1.from: always sent; null where it is left out, and taken out again",
      ],
    },
    anthropic: { reason: null, changes: ["rewritten range: what stands beside anyOf merged into each alternative"] },
    gemini: [],
  },
  {
    name: "two lists of alternatives",
    schema: closed({ a: { anyOf: [text, { type: "number" }], oneOf: [{ minLength: 1 }, { maxLength: 0 }] } }),
    openai: { reason: "anyOf and oneOf at a", changes: ["widened a: oneOf sent as anyOf"] },
    anthropic: { reason: "anyOf and oneOf at a", changes: [] },
    gemini: ["widened a: a second list of alternatives left out"],
  },
  {
    name: "optional and nullable",
    schema: {
      ...closed({ id: text, note: { type: ["string", "null"] }, tag: text, maybe: { type: ["string", "null"] } }),
      required: ["id", "maybe"],
    },
    openai: {
      reason: null,
      changes: [
        "rewritten note: always sent; null where it is left out, and it stays null",
        "widened tag: always sent; null where it is left out, and taken out again",
      ],
    },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "nullable of OpenAPI",
    schema: closed({ note: { type: "string", nullable: true } }),
    openai: { reason: null, changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "defaults and examples",
    schema: { ...closed({ unit: { type: "string", default: "C", examples: ["C", "F"] } }), required: [] },
    openai: {
      reason: null,
      changes: [
        "described unit: default moved to the description",
        "described unit: examples moved to the description",
        "widened unit: always sent; null where it is left out, and taken out again",
      ],
    },
    anthropic: { reason: null, changes: ["described unit: examples moved to the description"] },
    gemini: ["described unit: default moved to the description", "described unit: examples moved to the description"],
  },
  {
    name: "constants",
    schema: { ...closed({ version: { const: 2 }, mode: { const: "fast" } }), required: ["version"] },
    openai: { reason: null, changes: ["widened mode: always sent; null where it is left out, and taken out again"] },
    anthropic: { reason: null, changes: [] },
    gemini: ["rewritten version: const sent as an enum", "rewritten mode: const sent as an enum"],
  },
  {
    name: "an enum with null",
    schema: {
      ...closed({ color: { enum: ["red", "blue", null] }, size: { type: "string", enum: ["s", "m"] } }),
      required: ["color"],
    },
    openai: { reason: null, changes: ["widened size: always sent; null where it is left out, and taken out again"] },
    anthropic: { reason: null, changes: [] },
    gemini: ["rewritten color: null among constants sent as an alternative"],
  },
  {
    name: "an enum of several types",
    schema: closed({ level: { enum: ["low", 1, true] } }),
    openai: { reason: null, changes: ["rewritten level: several types sent as alternatives"] },
    anthropic: { reason: null, changes: [] },
    gemini: ["described level: enum moved to the description"],
  },
  {
    name: "an enum of objects",
    schema: closed({ point: { enum: [{ x: 1 }, { x: 2 }] } }),
    openai: { reason: "an enum with objects or arrays at point", changes: [] },
    anthropic: { reason: "an enum with objects or arrays at point", changes: [] },
    gemini: ["described point: enum moved to the description"],
  },
  {
    name: "a long enum",
    schema: closed({ word: { type: "string", enum: words(300, 60) } }),
    openai: { reason: "an enum of 300 values with 18000 characters at word", changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: ["described word: enum moved to the description"],
  },
  {
    name: "an enum of 1,200 short values",
    schema: closed({ word: { type: "string", enum: words(1_200, 4) } }),
    openai: { reason: "the schema has 1200 enum values; at most 1000 are accepted", changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: ["described word: enum moved to the description"],
  },
  {
    name: "patterns with and without look-around",
    schema: closed({
      code: { type: "string", pattern: "^[A-Z]{3}$" },
      password: { type: "string", pattern: "^(?=.*\\d).+$" },
      word: { type: "string", pattern: "\\bword\\b" },
    }),
    openai: { reason: null, changes: ["described password: pattern moved to the description"] },
    anthropic: {
      reason: null,
      changes: [
        "described password: pattern moved to the description",
        "described word: pattern moved to the description",
      ],
    },
    gemini: [
      "described code: pattern moved to the description",
      "described password: pattern moved to the description",
      "described word: pattern moved to the description",
    ],
  },
  {
    name: "every format",
    schema: closed(Object.fromEntries(FORMATS.map((format) => [format, { type: "string", format }]))),
    openai: {
      reason: null,
      changes: [
        'described uri: format "uri" moved to the description',
        'described uri-reference: format "uri-reference" moved to the description',
        'described iri: format "iri" moved to the description',
        'described idn-email: format "idn-email" moved to the description',
        'described json-pointer: format "json-pointer" moved to the description',
        'described regex: format "regex" moved to the description',
        'described binary: format "binary" moved to the description',
      ],
    },
    anthropic: {
      reason: null,
      changes: [
        'described uri-reference: format "uri-reference" moved to the description',
        'described iri: format "iri" moved to the description',
        'described idn-email: format "idn-email" moved to the description',
        'described json-pointer: format "json-pointer" moved to the description',
        'described regex: format "regex" moved to the description',
        'described binary: format "binary" moved to the description',
      ],
    },
    gemini: [
      "rewritten date-time: sent under the name date_time",
      "rewritten uri-reference: sent under the name uri_reference",
      "rewritten idn-email: sent under the name idn_email",
      "rewritten json-pointer: sent under the name json_pointer",
    ],
  },
  {
    name: "lengths, and text in other codes",
    schema: closed({
      name: { type: "string", minLength: 1, maxLength: 64 },
      file: { type: "string", contentEncoding: "base64", contentMediaType: "image/png" },
    }),
    openai: {
      reason: null,
      changes: [
        "described name: minLength moved to the description",
        "described name: maxLength moved to the description",
        "described file: contentEncoding moved to the description",
        "described file: contentMediaType moved to the description",
      ],
    },
    anthropic: {
      reason: null,
      changes: [
        "described name: minLength moved to the description",
        "described name: maxLength moved to the description",
        "described file: contentEncoding moved to the description",
        "described file: contentMediaType moved to the description",
      ],
    },
    gemini: [
      "described name: minLength moved to the description",
      "described name: maxLength moved to the description",
      "described file: contentEncoding moved to the description",
      "described file: contentMediaType moved to the description",
    ],
  },
  {
    name: "bounds of numbers",
    schema: closed({
      ratio: { type: "number", exclusiveMinimum: 0, maximum: 1 },
      count: { type: "integer", exclusiveMinimum: 0, exclusiveMaximum: 10 },
      step: { type: "number", multipleOf: 0.5 },
      safe: { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
    }),
    openai: { reason: null, changes: [] },
    anthropic: {
      reason: null,
      changes: [
        "described ratio: exclusiveMinimum moved to the description",
        "described ratio: maximum moved to the description",
        "described count: exclusiveMinimum moved to the description",
        "described count: exclusiveMaximum moved to the description",
        "described step: multipleOf moved to the description",
        "dropped safe: minimum of a safe integer left out",
        "dropped safe: maximum of a safe integer left out",
      ],
    },
    gemini: [
      "described ratio: exclusiveMinimum sent as minimum and in the description",
      "rewritten count: exclusiveMinimum sent as minimum",
      "rewritten count: exclusiveMaximum sent as maximum",
      "described step: multipleOf moved to the description",
    ],
  },
  {
    name: "counts of items",
    schema: closed({
      tags: { type: "array", items: text, minItems: 2, maxItems: 5, uniqueItems: true },
      some: { type: "array", items: text, minItems: 1 },
    }),
    openai: { reason: null, changes: ["described tags: uniqueItems moved to the description"] },
    anthropic: {
      reason: null,
      changes: [
        "described tags: minItems moved to the description",
        "described tags: maxItems moved to the description",
        "described tags: uniqueItems moved to the description",
      ],
    },
    gemini: ["described tags: uniqueItems moved to the description"],
  },
  {
    name: "contains",
    schema: closed({
      list: { type: "array", items: { type: "integer" }, contains: { const: 7 }, minContains: 1, maxContains: 2 },
    }),
    openai: { reason: null, changes: ["described list: contains moved to the description"] },
    anthropic: { reason: null, changes: ["described list: contains moved to the description"] },
    gemini: ["described list: contains moved to the description"],
  },
  {
    name: "not",
    schema: closed({ word: { type: "string", not: { const: "root" } } }),
    openai: { reason: "not at word", changes: [] },
    anthropic: { reason: "not at word", changes: [] },
    gemini: ["described word: not moved to the description"],
  },
  {
    name: "if, then, else",
    schema: {
      ...closed({ kind: text, size: { type: "integer" } }),
      required: ["kind"],
      if: { properties: { kind: { const: "big" } } },
      then: { required: ["size"] },
    },
    openai: {
      reason: "if at the root",
      changes: ["described the root: if moved to the description: it cannot stand at the root"],
    },
    anthropic: { reason: "if at the root", changes: [] },
    gemini: ["described the root: if moved to the description"],
  },
  {
    name: "dependentRequired",
    schema: { ...closed({ card: text, address: text }), required: [], dependentRequired: { card: ["address"] } },
    openai: { reason: "dependentRequired at the root", changes: [] },
    anthropic: { reason: "dependentRequired at the root", changes: [] },
    gemini: ["described the root: dependentRequired moved to the description"],
  },
  {
    name: "dependencies of draft-07",
    schema: {
      $schema: DRAFT_07,
      ...closed({ card: text, address: text }),
      required: [],
      dependencies: { card: ["address"], address: { properties: { card: { minLength: 4 } } } },
    },
    openai: { reason: "dependentRequired at the root", changes: [] },
    anthropic: { reason: "dependentRequired at the root", changes: [] },
    gemini: [
      "described the root: dependentRequired moved to the description",
      "described the root: dependentSchemas moved to the description",
    ],
  },
  {
    name: "patternProperties",
    schema: closed({ headers: { type: "object", patternProperties: { "^x-": text }, additionalProperties: false } }),
    openai: { reason: "patternProperties at headers", changes: [] },
    anthropic: { reason: "patternProperties at headers", changes: [] },
    gemini: [
      "described headers: patternProperties moved to the description",
      "widened headers: further properties may be anything",
    ],
  },
  {
    name: "propertyNames and counts of properties",
    schema: closed({
      env: {
        type: "object",
        propertyNames: { pattern: "^[A-Z]+$" },
        additionalProperties: text,
        minProperties: 1,
        maxProperties: 3,
      },
    }),
    openai: {
      reason: "env is a map: additionalProperties is a schema",
      changes: ["described env: propertyNames moved to the description"],
    },
    anthropic: { reason: "env is a map: additionalProperties is a schema", changes: [] },
    gemini: [
      "described env: propertyNames moved to the description",
      "described env: minProperties moved to the description",
      "described env: maxProperties moved to the description",
    ],
  },
  {
    name: "unevaluatedProperties",
    schema: {
      allOf: [{ type: "object", properties: { a: text }, required: ["a"] }],
      type: "object",
      properties: { b: text },
      unevaluatedProperties: false,
    },
    openai: {
      reason: "unevaluatedProperties at the root",
      changes: ["rewritten the root: allOf merged into one object"],
    },
    anthropic: {
      reason: "unevaluatedProperties at the root",
      changes: ["rewritten the root: allOf merged into one object"],
    },
    gemini: [
      "rewritten the root: allOf merged into one object",
      "described the root: unevaluatedProperties moved to the description",
    ],
  },
  {
    name: "allOf of one reference, with a description",
    schema: {
      ...closed({ home: { allOf: [{ $ref: "#/$defs/address" }], description: "Where to deliver" } }),
      $defs: { address: closed({ city: text }) },
    },
    openai: { reason: null, changes: ["rewritten home: allOf merged into one schema"] },
    anthropic: { reason: null, changes: ["rewritten home: allOf merged into one schema"] },
    gemini: ["rewritten home: allOf merged into one schema"],
  },
  {
    name: "allOf that merges",
    schema: closed({
      user: {
        allOf: [
          { type: "object", properties: { id: text }, required: ["id"] },
          { type: "object", properties: { name: text } },
        ],
      },
    }),
    openai: {
      reason: null,
      changes: [
        "rewritten user: allOf merged into one schema",
        "rewritten user: closed: only the properties that are named can be sent",
        "widened user.name: always sent; null where it is left out, and taken out again",
      ],
    },
    anthropic: {
      reason: null,
      changes: [
        "rewritten user: allOf merged into one schema",
        "rewritten user: closed: only the properties that are named can be sent",
      ],
    },
    gemini: ["rewritten user: allOf merged into one schema"],
  },
  {
    name: "allOf in conflict",
    schema: closed({ odd: { allOf: [{ type: "string", pattern: "^a" }, { pattern: "z$" }] } }),
    openai: { reason: "allOf at odd: its parts differ in pattern", changes: [] },
    anthropic: { reason: "allOf at odd: its parts differ in pattern", changes: [] },
    gemini: [
      "widened odd: allOf merged into one schema; its parts differ in pattern, of which the first is sent",
      "described odd: pattern moved to the description",
    ],
  },
  {
    name: "allOf at the root",
    schema: { type: "object", allOf: [{ properties: { a: text }, required: ["a"] }, { properties: { b: text } }] },
    openai: {
      reason: null,
      changes: [
        "rewritten the root: allOf merged into one object",
        "rewritten the root: closed: only the properties that are named can be sent",
        "widened b: always sent; null where it is left out, and taken out again",
      ],
    },
    anthropic: {
      reason: null,
      changes: [
        "rewritten the root: allOf merged into one object",
        "rewritten the root: closed: only the properties that are named can be sent",
      ],
    },
    gemini: ["rewritten the root: allOf merged into one object"],
  },
  {
    name: "$ref with keywords beside it",
    schema: {
      ...closed({
        name: { $ref: "#/$defs/name", maxLength: 5 },
        title: { $ref: "#/$defs/name", description: "How to call it" },
      }),
      $defs: { name: { type: "string", minLength: 1 } },
    },
    openai: {
      reason: null,
      changes: [
        "described name: maxLength moved to the description",
        "described name: minLength moved to the description",
        "described #name: minLength moved to the description",
      ],
    },
    anthropic: {
      reason: null,
      changes: [
        "described name: maxLength moved to the description",
        "described name: minLength moved to the description",
        "described #name: minLength moved to the description",
      ],
    },
    gemini: [
      "described name: maxLength moved to the description",
      "described name: minLength moved to the description",
      "described title: minLength moved to the description",
    ],
  },
  {
    name: "references into properties",
    schema: closed({ a: { type: "array", items: text }, b: { $ref: "#/properties/a/items" } }),
    openai: { reason: null, changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "a reference out of the schema",
    schema: closed({ a: { $ref: "https://example.com/schema.json" } }),
    openai: {
      reason: "$ref at a leads out of the schema",
      changes: ["widened a: a reference that leads out of the schema left out"],
    },
    anthropic: {
      reason: "$ref at a leads out of the schema",
      changes: ["widened a: a reference that leads out of the schema left out"],
    },
    gemini: ["widened a: a reference that leads out of the schema left out"],
  },
  {
    name: "a reference to nothing",
    schema: closed({ a: { $ref: "#/$defs/missing" } }),
    openai: { reason: "$ref at a leads nowhere", changes: ["widened a: a reference that leads nowhere left out"] },
    anthropic: { reason: "$ref at a leads nowhere", changes: ["widened a: a reference that leads nowhere left out"] },
    gemini: ["widened a: a reference that leads nowhere left out"],
  },
  {
    name: "unused $defs",
    schema: { ...closed({ a: text }), $defs: { unused: { type: "object" } } },
    openai: { reason: null, changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "definitions of draft-07",
    schema: {
      $schema: DRAFT_07,
      ...closed({ a: { $ref: "#/definitions/code" } }),
      definitions: { code: { type: "string", maxLength: 3 } },
    },
    openai: { reason: null, changes: ["described #code: maxLength moved to the description"] },
    anthropic: { reason: null, changes: ["described #code: maxLength moved to the description"] },
    gemini: ["described a: maxLength moved to the description"],
  },
  {
    name: "a reference at the root",
    schema: { type: "object", $ref: "#/$defs/args", $defs: { args: closed({ a: text }) } },
    openai: { reason: null, changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "a union at the root",
    schema: {
      type: "object",
      oneOf: [closed({ kind: { const: "a" }, x: { type: "number" } }), closed({ kind: { const: "b" }, y: text })],
    },
    openai: {
      reason: null,
      changes: [
        "widened the root: alternatives at the root merged into one object, and told in the description",
        "widened x: always sent; null where it is left out, and taken out again",
        "widened y: always sent; null where it is left out, and taken out again",
      ],
    },
    anthropic: {
      reason: null,
      changes: ["widened the root: alternatives at the root merged into one object, and told in the description"],
    },
    gemini: ["widened the root: alternatives at the root merged into one object, and told in the description"],
  },
  {
    name: "a union at the root that null would blur",
    schema: {
      type: "object",
      anyOf: [closed({ kind: { const: "a" }, x: { type: ["number", "null"] } }), closed({ kind: { const: "b" } })],
    },
    openai: {
      reason: '"x" may be null in one alternative at the root and not in another',
      changes: ["widened the root: alternatives at the root merged into one object, and told in the description"],
    },
    anthropic: {
      reason: null,
      changes: ["widened the root: alternatives at the root merged into one object, and told in the description"],
    },
    gemini: ["widened the root: alternatives at the root merged into one object, and told in the description"],
  },
  {
    name: "at least one of two at the root",
    schema: {
      type: "object",
      properties: { id: text, name: text },
      anyOf: [{ required: ["id"] }, { required: ["name"] }],
      additionalProperties: false,
    },
    openai: {
      reason: null,
      changes: [
        "widened the root: alternatives at the root merged into one object, and told in the description",
        "widened id: always sent; null where it is left out, and taken out again",
        "widened name: always sent; null where it is left out, and taken out again",
      ],
    },
    anthropic: {
      reason: null,
      changes: ["widened the root: alternatives at the root merged into one object, and told in the description"],
    },
    gemini: ["widened the root: alternatives at the root merged into one object, and told in the description"],
  },
  {
    name: "several types in one place",
    schema: closed({
      id: { type: ["string", "integer"], minLength: 1, minimum: 1 },
      list: { type: ["array", "null"], items: text },
    }),
    openai: {
      reason: null,
      changes: [
        "rewritten id: several types sent as alternatives",
        "described id|0: minLength moved to the description",
      ],
    },
    anthropic: {
      reason: null,
      changes: ["described id: minLength moved to the description", "described id: minimum moved to the description"],
    },
    gemini: ["described id: minLength moved to the description"],
  },
  {
    name: "no type",
    schema: closed({ a: { minLength: 3 } }),
    openai: { reason: "a has no type", changes: [] },
    anthropic: { reason: "a has no type", changes: [] },
    gemini: ["described a: minLength moved to the description"],
  },
  {
    name: "12 levels",
    schema: deep(12),
    openai: { reason: "a.a.a.a.a.a.a.a.a.a.a.end is nested deeper than 10 levels", changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "6,000 properties",
    schema: closed(Object.fromEntries(Array.from({ length: 6_000 }, (_, index) => [`p${index}`, text]))),
    openai: { reason: "the schema has 6000 properties; at most 5000 are accepted", changes: [] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "names of properties that not all accept",
    schema: closed({ "filter[name]": text, "2nd": text, ünï: text }),
    openai: { reason: null, changes: [] },
    anthropic: {
      reason: null,
      changes: [
        'rewritten ["filter[name]"]: sent under the name filter_name_',
        'rewritten ["ünï"]: sent under the name _n_',
      ],
    },
    gemini: [
      'rewritten ["filter[name]"]: sent under the name filter_name_',
      'rewritten ["2nd"]: sent under the name _2nd',
      'rewritten ["ünï"]: sent under the name _n_',
    ],
  },
  {
    name: "own keywords and annotations",
    schema: {
      ...closed({ a: { type: "string", title: "A", deprecated: true, readOnly: true, "x-order": 1, $comment: "c" } }),
      $id: "https://example.com/a",
      title: "Arguments",
    },
    openai: { reason: null, changes: ["described a: deprecated moved to the description"] },
    anthropic: { reason: null, changes: ["described a: deprecated moved to the description"] },
    gemini: ["described a: deprecated moved to the description"],
  },
  {
    name: "Zod: objects, defaults, unions",
    schema: toInput(
      z.object({
        name: z.string().min(1),
        age: z.int().optional(),
        unit: z.enum(["c", "f"]).default("c"),
        tags: z.array(z.string()).max(3),
        extra: z.record(z.string(), z.number()).optional(),
      }),
    ),
    openai: { reason: "extra is a map: additionalProperties is a schema", changes: [] },
    anthropic: { reason: "extra is a map: additionalProperties is a schema", changes: [] },
    gemini: ["described name: minLength moved to the description", "described unit: default moved to the description"],
  },
  {
    name: "Zod: strict, nullable, discriminated",
    schema: toInput(
      z.strictObject({
        note: z.string().nullable(),
        target: z.discriminatedUnion("type", [
          z.strictObject({ type: z.literal("user"), id: z.uuid() }),
          z.strictObject({ type: z.literal("url"), url: z.url() }),
        ]),
      }),
    ),
    openai: {
      reason: null,
      changes: [
        'described target|1.url: format "uri" moved to the description',
        "rewritten target: oneOf sent as anyOf",
      ],
    },
    anthropic: { reason: null, changes: ["rewritten target: oneOf sent as anyOf"] },
    gemini: [
      "rewritten target|0.type: const sent as an enum",
      "described target|0.id: pattern moved to the description",
      "rewritten target|1.type: const sent as an enum",
      "rewritten target: oneOf sent as anyOf",
    ],
  },
  {
    name: "Zod: a tuple and a loose object",
    schema: toInput(
      z.strictObject({ place: z.tuple([z.number(), z.number()]), rest: z.looseObject({ a: z.string() }) }),
    ),
    openai: { reason: "prefixItems at place", changes: ["rewritten place: items: false sent as maxItems"] },
    anthropic: { reason: "prefixItems at place", changes: ["rewritten place: items: false sent as maxItems"] },
    gemini: ["rewritten place: items: false sent as maxItems"],
  },
  {
    name: "ArkType",
    schema: {
      ...type({ name: "string >= 1", "age?": "number.integer >= 0", tags: "string[]", mode: "'a' | 'b'" }).toJsonSchema(
        { dialect: "https://json-schema.org/draft/2020-12/schema" },
      ),
    },
    openai: {
      reason: null,
      changes: [
        "rewritten the root: closed: only the properties that are named can be sent",
        "described name: minLength moved to the description",
        "widened age: always sent; null where it is left out, and taken out again",
      ],
    },
    anthropic: {
      reason: null,
      changes: [
        "rewritten the root: closed: only the properties that are named can be sent",
        "described name: minLength moved to the description",
        "described age: minimum moved to the description",
      ],
    },
    gemini: ["described name: minLength moved to the description"],
  },
  ...SHAPES,
  ...UNIONS,
  ...VALUES,
  ...REFERENCES,
  ...LIBRARIES,
];
