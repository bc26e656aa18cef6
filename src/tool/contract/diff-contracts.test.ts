import { describe, expect, test } from "vitest";
import type { AnyDefinition } from "../definition.ts";
import { publishTool } from "../publish.ts";
import type { ToolVersion } from "../tool-version.ts";
import { diffContracts } from "./diff-contracts.ts";

const base: AnyDefinition = { name: "a.b", version: "1.0.0", description: "d", effect: "read", handler: () => null };

function publish(more: Partial<AnyDefinition>): ToolVersion {
  const published = publishTool({ ...base, ...more });
  if (!published.ok) throw new Error(JSON.stringify(published.problems));
  return published.tool.version;
}

const member = (schema: object, more: object = {}) =>
  publish({ input: { type: "object", properties: { x: schema }, additionalProperties: false, ...more } });

function told(before: ToolVersion, after: ToolVersion): readonly string[] {
  return diffContracts(before, after).changes.map((change) => `${change.class} ${change.path}: ${change.message}`);
}

/** Names for so many of something. */
const names = (count: number, letter = "n"): readonly string[] =>
  Array.from({ length: count }, (_none, index) => `${letter}${index}`);

test("tells the gravest first, with what was there and what is there now", () => {
  const diff = diffContracts(
    publish({ tags: ["a"], input: { type: "object", properties: { x: { type: "string", maxLength: 9 } } } }),
    publish({
      tags: ["b"],
      description: "e",
      input: { type: "object", properties: { x: { type: "string", maxLength: 5 } } },
    }),
  );
  expect(diff.changes).toEqual([
    {
      class: "breaking",
      path: "/inputSchema/properties/x/maxLength",
      message: "maxLength is 5, 9 before",
      before: 9,
      after: 5,
      bump: "major",
    },
    {
      class: "instruction",
      path: "/description",
      message: "is another text for models",
      before: "d",
      after: "e",
      bump: "minor",
    },
    { class: "cosmetic", path: "/tags", message: "has other tags", before: ["a"], after: ["b"], bump: "patch" },
  ]);
  expect([diff.bump, diff.breaking]).toEqual(["major", true]);
});

test("finds nothing between a version and the same under another number", () => {
  const diff = diffContracts(publish({}), publish({ version: "1.0.1" }));
  expect(diff).toEqual({ changes: [], bump: "none", breaking: false });
});

describe("names the place", () => {
  test("of a member below references, lists and alternatives", () => {
    const deep = (maximum: number) =>
      member(
        { type: "array", items: { anyOf: [{ $ref: "#/$defs/N" }, { type: "null" }] } },
        { $defs: { N: { type: "object", properties: { "a/b": { type: "number", maximum } } } } },
      );
    expect(told(deep(9), deep(5))).toEqual([
      "breaking /inputSchema/properties/x/items/properties/a~1b/maximum: maximum is 5, 9 before",
    ]);
  });

  test("once, of a definition that is used in many", () => {
    const used = (type: string) =>
      publish({
        input: {
          type: "object",
          properties: Object.fromEntries(names(5).map((name) => [name, { $ref: "#/$defs/T" }])),
          $defs: { T: { type: "object", properties: { t: { type } } } },
        },
      });
    expect(told(used("number"), used("integer"))).toHaveLength(1);
  });

  test("of a text, in the words of a pointer into the schema", () => {
    const described = (text: string) => member({ oneOf: [{ const: "a", description: text }, { const: "b" }] });
    expect(told(described("one"), described("two"))).toEqual([
      "instruction /inputSchema/properties/x/oneOf/0/description: is another text for models",
    ]);
  });
});

describe("says why something cannot be compared", () => {
  const CASES: readonly (readonly [string, object, object, string])[] = [
    [
      "formats",
      { type: "string", format: "date" },
      { type: "string", format: "time" },
      "neither is seen to hold the other",
    ],
    [
      "patterns that are not understood",
      { type: "string", pattern: "^\\p{L}$" },
      { type: "string", pattern: "^\\p{Lu}$" },
      "neither is seen to hold the other",
    ],
    [
      "what a list contains",
      { type: "array", contains: { const: 1 } },
      { type: "array", contains: { const: 2 } },
      "neither is seen to hold the other",
    ],
    [
      "too many alternatives",
      { allOf: names(7).map((name) => ({ anyOf: [{ required: [name] }, { required: [`${name}x`] }] })) },
      { allOf: names(7).map((name) => ({ anyOf: [{ required: [name] }, { required: [`${name}y`] }] })) },
      "there are too many alternatives",
    ],
  ];
  test.each(CASES)("%s", (_what, before, after, reason) => {
    const changes = told(member(before), member(after));
    expect(changes[0]).toMatch(/^breaking/);
    expect(changes[0]).toContain(reason);
  });
});

describe("a schema without measure", () => {
  const doubling = (leaf: object) => {
    const levels = names(40).map((name, index) => {
      const next = index === 0 ? leaf : { $ref: `#/$defs/n${index - 1}` };
      return [name, { type: "object", properties: { l: next, r: next } }];
    });
    return member({ $ref: "#/$defs/n39" }, { $defs: Object.fromEntries(levels) as object });
  };

  test("that doubles at each step is compared once for each definition", () => {
    expect(told(doubling({ type: "string" }), doubling({ type: "string", minLength: 1 }))).toEqual([
      expect.stringMatching(/^breaking .*minLength 1 is new$/),
    ]);
  });

  test("has its texts and defaults compared wherever they are", () => {
    const [one, other] = [
      doubling({ type: "string", description: "a" }),
      doubling({ type: "string", description: "b" }),
    ];
    expect(told(one, other)).toEqual([
      "instruction /inputSchema: 2 texts for models are new and 2 are gone, here or below",
    ]);
    expect(told(doubling({ default: 1 }), doubling({ default: 2 }))[0]).toMatch(
      /^breaking \/inputSchema: has other defaults/,
    );
    expect(told(doubling({ type: "string" }), doubling({ minLength: 0, type: "string" }))).toEqual([
      "cosmetic /inputSchema: is written differently and says the same",
    ]);
  });

  test("of a list of many thousand values is compared value by value", () => {
    const list = names(20_000);
    expect(told(member({ enum: list }), member({ enum: list.toReversed() }))).toEqual([
      "cosmetic /inputSchema: is written differently and says the same",
    ]);
    const [gone] = told(member({ enum: list }), member({ enum: names(20_000, "m") }));
    expect(gone).toMatch(/"n7" and 19992 more is gone$/);
  });

  test("that takes more steps than there are is breaking", () => {
    const many = (offset: number) =>
      member({
        allOf: names(200).map((name, index) => ({
          not: { properties: { [name]: { type: "string", minLength: index + offset } }, required: [name] },
        })),
      });
    expect(told(many(2), many(1))[0]).toMatch(/^breaking .*cannot be compared: they are too large to be compared$/);
  });
});

test("breaks nothing where a tool is made of something else", () => {
  const of = (url: string) => publish({ source: { kind: "http", data: { url } } });
  const what = "cosmetic /source: is made of something else, behind the same contract";
  expect(told(of("https://a.example"), of("https://b.example"))).toEqual([what]);
  expect(told(of("https://a.example"), of("https://a.example"))).toEqual([]);
  expect(told(publish({}), of("https://a.example"))).toEqual([what]);
  expect(diffContracts(of("https://a.example"), publish({})).bump).toBe("patch");
});
