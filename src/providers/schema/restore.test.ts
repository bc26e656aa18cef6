import { describe, expect, test } from "vitest";
import { ANTHROPIC } from "./anthropic-rules.ts";
import { compileSchema } from "./compile-schema.ts";
import { GEMINI } from "./gemini-rules.ts";
import { OPENAI } from "./openai-rules.ts";

const text = { type: "string" };
const closed = (properties: object, required: readonly string[] = []): Record<string, unknown> => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const restoreOf = (schema: Record<string, unknown>): ((input: unknown) => unknown) => {
  const { strict, reason, restore } = compileSchema(schema, OPENAI, true);
  expect(reason).toBeNull();
  expect(strict).toBe(true);
  return restore;
};

describe("the way back", () => {
  test("takes out the nulls that stand for what was left out, and no null that is a value", () => {
    const restore = restoreOf(closed({ a: text, b: { type: ["string", "null"] }, c: text }, ["c"]));
    expect(restore({ a: null, b: null, c: "x" })).toEqual({ b: null, c: "x" });
    // Refused by the registry, which says so: not ours to repair.
    expect(restore({ a: null, b: null, c: null })).toEqual({ b: null, c: null });
  });

  test("goes through arrays, references and alternatives", () => {
    const node = closed({ value: text, next: { $ref: "#/$defs/node" } }, ["value"]);
    const restore = restoreOf({
      ...closed(
        {
          list: { type: "array", items: closed({ a: text }) },
          node: { $ref: "#/$defs/node" },
          pick: {
            oneOf: [
              closed({ kind: { const: 1 }, a: text }, ["kind"]),
              closed({ kind: { const: 2 }, a: { type: "null" } }, ["kind", "a"]),
            ],
          },
        },
        ["list", "node", "pick"],
      ),
      $defs: { node },
    });
    const chain = { value: "1", next: { value: "2", next: null } };
    expect(restore({ list: [{ a: null }, { a: "x" }], node: chain, pick: { kind: 1, a: null } })).toEqual({
      list: [{}, { a: "x" }],
      node: { value: "1", next: { value: "2" } },
      pick: { kind: 1 },
    });
    expect(restore({ list: [], node: chain, pick: { kind: 2, a: null } })).toMatchObject({
      pick: { kind: 2, a: null },
    });
  });

  test("takes a null through an alternative that is nullable itself", () => {
    const restore = restoreOf(closed({ a: { anyOf: [closed({ x: text }), { type: "null" }] } }, ["a"]));
    expect(restore({ a: null })).toEqual({ a: null });
    expect(restore({ a: { x: null } })).toEqual({ a: {} });
  });

  test("gives properties their own names, also within maps and alternatives", () => {
    const odd = closed({ "filter[name]": text }, ["filter[name]"]);
    const schema = {
      type: "object",
      properties: { "a b": { type: "object", additionalProperties: odd }, pick: { anyOf: [odd, text] } },
    };
    for (const rules of [ANTHROPIC, GEMINI]) {
      const { restore } = compileSchema(schema, rules, false);
      expect(restore({ a_b: { k: { filter_name_: "x" } }, pick: { filter_name_: "y" } })).toEqual({
        "a b": { k: { "filter[name]": "x" } },
        pick: { "filter[name]": "y" },
      });
      expect(restore('{"a_b":{"k":{"filter_name_":"x"}}}')).toBe('{"a b":{"k":{"filter[name]":"x"}}}');
    }
  });

  test("does not take a name that a property has for another", () => {
    const { schema, restore } = compileSchema(
      { type: "object", properties: { "a b": text, a_b: text } },
      GEMINI,
      false,
    );
    expect(Object.keys(schema["properties"] as object)).toEqual(["a_b_2", "a_b"]);
    expect(restore({ a_b_2: "1", a_b: "2" })).toEqual({ "a b": "1", a_b: "2" });
  });
});

describe("the way back through text", () => {
  const restore = restoreOf(closed({ a: text, n: { type: "number" }, s: text }, ["n"]));

  test("keeps the digits of numbers", () => {
    expect(restore('{"a":null,"n":1.0}')).toBe('{"n":1.0}');
    expect(restore('{ "a": null, "n": 12345678901234567890.123456789e-7 }')).toBe(
      '{"n":12345678901234567890.123456789e-7}',
    );
    expect(restore('{"a":null,"n":-0}')).toBe('{"n":-0}');
  });

  test("is the same text where there is nothing to take out", () => {
    for (const same of ['{ "n" : 1.0 }', '{"a":"null","n":1}', "", "null", '"null"', "[null]"]) {
      expect(restore(same)).toBe(same);
    }
  });

  test("leaves to the registry what the registry refuses", () => {
    for (const same of [
      '{"a":null',
      '{"a":null,"a":"x"}',
      '{"a":null,"__proto__":{}}',
      '{"a":null} x',
      `${"[".repeat(100)}null`,
    ]) {
      expect(restore(same)).toBe(same);
    }
  });
});

describe("the way back through data", () => {
  const restore = restoreOf(closed({ a: text, list: { type: "array", items: closed({ b: text }) } }));

  test("never changes what it was given, and shares what is not changed", () => {
    const list = Object.freeze([Object.freeze({ b: "x" })]);
    const input = Object.freeze({ a: null, list });
    expect(restore(input)).toEqual({ list });
    expect((restore(input) as { list: unknown }).list).toBe(list);
    expect(restore(Object.freeze({ list }))).toEqual({ list });
  });

  test("refuses nothing", () => {
    const broken = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("no");
        },
      },
    );
    const circle: Record<string, unknown> = { a: null };
    circle["list"] = [circle];
    for (const odd of [undefined, null, 5, true, Symbol("x"), () => 1, [], broken, circle, new Map()]) {
      expect(() => restore(odd)).not.toThrow();
    }
    expect(restore(JSON.parse('{"a":null,"__proto__":{"a":null}}'))).toHaveProperty("__proto__");
  });
});
