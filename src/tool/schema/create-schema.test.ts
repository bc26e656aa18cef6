import { type } from "arktype";
import * as v from "valibot";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";
import { createSchema } from "./create-schema.ts";
import type { Schema } from "./schema.ts";
import { withJsonSchema } from "./with-json-schema.ts";

function create(schema: unknown, side: "input" | "output" = "input"): Schema {
  const created = createSchema(schema, side, { path: "t@1.0.0: input" });
  if (!created.ok) throw new Error(JSON.stringify(created.problems));
  return created.schema;
}

function problems(schema: unknown, side: "input" | "output" = "input"): readonly string[] {
  const created = createSchema(schema, side, { path: "t@1.0.0: input" });
  return created.ok ? [] : created.problems.map(({ path, message }) => `${path}: ${message}`);
}

describe("a JSON Schema", () => {
  test("is copied and frozen, and the author's own is left as it is", () => {
    const own = { type: "object", properties: { a: { type: "string" } } };
    const schema = create(own);
    expect(schema.jsonSchema).toStrictEqual(own);
    expect(
      Object.isFrozen(schema.jsonSchema) && Object.isFrozen((schema.jsonSchema["properties"] as { a: object }).a),
    ).toBe(true);
    expect(Object.isFrozen(own) || Object.isFrozen(own.properties.a)).toBe(false);
    own.properties.a.type = "integer";
    expect(schema.jsonSchema).toMatchObject({ properties: { a: { type: "string" } } });
    expect(schema.vendor).toBeNull();
  });

  test.each([
    ["https://json-schema.org/draft/2020-12/schema", true],
    ["https://json-schema.org/draft/2020-12/schema#", true],
    ["http://json-schema.org/draft-07/schema#", true],
    ["http://json-schema.org/draft-07/schema", true],
    ["http://json-schema.org/draft-04/schema#", false],
    ["https://json-schema.org/draft/2019-09/schema", false],
    ["https://example.com/own", false],
  ])("of the dialect %s is read: %s", ($schema, read) => {
    const found = problems({ $schema, type: "object" });
    if (read) expect(found).toStrictEqual([]);
    else
      expect(found).toStrictEqual([
        `t@1.0.0: input.$schema: received "${$schema}"; the dialects that are read are "https://json-schema.org/draft/2020-12/schema" and "http://json-schema.org/draft-07/schema#"; without $schema it is 2020-12`,
      ]);
  });

  test("is validated by its dialect", () => {
    const tuple = {
      type: "object",
      properties: { t: { type: "array", items: [{ type: "integer" }], additionalItems: false } },
    };
    const schema = create({ $schema: "http://json-schema.org/draft-07/schema#", ...tuple });
    expect(schema.validate({ t: [1] })).toMatchObject({ ok: true });
    expect(schema.validate({ t: [1, 2] })).toMatchObject({ ok: false });
    expect(problems(tuple).join()).toContain("write prefixItems");
  });

  test.each<[string, unknown, string]>([
    [
      "with another root",
      { type: "array" },
      't@1.0.0: input.type: received string "array"; arguments are an object: put the value into a property of an object',
    ],
    [
      "with several root types",
      { type: ["object", "null"] },
      't@1.0.0: input.type: received array of 2 items; arguments are an object: write type: "object"',
    ],
    [
      "without a root type",
      { properties: {} },
      't@1.0.0: input: has no type; arguments are an object: add type: "object"',
    ],
    [
      "with a union at the root",
      { oneOf: [{ type: "object" }] },
      "t@1.0.0: input: has oneOf in place of a type; models want an object at the root",
    ],
    [
      "that is none",
      "object",
      't@1.0.0: input: received string "object", expected a Standard Schema (Zod, ArkType, Valibot) or a JSON Schema object',
    ],
    ["that is an array", [], "t@1.0.0: input: received empty array"],
    ["with a function", { type: "object", default: () => 1 }, "t@1.0.0: input.default: is not data that JSON can hold"],
    [
      "with a __proto__",
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}'),
      "t@1.0.0: input.properties.__proto__: is not data that JSON can hold: expected another property name",
    ],
    [
      "with an odd name",
      { type: "object", properties: { "a b": { type: "x" } } },
      't@1.0.0: input.properties["a b"].type: received string "x"',
    ],
    [
      "that throws when it is read",
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("no");
          },
        },
      ),
      "t@1.0.0: input: cannot be read",
    ],
  ])("%s is refused as an input", (_name, schema, problem) => {
    expect(problems(schema)).toHaveLength(1);
    expect(problems(schema)[0]).toContain(problem);
  });

  test("may be any value as an output, and an object behind a reference as an input", () => {
    expect(problems({ type: "array" }, "output")).toStrictEqual([]);
    expect(problems({ $ref: "#/$defs/args", $defs: { args: { type: "object" } } })).toStrictEqual([]);
  });

  test("names every problem at once", () => {
    expect(problems({ type: "object", properties: { a: { type: "strng" }, b: { minimum: "1" } } })).toHaveLength(2);
  });
});

describe("a Standard Schema", () => {
  const expected = { type: "object", properties: { a: { type: "number" } }, required: ["a"] };

  test.each<[string, unknown, string]>([
    ["Zod", z.object({ a: z.number() }), "zod"],
    ["ArkType, whose schemas are functions", type({ a: "number" }), "arktype"],
    ["Valibot, wrapped", toStandardJsonSchema(v.object({ a: v.number() })), "valibot"],
    ["zod/mini, with a JSON Schema", withJsonSchema(mini.object({ a: mini.number() }), { input: expected }), "zod"],
    ["what z.toJSONSchema gives, which validates too", z.toJSONSchema(z.object({ a: z.number() })), "zod"],
  ])("of %s offers JSON Schema and validates", (_name, schema, vendor) => {
    const created = create(schema);
    expect(created.jsonSchema).toMatchObject(expected);
    expect(created.vendor).toBe(vendor);
    expect(Object.isFrozen(created.jsonSchema)).toBe(true);
    expect(created.validate({ a: 1 })).toStrictEqual({ ok: true, value: { a: 1 } });
    expect(created.validate({ a: "x" })).toMatchObject({
      ok: false,
      issues: [{ path: ["a"], expected: "number", received: 'string "x"' }],
    });
  });

  test("publishes what callers send as input and what they get as output", () => {
    const schema = z.object({ unit: z.enum(["c", "f"]).default("c") });
    expect(create(schema, "input").jsonSchema).not.toHaveProperty("required");
    expect(create(schema, "output").jsonSchema).toMatchObject({ required: ["unit"] });
    expect(create(z.object({ a: z.string().transform((text) => text.length) })).jsonSchema).toMatchObject({
      properties: { a: { type: "string" } },
    });
  });

  test.each<[string, unknown, "input" | "output", string]>([
    [
      "z.date()",
      z.object({ deep: z.object({ when: z.date() }) }),
      "input",
      "t@1.0.0: input.properties.deep.properties.when: cannot be expressed as JSON Schema: Date cannot be represented in JSON Schema; JSON has no dates; use a string in the format date-time",
    ],
    [
      "z.bigint()",
      z.object({ n: z.bigint() }),
      "input",
      'input.properties.n: cannot be expressed as JSON Schema: BigInt cannot be represented in JSON Schema; use a string of digits, or an integer and exactNumbers: "bigint"',
    ],
    ["z.map()", z.object({ m: z.map(z.string(), z.string()) }), "output", "JSON has no maps; use a record"],
    ["z.set()", z.object({ m: z.set(z.string()) }), "input", "JSON has no sets; use an array"],
    [
      "a transform in an output",
      z.object({ a: z.string().transform(Number) }),
      "output",
      "input.properties.a: cannot be expressed as JSON Schema: Transforms cannot be represented in JSON Schema; what a transform gives cannot be described",
    ],
    [
      "v.date()",
      toStandardJsonSchema(v.object({ d: v.date() })),
      "input",
      't@1.0.0: input: cannot be expressed as JSON Schema: The "date" schema cannot be converted to JSON Schema.; JSON has no dates',
    ],
    [
      "a transform of Valibot in an output",
      toStandardJsonSchema(v.pipe(v.string(), v.transform(Number))),
      "output",
      "what a transform gives cannot be described",
    ],
    [
      "plain Valibot",
      v.object({}),
      "input",
      "the valibot schema offers no JSON Schema; wrap a Valibot schema with toStandardJsonSchema()",
    ],
    [
      "plain zod/mini",
      mini.object({}),
      "input",
      'and a zod/mini schema with withJsonSchema(schema, { input: z.toJSONSchema(schema, { io: "input" }) })',
    ],
    [
      "a missing output of withJsonSchema",
      withJsonSchema(mini.object({}), { input: { type: "object" } }),
      "output",
      "withJsonSchema was given no output JSON Schema; give withJsonSchema an output",
    ],
    [
      "a union at the root",
      z.discriminatedUnion("k", [z.object({ k: z.literal("a") }), z.object({ k: z.literal("b") })]),
      "input",
      "has oneOf in place of a type",
    ],
    ["z.string() at the root", z.string(), "input", "arguments are an object"],
  ])("with %s is refused with path and remedy", (_name, schema, side, problem) => {
    expect(problems(schema, side)).toHaveLength(1);
    expect(problems(schema, side)[0]).toContain(problem);
  });

  test("keeps patterns that only the library runs", () => {
    expect(create(z.object({ a: z.string().regex(/^(?=a)b/) })).jsonSchema).toMatchObject({
      properties: { a: { pattern: "^(?=a)b" } },
    });
  });

  test("is asked for draft-07 when its library has no 2020-12", () => {
    const tuple = { type: "object", properties: { t: { type: "array", items: [{ type: "integer" }] } } };
    const old = {
      "~standard": {
        version: 1,
        vendor: "old",
        validate: (value: unknown) => ({ value }),
        jsonSchema: {
          input: ({ target }: { target: string }) => {
            if (target !== "draft-07") throw new Error(`no ${target}`);
            return tuple;
          },
        },
      },
    };
    expect(create(old).jsonSchema).toStrictEqual({ $schema: "http://json-schema.org/draft-07/schema#", ...tuple });
  });

  test("is converted once, at registration", () => {
    let conversions = 0;
    const counted = withJsonSchema(z.object({ a: z.number() }), { input: expected });
    const jsonSchema = {
      ...counted["~standard"].jsonSchema,
      input: () => {
        conversions++;
        return expected;
      },
    };
    const schema = create({ "~standard": { ...counted["~standard"], jsonSchema } });
    void schema.validate({ a: "x" });
    schema.compile();
    expect(conversions).toBe(1);
  });

  test("recursive and shared ones keep their references", () => {
    const node = z.object({
      value: z.string(),
      get children() {
        return z.array(node).optional();
      },
    });
    expect(create(node).validate({ value: "a", children: [{ value: 5 }] })).toMatchObject({
      ok: false,
      issues: [{ path: ["children", 0, "value"], expected: "string", received: "number 5" }],
    });
    const person = z.object({ name: z.string() }).meta({ id: "CreateSchemaPerson" });
    expect(create(z.object({ a: person, b: person })).jsonSchema).toHaveProperty("$defs");
  });
});

test("compile throws what only compilation shows, and nothing for a good schema", () => {
  expect(() => {
    create({ type: "object", properties: { a: { pattern: "^a$" } } }).compile();
  }).not.toThrow();
});
