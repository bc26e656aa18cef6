// Values: constants, defaults, numbers, formats, what is counted.
import {
  closed,
  integer,
  loose,
  type MatrixRow,
  moved,
  nulled,
  optional,
  keepsNull,
  strict,
  text,
  words,
} from "./schema-matrix-parts.ts";

const nothing = (place: string): string => `${place} accepts nothing`;

export const VALUES: readonly MatrixRow[] = [
  {
    name: "a default that is not valid",
    schema: optional({ unit: { ...text, enum: ["c", "f"], default: "k" }, count: { ...integer, default: "many" } }),
    openai: {
      reason: null,
      changes: [...moved("unit", "default"), ...nulled("unit"), ...moved("count", "default"), ...nulled("count")],
    },
    anthropic: { reason: null, changes: [] },
    gemini: [...moved("unit", "default"), ...moved("count", "default")],
  },
  {
    name: "defaults within defaults",
    schema: optional({
      options: { ...optional({ unit: { ...text, default: "c" } }), default: {} },
      list: { type: "array", items: { ...integer, default: 1 }, default: [] },
    }),
    openai: {
      reason: null,
      changes: [
        ...moved("options", "default"),
        ...moved("options.unit", "default"),
        ...nulled("options.unit", "options"),
        ...moved("list", "default"),
        ...moved("list[]", "default"),
        ...nulled("list"),
      ],
    },
    anthropic: { reason: null, changes: [] },
    gemini: [
      ...moved("options", "default"),
      ...moved("options.unit", "default"),
      ...moved("list", "default"),
      ...moved("list[]", "default"),
    ],
  },
  {
    name: "a default of null",
    schema: optional({ note: { type: ["string", "null"], default: null } }),
    openai: { reason: null, changes: [...moved("note", "default"), ...keepsNull("note")] },
    anthropic: { reason: null, changes: [] },
    gemini: moved("note", "default"),
  },
  {
    name: "constants of other types",
    schema: closed({ yes: { const: true }, none: { const: null }, half: { const: 0.5 }, text: { const: "" } }),
    ...strict(),
    gemini: [
      ...moved("yes", "const"),
      "rewritten half: const sent as an enum",
      "rewritten text: const sent as an enum",
    ],
  },
  {
    name: "a constant that is an object",
    schema: closed({ origin: { const: { x: 0, y: 0 } } }),
    ...loose("an enum with objects or arrays at origin"),
    gemini: moved("origin", "const"),
  },
  {
    name: "an enum without values",
    schema: closed({ a: { ...text, enum: [] } }),
    ...loose(nothing("a")),
    gemini: [],
  },
  {
    name: "an enum of 300 short values",
    schema: closed({ word: { ...text, enum: words(300, 10) } }),
    ...strict(),
    gemini: moved("word", "enum"),
  },
  {
    name: "an enum with values of another type than is said",
    schema: closed({ a: { ...text, enum: ["x", 1, null] }, b: { type: "number", enum: [1, 2.5] } }),
    ...strict(),
    gemini: [],
  },
  {
    name: "an enum and a constant",
    schema: closed({ a: { enum: ["x", "y"], const: "x" }, b: { enum: ["x"], const: "y" } }),
    ...loose(nothing("b")),
    gemini: ["rewritten a: const sent as an enum", "described b: const moved to the description"],
  },
  {
    name: "bounds beyond 2^53",
    schema: closed({
      id: { ...integer, minimum: 0, maximum: 2 ** 63 },
      big: { ...integer, exclusiveMinimum: 2 ** 53 },
      one: { ...integer, const: 2 ** 60 },
    }),
    openai: { reason: null, changes: [] },
    anthropic: {
      reason: null,
      changes: [...moved("id", "minimum", "maximum"), ...moved("big", "exclusiveMinimum")],
    },
    gemini: [
      "described big: exclusiveMinimum sent as minimum and in the description",
      "rewritten one: const sent as an enum",
    ],
  },
  {
    name: "bounds that are not tighter than others",
    schema: closed({
      a: { ...integer, minimum: 5, exclusiveMinimum: 1 },
      b: { type: "number", maximum: 5, exclusiveMaximum: 5 },
    }),
    openai: { reason: null, changes: [] },
    anthropic: {
      reason: null,
      changes: [...moved("a", "minimum", "exclusiveMinimum"), ...moved("b", "maximum", "exclusiveMaximum")],
    },
    gemini: [
      "rewritten a: exclusiveMinimum sent as minimum",
      "described b: exclusiveMaximum sent as maximum and in the description",
    ],
  },
  {
    name: "formats of numbers",
    schema: closed({ a: { ...integer, format: "int32" }, b: { type: "number", format: "float" } }),
    ...strict(
      'described a: format "int32" moved to the description',
      'described b: format "float" moved to the description',
    ),
    gemini: [],
  },
  {
    name: "formats of text in several types",
    schema: closed({
      when: { type: ["string", "null"], format: "date-time" },
      link: { type: ["string", "null"], format: "uri" },
    }),
    openai: { reason: null, changes: ['described link: format "uri" moved to the description'] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "keywords of another type",
    schema: closed({ a: { ...integer, minLength: 3, pattern: "^a" }, b: { ...text, minimum: 1, items: text } }),
    ...strict(),
    gemini: [],
  },
  {
    name: "contains none or more",
    schema: closed({ list: { type: "array", items: integer, contains: { const: 7 }, minContains: 0 } }),
    ...strict(),
    gemini: [],
  },
  {
    name: "unevaluatedItems",
    schema: closed({ list: { type: "array", prefixItems: [text], unevaluatedItems: false } }),
    openai: { reason: "unevaluatedItems at list", changes: moved("list", "unevaluatedItems") },
    anthropic: { reason: "unevaluatedItems at list", changes: [] },
    gemini: moved("list", "unevaluatedItems"),
  },
  {
    name: "not a type, and not one of several forms",
    schema: closed({
      a: { not: { type: "null" } },
      b: { ...text, not: { anyOf: [{ const: "x" }, { pattern: "^y" }] } },
    }),
    ...loose("a has no type"),
    gemini: [...moved("a", "not"), ...moved("b", "not")],
  },
  {
    name: "if without then",
    schema: { ...closed({ a: { ...text, if: { minLength: 1 } } }) },
    ...loose("if at a"),
    gemini: [],
  },
  {
    name: "if, then, else within a property",
    schema: {
      type: "object",
      properties: {
        size: { ...integer, if: { minimum: 10 }, then: { multipleOf: 10 }, else: { multipleOf: 2 } },
      },
      required: ["size"],
    },
    ...loose("if at size"),
    gemini: moved("size", "if"),
  },
  {
    name: "a description that says nothing of types",
    schema: { type: "object", properties: { a: { description: "Anything at all" }, b: text } },
    ...loose("a accepts anything"),
    gemini: [],
  },
];
