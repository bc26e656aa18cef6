import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type AnyTool, createRegistry, defineTool } from "../../index.ts";
import type { StrictMode } from "../strict-mode.ts";
import { anthropic } from "./anthropic.ts";
import { createBudgetedConvert, STRICT_LIMITS } from "./strict-budget.ts";
import { convertForMessages, toAnthropicTool } from "./to-anthropic-tool.ts";
import type { AnthropicTool } from "./wire.ts";

interface Spec {
  readonly mode: StrictMode;
  readonly optionals: number;
  readonly unions: number;
  /** Whether the schema has a strict form at all. */
  readonly isOpen: boolean;
}

function define(name: string, { optionals = 0, unions = 0, isOpen = false }: Partial<Spec>): AnyTool {
  const optional = Array.from({ length: optionals }, (_, index) => [`o${index}`, { type: "string" }] as const);
  const union = Array.from({ length: unions }, (_, index) => [`u${index}`, { type: ["string", "integer"] }] as const);
  return defineTool({
    name,
    version: "1.0.0",
    description: "x",
    effect: "read",
    input: {
      type: "object",
      properties: Object.fromEntries([...optional, ...union]),
      required: union.map(([key]) => key),
      additionalProperties: isOpen,
    },
    handler: () => 1,
  });
}

const registryOf = (specs: ReadonlyMap<string, Partial<Spec>>) =>
  createRegistry({ tools: [...specs].map(([name, spec]) => define(name, spec)) });

function strictOf(specs: ReadonlyMap<string, Partial<Spec>>): readonly string[] {
  const binding = anthropic(registryOf(specs), { strict: ({ name }) => specs.get(name)?.mode ?? "prefer" });
  return binding.report.filter(({ strict }) => strict).map(({ tool }) => tool);
}

function sumOf(tools: readonly AnthropicTool[]): Record<keyof typeof STRICT_LIMITS, number> {
  const sum = { tools: 0, optionals: 0, unions: 0 };
  for (const { strict, input_schema: schema } of tools) {
    if (strict !== true) continue;
    const properties = schema["properties"] as Record<string, { type: unknown }>;
    sum.tools++;
    sum.optionals += Object.keys(properties).length - (schema["required"] as unknown[]).length;
    sum.unions += Object.values(properties).filter(({ type }) => Array.isArray(type)).length;
  }
  return sum;
}

const named = (count: number, spec: Partial<Spec>, prefix = "t"): ReadonlyMap<string, Partial<Spec>> =>
  new Map(Array.from({ length: count }, (_, index) => [`${prefix}${String(index).padStart(2, "0")}`, spec]));

describe("the strict tools of one request", () => {
  test("are at most 20, the first by name", () => {
    const binding = anthropic(registryOf(named(23, {})), { strict: "prefer" });
    expect(binding.tools.filter(({ strict }) => strict === true).map(({ name }) => name)).toEqual([
      ...named(20, {}).keys(),
    ]);
    expect(binding.report[22]).toMatchObject({
      strict: false,
      reason: "21 strict tools with this tool's 1, 1 more than the 20 that the strict tools of one request may have",
      changes: [],
    });
  });

  test("have 24 optional parameters and 16 of several types between them; smaller tools still fit", () => {
    const specs = new Map([
      ["a", { optionals: 20, unions: 10 }],
      ["b", { optionals: 6, unions: 8 }],
      ["c", { optionals: 4, unions: 6 }],
      ["d", { optionals: 1 }],
      ["e", {}],
    ]);
    expect(strictOf(specs)).toEqual(["a", "c", "e"]);
    const { report } = anthropic(registryOf(specs), { strict: "prefer" });
    expect(report[1]?.reason).toBe(
      "26 optional parameters with this tool's 6, 2 more than the 24, and " +
        "18 parameters of several types with this tool's 8, 2 more than the 16 that the strict tools of one request may have",
    );
  });

  test("are those that have to be, before those that had better be", () => {
    const specs = new Map<string, Partial<Spec>>([
      ["a", { mode: "prefer", optionals: 10 }],
      ["b", { mode: "require", optionals: 20 }],
      ["c", { mode: "prefer", optionals: 4 }],
    ]);
    expect(strictOf(specs)).toEqual(["b", "c"]);
  });

  test("that have to be and are too many are refused", () => {
    const registry = registryOf(named(21, { optionals: 1 }));
    expect(() => anthropic(registry, { strict: "require" })).toThrow(
      /1 of 21 tools cannot be strict[\s\S]*t20: 21 strict tools/,
    );
    const [tool] = registryOf(named(1, { optionals: 25 })).list();
    if (tool === undefined) throw new Error("no tool");
    expect(() => toAnthropicTool(tool, { strict: "require" })).toThrow("1 more than the 24");
    expect(toAnthropicTool(tool, { strict: "prefer" })).not.toHaveProperty("strict");
  });

  test("stay within the limits with a tool that comes later", async () => {
    const large = defineTool({
      name: "t00",
      version: "1.0.0",
      description: "x",
      effect: "read",
      handler: () => "x".repeat(10_000),
    });
    const others = [...named(20, {}).keys()].slice(1).map((name) => define(name, {}));
    const registry = createRegistry({ tools: [large, ...others] });
    for (const strict of ["prefer", "require"] as const) {
      const binding = anthropic(registry, { strict, maxResultBytes: 1_024 });
      await binding.run([{ type: "tool_use", id: "a", name: "t00", input: {} }]);
      expect(binding.tools.map(({ name }) => name).at(-1)).toBe("toolyard_read_result");
      expect(sumOf(binding.tools)).toMatchObject({ tools: 20 });
      expect(binding.report.at(-1)?.reason).toMatch(/^21 strict tools/);
    }
  });
});

const spec: fc.Arbitrary<Spec> = fc.record({
  mode: fc.constantFrom<StrictMode>("off", "prefer", "prefer", "require"),
  optionals: fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 3 }) }, fc.nat({ max: 26 })),
  unions: fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 2 }) }, fc.nat({ max: 17 })),
  isOpen: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
});
const sets = fc
  .dictionary(fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/), spec, { maxKeys: 40 })
  .map((record) => new Map(Object.entries(record)));

function createOrRefuse(specs: ReadonlyMap<string, Spec>): ReturnType<typeof anthropic> | null {
  try {
    return anthropic(registryOf(specs), { strict: ({ name }) => specs.get(name)?.mode ?? "off" });
  } catch {
    return null;
  }
}

const fits = ({ tools, optionals, unions }: ReturnType<typeof sumOf>): boolean =>
  tools <= STRICT_LIMITS.tools && optionals <= STRICT_LIMITS.optionals && unions <= STRICT_LIMITS.unions;

describe("for every set of tools", () => {
  test("the sums are within the limits, and a tool is sent loose only where it would pass them", () => {
    fc.assert(
      fc.property(sets, (specs) => {
        const binding = createOrRefuse(specs);
        if (binding === null) return;
        const sum = sumOf(binding.tools);
        expect(fits(sum)).toBe(true);
        for (const { tool, strict, reason } of binding.report) {
          const { mode, isOpen, optionals, unions } = specs.get(tool) as Spec;
          expect(strict && (mode === "off" || isOpen)).toBe(false);
          expect(reason === null).toBe(strict || mode === "off");
          if (mode !== "prefer" || strict || isOpen) continue;
          expect(
            fits({ tools: sum.tools + 1, optionals: sum.optionals + optionals, unions: sum.unions + unions }),
          ).toBe(false);
        }
      }),
      { numRuns: 150 },
    );
  });

  test("what has to be strict is never pushed out by what had better be", () => {
    fc.assert(
      fc.property(sets, (specs) => {
        const needed = new Map([...specs].filter(([, { mode }]) => mode === "require"));
        expect(createOrRefuse(specs) === null).toBe(createOrRefuse(needed) === null);
      }),
      { numRuns: 150 },
    );
  });

  test("the same set gives the same tools, in whatever order it was registered", () => {
    fc.assert(
      fc.property(
        sets.chain((specs) => fc.tuple(fc.constant(specs), fc.shuffledSubarray([...specs], { minLength: specs.size }))),
        ([specs, shuffled]) => {
          const tools = registryOf(specs)
            .list()
            .map((tool) => ({ tool, wireName: tool.name, deferred: false }));
          const order = shuffled.map(([name]) => name);
          const convert = (given: typeof tools): readonly unknown[] => {
            const modes = createBudgetedConvert(
              "anthropic",
              convertForMessages,
              ({ name }) => specs.get(name)?.mode ?? "off",
            );
            return modes(given).map(({ wire, reason }) => ({ wire, reason }));
          };
          const mixed = tools.toSorted((a, b) => order.indexOf(a.tool.name) - order.indexOf(b.tool.name));
          expect(new Set(convert(mixed))).toEqual(new Set(convert(tools)));
          const [one, other] = [createOrRefuse(specs), createOrRefuse(new Map(shuffled))];
          expect(JSON.stringify(other?.tools)).toBe(JSON.stringify(one?.tools));
          expect(other?.report).toEqual(one?.report);
        },
      ),
      { numRuns: 100 },
    );
  });

  test("tools that take nothing of the limits change nothing for the others", () => {
    fc.assert(
      fc.property(sets, fc.array(fc.boolean(), { maxLength: 10 }), (specs, added) => {
        const free = added.map((isOpen, index): [string, Spec] => [
          `${index % 2 === 0 ? "a" : "z"}_free${index}`,
          { mode: isOpen ? "prefer" : "off", isOpen, optionals: 3, unions: 3 },
        ]);
        const before = createOrRefuse(specs);
        const after = createOrRefuse(new Map([...specs, ...free]));
        expect(after?.report.filter(({ tool }) => specs.has(tool))).toEqual(before?.report);
      }),
      { numRuns: 100 },
    );
  });
});
