// Objects whose keywords depend on each other: names that some providers do not take, in everything that speaks of names;
// "no others" beside, within and above conditions; alternatives that overlap; formats of numbers. With values that may or may
// not be valid.
import fc from "fast-check";

export type Json = Readonly<Record<string, unknown>>;

const integer = { type: "integer" };
const NAMES = ["a b", "c", "kind", "size"];

const member: fc.Arbitrary<Json | boolean> = fc.constantFrom<(Json | boolean)[]>(
  integer,
  { type: "integer", format: "int32" },
  { type: "string" },
  { enum: [1, "big"] },
  { oneOf: [integer, { type: "number", minimum: 10 }] },
  true,
);

export const value: fc.Arbitrary<Json> = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.constantFrom<unknown[]>(1, 1, "big", 2 ** 40, 12.5),
  { maxKeys: 3 },
);

const name = fc.constantFrom(...NAMES);

const { part } = fc.letrec<{ part: Json; single: Json; names: Json }>((tie) => ({
  /** Keywords that name properties. */
  names: fc.oneof(
    {
      weight: 6,
      arbitrary: fc.dictionary(name, member, { minKeys: 1, maxKeys: 3 }).map((properties) => ({ properties })),
    },
    fc.tuple(name).map((required) => ({ required })),
    fc.tuple(name, name).map(([one, other]) => ({ dependentRequired: { [one]: [other] } })),
    fc.uniqueArray(name, { minLength: 2 }).map((names) => ({ propertyNames: { enum: names } })),
    fc.constantFrom<Json[]>(
      { propertyNames: { pattern: "^[ack]" } },
      { patternProperties: { "^a b": integer } },
      { patternProperties: { "^[as]": integer }, additionalProperties: false },
      { additionalProperties: false },
      { additionalProperties: integer },
      { default: { "a b": 1 } },
      { unevaluatedProperties: false },
      { unevaluatedProperties: integer },
    ),
    fc.array(value, { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
    fc.record({ const: value }),
  ),
  single: fc.oneof(
    { maxDepth: 3, depthIdentifier: "part" },
    { weight: 6, arbitrary: tie("names") },
    fc.tuple(tie("part"), tie("part")).map((allOf) => ({ allOf })),
    fc.tuple(tie("part"), tie("part")).map((anyOf) => ({ anyOf })),
    fc.tuple(tie("part"), tie("part")).map((oneOf) => ({ oneOf })),
    fc.record({ not: tie("part") }),
    fc.record({ if: tie("part"), then: tie("part") }),
    fc.record({ if: tie("part"), then: tie("part"), else: tie("part") }),
    fc.tuple(name, tie("part")).map(([one, schema]) => ({ dependentSchemas: { [one]: schema } })),
    fc.constantFrom<Json[]>({ $ref: "#/$defs/one" }, { $ref: "#/$defs/other" }),
  ),
  part: fc.array(tie("single"), { minLength: 1, maxLength: 3 }).map((parts) => Object.assign({}, ...parts) as Json),
}));

/** Definitions that refer to none. */
const definition = part.map(
  (one) => JSON.parse(JSON.stringify(one).replaceAll(/"#\/\$defs\/\w+"/g, '"#/$defs/leaf"')) as Json,
);

/** A schema of arguments, at whose root or in whose member `at` the parts are; `toValue` puts a value there. */
export const interplays: fc.Arbitrary<{ readonly schema: Json; readonly isRoot: boolean }> = fc
  .tuple(part, definition, definition, fc.boolean(), fc.boolean())
  .map(([one, first, other, isRoot, isFirst]) => {
    const $defs = { one: first, other, leaf: { type: "object", properties: { "a b": integer } } };
    const before = isFirst ? { before: { $ref: "#/$defs/one" } } : {};
    const schema = isRoot
      ? { ...one, type: "object", $defs }
      : { type: "object", properties: { ...before, at: { type: "object", ...one } }, $defs };
    return { schema, isRoot };
  });
