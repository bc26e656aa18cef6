// Schemas with values that they accept, for properties: objects with what may be left out, nulls, nested arrays,
// references (recursive too), alternatives with and without a tag, maps, tuples, anything.
import fc from "fast-check";

export interface Case {
  readonly schema: Record<string, unknown>;
  readonly value: unknown;
}

/** A schema, whether it accepts null, and the values it accepts. */
interface Spec {
  readonly schema: Record<string, unknown> | boolean;
  readonly isNullable: boolean;
  readonly values: (depth: number) => fc.Arbitrary<unknown>;
}

interface Member {
  readonly name: string;
  readonly spec: Spec;
  readonly isOptional: boolean;
}

const NAMES = ["a", "b", "c", "kind", "next", "odd name", "x"];

const texts: fc.Arbitrary<Spec> = fc.constantFrom<Spec>(
  toSpec({ type: "string" }, fc.string({ maxLength: 4 })),
  toSpec({ type: "string", minLength: 1, maxLength: 3, description: "Short" }, fc.stringMatching(/^[a-z]{1,3}$/)),
  toSpec({ type: "string", pattern: "^(?=a)a+$" }, fc.constantFrom("a", "aa")),
  toSpec({ type: "string", format: "uri" }, fc.constant("https://example.com/")),
  toSpec({ type: "string", format: "date" }, fc.constant("2026-01-31")),
  toSpec({ enum: ["one", "two"] }, fc.constantFrom("one", "two")),
  toSpec({ type: "string", enum: ["one", "two"], default: "one" }, fc.constantFrom("one", "two")),
  toSpec({ const: "only" }, fc.constant("only")),
);

const scalars: fc.Arbitrary<Spec> = fc.oneof(
  { weight: 3, arbitrary: texts },
  fc.constantFrom<Spec>(
    toSpec({ type: "integer", minimum: 1, maximum: 9 }, fc.integer({ min: 1, max: 9 })),
    toSpec({ type: "integer", exclusiveMinimum: 0 }, fc.integer({ min: 1, max: 99 })),
    toSpec({ type: "number", exclusiveMinimum: 0, multipleOf: 0.5 }, fc.constantFrom(0.5, 1, 2.5)),
    toSpec({ type: "boolean" }, fc.boolean()),
    toSpec({ type: "null" }, fc.constant(null), true),
    toSpec({ type: ["string", "null"] }, fc.option(fc.string({ maxLength: 3 })), true),
    toSpec({ type: "string", nullable: true }, fc.option(fc.string({ maxLength: 3 })), true),
    toSpec({ enum: ["a", 1, null, true] }, fc.constantFrom("a", 1, null, true), true),
    toSpec({ type: ["string", "integer"], minLength: 1, minimum: 3 }, fc.constantFrom("x", 3, 4)),
    toSpec({ anyOf: [{ type: "string" }, { type: "null" }] }, fc.option(fc.string({ maxLength: 3 })), true),
    toSpec({ oneOf: [{ type: "string" }, { type: "number" }] }, fc.constantFrom("x", 1.5)),
    toSpec(
      {
        allOf: [
          { type: "string", minLength: 1 },
          { maxLength: 4, description: "Both" },
        ],
      },
      fc.constant("abc"),
    ),
  ),
);

const rare: fc.Arbitrary<Spec> = fc.constantFrom<Spec>(
  toSpec({}, fc.jsonValue({ maxDepth: 2 }), true),
  toSpec(true, fc.constantFrom(null, 1, { a: null }), true),
  toSpec({ type: "object" }, fc.dictionary(fc.constantFrom("p", "q"), fc.constantFrom(null, 1))),
  toSpec({ type: "array" }, fc.array(fc.constantFrom(null, 1), { maxLength: 2 })),
  toSpec(
    { type: "array", prefixItems: [{ type: "string" }, { type: "null" }], items: false },
    fc.constant(["a", null]),
  ),
  toSpec({ type: "string", not: { const: "x" } }, fc.constantFrom("a", "b")),
  toSpec(
    { type: "object", properties: { p: { type: "string" } }, additionalProperties: true },
    fc.constant({ q: null }),
  ),
  // Names that some providers do not take, beside keywords that speak of names and whole values.
  toSpec(
    {
      type: "object",
      properties: { "odd name": { type: "integer" }, x: { type: "string" } },
      required: ["odd name"],
      propertyNames: { enum: ["odd name", "x"] },
      dependentRequired: { x: ["odd name"] },
      default: { "odd name": 1 },
    },
    fc.constantFrom({ "odd name": 1 }, { "odd name": 2, x: "y" }),
  ),
  toSpec(
    {
      type: "object",
      properties: { "odd name": { type: "integer" } },
      required: ["odd name"],
      enum: [{ "odd name": 1 }, { "odd name": 2 }],
    },
    fc.constantFrom({ "odd name": 1 }, { "odd name": 2 }),
  ),
  // "No others", beside conditions that a provider may not be sent.
  toSpec(
    {
      type: "object",
      properties: { kind: { type: "string" } },
      required: ["kind"],
      if: { properties: { kind: { oneOf: [{ const: "big" }, { const: "huge" }] } } },
      then: { properties: { size: { type: "integer" } } },
      unevaluatedProperties: false,
    },
    fc.constantFrom({ kind: "big", size: 1 }, { kind: "small" }),
  ),
  toSpec({ type: "array", prefixItems: [{ type: "string" }], unevaluatedItems: false }, fc.constantFrom(["a"], [])),
  toSpec({ type: "integer", format: "int32" }, fc.integer({ min: 0, max: 9 })),
  toSpec({ oneOf: [{ type: "integer" }, { type: "number", minimum: 10 }] }, fc.constantFrom(3, 10.5)),
);

function toSpec(schema: Spec["schema"], values: fc.Arbitrary<unknown>, isNullable = false): Spec {
  return { schema, values: () => values, isNullable };
}

/** `node` refers to the definitions that every case has. */
const references: fc.Arbitrary<Spec> = fc.constantFrom<Spec>(
  { schema: { $ref: "#/$defs/node" }, isNullable: false, values: toNode },
  { schema: { $ref: "#/$defs/node", description: "A node" }, isNullable: false, values: toNode },
  { schema: { $ref: "#/$defs/maybe" }, isNullable: true, values: () => fc.option(fc.constant("m")) },
  { schema: { allOf: [{ $ref: "#/$defs/word" }], description: "A word" }, isNullable: false, values: toWord },
  { schema: { $ref: "#/$defs/word", maxLength: 5 }, isNullable: false, values: toWord },
  { schema: { $ref: "#/properties/a~0b/items" }, isNullable: false, values: toWord },
);

const DEFINITIONS = {
  node: {
    type: "object",
    properties: { value: { type: "integer" }, next: { $ref: "#/$defs/node" } },
    required: ["value"],
    additionalProperties: false,
  },
  maybe: { type: ["string", "null"] },
  word: { type: "string", minLength: 1 },
  unused: { type: "object" },
};

function toNode(depth: number): fc.Arbitrary<unknown> {
  const value = fc.integer({ min: 0, max: 9 });
  if (depth <= 0) return fc.record({ value });
  return fc.record({ value, next: fc.option(toNode(depth - 1), { nil: undefined }) }).map(compact);
}

function toWord(): fc.Arbitrary<unknown> {
  return fc.constantFrom("word", "other");
}

/** Without members that are undefined. */
function compact(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined));
}

function toArray(item: Spec): Spec {
  return {
    schema: { type: "array", items: item.schema, minItems: 0, maxItems: 4, uniqueItems: false },
    isNullable: false,
    values: (depth) => fc.array(item.values(depth - 1), { maxLength: 2 }),
  };
}

function toMap(member: Spec): Spec {
  return {
    schema: { type: "object", additionalProperties: member.schema },
    isNullable: false,
    values: (depth) => fc.dictionary(fc.constantFrom("k", "odd name", "z"), member.values(depth - 1), { maxKeys: 2 }),
  };
}

function toNullable(spec: Spec): Spec {
  return {
    schema: { anyOf: [spec.schema, { type: "null" }] },
    isNullable: true,
    values: (depth) => fc.option(spec.values(depth)),
  };
}

function toObject(members: readonly Member[], isClosed: boolean, tag?: string): Spec {
  const own = members.filter(({ name }) => tag === undefined || name !== "kind");
  const tagged = tag === undefined ? [] : [["kind", { const: tag }] as const];
  return {
    schema: {
      type: "object",
      properties: Object.fromEntries([...tagged, ...own.map(({ name, spec }) => [name, spec.schema] as const)]),
      required: [...tagged.map(([name]) => name), ...own.filter((one) => !one.isOptional).map(({ name }) => name)],
      ...(isClosed && { additionalProperties: false }),
    },
    isNullable: false,
    values: (depth) =>
      fc
        .tuple(
          ...own.map(({ spec, isOptional }) =>
            // Left out, it comes back as null: what this says of round trips is about the others.
            isOptional && !spec.isNullable
              ? fc.option(spec.values(depth - 1), { nil: undefined })
              : spec.values(depth - 1),
          ),
        )
        .map((values) =>
          compact(
            Object.fromEntries([
              ...(tag === undefined ? [] : [["kind", tag] as const]),
              ...own.map(({ name }, index) => [name, values[index]] as const),
            ]),
          ),
        ),
  };
}

function toUnion(specs: readonly Spec[], keyword: "anyOf" | "oneOf"): Spec {
  return {
    schema: { [keyword]: specs.map(({ schema }) => schema) },
    isNullable: specs.some(({ isNullable }) => isNullable),
    values: (depth) => fc.oneof(...specs.map((spec) => spec.values(depth))),
  };
}

const { spec, members } = fc.letrec<{ spec: Spec; members: readonly Member[]; object: Spec; union: Spec }>((tie) => ({
  spec: fc.oneof(
    { maxDepth: 4, depthIdentifier: "spec" },
    { weight: 6, arbitrary: scalars },
    { weight: 2, arbitrary: references },
    { weight: 4, arbitrary: tie("object") },
    { weight: 2, arbitrary: tie("spec").map(toArray) },
    { weight: 2, arbitrary: tie("spec").map(toNullable) },
    { weight: 2, arbitrary: tie("union") },
    { weight: 1, arbitrary: tie("spec").map(toMap) },
    { weight: 1, arbitrary: rare },
  ),
  members: fc.uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), spec: tie("spec"), isOptional: fc.boolean() }), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 4,
  }),
  object: fc.tuple(tie("members"), fc.boolean()).map(([found, isClosed]) => toObject(found, isClosed)),
  union: fc
    .tuple(
      fc.array(fc.tuple(tie("members"), fc.boolean()), { minLength: 2, maxLength: 3 }),
      fc.boolean(),
      fc.constantFrom("anyOf" as const, "oneOf" as const),
    )
    .map(([branches, isTagged, keyword]) =>
      toUnion(
        branches.map(([found, isClosed], index) => toObject(found, isClosed, isTagged ? `t${index}` : undefined)),
        keyword,
      ),
    ),
}));

/** What a reference of the generator leads to, by a path of its own. */
const listed: Member = { name: "a~b", spec: toArray(toSpec({ type: "string" }, toWord())), isOptional: true };

/** Alternatives at the root. A null of one of them would stay in the others, so there is none. */
const rootUnion: fc.Arbitrary<Spec> = fc
  .tuple(
    fc.array(fc.tuple(members, fc.boolean()), { minLength: 2, maxLength: 3 }),
    fc.constantFrom("anyOf" as const, "oneOf" as const),
  )
  .map(([branches, keyword]) => {
    const objects = branches.map(([found, isClosed], index) =>
      toObject([...found.filter(({ spec: one }) => !one.isNullable), listed], isClosed, `t${index}`),
    );
    const { schema, values } = toUnion(objects, keyword);
    return {
      schema: { type: "object", ...(schema as object), properties: { "a~b": listed.spec.schema } },
      isNullable: false,
      values,
    };
  });

const root: fc.Arbitrary<Spec> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(members, fc.boolean()).map(([found, isClosed]) => toObject([...found, listed], isClosed)),
  },
  { weight: 1, arbitrary: rootUnion },
);

/** Schemas of arguments with a value that each accepts. */
export const cases: fc.Arbitrary<Case> = root.chain((found) => {
  const schema = { ...(found.schema as Record<string, unknown>), $defs: DEFINITIONS };
  return found.values(4).map((value) => ({ schema, value }));
});

/** One schema of any kind. */
export const schemas: fc.Arbitrary<Record<string, unknown> | boolean> = spec.map(({ schema }) => schema);
