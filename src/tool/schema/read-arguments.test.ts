import { type } from "arktype";
import * as v from "valibot";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import * as mini from "zod/mini";
import type { AnyDefinition } from "../definition.ts";
import { publishTool } from "../publish.ts";
import type { PublishedTool } from "../tool-version.ts";
import { formatIssues } from "./format-issues.ts";
import { readArguments, type ReadArguments } from "./read-arguments.ts";
import type { ToolSchema } from "./schema.ts";
import { withJsonSchema } from "./with-json-schema.ts";

function toolOf(input: ToolSchema | undefined, more: Partial<AnyDefinition> = {}): PublishedTool {
  const published = publishTool({
    name: "t",
    version: "1.0.0",
    description: "T.",
    ...(input === undefined ? {} : { input }),
    handler: () => 1,
    ...more,
  });
  if (!published.ok) throw new Error(JSON.stringify(published.problems));
  return published.tool;
}

function read(input: ToolSchema | undefined, received: unknown, more: Partial<AnyDefinition> = {}): ReadArguments {
  return readArguments(toolOf(input, more), received) as ReadArguments;
}

function object(
  properties: Record<string, unknown>,
  required: readonly string[] = Object.keys(properties),
): ToolSchema {
  return { type: "object", properties, required, additionalProperties: false };
}

function issuesOf(result: ReadArguments): string {
  return result.ok ? "ok" : formatIssues(result.issues);
}

describe("what arrives", () => {
  test.each([[undefined], [null], [""], ["  \n"], ["null"], ["{}"], [{}]])("takes %j for no arguments", (received) => {
    expect(read(object({ a: { type: "string" } }, []), received)).toStrictEqual({ ok: true, value: {}, coerced: [] });
    expect(read(undefined, received)).toStrictEqual({ ok: true, value: {}, coerced: [] });
  });

  test("names what is missing when nothing arrives and something is required", () => {
    for (const received of [undefined, null, "", "null"]) {
      expect(issuesOf(read(object({ id: { type: "string", description: "The order." } }), received))).toBe(
        "- id: is missing; expected string, received nothing. Hint: add it: string (The order.).",
      );
    }
  });

  test("takes text and data alike", () => {
    const schema = object({ id: { type: "string" } });
    expect(read(schema, '{"id":"o_17"}')).toStrictEqual({ ok: true, value: { id: "o_17" }, coerced: [] });
    expect(read(schema, { id: "o_17" })).toStrictEqual({ ok: true, value: { id: "o_17" }, coerced: [] });
  });

  test("refuses arguments for a tool that takes none", () => {
    expect(issuesOf(read(undefined, { x: 1 }))).toBe(
      "- x: is not a known property; expected no property of this name, received number 1. Hint: leave it out; no properties are accepted here.",
    );
  });

  test("tells text that is not JSON from arguments that do not fit", () => {
    const schema = object({ a: { type: "integer" } });
    expect(read(schema, '{"a":1')).toMatchObject({
      ok: false,
      code: "INVALID_JSON",
      message:
        'The arguments are not JSON: the text ends where "," or "}" is expected, at position 6 (line 1, column 7), near "{\\"a\\":1". Send one JSON object.',
      issues: [],
    });
    expect(read(schema, '{"a":1,"\\u0061":2}')).toMatchObject({ code: "INVALID_JSON" });
    expect(read(schema, '{"__proto__":1}')).toMatchObject({ code: "INVALID_JSON" });
    expect(read(schema, `{"a":${"[".repeat(64)}${"]".repeat(64)}}`)).toMatchObject({ code: "INVALID_JSON" });
    expect(read(schema, '{"a":"x"}')).toMatchObject({ code: "INVALID_INPUT" });
  });

  test("keeps arguments of its own, which the caller cannot change afterwards", () => {
    const sent = { list: [{ a: 1 }] };
    const result = read({ type: "object" }, sent);
    (sent.list[0] as { a: number }).a = 2;
    expect(result).toStrictEqual({ ok: true, value: { list: [{ a: 1 }] }, coerced: [] });
  });

  test("drops members that are undefined", () => {
    expect(read(object({ a: { type: "string" } }, []), { a: undefined, b: undefined })).toStrictEqual({
      ok: true,
      value: {},
      coerced: [],
    });
  });

  const cyclic: Record<string, unknown> = {};
  cyclic["self"] = cyclic;
  const deep = JSON.parse(`${'{"a":'.repeat(64)}1${"}".repeat(64)}`) as unknown;

  test.each<[string, unknown, string]>([
    ["a function", { f: () => 1 }, "f: is not data that JSON can hold; expected JSON data, received function."],
    ["a symbol", { f: Symbol("x") }, "f: is not data that JSON can hold; expected JSON data, received symbol."],
    [
      "a BigInt",
      { n: 5n },
      "n: is not data that JSON can hold; expected a number, not a BigInt, received number 5. Hint: turn it into text.",
    ],
    [
      "NaN",
      { n: [Number.NaN] },
      "n[0]: is not data that JSON can hold; expected a number that JSON can hold, received number NaN.",
    ],
    [
      "a Date",
      { d: new Date(0) },
      "d: is not data that JSON can hold; expected JSON data, not an instance of Date, received instance of Date.",
    ],
    ["a Map", { d: new Map() }, "d: is not data that JSON can hold; expected JSON data, not an instance of Map"],
    ["a cycle", cyclic, "at most 64 levels of objects and arrays"],
    ["65 levels", { a: deep }, "at most 64 levels of objects and arrays"],
  ])("refuses %s in data", (_name, received, line) => {
    const result = read({ type: "object" }, received);
    expect(result).toMatchObject({ ok: false, code: "INVALID_INPUT" });
    expect(issuesOf(result)).toContain(line);
  });

  test("refuses a __proto__ member in data, and pollutes nothing", () => {
    const received: unknown = JSON.parse('{"a":{"__proto__":{"polluted":1}}}');
    expect(issuesOf(read({ type: "object" }, received))).toContain(
      'a.__proto__: is not data that JSON can hold; expected another property name, received object with "polluted"',
    );
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  test("accepts 64 levels", () => {
    expect(read({ type: "object" }, deep).ok).toBe(true);
    expect(read({ type: "object" }, JSON.stringify(deep)).ok).toBe(true);
  });

  test("refuses data whose reading throws, without throwing", () => {
    const hostile = {
      ok: 1,
      get bad(): never {
        throw new Error("secret");
      },
    };
    const result = read({ type: "object" }, hostile);
    expect(issuesOf(result)).toContain("cannot be read");
    expect(JSON.stringify(result)).not.toContain("secret");
    const proxy = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("secret");
        },
      },
    );
    expect(read({ type: "object" }, { proxy })).toMatchObject({ code: "INVALID_INPUT" });
  });

  test("reads each member once, so that a getter cannot change its mind", () => {
    let reads = 0;
    const fickle = {
      get id(): string {
        return reads++ === 0 ? "good" : "evil";
      },
    };
    expect(read(object({ id: { const: "good" } }), fickle)).toStrictEqual({
      ok: true,
      value: { id: "good" },
      coerced: [],
    });
  });
});

describe("repair", () => {
  const cases: readonly (readonly [string, unknown, unknown, unknown])[] = [
    ["text of an integer", { type: "integer" }, "5", 5],
    ["text of a number", { type: "number" }, " -1.5e1 ", -15],
    ["text of a whole number for an integer", { type: "integer" }, "5.0", 5],
    ["text of a boolean", { type: "boolean" }, "True", true],
    ["text of null beside a number", { type: ["integer", "null"] }, "null", null],
    ["JSON text of an object", { type: "object", properties: { n: { type: "integer" } } }, '{"n":"5"}', { n: 5 }],
    ["JSON text of an array", { type: "array", items: { type: "integer" } }, "[1,2]", [1, 2]],
    ["a single value for an array", { type: "array", items: { type: "string" } }, "a", ["a"]],
    ["a single text of a number for an array of numbers", { type: "array", items: { type: "integer" } }, "5", [5]],
    ["a single object for an array", { type: "array", items: { type: "object" } }, { a: 1 }, [{ a: 1 }]],
    ["an integer for a text", { type: "string" }, 5, "5"],
    ["a boolean for a text", { type: "string" }, true, "true"],
    ["a constant in the wrong case", { enum: ["Celsius", "Kelvin"] }, "celsius", "Celsius"],
    ["the one branch that can be meant", { anyOf: [{ type: "integer" }, { type: "null" }] }, "5", 5],
    [
      "inside the one branch that fits",
      {
        oneOf: [
          { type: "object", properties: { k: { const: "a" }, n: { type: "integer" } } },
          { type: "object", properties: { k: { const: "b" }, n: { type: "string" } } },
        ],
      },
      { k: "a", n: "5" },
      { k: "a", n: 5 },
    ],
    ["through a reference", { $ref: "#/properties/other" }, "5", 5],
    ["through allOf", { allOf: [{ type: "integer" }, { minimum: 1 }] }, "5", 5],
    [
      "additional properties",
      { type: "object", additionalProperties: { type: "boolean" } },
      { x: "true" },
      { x: true },
    ],
    [
      "pattern properties",
      { type: "object", patternProperties: { "^n": { type: "integer" } } },
      { n1: "1", other: "1" },
      { n1: 1, other: "1" },
    ],
    [
      "tuples",
      { type: "array", prefixItems: [{ type: "integer" }], items: { type: "boolean" } },
      ["1", "true"],
      [1, true],
    ],
  ];

  test.each(cases)("of %s", (_name, schema, sent, expected) => {
    const input = { type: "object", properties: { v: schema, other: { type: "integer" } } };
    const result = read(input, { v: sent });
    expect(result).toMatchObject({ ok: true, value: { v: expected } });
    expect(result.ok && result.coerced.length).toBeGreaterThan(0);
  });

  test("is reported with path, from and to", () => {
    const schema = object({ list: { type: "array", items: object({ n: { type: "integer" } }) } });
    expect(read(schema, { list: '{"n":"5"}' })).toStrictEqual({
      ok: true,
      value: { list: [{ n: 5 }] },
      coerced: [
        { path: ["list"], from: '{"n":"5"}', to: ['{"n":"5"}'] },
        { path: ["list", 0], from: '{"n":"5"}', to: { n: "5" } },
        { path: ["list", 0, "n"], from: "5", to: 5 },
      ],
    });
  });

  test("of arguments that were encoded twice", () => {
    expect(read(object({ n: { type: "integer" } }), JSON.stringify('{"n":1}'))).toMatchObject({
      ok: true,
      value: { n: 1 },
    });
  });

  test.each<[string, unknown, unknown]>([
    ["text that is no number", { type: "integer" }, "five"],
    ["a fraction for an integer", { type: "integer" }, "5.5"],
    ["a number in another notation", { type: "integer" }, "0x10"],
    ["a number with separators", { type: "number" }, "1,000"],
    ["a fraction for a text, which may have been written otherwise", { type: "string" }, 1.5],
    ["minus zero for a text", { type: "string" }, -0],
    ["null for a text", { type: "string" }, null],
    ["null for an array", { type: "array" }, null],
    [
      "text that means two branches",
      { anyOf: [{ type: "integer" }, { type: "array", items: { type: "integer" } }] },
      "5",
    ],
    ["text that is two constants in another case", { enum: ["Ab", "aB"] }, "ab"],
    ["JSON text with a key twice", { type: "object" }, '{"a":1,"a":2}'],
    ["a single value that is unlike the items", { type: "array", items: { type: "integer" } }, "five"],
    ["a number beyond a double", { type: "integer" }, "9007199254740993"],
  ])("does not guess at %s", (_name, schema, sent) => {
    const result = read(object({ v: schema }), { v: sent });
    expect(result).toMatchObject({ ok: false, code: "INVALID_INPUT" });
  });

  test("does not enter a branch when a value may belong to another", () => {
    const branch = (of: string, name: string): unknown => ({
      type: "object",
      properties: { n: { type: of } },
      required: [name],
    });
    const schema = object({ v: { anyOf: [branch("integer", "x"), branch("string", "y")] } });
    expect(issuesOf(read(schema, { v: { n: "5" } }))).toBe(
      '- v: fits none of the accepted forms; expected object with "x", "n" (optional) or object with "y", "n" (optional), received object with "n".',
    );
    expect(read(schema, { v: { n: "5", y: 1 } })).toMatchObject({ ok: true, value: { v: { n: "5" } }, coerced: [] });
    expect(read(schema, { v: { n: "5", x: 1 } })).toMatchObject({ ok: false });
  });

  test("does not wrap a value that its array would refuse", () => {
    const schema = object({ v: { type: "array", items: { type: "integer" } } });
    expect(issuesOf(read(schema, { v: "five" }))).toBe(
      '- v: has the wrong type; expected array, each integer, received string "five".',
    );
  });

  test("reports the issues of the repaired value when it still does not fit", () => {
    const schema = object({ n: { type: "integer", maximum: 10 }, s: { type: "string", minLength: 3 } });
    expect(issuesOf(read(schema, { n: "99", s: "ab" }))).toBe(
      [
        "- n: is out of range; expected integer of 10 or less, received number 99.",
        '- s: is too short; expected string of at least 3 characters, received string "ab".',
      ].join("\n"),
    );
  });

  test("leaves alone what a library accepts, although its JSON Schema is narrower", () => {
    const schema = z.object({
      raw: z.preprocess((value) => (typeof value === "string" ? value.length : value), z.number()),
      n: z.int(),
    });
    // "123" means its length to this schema; only `n` was refused.
    expect(read(schema, { raw: "123", n: "5" })).toStrictEqual({
      ok: true,
      value: { raw: 3, n: 5 },
      coerced: [{ path: ["n"], from: "5", to: 5 }],
    });
  });

  test("happens only after the value was refused as it is", () => {
    const schema = { type: "object", properties: { v: { anyOf: [{ type: "string" }, { type: "integer" }] } } };
    expect(read(schema, { v: "5" })).toStrictEqual({ ok: true, value: { v: "5" }, coerced: [] });
  });

  test("ends, however large the value", () => {
    const items = Array.from({ length: 60_000 }, () => "5");
    const result = read(object({ v: { type: "array", items: { type: "integer" } } }), { v: items });
    expect(result).toMatchObject({ ok: false, code: "INVALID_INPUT" });
    expect(result.ok ? 0 : result.issues.length).toBe(1);
  });
});

describe("numbers a double cannot hold", () => {
  const schema = object({ id: { type: "integer" }, any: {}, text: { type: "string" } }, []);

  test.each([
    [
      '{"id":9007199254740993}',
      "- id: is a number that cannot be held exactly; expected integer between -9007199254740991 and 9007199254740991, received number 9007199254740993. Hint: send a number within the range.",
    ],
    [
      '{"any":1e400}',
      '- any: is a number that cannot be held exactly; expected any value, received number 1e400. Hint: send it as text: "1e400".',
    ],
    [
      '{"any":[1e-400]}',
      '- any[0]: is a number that cannot be held exactly; expected any value, received number 1e-400. Hint: send it as text: "1e-400".',
    ],
  ])("are refused by name in %s", (text, lines) => {
    expect(issuesOf(read(schema, text))).toBe(lines);
  });

  test("are refused together with everything else", () => {
    expect(issuesOf(read(schema, '{"id":12345678901234567890,"text":null}')).split("\n")).toHaveLength(2);
  });

  test("become the text that was sent where the schema asks for text", () => {
    expect(read(schema, '{"text":12345678901234567890}')).toStrictEqual({
      ok: true,
      value: { text: "12345678901234567890" },
      coerced: [{ path: ["text"], from: "12345678901234567890", to: "12345678901234567890" }],
    });
    expect(read(z.object({ id: z.string(), n: z.int() }), '{"id":12345678901234567890,"n":"5"}')).toMatchObject({
      ok: true,
      value: { id: "12345678901234567890", n: 5 },
    });
  });

  test("never reach a handler changed", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), (integer) => {
        const result = read(schema, `{"id":${integer}}`);
        if (result.ok) expect(BigInt(JSON.stringify((result.value as { id: number }).id))).toBe(integer);
        const exact = read(schema, `{"id":${integer}}`, { exactNumbers: "bigint" });
        expect(exact.ok && BigInt((exact.value as { id: number | bigint }).id)).toBe(integer);
      }),
      { numRuns: 200 },
    );
  });

  test("arrive as BigInt, the others as numbers", () => {
    expect(
      read(schema, '{"id":9007199254740993,"any":[5,1e20,1e22,-12345678901234567890]}', { exactNumbers: "bigint" }),
    ).toStrictEqual({
      ok: true,
      value: { id: 9007199254740993n, any: [5, 1e20, 1e22, -12345678901234567890n] },
      coerced: [],
    });
  });

  test("arrive as the text that was sent", () => {
    expect(read(schema, '{"id":9007199254740993,"any":[1e400,1E-400,1.50]}', { exactNumbers: "text" })).toStrictEqual({
      ok: true,
      value: { id: "9007199254740993", any: ["1e400", "1E-400", 1.5] },
      coerced: [],
    });
  });

  test("are judged by a JSON Schema as numbers", () => {
    const bounded = object({ n: { type: "number", maximum: 10 } });
    expect(issuesOf(read(bounded, '{"n":1e400}', { exactNumbers: "text" }))).toContain(
      "is out of range; expected number of 10 or less",
    );
    expect(
      read(object({ n: { type: "number", exclusiveMinimum: 0 } }), '{"n":1e-400}', { exactNumbers: "text" }),
    ).toMatchObject({ ok: true, value: { n: "1e-400" } });
    expect(read(object({ n: { type: "integer" } }), '{"n":1e-400}', { exactNumbers: "text" })).toMatchObject({
      ok: false,
    });
    expect(read(object({ n: { type: "integer" } }), '{"n":1e400}', { exactNumbers: "bigint" })).toMatchObject({
      ok: true,
      value: { n: 10n ** 400n },
    });
  });

  test("keep their sign when they are judged", () => {
    const positive = object({ n: { type: "number", minimum: 0 } });
    expect(read(positive, '{"n":-1e400}', { exactNumbers: "text" })).toMatchObject({ ok: false });
    expect(read(positive, '{"n":-1e-400}', { exactNumbers: "text" })).toMatchObject({ ok: false });
    expect(read(positive, '{"n":1e400}', { exactNumbers: "text" })).toMatchObject({ ok: true });
  });

  test("are BigInts where computing with the double would give another number", () => {
    for (const sent of ['{"id":2384185791015625000}', '{"id":"2384185791015625000"}', { id: "2384185791015625000" }]) {
      expect(read(schema, sent, { exactNumbers: "bigint" })).toMatchObject({ value: { id: 2384185791015625000n } });
      expect(read(schema, sent, { exactNumbers: "text" })).toMatchObject({ value: { id: 2384185791015625000 } });
    }
    const nested = object({ o: object({ id: { type: "integer" } }) });
    expect(read(nested, { o: '{"id":2384185791015625000}' }, { exactNumbers: "bigint" })).toMatchObject({
      value: { o: { id: 2384185791015625000n } },
    });
  });

  test("are not shown to a library that would get another number", () => {
    let asked = 0;
    const counted = z.object({ id: z.unknown() }).refine(() => ++asked > 0);
    expect(read(counted, '{"id":1e400}')).toMatchObject({ ok: false });
    expect(asked).toBe(0);
  });

  test("do not let other values be changed that a library has not judged", () => {
    const length = z.preprocess((value) => (typeof value === "string" ? value.length : value), z.number());
    expect(read(z.object({ raw: length, id: z.string() }), '{"raw":"123","id":12345678901234567890}')).toMatchObject({
      ok: true,
      value: { raw: 3, id: "12345678901234567890" },
    });
  });

  test("are no BigInt when they are fractions or too long", () => {
    for (const literal of ["1e-400", "1e1000", "1e1000000000"]) {
      const result = read(schema, `{"any":${literal}}`, { exactNumbers: "bigint" });
      expect(issuesOf(result)).toContain("is not an integer of at most 1,000 digits");
    }
  });

  test("are seen by a library as they are", () => {
    const text = z.object({ id: z.union([z.number(), z.string()]) });
    expect(read(text, '{"id":9007199254740993}', { exactNumbers: "text" })).toMatchObject({
      ok: true,
      value: { id: "9007199254740993" },
    });
    const big = withJsonSchema(z.object({ id: z.union([z.int(), z.bigint()]) }), {
      input: { type: "object", properties: { id: { type: "integer" } }, required: ["id"] },
    });
    expect(read(big, '{"id":9007199254740993}', { exactNumbers: "bigint" })).toMatchObject({
      ok: true,
      value: { id: 9007199254740993n },
    });
    expect(read(z.object({ id: z.int() }), '{"id":9007199254740993}', { exactNumbers: "bigint" })).toMatchObject({
      ok: false,
    });
  });

  test("are taken from BigInts in data", () => {
    expect(read(schema, { id: 9007199254740993n, any: 5n }, { exactNumbers: "bigint" })).toMatchObject({
      value: { id: 9007199254740993n, any: 5 },
    });
    expect(read(schema, { id: 9007199254740993n }, { exactNumbers: "text" })).toMatchObject({
      value: { id: "9007199254740993" },
    });
  });

  test("are found in texts that are repaired, too", () => {
    expect(read(schema, { id: "9007199254740993" }, { exactNumbers: "bigint" })).toMatchObject({
      value: { id: 9007199254740993n },
    });
    const nested = object({ o: object({ id: { type: "integer" } }) });
    expect(read(nested, { o: '{"id":9007199254740993}' }, { exactNumbers: "text" })).toMatchObject({
      value: { o: { id: "9007199254740993" } },
    });
    expect(issuesOf(read(nested, { o: '{"id":9007199254740993}' }))).toContain(
      "- o.id: is a number that cannot be held exactly",
    );
  });

  test("keep their place when something around them is repaired", () => {
    const list = object({ v: { type: "array", items: { type: "integer" } } });
    expect(read(list, '{"v":9007199254740993}', { exactNumbers: "bigint" })).toMatchObject({
      value: { v: [9007199254740993n] },
    });
  });
});

const shape = { id: z.string(), unit: z.enum(["c", "f"]), n: z.int().min(1).max(10).optional() };
const libraries: readonly (readonly [string, ToolSchema])[] = [
  [
    "JSON Schema",
    object({ id: { type: "string" }, unit: { enum: ["c", "f"] }, n: { type: "integer", minimum: 1, maximum: 10 } }, [
      "id",
      "unit",
    ]),
  ],
  [
    "draft-07",
    {
      $schema: "http://json-schema.org/draft-07/schema#",
      type: "object",
      properties: {
        id: { type: "string" },
        unit: { enum: ["c", "f"] },
        n: { type: "integer", minimum: 1, maximum: 10 },
      },
      required: ["id", "unit"],
      additionalProperties: false,
    },
  ],
  ["Zod", z.strictObject(shape)],
  [
    "zod/mini",
    withJsonSchema(
      mini.strictObject({
        id: mini.string(),
        unit: mini.enum(["c", "f"]),
        n: mini.optional(mini.int().check(mini.gte(1), mini.lte(10))),
      }),
      { input: z.toJSONSchema(z.strictObject(shape), { io: "input" }) },
    ),
  ],
  ["ArkType", type({ id: "string", unit: "'c' | 'f'", "n?": "1 <= number.integer <= 10", "+": "reject" })],
  [
    "Valibot",
    toStandardJsonSchema(
      v.strictObject({
        id: v.string(),
        unit: v.picklist(["c", "f"]),
        n: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(10))),
      }),
    ),
  ],
];

describe.each(libraries)("%s", (_name, schema) => {
  test("accepts what fits and repairs what is near", () => {
    expect(read(schema, { id: "x", unit: "c" })).toStrictEqual({
      ok: true,
      value: { id: "x", unit: "c" },
      coerced: [],
    });
    const repaired = read(schema, { id: 5, unit: "C", n: "7" });
    expect(repaired).toMatchObject({ ok: true, value: { id: "5", unit: "c", n: 7 } });
    expect(new Set(repaired.ok ? repaired.coerced.map(({ path }) => path[0]) : [])).toStrictEqual(
      new Set(["id", "n", "unit"]),
    );
  });

  test("names everything that is wrong at once, with what is expected, what came and what to do", () => {
    const result = read(schema, { idd: "x", unit: "ff", n: 99 });
    const issues = result.ok ? [] : result.issues;
    const of = (key: string): unknown => issues.find(({ path }) => path[0] === key);
    expect(of("id")).toMatchObject({ expected: "string", received: "nothing", hint: 'rename "idd" to "id"' });
    expect(of("unit")).toMatchObject({ expected: 'one of "c", "f"', received: 'string "ff"' });
    expect(of("n")).toMatchObject({ expected: "integer from 1 to 10", received: "number 99" });
    const text = formatIssues(issues);
    expect(text).toContain('did you mean "id"');
  });
});

describe("issues", () => {
  test("are capped at fifty, and say how many more there are", () => {
    for (const schema of [
      object({ v: { type: "array", items: { type: "integer" } } }),
      z.object({ v: z.array(z.int()) }),
    ]) {
      const result = read(schema, { v: Array.from({ length: 120 }, () => "x") });
      const issues = result.ok ? [] : result.issues;
      expect(issues).toHaveLength(51);
      expect(issues.at(-1)).toMatchObject({ path: [], message: "has 70 more issues" });
    }
  });

  test("never show the whole of a long value", () => {
    const result = read(object({ v: { type: "integer" } }), { v: "x".repeat(100_000) });
    expect(JSON.stringify(result).length).toBeLessThan(1_000);
  });

  test("of a union are those of the branch that was meant", () => {
    const schema = object({
      v: {
        oneOf: [
          { type: "object", properties: { k: { const: "a" }, n: { type: "integer" } }, required: ["k", "n"] },
          { type: "object", properties: { k: { const: "b" } }, required: ["k"] },
        ],
      },
    });
    expect(issuesOf(read(schema, { v: { k: "a" } }))).toBe(
      "- v.n: is missing; expected integer, received nothing. Hint: add it: integer.",
    );
    expect(issuesOf(read(schema, { v: [] }))).toBe(
      '- v: does not fit exactly one of the accepted forms; expected object with "k", "n" or object with "k", received empty array.',
    );
  });

  test("of many unions are as few as there are values", () => {
    const branch = (k: string): unknown => ({
      type: "object",
      properties: { k: { const: k }, n: { type: "integer" } },
      required: ["k", "n"],
    });
    const schema = object({ v: { type: "array", items: { anyOf: [branch("a"), branch("b"), { type: "null" }] } } });
    const result = read(schema, {
      v: Array.from({ length: 3_000 }, (_, index) => (index % 2 === 0 ? { k: "a" } : "x")),
    });
    const issues = result.ok ? [] : result.issues;
    expect(issues).toHaveLength(51);
    expect(issues[0]).toMatchObject({ path: ["v", 0, "n"], message: "is missing" });
    expect(issues[1]).toMatchObject({ path: ["v", 1], message: "fits none of the accepted forms" });
    expect(issues.at(-1)).toMatchObject({ message: "has 2950 more issues" });
  });

  test("are named once, however many schemas say the same", () => {
    const schema = object({ v: { allOf: [{ type: "integer" }, { type: "integer", title: "again" }] } });
    expect(issuesOf(read(schema, { v: "x" }))).toBe('- v: has the wrong type; expected integer, received string "x".');
  });

  test("name the property whose name is not accepted", () => {
    const schema = { type: "object", propertyNames: { pattern: "^[a-z]+$" } };
    expect(issuesOf(read(schema, { A1: 1 }))).toBe(
      '- A1: has a name that is not accepted; expected a property name: string matching ^[a-z]+$, received "A1".',
    );
    expect(issuesOf(read({ type: "object", propertyNames: false }, { a: 1 }))).toContain("- a: ");
  });

  test("stand in the message too, the first of them", () => {
    expect(read(object({ a: { type: "integer" }, b: {} }), {})).toMatchObject({
      message:
        "The arguments do not fit the tool's input schema. a: is missing; expected integer, received nothing. Hint: add it: integer. And 1 more.",
    });
  });
});

describe("a library that answers later or fails", () => {
  const asynchronous = z.object({ id: z.string().refine(async (id) => id !== "taken"), n: z.int() });

  test("is awaited, also after a repair", async () => {
    const tool = toolOf(asynchronous);
    expect(await readArguments(tool, { id: "free", n: 1 })).toMatchObject({ ok: true });
    expect(await readArguments(tool, { id: "free", n: "1" })).toMatchObject({ ok: true, value: { n: 1 } });
    expect(await readArguments(tool, { id: "taken", n: 1 })).toMatchObject({ ok: false, code: "INVALID_INPUT" });
  });

  test("refuses without showing what it threw", async () => {
    const json = { type: "object" };
    const schemaOf = (validate: () => never | Promise<never>): ToolSchema => ({
      "~standard": { version: 1, vendor: "own", validate, jsonSchema: { input: () => json, output: () => json } },
    });
    const sync = read(
      schemaOf(() => {
        throw new Error("secret");
      }),
      {},
    );
    const later = await readArguments(
      toolOf(
        schemaOf(async () => {
          throw new Error("secret");
        }),
      ),
      {},
    );
    for (const result of [sync, later]) {
      expect(issuesOf(result)).toContain("could not be checked");
      expect(JSON.stringify(result)).not.toContain("secret");
    }
  });
});
