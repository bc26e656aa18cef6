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
