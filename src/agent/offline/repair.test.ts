import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toModelText } from "../../call/model-text.ts";
import { createRegistry, defineTool, type Effect, type JsonSchema, ToolError } from "../../index.ts";
import { repairInput } from "./repair.ts";

type Json = Record<string, unknown>;

/** What the handler gets after the registry has refused `input`; null when nothing more is tried. */
async function repair(
  properties: JsonSchema,
  input: Json,
  more: { required?: readonly string[]; effect?: Effect; example?: Json } = {},
): Promise<unknown> {
  const { required = Object.keys(properties), effect = "read", example } = more;
  const tool = defineTool({
    name: "t",
    version: "1.0.0",
    description: "x",
    effect,
    input: { type: "object", properties, required, additionalProperties: false },
    ...(example && { examples: [example] }),
    handler: (received) => received,
  });
  const registry = createRegistry({ tools: [tool] });
  const [description] = registry.list();
  if (description === undefined) throw new Error("no tool");
  let tried: unknown = input;
  for (let attempt = 0; attempt <= 3; attempt++) {
    const outcome = await registry.execute("t", tried, {});
    if (outcome.ok) return outcome.output;
    const next = repairInput(description, tried, toModelText(outcome), input);
    if (next === null) return null;
    tried = next;
  }
  return null;
}

const text = { type: "string" };
const month = { type: "integer", minimum: 1, maximum: 12 };

describe("a refused call is repaired from its error", () => {
  test.each<[string, JsonSchema, Json, unknown]>([
    ["the nearest accepted value", { u: { enum: ["celsius", "fahrenheit"] } }, { u: "celcius" }, { u: "celsius" }],
    ["an accepted value but for its case", { u: { enum: ["EUR", "USD"] } }, { u: "eur" }, { u: "EUR" }],
    [
      "an accepted value that contains it",
      { z: { enum: ["Europe/Berlin", "Asia/Tokyo"] } },
      { z: "Tokyo" },
      { z: "Asia/Tokyo" },
    ],
    ["the month of an accepted name", { m: { enum: ["January", "July"] } }, { m: "jul" }, { m: "July" }],
    ["the nearest accepted number", { n: { enum: [6, 10, 20] } }, { n: 12 }, { n: 10 }],
    ["the end of a range", { n: month }, { n: 13 }, { n: 12 }],
    ["one over an open end", { n: { type: "integer", exclusiveMinimum: 0 } }, { n: -5 }, { n: 1 }],
    ["a multiple", { n: { type: "integer", multipleOf: 5 } }, { n: 12 }, { n: 10 }],
    ["an integer", { n: { type: "integer" } }, { n: 2.6 }, { n: 3 }],
    ["a number in words", { n: { type: "integer" } }, { n: "three" }, { n: 3 }],
    ["a number with a unit", { n: { type: "number" } }, { n: "5.5 km" }, { n: 5.5 }],
    ["a month's number", { n: month }, { n: "July" }, { n: 7 }],
    ["a month in another language", { n: month }, { n: "Juli" }, { n: 7 }],
    ["yes", { b: { type: "boolean" } }, { b: "yes" }, { b: true }],
    ["a shorter text", { s: { type: "string", maxLength: 3 } }, { s: "abcd" }, { s: "abc" }],
    [
      "a text in the usual form of names",
      { s: { type: "string", pattern: "^[a-z-]+$" } },
      { s: "Home Stuff" },
      { s: "home-stuff" },
    ],
    ["an ISO date", { d: { type: "string", format: "date" } }, { d: "5 May 2026" }, { d: "2026-05-05" }],
    [
      "a moment",
      { d: { type: "string", format: "date-time" } },
      { d: "2026-05-05 14:30" },
      { d: "2026-05-05T14:30:00Z" },
    ],
    ["a time of day", { d: { type: "string", format: "time" } }, { d: "3pm" }, { d: "15:00:00Z" }],
    [
      "a whole address",
      { d: { type: "string", format: "uri" } },
      { d: "example.org/x" },
      { d: "https://example.org/x" },
    ],
    ["fewer items", { l: { type: "array", items: text, maxItems: 2 } }, { l: ["a", "b", "c"] }, { l: ["a", "b"] }],
    [
      "items without repetitions",
      { l: { type: "array", items: text, uniqueItems: true } },
      { l: ["a", "b", "a"] },
      { l: ["a", "b"] },
    ],
    [
      "items as they are expected",
      { l: { type: "array", items: { enum: ["red", "blue"] } } },
      { l: ["red", "blu"] },
      { l: ["red", "blue"] },
    ],
    [
      "what is inside of objects",
      { o: { type: "object", properties: { n: month }, required: ["n"] } },
      { o: { n: 99 } },
      { o: { n: 12 } },
    ],
    [
      "what is inside of lists",
      { l: { type: "array", items: { type: "object", properties: { n: month } } } },
      { l: [{ n: 1 }, { n: 0 }] },
      { l: [{ n: 1 }, { n: 1 }] },
    ],
    ["a default", { a: text, n: { type: "integer", default: 5 } }, { a: "x" }, { a: "x", n: 5 }],
    ["the only accepted value", { a: text, k: { const: "v1" } }, { a: "x" }, { a: "x", k: "v1" }],
    ["a misspelt name", { city: text }, { citty: "Oslo" }, { city: "Oslo" }],
    ["several at once", { n: month, u: { enum: ["c", "f"] } }, { n: 13, u: "C", x: 1 }, { n: 12, u: "c" }],
  ])("with %s", async (_what, properties, input, expected) => {
    expect(await repair(properties, input)).toEqual(expected);
  });

  test("without a property that is not known, or an optional one that cannot be repaired", async () => {
    expect(await repair({ a: text }, { a: "x", zzz: 1 })).toEqual({ a: "x" });
    expect(
      await repair({ a: text, e: { type: "string", format: "email" } }, { a: "x", e: "nobody" }, { required: ["a"] }),
    ).toEqual({ a: "x" });
  });

  test("with the tool's example, when it only reads and most else was said", async () => {
    const example = { city: "Paris", n: 7 };
    expect(await repair({ city: text, n: month }, { city: "Oslo" }, { example })).toEqual({ city: "Oslo", n: 7 });
    expect(await repair({ city: text, n: month }, {}, { example })).toBeNull();
    expect(await repair({ city: text, n: month }, { city: "Oslo" }, { example, effect: "write" })).toBeNull();
  });

  test("not when nothing leads to another value", async () => {
    expect(await repair({ a: text }, {})).toBeNull();
    expect(await repair({ e: { type: "string", format: "email" } }, { e: "nobody" })).toBeNull();
    expect(await repair({ n: { type: "number" } }, { n: "many" })).toBeNull();
  });
});

describe("a tool's own refusal", () => {
  async function refuse(
    message: string,
    input: Json,
    effect: "none" | "unknown" | "applied" = "none",
  ): Promise<unknown> {
    const tool = defineTool({
      name: "t",
      version: "1.0.0",
      description: "x",
      effect: "write",
      input: { type: "object" },
      handler() {
        throw new ToolError("NO", message, { effect });
      },
    });
    const registry = createRegistry({ tools: [tool] });
    const [description] = registry.list();
    if (description === undefined) throw new Error("no tool");
    return repairInput(description, input, toModelText(await registry.execute("t", input)), input);
  }

  test("is repaired with the value it names, in the argument it quotes", async () => {
    expect(await refuse('There is no city "Pariss". Did you mean Paris?', { city: "Pariss", other: "x" })).toEqual({
      city: "Paris",
      other: "x",
    });
    expect(
      await refuse('No zone "york". Did you mean America/New_York or Europe/York?', { from: "UTC", to: "york" }),
    ).toEqual({ from: "UTC", to: "America/New_York" });
    expect(await refuse('Did you mean "a, b"?', { only: "ab" })).toEqual({ only: "a, b" });
    expect(await refuse("Unknown unit metre. Did you mean meter, or meters?", { from: "metre", to: "km" })).toEqual({
      from: "meter",
      to: "km",
    });
  });

  test("is not repaired when it names nothing, or it is not clear where", async () => {
    expect(await refuse("There is no city.", { city: "Pariss" })).toBeNull();
    expect(await refuse("Wrong. Did you mean Paris?", { a: "x", b: "y" })).toBeNull();
    expect(await refuse('No "Paris". Did you mean Paris?', { a: "Paris" })).toBeNull();
  });

  test("is not repaired when the effect may have happened", async () => {
    const message = 'There is no city "Pariss". Did you mean Paris?';
    expect(await refuse(message, { city: "Pariss" }, "unknown")).toBeNull();
    expect(await refuse(message, { city: "Pariss" }, "applied")).toBeNull();
  });
});

test("repairing never throws and never reaches a prototype, whatever the text", () => {
  const registry = createRegistry({
    tools: [defineTool({ name: "t", version: "1.0.0", description: "x", effect: "read", handler: () => 1 })],
  });
  const [tool] = registry.list();
  if (tool === undefined) throw new Error("no tool");
  const part = fc.constantFrom(
    "INVALID_INPUT: x",
    "TOOL_ERROR A: Did you mean ",
    "\n- ",
    "__proto__",
    "a[0].b",
    '["x"]',
    ": is wrong; expected ",
    "integer from 1 to 2",
    'one of "a", "b"',
    ", received ",
    "nothing",
    ". Hint: ",
    'did you mean "__proto__"',
    'rename "a" to',
    "array of at most 1 item, each string",
  );
  const errorText = fc
    .array(fc.oneof(part, fc.string({ maxLength: 10 })), { maxLength: 12 })
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(errorText, fc.jsonValue(), (error, input) => {
      const repaired = repairInput(tool, input, error, input);
      expect(repaired === null || typeof repaired === "object").toBe(true);
      expect(({} as Json)["polluted"]).toBeUndefined();
      if (repaired !== null) expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(repaired));
    }),
    { numRuns: 500 },
  );
});
