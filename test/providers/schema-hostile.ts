// Objects that a stranger might send as a schema: keywords with values of their own and of others, at random.
import fc from "fast-check";

type Schema = Record<string, unknown>;

const odd = fc.oneof(
  fc.constantFrom<unknown>(null, -1, 3, "x", [], {}, { toString: 1 }),
  fc.jsonValue({ maxDepth: 1 }),
);
const types = fc.constantFrom("string", "object", "array", "null", "integer", "number", "boolean", "odd");
const refs = fc.constantFrom(
  "#",
  "#/$defs/a",
  "#/$defs/b",
  "#/properties/a",
  "#x",
  "https://example.com/",
  "#/$defs/%E0",
);
const NAMES = ["a", "b", "__proto__", "constructor", "odd name"];

export const hostile: fc.Arbitrary<Schema> = fc.letrec<{ schema: Schema }>((tie) => {
  const sub: fc.Arbitrary<unknown> = fc.oneof(
    { depthIdentifier: "hostile", maxDepth: 3 },
    fc.boolean(),
    tie("schema"),
    tie("schema"),
    fc.constant(7),
  );
  const subs = fc.array(sub, { maxLength: 3 });
  const named = fc
    .array(fc.tuple(fc.constantFrom(...NAMES), sub), { maxLength: 3 })
    .map((entries): unknown => Object.fromEntries(entries));
  const typical: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    type: fc.oneof(types, fc.array(types, { maxLength: 3 })),
    $ref: refs,
    $defs: named,
    properties: named,
    required: fc.subarray(["a", "b", "c"]),
    additionalProperties: sub,
    patternProperties: named,
    items: fc.oneof(sub, subs),
    additionalItems: sub,
    prefixItems: subs,
    anyOf: subs,
    oneOf: subs,
    allOf: subs,
    not: sub,
    if: sub,
    then: sub,
    enum: fc.array(odd, { maxLength: 3 }),
    const: odd,
    pattern: fc.constantFrom("^a", "(?=a)", "("),
    contains: sub,
    propertyNames: sub,
    dependencies: named,
    unevaluatedProperties: sub,
    nullable: fc.boolean(),
    description: fc.string({ maxLength: 5 }),
  };
  const others = ["format", "minimum", "exclusiveMinimum", "multipleOf", "minItems", "maxLength", "minContains"];
  const more = ["dependentRequired", "default", "examples", "uniqueItems", "contentEncoding", "x-own", ...others];
  const entry = fc.oneof(
    ...Object.entries(typical).map(([keyword, values]) => values.map((value) => [keyword, value] as const)),
    fc.tuple(fc.constantFrom(...more, ...Object.keys(typical)), odd),
  );
  return {
    schema: fc
      .array(entry, { minLength: 1, maxLength: 5, depthIdentifier: "hostile" })
      .map((entries): Schema => Object.fromEntries(entries)),
  };
}).schema;
