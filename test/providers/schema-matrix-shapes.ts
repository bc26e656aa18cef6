// Objects and arrays: names, what may stand beside the properties that are named, parts, depth.
import {
  closed,
  deep,
  DRAFT_07,
  integer,
  loose,
  type MatrixRow,
  moved,
  nulled,
  optional,
  shut,
  strict,
  text,
} from "./schema-matrix-parts.ts";

const renamed = (place: string, wire: string): string => `rewritten ${place}: sent under the name ${wire}`;
const members = (...names: readonly string[]): object => Object.fromEntries(names.map((name) => [name, text]));

export const SHAPES: readonly MatrixRow[] = [
  {
    name: "names with spaces, dots and other letters",
    schema: closed({ "a b": text, "a.b": text, 名前: text, "": text, $ref: text, "x-y": text }),
    openai: { reason: null, changes: [] },
    anthropic: {
      reason: null,
      changes: [renamed('["a b"]', "a_b"), renamed('["名前"]', "__"), renamed('[""]', "_"), renamed("$ref", "_ref")],
    },
    gemini: [
      renamed('["a b"]', "a_b"),
      renamed('["a.b"]', "a_b_2"),
      renamed('["名前"]', "__"),
      renamed('[""]', "_"),
      renamed("$ref", "_ref"),
      renamed("x-y", "x_y"),
    ],
  },
  {
    name: "names of prototypes",
    schema: {
      type: "object",
      properties: members("__proto__", "constructor", "toString"),
      required: ["__proto__", "constructor", "toString"],
      additionalProperties: false,
    },
    ...strict(),
    gemini: [],
  },
  {
    name: "names that would be the same",
    schema: closed({ "a b": text, a_b: integer, "a/b": text }),
    openai: { reason: null, changes: [] },
    anthropic: { reason: null, changes: [renamed('["a b"]', "a_b_2"), renamed('["a/b"]', "a_b_3")] },
    gemini: [renamed('["a b"]', "a_b_2"), renamed('["a/b"]', "a_b_3")],
  },
  {
    name: "a name of 70 characters",
    schema: closed({ ["n".repeat(70)]: text }),
    openai: { reason: null, changes: [] },
    anthropic: { reason: null, changes: [renamed("n".repeat(70), "n".repeat(64))] },
    gemini: [renamed("n".repeat(70), "n".repeat(64))],
  },
  {
    name: "a name that is required and not described",
    schema: { type: "object", properties: { a: text }, required: ["a", "b"] },
    ...loose('"b" is required and not described at the root'),
    gemini: [],
  },
  {
    name: "an object that has to be empty",
    schema: closed({ a: { type: "object", additionalProperties: false } }),
    ...strict(),
    gemini: [],
  },
  {
    name: "a map whose names are listed",
    schema: closed({
      env: { type: "object", propertyNames: { enum: ["dev", "prod"] }, additionalProperties: text },
    }),
    openai: {
      reason: "env is a map: additionalProperties is a schema",
      changes: moved("env", "propertyNames"),
    },
    anthropic: { reason: "env is a map: additionalProperties is a schema", changes: [] },
    gemini: moved("env", "propertyNames"),
  },
  {
    name: "names by patterns, and no others",
    schema: closed({
      labels: { type: "object", patternProperties: { "^x-": text, "^y-": integer }, additionalProperties: false },
    }),
    ...loose("patternProperties at labels"),
    gemini: [...moved("labels", "patternProperties"), "widened labels: further properties may be anything"],
  },
  {
    name: "dependentSchemas",
    schema: {
      ...optional({ card: text, code: text }),
      dependentSchemas: { card: { required: ["code"], properties: { code: { minLength: 3 } } } },
    },
    ...loose("dependentSchemas at the root"),
    gemini: moved("the root", "dependentSchemas"),
  },
  {
    name: "unevaluatedProperties within a property",
    schema: closed({
      user: {
        type: "object",
        allOf: [{ properties: { id: text }, required: ["id"] }, { properties: { name: text } }],
        unevaluatedProperties: false,
      },
    }),
    openai: { reason: "unevaluatedProperties at user", changes: [] },
    anthropic: { reason: "unevaluatedProperties at user", changes: [] },
    gemini: ["rewritten user: allOf merged into one schema", ...moved("user", "unevaluatedProperties")],
  },
  {
    name: "allOf whose parts speak of the same property",
    schema: closed({
      a: { allOf: [closed({ n: { ...text, minLength: 1 } }), optional({ n: { maxLength: 5, description: "N" } })] },
    }),
    ...strict("rewritten a: allOf merged into one schema", ...moved("a.n", "minLength", "maxLength")),
    gemini: ["rewritten a: allOf merged into one schema", ...moved("a.n", "minLength", "maxLength")],
  },
  {
    name: "allOf of closed objects",
    schema: closed({ a: { allOf: [closed({ x: text }), closed({ y: text })] } }),
    ...loose("a.x accepts nothing"),
    gemini: [
      "rewritten a: allOf merged into one schema",
      "widened a.x: accepts nothing, which cannot be said",
      "widened a.y: accepts nothing, which cannot be said",
    ],
  },
  {
    name: "allOf with alternatives in a part",
    schema: closed({
      a: { allOf: [closed({ x: text, y: text }), { anyOf: [{ required: ["x"] }, { required: ["y"] }] }] },
    }),
    ...strict(
      "rewritten a: allOf merged into one schema",
      "rewritten a: what stands beside anyOf merged into each alternative",
    ),
    gemini: ["rewritten a: allOf merged into one schema"],
  },
  {
    name: "allOf of types that exclude each other",
    schema: closed({ a: { allOf: [text, integer] } }),
    ...loose("allOf at a: its parts differ in type"),
    gemini: ["widened a: allOf merged into one schema; its parts differ in type, of which the first is sent"],
  },
  {
    name: "a tuple that goes on",
    schema: closed({ row: { type: "array", prefixItems: [text], items: integer, minItems: 2 } }),
    ...loose("prefixItems at row"),
    gemini: [],
  },
  {
    name: "a tuple of draft-07 that ends",
    schema: {
      $schema: DRAFT_07,
      ...closed({ pair: { type: "array", items: [text, integer], additionalItems: false } }),
    },
    ...loose("prefixItems at pair", "rewritten pair: items: false sent as maxItems"),
    gemini: ["rewritten pair: items: false sent as maxItems"],
  },
  {
    name: "arrays of arrays",
    schema: closed({ grid: { type: "array", items: { type: "array", items: { type: "number" }, uniqueItems: true } } }),
    ...strict(...moved("grid[]", "uniqueItems")),
    gemini: moved("grid[]", "uniqueItems"),
  },
  {
    name: "a map of arrays of objects that may be left out",
    schema: optional({
      groups: { type: "object", additionalProperties: { type: "array", items: optional({ id: text }) } },
    }),
    ...loose("groups is a map: additionalProperties is a schema"),
    gemini: [],
  },
  {
    name: "an open object within an item",
    schema: closed({ list: { type: "array", items: { type: "object", properties: { id: text } } } }),
    openai: { reason: null, changes: [shut("list[]"), ...nulled("list[].id")] },
    anthropic: { reason: null, changes: [shut("list[]")] },
    gemini: [],
  },
  {
    name: "130 levels",
    schema: deep(130),
    ...loose(
      "nested deeper than 128 schemas",
      "widened the root: any object is sent in its place: nested deeper than 128 schemas",
    ),
    gemini: ["widened the root: any object is sent in its place: nested deeper than 128 schemas"],
    geminiReason: "nested deeper than 128 schemas",
  },
  {
    name: "names that are replaced, and said by propertyNames",
    schema: { type: "object", properties: { "a b": text }, propertyNames: { enum: ["a b", "c"] } },
    openai: {
      reason: null,
      changes: [...moved("the root", "propertyNames"), shut("the root"), ...nulled('["a b"]')],
    },
    anthropic: {
      reason: null,
      changes: [...moved("the root", "propertyNames"), shut("the root"), renamed('["a b"]', "a_b")],
    },
    gemini: [...moved("the root", "propertyNames"), renamed('["a b"]', "a_b")],
  },
  {
    name: "names that are replaced, in a constant",
    schema: closed({ at: { type: "object", properties: { "a b": integer }, required: ["a b"], enum: [{ "a b": 1 }] } }),
    openai: { reason: "an enum with objects or arrays at at", changes: [] },
    anthropic: {
      reason: "an enum with objects or arrays at at",
      changes: [...moved("at", "enum"), renamed('at["a b"]', "a_b")],
    },
    gemini: [...moved("at", "enum"), renamed('at["a b"]', "a_b")],
  },
  {
    name: "unevaluatedProperties beside a condition",
    schema: {
      type: "object",
      properties: { kind: text },
      required: ["kind"],
      if: { properties: { kind: { const: "big" } } },
      then: { properties: { size: integer } },
      unevaluatedProperties: false,
    },
    openai: {
      reason: "if at the root",
      changes: [
        "described the root: if moved to the description: it cannot stand at the root",
        ...moved("the root", "unevaluatedProperties"),
      ],
    },
    anthropic: { reason: "if at the root", changes: [] },
    gemini: moved("the root", "if", "unevaluatedProperties"),
  },
];
