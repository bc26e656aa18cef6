import { type } from "arktype";
import * as v from "valibot";
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import { createToolkit, defineTool } from "./define-tool.ts";
import type { Tool } from "./definition.ts";

interface App {
  readonly orders: { find(id: string): Promise<{ id: string; total: number } | null> };
}

const base = { name: "a", version: "1.0.0", description: "A." } as const;

test("infers input, output and context from a Zod schema", () => {
  const { defineTool: define } = createToolkit<App>();
  const tool = define({
    ...base,
    input: z.object({ id: z.string(), currency: z.enum(["EUR", "USD"]).default("EUR") }),
    output: z.object({ id: z.string(), total: z.number() }),
    examples: [{ id: "o_17" }],
    cost: ({ currency }) => (currency === "EUR" ? 1 : 2),
    async handler({ id, currency }, { app, signal }) {
      expectTypeOf(currency).toEqualTypeOf<"EUR" | "USD">();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      const order = await app.orders.find(id);
      return order ?? { id, total: 0 };
    },
  });
  expectTypeOf(tool).toEqualTypeOf<
    Tool<{ id: string; currency?: "EUR" | "USD" | undefined }, { id: string; total: number }, App>
  >();
});

test("refuses a handler that returns something else than the output schema takes", () => {
  defineTool({
    ...base,
    output: z.object({ total: z.number() }),
    // @ts-expect-error total is a number
    handler: async () => ({ total: "1" }),
  });
});

test("refuses an example that the input schema does not take", () => {
  defineTool({
    ...base,
    input: z.object({ id: z.string() }),
    // @ts-expect-error id is a string
    examples: [{ id: 1 }],
    handler: async () => 1,
  });
});

test("takes the output type from the handler when there is no output schema", () => {
  const plain = defineTool({
    ...base,
    input: z.object({ a: z.number() }),
    handler: async ({ a }) => ({ doubled: a * 2 }),
  });
  expectTypeOf(plain).toEqualTypeOf<Tool<{ a: number }, { doubled: number }, unknown>>();
  const sync = defineTool({ ...base, input: z.object({ a: z.number() }), handler: ({ a }) => a });
  expectTypeOf(sync).toEqualTypeOf<Tool<{ a: number }, number, unknown>>();
  const generator = defineTool({
    ...base,
    input: z.object({ a: z.number() }),
    async *handler({ a }) {
      yield { type: "progress", fraction: 0.5 } as const;
      return { a };
    },
  });
  expectTypeOf(generator).toEqualTypeOf<Tool<{ a: number }, { a: number }, unknown>>();
});

test("infers from ArkType, Valibot and JSON Schema", () => {
  const ark = defineTool({ ...base, input: type({ a: "number" }), handler: ({ a }) => a });
  expectTypeOf(ark).toEqualTypeOf<Tool<{ a: number }, number, unknown>>();
  const vali = defineTool({
    ...base,
    input: toStandardJsonSchema(v.object({ a: v.optional(v.number(), 1) })),
    handler: ({ a }) => a,
  });
  expectTypeOf(vali).toEqualTypeOf<Tool<{ a?: number | undefined }, number, unknown>>();
  const raw = defineTool({
    ...base,
    input: { type: "object", properties: { a: { type: "number" } } },
    handler: (input) => {
      expectTypeOf(input).toEqualTypeOf<Readonly<Record<string, unknown>>>();
      return 1;
    },
  });
  expectTypeOf(raw).toEqualTypeOf<Tool<unknown, number, unknown>>();
});

test("types what stands in for a tool and what asks about it as the tool itself", () => {
  const { defineTool: define } = createToolkit<App>();
  const schemas = { input: z.object({ id: z.string() }), output: z.object({ total: z.number() }) };
  define({
    ...base,
    ...schemas,
    fallback: {
      run: ({ id }, { app, signal }, reason) => {
        expectTypeOf(id).toEqualTypeOf<string>();
        expectTypeOf(app).toEqualTypeOf<App>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        expectTypeOf(reason.message).toEqualTypeOf<string>();
        return { total: 0 };
      },
    },
    status: async (key, { app, signal }) => {
      expectTypeOf(key).toEqualTypeOf<string>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      const order = await app.orders.find(key);
      return order === null ? { effect: "none" } : { effect: "applied", output: order };
    },
    handler: () => ({ total: 1 }),
  });
  define({ ...base, ...schemas, fallback: { value: { total: 0 } }, handler: () => ({ total: 1 }) });
  define({ ...base, ...schemas, fallback: { tool: "b@^1", reserveMs: 100 }, handler: () => ({ total: 1 }) });
});

test("refuses a fallback that answers with something else than the output schema takes, or in two ways", () => {
  const output = z.object({ total: z.number() });
  // @ts-expect-error total is a number
  defineTool({ ...base, output, fallback: { value: { total: "0" } }, handler: () => ({ total: 1 }) });
  // @ts-expect-error one of value, run and tool
  defineTool({ ...base, output, fallback: { value: { total: 0 }, tool: "b" }, handler: () => ({ total: 1 }) });
});

test("refuses policies that are misspelt", () => {
  // @ts-expect-error repeats
  defineTool({ ...base, retry: { repeat: 1 }, handler: () => 1 });
  // @ts-expect-error failures belong to a consecutive breaker
  defineTool({ ...base, breaker: { kind: "sampling", failures: 1 }, handler: () => 1 });
  // @ts-expect-error ttlMs is missing
  defineTool({ ...base, cache: {}, handler: () => 1 });
});
