// Inventory: schemas that are hard to compare. What is the same only because of how keywords work together, and what looks
// the same and is not.
import { closed, labelsOf, open, type LabelledChange } from "./labelled-change.ts";

const text = { type: "string" };
const whole = { type: "integer" };

const add = labelsOf({
  name: "inventory.add",
  version: "1.0.0",
  description: "Adds an article.",
  effect: "write",
  input: closed({ article: text }, ["article"]),
  output: closed({ id: text }, ["id"]),
  access: { roles: ["USER"] },
});

const input = (properties: object, more: object = {}) => ({
  input: { ...closed({ article: text, ...properties }, ["article"]), ...more },
});
const one = (schema: object) => input({ one: schema });
const box = (more: object) => one({ ...open({ a: text, b: text }), ...more });

export const INVENTORY: readonly LabelledChange[] = [
  add("not not a text", ["cosmetic"], "patch", one({ not: { not: text } }), one(text)),
  add("not a number, twice said", ["cosmetic"], "patch", one({ type: "string", not: { type: "number" } }), one(text)),
  add(
    "fewer values are ruled out",
    ["widening"],
    "minor",
    one({ ...text, not: { enum: ["x", "y"] } }),
    one({ ...text, not: { enum: ["x"] } }),
  ),
  add(
    "more values are ruled out",
    ["breaking"],
    "major",
    one({ ...text, not: { enum: ["x"] } }),
    one({ ...text, not: { enum: ["x", "y"] } }),
  ),
  add(
    "at least one member, of one that is required",
    ["cosmetic"],
    "patch",
    box({ required: ["a"] }),
    box({ required: ["a"], minProperties: 1 }),
  ),
  add(
    "all members, by their number",
    ["cosmetic"],
    "patch",
    one({ ...closed({ a: text, b: text }), minProperties: 2 }),
    one({ ...closed({ a: text, b: text }, ["a", "b"]), minProperties: 2 }),
  ),
  add(
    "a member that needs another, as a condition",
    ["cosmetic"],
    "patch",
    box({ dependentRequired: { a: ["b"] } }),
    box({ if: { required: ["a"] }, then: { required: ["b"] } }),
  ),
  add(
    "one of two members, or both",
    ["cosmetic"],
    "patch",
    box({ anyOf: [{ required: ["a"] }, { required: ["b"] }] }),
    box({
      anyOf: [{ required: ["b"] }, { required: ["a"] }, { required: ["a", "b"] }],
    }),
  ),
  add(
    "one of two members, and not both",
    ["breaking"],
    "major",
    box({ anyOf: [{ required: ["a"] }, { required: ["b"] }] }),
    box({
      oneOf: [{ required: ["a"] }, { required: ["b"] }],
    }),
  ),
  add(
    "both members too",
    ["widening"],
    "minor",
    box({ oneOf: [{ required: ["a"] }, { required: ["b"] }] }),
    box({
      anyOf: [{ required: ["a"] }, { required: ["b"] }],
    }),
  ),
  add(
    "a pattern that every day has",
    ["cosmetic"],
    "patch",
    one({ ...text, format: "date" }),
    one({ ...text, format: "date", pattern: "^\\d{4}-\\d{2}-\\d{2}$" }),
  ),
  add(
    "even numbers from 1 on are those from 2 on",
    ["cosmetic"],
    "patch",
    one({ ...whole, multipleOf: 2, minimum: 1 }),
    one({ ...whole, multipleOf: 2, minimum: 2 }),
  ),
  add(
    "a length that the pattern has",
    ["cosmetic"],
    "patch",
    one({ ...text, pattern: "^[A-Z]{3}$", maxLength: 3 }),
    one({ ...text, pattern: "^[A-Z]{3}$" }),
  ),
  add(
    "a length that no value has",
    ["cosmetic"],
    "patch",
    one({ enum: ["s", "m", "l"], maxLength: 1 }),
    one({ enum: ["l", "m", "s"] }),
  ),
  add(
    "an empty list, in two ways",
    ["cosmetic"],
    "patch",
    one({ type: "array", maxItems: 0 }),
    one({ type: "array", items: false }),
  ),
  add(
    "no value twice, of one value",
    ["cosmetic"],
    "patch",
    one({ type: "array", items: { const: "x" }, uniqueItems: true }),
    one({ type: "array", items: { const: "x" }, maxItems: 1 }),
  ),
  add(
    "ways to pack, as a chain of conditions",
    ["cosmetic"],
    "patch",
    one({
      oneOf: [
        closed({ kind: { const: "bag" } }, ["kind"]),
        closed({ kind: { const: "box" }, size: whole }, ["kind", "size"]),
      ],
    }),
    one({
      ...closed({ kind: { enum: ["bag", "box"] }, size: whole }, ["kind"]),
      if: { properties: { kind: { const: "box" } } },
      then: { required: ["size"] },
      else: { properties: { size: false } },
    }),
  ),
  add(
    "a schema in a list of one or none",
    ["breaking"],
    "major",
    one(text),
    one({ type: "array", items: text, maxItems: 1 }),
  ),
  add("a text that is a number", ["breaking"], "major", one(whole), one({ ...text, pattern: "^\\d+$" })),
  add(
    "numbers of one more place",
    ["widening"],
    "minor",
    one({ type: "number", multipleOf: 0.1 }),
    one({ type: "number", multipleOf: 0.01 }),
  ),
  add(
    "numbers of another step",
    ["breaking"],
    "major",
    one({ type: "number", multipleOf: 0.2 }),
    one({ type: "number", multipleOf: 0.5 }),
  ),
  add(
    "members of a part are closed",
    ["breaking"],
    "major",
    one({ allOf: [open({ a: text }), open({ b: text })] }),
    one({ allOf: [closed({ a: text }), closed({ b: text })] }),
  ),
  add(
    "what is not evaluated is refused",
    ["breaking"],
    "major",
    one({ allOf: [open({ a: text })], properties: { b: text } }),
    one({ allOf: [open({ a: text })], properties: { b: text }, unevaluatedProperties: false }),
  ),
  add(
    "unevaluated members beside alternatives, written alike",
    ["cosmetic"],
    "patch",
    input(
      { one: { $ref: "#/$defs/Pack" } },
      {
        $defs: {
          Pack: { type: "object", anyOf: [open({ a: text }), open({ b: text })], unevaluatedProperties: false },
        },
      },
    ),
    input(
      { one: { $ref: "#/$defs/Parcel" } },
      {
        $defs: {
          Parcel: { type: "object", anyOf: [open({ a: text }), open({ b: text })], unevaluatedProperties: false },
        },
      },
    ),
  ),
  add(
    "a pattern without its end",
    ["widening"],
    "minor",
    one({ ...text, pattern: "^[a-z]+$" }),
    one({ ...text, pattern: "^[a-z]+" }),
  ),
  add(
    "a pattern that is anchored",
    ["breaking"],
    "major",
    one({ ...text, pattern: "[a-z]+" }),
    one({ ...text, pattern: "^[a-z]+$" }),
  ),
  add(
    "letters of other languages",
    ["widening"],
    "minor",
    one({ ...text, pattern: "^[a-z]+$" }),
    one({ ...text, pattern: "^\\p{Ll}+$" }),
  ),
  add(
    "a default in other words",
    ["breaking", "widening"],
    "major",
    one({ ...whole, default: 1 }),
    one({ type: ["integer", "string"], default: "1" }),
  ),
  add(
    "a default that is the same number",
    ["cosmetic"],
    "patch",
    one({ type: "number", default: 1 }),
    one({ allOf: [{ type: "number" }], default: 1.0 }),
  ),
  add(
    "a required member of which nothing was said",
    ["cosmetic"],
    "patch",
    { input: { ...open({ article: text }), required: ["article", "lot"] } },
    { input: { ...open({ article: text, lot: true }), required: ["article", "lot"] } },
  ),
  add(
    "a member of the answer moves below another one",
    ["breaking"],
    "major",
    { output: closed({ id: text, lot: text }, ["id", "lot"]) },
    { output: closed({ id: text, at: closed({ lot: text }, ["lot"]) }, ["id", "at"]) },
  ),
  add(
    "an answer that may be empty",
    ["breaking"],
    "major",
    { output: closed({ id: text }, ["id"]) },
    { output: { anyOf: [closed({ id: text }, ["id"]), { type: "null" }] } },
  ),
  add(
    "an answer that is never empty",
    ["widening"],
    "minor",
    { output: { anyOf: [closed({ id: text }, ["id"]), { type: "null" }] } },
    { output: closed({ id: text }, ["id"]) },
  ),
  add(
    "an answer of two kinds, told apart now",
    ["breaking"],
    "major",
    { output: { anyOf: [closed({ a: text }), closed({ b: text })] } },
    {
      output: {
        anyOf: [
          closed({ kind: { const: "a" }, a: text }, ["kind"]),
          closed({ kind: { const: "b" }, b: text }, ["kind"]),
        ],
      },
    },
  ),
];
