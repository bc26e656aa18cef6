// Alternatives, what may be left out, and what may be null.
import {
  closed,
  integer,
  keepsNull,
  loose,
  type MatrixRow,
  moved,
  nulled,
  optional,
  strict,
  text,
} from "./schema-matrix-parts.ts";

const nothing = { type: "null" } as const;

export const UNIONS: readonly MatrixRow[] = [
  {
    name: "a discriminator of OpenAPI",
    schema: {
      ...closed({
        pet: {
          oneOf: [{ $ref: "#/$defs/cat" }, { $ref: "#/$defs/dog" }],
          discriminator: { propertyName: "kind", mapping: { cat: "#/$defs/cat", dog: "#/$defs/dog" } },
        },
      }),
      $defs: {
        cat: closed({ kind: { const: "cat" }, lives: integer }),
        dog: closed({ kind: { const: "dog" }, tricks: integer }),
      },
    },
    ...strict("rewritten pet: oneOf sent as anyOf"),
    gemini: [
      "rewritten pet|0.kind: const sent as an enum",
      "rewritten pet|1.kind: const sent as an enum",
      "rewritten pet: oneOf sent as anyOf",
    ],
  },
  {
    name: "a discriminator without constants",
    schema: {
      ...closed({
        pet: {
          oneOf: [{ $ref: "#/$defs/cat" }, { $ref: "#/$defs/dog" }],
          discriminator: { propertyName: "kind", mapping: { c: "#/$defs/cat", d: "#/$defs/dog" } },
        },
      }),
      $defs: { cat: closed({ kind: text, lives: integer }), dog: closed({ kind: text, tricks: integer }) },
    },
    ...strict('dropped pet: discriminator "kind" left out', "widened pet: oneOf sent as anyOf"),
    gemini: ['dropped pet: discriminator "kind" left out', "widened pet: oneOf sent as anyOf"],
  },
  {
    name: "an enum written as constants",
    schema: closed({
      unit: {
        oneOf: [
          { const: "c", title: "Celsius" },
          { const: "f", description: "Fahrenheit" },
        ],
      },
    }),
    ...strict("rewritten unit: oneOf sent as anyOf"),
    gemini: [
      "rewritten unit|0: const sent as an enum",
      "rewritten unit|1: const sent as an enum",
      "rewritten unit: oneOf sent as anyOf",
    ],
  },
  {
    name: "oneOf whose alternatives overlap",
    schema: closed({ n: { oneOf: [integer, { type: "number", minimum: 10 }] } }),
    openai: { reason: null, changes: ["widened n: oneOf sent as anyOf"] },
    anthropic: { reason: null, changes: [...moved("n|1", "minimum"), "widened n: oneOf sent as anyOf"] },
    gemini: ["widened n: oneOf sent as anyOf"],
  },
  {
    name: "a reference or null",
    schema: {
      ...closed({ a: { anyOf: [{ $ref: "#/$defs/word" }, nothing] }, b: { oneOf: [nothing, text] } }),
      $defs: { word: text },
    },
    ...strict("rewritten b: oneOf sent as anyOf"),
    gemini: ["rewritten b: oneOf sent as anyOf"],
  },
  {
    name: "optional and nullable in other words",
    schema: optional({
      a: { anyOf: [text, nothing] },
      b: { enum: ["x", null] },
      c: { const: null },
      d: { ...text, nullable: true },
      e: { not: { type: "object" } },
    }),
    ...loose("e has no type"),
    gemini: ["rewritten b: null among constants sent as an alternative", ...moved("e", "not")],
  },
  {
    name: "optional, and null by the schema",
    schema: optional({
      a: { anyOf: [text, nothing] },
      b: { enum: ["x", null] },
      c: { const: null },
      d: { ...text, nullable: true },
      e: { allOf: [{ type: ["string", "null"] }, { type: ["string", "integer"] }] },
      f: { ...text, nullable: false },
    }),
    openai: {
      reason: null,
      changes: [...keepsNull("a", "b", "c", "d"), "rewritten e: allOf merged into one schema", ...nulled("e", "f")],
    },
    anthropic: { reason: null, changes: ["rewritten e: allOf merged into one schema"] },
    gemini: ["rewritten b: null among constants sent as an alternative", "rewritten e: allOf merged into one schema"],
  },
  {
    name: "nullable of OpenAPI where it says nothing",
    schema: {
      ...closed({
        a: { ...text, enum: ["x"], nullable: true },
        b: { $ref: "#/$defs/word", nullable: true },
        c: { allOf: [{ $ref: "#/$defs/word" }], nullable: true },
      }),
      $defs: { word: text },
    },
    ...strict("rewritten c: allOf merged into one schema"),
    gemini: ["rewritten c: allOf merged into one schema"],
  },
  {
    name: "alternatives of which nothing fits but one",
    schema: closed({ a: { anyOf: [false, text] } }),
    ...strict(),
    gemini: [],
  },
  {
    name: "alternatives of which one takes anything",
    schema: closed({ a: { anyOf: [text, {}] } }),
    ...loose("a|1 accepts anything"),
    gemini: [],
  },
  {
    name: "alternatives within alternatives",
    schema: closed({ a: { anyOf: [text, { oneOf: [integer, { anyOf: [{ type: "boolean" }, nothing] }] }] } }),
    ...strict("rewritten a|1: oneOf sent as anyOf"),
    gemini: ["rewritten a|1: oneOf sent as anyOf"],
  },
  {
    name: "alternatives of items",
    schema: closed({ list: { type: "array", items: { anyOf: [text, closed({ id: integer })] } } }),
    ...strict(),
    gemini: [],
  },
];
