// What has to hold for every schema and every value: the schemas and values here are drawn at random, and Ajv is the
// judge.
import fc from "fast-check";
import { expect, test } from "vitest";
import { fits } from "./branches.ts";
import { checkJsonSchema } from "./check-json-schema.ts";
import { coerceValue } from "./coerce.ts";
import { describeSchema } from "./describe-schema.ts";
import { isSchema } from "./json-type.ts";
import { subschemasOf } from "./members.ts";
import { createRawSchema } from "./raw-schema.ts";
import { resolveRef } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";
import { createValidatorPool } from "./validator-pool.ts";

const NAMES = ["a", "b", "kind", "x1"];
const scalar = fc.constantFrom<unknown>(
  "5",
  "1.5",
  "true",
  "False",
  "null",
  "a",
  "A",
  "b",
  "",
  "9007199254740993",
  "1e3",
  0,
  5,
  1.5,
  -3,
  7,
  true,
  false,
  null,
);

const { value: jsonValue } = fc.letrec<{ value: unknown; object: unknown; array: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: "small", withCrossShrink: true },
    scalar,
    tie("object"),
    tie("array"),
    tie("object").map((object) => JSON.stringify(object)),
    tie("array").map((array) => JSON.stringify(array)),
  ),
  object: fc.dictionary(fc.constantFrom(...NAMES), tie("value"), { maxKeys: 3, noNullPrototype: true }),
  array: fc.array(tie("value"), { maxLength: 3 }),
}));

const type = fc.constantFrom("string", "number", "integer", "boolean", "null", "object", "array");

const { schema: subschema } = fc.letrec<{
  schema: unknown;
  leaf: JsonSchema;
  object: JsonSchema;
  array: JsonSchema;
  union: JsonSchema;
}>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    tie("leaf"),
    fc.boolean(),
    tie("object"),
    tie("array"),
    tie("union"),
    fc.constant({ $ref: "#/$defs/shared" }),
  ),
  leaf: fc.oneof(
    fc.record<JsonSchema>({ type }),
    fc.record<JsonSchema>({ type: fc.uniqueArray(type, { minLength: 1, maxLength: 3 }) }),
    fc.record<JsonSchema>({ type, nullable: fc.constant(true) }),
    fc.record<JsonSchema>({
      type: fc.constantFrom("integer", "number"),
      minimum: fc.constantFrom(0, 5),
      maximum: fc.constantFrom(5, 9),
    }),
    fc.record<JsonSchema>({ type: fc.constant("string"), minLength: fc.constantFrom(1, 2) }),
    fc.record<JsonSchema>({ type: fc.constant("string"), pattern: fc.constantFrom("^[a-z]$", "^\\d+$") }),
    fc.record<JsonSchema>({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3 }) }),
    fc.record<JsonSchema>({ const: scalar }),
    fc.constant({}),
  ),
  object: fc.record<JsonSchema>(
    {
      type: fc.constant("object"),
      properties: fc.dictionary(fc.constantFrom(...NAMES), tie("schema"), { maxKeys: 3, noNullPrototype: true }),
      required: fc.uniqueArray(fc.constantFrom("a", "b"), { maxLength: 2 }),
      additionalProperties: tie("schema"),
      patternProperties: fc.record({ "^x": tie("schema") }),
    },
    { requiredKeys: ["properties"], noNullPrototype: true },
  ),
  array: fc.record<JsonSchema>(
    {
      type: fc.constant("array"),
      items: tie("schema"),
      prefixItems: fc.array(tie("schema"), { minLength: 1, maxLength: 2 }),
      minItems: fc.constantFrom(0, 1),
    },
    { requiredKeys: ["items"], noNullPrototype: true },
  ),
  union: fc
    .tuple(fc.constantFrom("anyOf", "oneOf", "allOf"), fc.array(tie("schema"), { minLength: 1, maxLength: 3 }))
    .map(([keyword, branches]): JsonSchema => ({ [keyword]: branches })),
}));

const rootSchema = fc
  .tuple(
    subschema,
    fc.oneof(
      type.map((name) => ({ type: name })),
      fc.constant({ type: "object", properties: { a: { $ref: "#/$defs/shared" } } }),
    ),
  )
  .map(([schema, shared]): JsonSchema => ({ ...(isSchema(schema) ? schema : {}), $defs: { shared } }));

const pool = createValidatorPool({ dialect: "2020-12", allErrors: false, maxSize: 2_000 });
const compiled = new WeakMap<JsonSchema, WeakMap<JsonSchema, (value: unknown) => boolean>>();
const holder = { usedAt: 0, drop: (): void => {} };

function accepts(root: JsonSchema, schema: unknown, value: unknown): boolean {
  if (!isSchema(schema)) return schema !== false;
  const ofRoot = compiled.get(root) ?? new WeakMap<JsonSchema, (value: unknown) => boolean>();
  compiled.set(root, ofRoot);
  let validator = ofRoot.get(schema);
  if (validator === undefined) {
    const validate = pool.compile({ ...schema, $defs: root["$defs"] }, { ...holder });
    validator = (data) => validate(data);
    ofRoot.set(schema, validator);
  }
  return validator(value);
}

/** Whether some subschema that speaks of the value at `path`, or of a union around it, refuses what it speaks of. */
function isRefused(root: JsonSchema, schema: unknown, value: unknown, path: readonly (string | number)[]): boolean {
  if (!isSchema(schema) || accepts(root, schema, value)) return false;
  const [key, ...rest] = path;
  if (key === undefined) return true;
  const inPlace: unknown[] = Array.isArray(schema["allOf"]) ? [...(schema["allOf"] as unknown[])] : [];
  if (typeof schema["$ref"] === "string") inPlace.push(resolveRef(root, schema["$ref"]));
  if (inPlace.some((part) => isRefused(root, part, value, path))) return true;
  for (const keyword of ["anyOf", "oneOf"]) {
    if (schema[keyword] !== undefined && !accepts(root, { [keyword]: schema[keyword] }, value)) return true;
  }
  const member = (value as Record<string | number, unknown>)[key];
  return subschemasOf(schema, key).some((part) => isRefused(root, part, member, rest));
}

function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null ? (current as Record<string | number, unknown>)[key] : undefined,
    value,
  );
}

const RUNS = { numRuns: 1_000 };
// Generous: it is the machine that may be slow, and nothing here depends on time.
const PATIENT = { timeout: 120_000 };
const ANYWHERE = { mayChange: (): boolean => true };

test("never changes a value that its own subschema accepts", PATIENT, () => {
  let changes = 0;
  fc.assert(
    fc.property(rootSchema, jsonValue, (root, value) => {
      const before = JSON.stringify(value);
      const { coerced } = coerceValue(root, value, ANYWHERE);
      expect(JSON.stringify(value)).toBe(before);
      for (const { path, from } of coerced) {
        // A note below a value that was itself changed speaks of the new value.
        const first = coerced.find(
          (other) => other.path.length <= path.length && other.path.every((key, index) => key === path[index]),
        );
        if (first === undefined || JSON.stringify(valueAt(value, first.path)) !== JSON.stringify(first.from)) continue;
        changes++;
        expect({ path: first.path, from, refused: isRefused(root, root, value, first.path) }).toMatchObject({
          refused: true,
        });
      }
    }),
    RUNS,
  );
  expect(changes).toBeGreaterThan(100);
});

test("changes nothing in a value that the schema accepts", PATIENT, () => {
  let accepted = 0;
  fc.assert(
    fc.property(rootSchema, jsonValue, (root, value) => {
      if (!accepts(root, root, value)) return;
      accepted++;
      expect(coerceValue(root, value, ANYWHERE)).toStrictEqual({ value, coerced: [] });
    }),
    RUNS,
  );
  expect(accepted).toBeGreaterThan(100);
});

test("rules out only what Ajv refuses", PATIENT, () => {
  let ruledOut = 0;
  fc.assert(
    fc.property(rootSchema, jsonValue, (root, value) => {
      if (fits(root, value, root)) return;
      ruledOut++;
      expect(accepts(root, root, value)).toBe(false);
    }),
    RUNS,
  );
  expect(ruledOut).toBeGreaterThan(100);
});

test("a schema that passes the check compiles, and evaluates every value", PATIENT, () => {
  const keyword = fc.constantFrom(
    "type",
    "enum",
    "const",
    "required",
    "properties",
    "items",
    "prefixItems",
    "anyOf",
    "not",
    "if",
    "pattern",
    "format",
    "minimum",
    "maxLength",
    "uniqueItems",
    "$ref",
    "$anchor",
    "nullable",
    "dependentRequired",
    "additionalProperties",
    "contains",
    "multipleOf",
    "unevaluatedProperties",
    "dependentSchemas",
    "id",
    "x-note",
  );
  const junk = fc.oneof(
    subschema,
    jsonValue,
    fc.constantFrom<unknown>(
      "#",
      "#/$defs/shared",
      "#/$defs/none",
      "a",
      [],
      {},
      ["a", "a"],
      ["a"],
      0,
      -1,
      "integer",
      ["string"],
      { a: ["b"] },
    ),
  );
  let passed = 0;
  fc.assert(
    fc.property(
      rootSchema,
      keyword,
      junk,
      fc.constantFrom("root", "shared", "a"),
      jsonValue,
      (root, name, value, where, data) => {
        const broken = { [name]: value };
        const schema: JsonSchema =
          where === "root"
            ? { ...root, ...broken }
            : { ...root, $defs: { shared: {}, [where]: broken }, properties: { a: { $ref: `#/$defs/${where}` } } };
        const problems = checkJsonSchema(schema, { dialect: "2020-12", patterns: true });
        expect(problems.every(({ message }) => message.length > 0)).toBe(true);
        if (problems.length > 0) return;
        passed++;
        expect(() => {
          pool.compile(schema, { ...holder })(data);
        }).not.toThrow();
      },
    ),
    { numRuns: 1_500 },
  );
  expect(passed).toBeGreaterThan(150);
});

test("every refusal is explained, in bounded words", PATIENT, () => {
  fc.assert(
    fc.property(rootSchema, jsonValue, (root, value) => {
      const validation = createRawSchema(root, "2020-12").validate(value) as {
        ok: boolean;
        issues?: readonly { message: string; expected: string; received: string }[];
      };
      expect(validation.ok).toBe(accepts(root, root, value));
      if (validation.issues === undefined) return;
      expect(validation.issues.length).toBeGreaterThan(0);
      for (const { message, expected, received } of validation.issues) {
        expect(message).not.toContain("could not be checked");
        expect(expected.length).toBeGreaterThan(0);
        expect(expected.length).toBeLessThanOrEqual(260);
        expect(received.length).toBeLessThanOrEqual(80);
      }
      expect(describeSchema(root, root).length).toBeLessThanOrEqual(200);
    }),
    { numRuns: 300 },
  );
});
