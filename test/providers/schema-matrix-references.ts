// References that are not plain pointers into `$defs`.
import {
  closed,
  DRAFT_07,
  integer,
  loose,
  type MatrixRow,
  moved,
  nulled,
  optional,
  keepsNull,
  shut,
  strict,
  text,
} from "./schema-matrix-parts.ts";

const OUT = "leads out of the schema";
const toNode = { $ref: "#/$defs/node" };

export const REFERENCES: readonly MatrixRow[] = [
  {
    name: "recursion that is required and may be null",
    schema: {
      ...closed({ list: toNode }),
      $defs: { node: closed({ value: text, next: { anyOf: [toNode, { type: "null" }] } }) },
    },
    openai: { reason: null, changes: [] },
    anthropic: { reason: "#node.next|0 refers to what contains it", changes: [] },
    gemini: ["widened list.next|0: the same again, of which only the type is sent"],
  },
  {
    name: "recursion without an end",
    schema: { ...closed({ list: toNode }), $defs: { node: closed({ next: toNode }) } },
    openai: { reason: null, changes: [] },
    anthropic: { reason: "#node.next refers to what contains it", changes: [] },
    gemini: ["widened list.next: the same again, of which only the type is sent"],
  },
  {
    name: "recursion through allOf",
    schema: {
      ...closed({ folder: { $ref: "#/$defs/folder" } }),
      $defs: {
        entry: { type: "object", properties: { name: text }, required: ["name"] },
        folder: {
          allOf: [
            { $ref: "#/$defs/entry" },
            { type: "object", properties: { folders: { type: "array", items: { $ref: "#/$defs/folder" } } } },
          ],
        },
      },
    },
    openai: {
      reason: null,
      changes: ["rewritten #folder: allOf merged into one schema", shut("#folder"), ...nulled("#folder.folders")],
    },
    anthropic: {
      reason: "#folder.folders[] refers to what contains it",
      changes: [],
    },
    // Where it may be left out it is a reference, and so is defined once more.
    gemini: ["rewritten folder: allOf merged into one schema", "rewritten #folder: allOf merged into one schema"],
  },
  {
    name: "a reference to a reference",
    schema: {
      ...closed({ a: { $ref: "#/$defs/one" } }),
      $defs: { one: { $ref: "#/$defs/two" }, two: { $ref: "#/$defs/three" }, three: text },
    },
    ...strict(),
    gemini: [],
  },
  {
    name: "references in a circle",
    schema: {
      ...closed({ a: { $ref: "#/$defs/one" } }),
      $defs: { one: { $ref: "#/$defs/two" }, two: { $ref: "#/$defs/one" } },
    },
    ...loose("$ref at a leads nowhere", "widened a: a reference that leads nowhere left out"),
    gemini: ["widened a: a reference that leads nowhere left out"],
  },
  {
    name: "a reference by $anchor",
    schema: { ...closed({ a: { $ref: "#word" } }), $defs: { w: { ...text, $anchor: "word" } } },
    ...strict(),
    gemini: [],
  },
  {
    name: "a reference by $id",
    schema: {
      ...closed({ a: { $ref: "https://example.com/word" } }),
      $defs: { word: { ...text, $id: "https://example.com/word" } },
    },
    ...loose(`$ref at a ${OUT}`, `widened a: a reference that ${OUT} left out`),
    gemini: [`widened a: a reference that ${OUT} left out`],
  },
  {
    name: "a reference through the $id of the root",
    schema: {
      $id: "https://example.com/args.json",
      ...closed({ a: { $ref: "args.json#/$defs/word" } }),
      $defs: { word: text },
    },
    ...loose(`$ref at a ${OUT}`, `widened a: a reference that ${OUT} left out`),
    gemini: [`widened a: a reference that ${OUT} left out`],
  },
  {
    name: "$dynamicRef",
    schema: {
      ...closed({ tree: { $ref: "#/$defs/node" } }),
      $defs: {
        node: {
          ...closed({ value: text, children: { type: "array", items: { $dynamicRef: "#node" } } }),
          $dynamicAnchor: "node",
        },
      },
    },
    ...loose("the items of #node.children are not described"),
    gemini: [],
    untold: { words: "Gemini is not sent `$dynamicRef`, and so is told of any item." },
  },
  {
    name: "a pointer with escapes",
    schema: { ...closed({ a: { $ref: "#/$defs/a~1b%20c" } }), $defs: { "a/b c": text } },
    ...strict(),
    gemini: [],
  },
  {
    name: "two definitions of the same name",
    schema: {
      ...closed({ a: { $ref: "#/$defs/code" }, b: { $ref: "#/definitions/code" } }),
      $defs: { code: { ...text, maxLength: 2 } },
      definitions: { code: { ...text, maxLength: 3 } },
    },
    ...strict(...moved("#code", "maxLength"), ...moved("#code_2", "maxLength")),
    gemini: [...moved("a", "maxLength"), ...moved("b", "maxLength")],
  },
  {
    name: "a reference to what may be null",
    schema: {
      ...optional({ a: { $ref: "#/$defs/maybe" }, b: { $ref: "#/$defs/word" } }),
      $defs: { maybe: { type: ["string", "null"] }, word: text },
    },
    openai: { reason: null, changes: [...keepsNull("a"), ...nulled("b")] },
    anthropic: { reason: null, changes: [] },
    gemini: [],
  },
  {
    name: "a default beside a reference",
    schema: {
      ...optional({ unit: { $ref: "#/$defs/unit", default: "c", description: "The unit" } }),
      $defs: { unit: { enum: ["c", "f"] } },
    },
    openai: { reason: null, changes: [...moved("unit", "default"), ...nulled("unit")] },
    anthropic: { reason: null, changes: [] },
    gemini: moved("unit", "default"),
  },
  {
    name: "bounds beside a reference of draft-07",
    schema: {
      $schema: DRAFT_07,
      ...closed({ a: { $ref: "#/definitions/count", minimum: 5 } }),
      definitions: { count: { ...integer, minimum: 1 } },
    },
    openai: { reason: null, changes: [] },
    anthropic: { reason: null, changes: moved("a", "minimum") },
    gemini: [],
  },
];
