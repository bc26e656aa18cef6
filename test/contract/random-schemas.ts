// Schemas and values at random, small enough to meet: few names, few numbers, few texts. Pairs are one schema and the same
// with a few keywords changed, since two schemas that have nothing to do with one another are hardly ever compatible.
import fc from "fast-check";
import { isObject } from "../../src/kernel/json.ts";
import type { JsonSchema } from "../../src/tool/schema/schema.ts";

const NAMES = ["a", "b", "kind", "x1"];
const TEXTS = ["a", "b", "ab", "5", "", "x1"];
const NUMBERS = [0, 1, 2, 3, 5, 1.5, -1];
export const scalar: fc.Arbitrary<unknown> = fc.constantFrom<unknown>(...TEXTS, ...NUMBERS, true, false, null);
const number = fc.constantFrom(...NUMBERS);
const count = fc.constantFrom(0, 1, 2);
const type = fc.constantFrom("string", "number", "integer", "boolean", "null", "object", "array");
const name = fc.constantFrom(...NAMES);
const pattern = fc.constantFrom("^[ab]+$", "^x", "b$", "^(?:a|b)$");

const { value } = fc.letrec<{ value: unknown; object: unknown; array: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    { arbitrary: scalar, weight: 3 },
    { arbitrary: tie("object"), weight: 4 },
    { arbitrary: tie("array"), weight: 2 },
  ),
  object: fc.dictionary(fc.constantFrom(...NAMES, "other"), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  array: fc.array(tie("value"), { maxLength: 3 }),
}));

/** Values of the kinds that the schemas speak of. */
export const randomValue: fc.Arbitrary<unknown> = value;

const REQUIRED = { requiredKeys: [] as never[], noNullPrototype: true } as const;

const leaf: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.record({ type: fc.uniqueArray(type, { minLength: 1, maxLength: 3 }) }),
  fc.record({ type, nullable: fc.constant(true) }),
  fc.record(
    {
      type: fc.constantFrom("integer", "number"),
      minimum: number,
      maximum: number,
      exclusiveMinimum: number,
      exclusiveMaximum: number,
      multipleOf: fc.constantFrom(0.5, 1, 2),
    },
    { ...REQUIRED, requiredKeys: ["type"] },
  ),
  fc.record(
    { type: fc.constant("string"), minLength: count, maxLength: count, pattern },
    { ...REQUIRED, requiredKeys: ["type"] },
  ),
  fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }) }),
  fc.record({ const: fc.oneof(scalar, fc.constant({ a: 1 })) }),
  fc.constant({}),
);

const LIST = { type: fc.constant("array"), minItems: count, maxItems: count, uniqueItems: fc.boolean() };

const { schema: subschema } = fc.letrec<Record<string, unknown> & { schema: unknown }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    { arbitrary: tie("leaf"), weight: 5 },
    { arbitrary: fc.boolean(), weight: 1 },
    { arbitrary: tie("object"), weight: 5 },
    { arbitrary: tie("array"), weight: 2 },
    { arbitrary: tie("union"), weight: 3 },
    { arbitrary: tie("condition"), weight: 1 },
    { arbitrary: fc.constantFrom({ $ref: "#/$defs/one" }, { $ref: "#/$defs/two" }), weight: 1 },
  ),
  leaf,
  object: fc.record(
    {
      type: fc.constant("object"),
      properties: fc.dictionary(name, tie("schema"), { maxKeys: 3, noNullPrototype: true }),
      required: fc.uniqueArray(name, { maxLength: 2 }),
      additionalProperties: fc.oneof(fc.constant(false), tie("schema")),
      patternProperties: fc.record({ "^x": tie("schema") }),
      propertyNames: fc.oneof(
        fc.record({ enum: fc.constant(["a", "b"]) }),
        fc.record({ pattern }),
        fc.record({ maxLength: count }),
      ),
      minProperties: count,
      maxProperties: count,
      dependentRequired: fc.constantFrom({ a: ["b"] }, { b: ["kind"] }),
      dependentSchemas: fc.record({ a: tie("schema") }),
      unevaluatedProperties: fc.constant(false),
    },
    REQUIRED,
  ),
  // Not both: beside prefixItems, Ajv 8.20 takes an empty array for one that contains what is wanted.
  array: fc.oneof(
    fc.record(
      { ...LIST, items: tie("schema"), prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }) },
      REQUIRED,
    ),
    fc.record({ ...LIST, items: tie("schema"), contains: tie("schema"), minContains: count }, REQUIRED),
  ),
  union: fc.oneof(
    fc
      .tuple(fc.constantFrom("anyOf", "oneOf", "allOf"), fc.array(tie("schema"), { minLength: 1, maxLength: 3 }))
      .map(([keyword, branches]) => ({ [keyword]: branches })),
    fc.record({ not: tie("schema") }),
  ),
  condition: fc.record(
    { if: tie("schema"), then: tie("schema"), else: tie("schema") },
    { ...REQUIRED, requiredKeys: ["if"] },
  ),
}));

const small: fc.Arbitrary<JsonSchema> = fc.oneof(
  { arbitrary: leaf, weight: 3 },
  fc.record(
    {
      type: fc.constant("object"),
      properties: fc.dictionary(name, leaf, { maxKeys: 3, noNullPrototype: true }),
      required: fc.uniqueArray(name, { maxLength: 2 }),
      additionalProperties: fc.oneof(fc.boolean(), leaf),
      minProperties: count,
      maxProperties: count,
      dependentRequired: fc.constantFrom({ a: ["b"] }, { b: ["kind"] }),
    },
    REQUIRED,
  ),
  fc.record({ ...LIST, items: leaf, uniqueItems: fc.boolean() }, REQUIRED),
  fc.record(
    { ...LIST, contains: leaf, minContains: count, maxContains: fc.constantFrom(1, 2) },
    { ...REQUIRED, requiredKeys: ["contains"] },
  ),
  fc
    .tuple(fc.constantFrom("anyOf", "oneOf", "allOf"), fc.array(leaf, { minLength: 1, maxLength: 3 }))
    .map(([keyword, list]) => ({ [keyword]: list })),
  fc.record({ not: leaf, type }),
);

/** A schema with definitions, one of which refers to itself below a member. */
export const randomSchema: fc.Arbitrary<JsonSchema> = fc.tuple(subschema, subschema).map(([schema, one]) => ({
  ...(isObject(schema) ? schema : { const: schema }),
  $defs: {
    one: isObject(one) && !JSON.stringify(one).includes("$ref") ? one : { type: "integer" },
    two: { type: "object", properties: { a: { $ref: "#/$defs/two" }, b: { type: "string" } } },
  },
}));

/** One keyword or two, at the root or below one member or item. */
const smallSchema: fc.Arbitrary<JsonSchema> = fc
  .tuple(small, fc.constantFrom("itself", "member", "item", "either"))
  .map(([schema, where]): JsonSchema => {
    if (where === "member") return { type: "object", properties: { a: schema }, required: ["a"] };
    if (where === "item") return { type: "array", items: schema };
    return where === "either" ? { anyOf: [schema, { type: "null" }] } : schema;
  });

/** How to change one place: which, and with what. */
const edit = fc.record({
  place: fc.nat(),
  what: fc.constantFrom("replace", "drop", "shift", "nothing"),
  by: subschema,
});

/** A schema, and what has become of it. Half of them are small, so that the keyword that has changed matters. */
export const randomPair: fc.Arbitrary<readonly [JsonSchema, JsonSchema]> = fc
  .tuple(fc.oneof(randomSchema, smallSchema), fc.array(edit, { maxLength: 2 }), fc.option(randomSchema, { freq: 5 }))
  .map(([schema, edits, other]) => {
    if (other !== null && edits.length === 0) return [schema, other] as const;
    return [schema, edits.reduce((changed, one) => apply(changed, one), schema)] as const;
  });

function apply(schema: JsonSchema, { place, what, by }: { place: number; what: string; by: unknown }): JsonSchema {
  const copy = structuredClone(schema) as Record<string, unknown>;
  const places: [Record<string, unknown>, string][] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) {
      for (const item of node) visit(item);
    } else if (isObject(node)) {
      for (const key of Object.keys(node)) {
        if (node !== copy || key !== "$defs") places.push([node, key]);
        visit(node[key]);
      }
    }
  };
  visit(copy);
  const found = places[place % Math.max(1, places.length)];
  if (found === undefined) return copy;
  const [node, key] = found;
  if (what === "drop") delete node[key];
  else if (what === "shift") node[key] = toShifted(node[key]);
  else if (
    what === "replace" &&
    (isObject(node[key]) || typeof node[key] === "boolean") &&
    !key.startsWith("dependent")
  ) {
    node[key] = key === "properties" || key === "patternProperties" ? { ...(node[key] as object), b: by } : by;
  }
  return copy;
}

function toShifted(given: unknown): unknown {
  if (typeof given === "number") return given + 1;
  if (typeof given === "boolean") return !given;
  return Array.isArray(given) ? [...given].reverse().slice(0, Math.max(1, given.length - 1)) : given;
}
