// What registering a tool costs. Schemas are checked and digested, not compiled: that happens at the first call.
import { createRegistry, defineTool, type AnyTool } from "../src/index.ts";
import { z } from "zod";
import { readDefinitions, toTool } from "./definitions.ts";
import { toFigure, type Figure } from "./figures.ts";
import { measure, type Contender } from "./harness.ts";
import type { Settings } from "./settings.ts";

const BATCH = 500;
const CATALOGUE = 10_000;

/** A batch at once, and one more tool into a big catalogue. */
export async function benchRegistration({ rounds, turnMs, corpus, shrink }: Settings): Promise<readonly Figure[]> {
  const texts = readDefinitions(corpus, BATCH);
  const big = Math.round(CATALOGUE / shrink);
  const measured = await measure(
    [
      batches("JSON Schema, in a batch of 500", () => texts.map((text) => toTool(text))),
      batches("Zod, in a batch of 500", () => texts.map((_, index) => toZodTool(index))),
      await singly(`JSON Schema, alone into a catalogue of ${big.toLocaleString("en")}`, texts, big),
    ],
    { rounds, turnMs },
  );
  const goal = { of: "value", atMost: 60 } as const;
  return measured.map((one, index) => {
    if (index === 1)
      return toFigure(one, { unit: "µs", per: BATCH, note: "with the conversion to JSON Schema by Zod" });
    return toFigure(one, { unit: "µs", goal, per: index === 0 ? BATCH : 1 });
  });
}

/** Registries of `BATCH` tools that nothing has seen before. */
function batches(name: string, make: () => readonly AnyTool[]): Contender {
  let prepared: (readonly AnyTool[])[] = [];
  return {
    name,
    prepare(count) {
      prepared = Array.from({ length: count }, make);
    },
    run() {
      for (const tools of prepared) createRegistry({ tools });
    },
  };
}

async function singly(name: string, texts: readonly string[], size: number): Promise<Contender> {
  const toMany = (count: number, mark: string): readonly AnyTool[] =>
    Array.from({ length: count }, (_, index) => toTool(texts[index % texts.length] as string, `_${mark}${index}`));
  const registry = createRegistry({ tools: toMany(size, "base") });
  let prepared: readonly AnyTool[] = [];
  return {
    name,
    async prepare(count) {
      // Back to the size the name says.
      for (const tool of prepared) await registry.unregister(tool.name);
      prepared = toMany(count, "more");
    },
    async run() {
      for (const tool of prepared) await registry.register(tool);
    },
  };
}

function toZodTool(index: number): AnyTool {
  return defineTool({
    name: `order.find_${index}`,
    version: "1.0.0",
    description: "Will find one order for the current user and return what is known about it afterwards.",
    effect: "read",
    access: { roles: ["USER"] },
    input: z.object({
      order_id: z.string().describe("Identifies the order, as the list of them shows it."),
      limit: z.number().int().min(1).max(100).optional().describe("How many entries to return at most."),
      unit: z.enum(["small", "medium", "large"]).optional().describe("Size of what is returned."),
      tags: z.array(z.string()).optional(),
    }),
    handler: () => null,
  });
}
