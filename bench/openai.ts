// A tool in OpenAI's format: the first time, and again.
import { createRegistry, type ToolDescription } from "../src/index.ts";
import { openai, toOpenAiTool, type ToolOptions } from "../src/providers/openai/index.ts";
import { readDefinitions, toTool } from "./definitions.ts";
import { toFigure, type Figure } from "./figures.ts";
import { direct, measure, seen, type Contender } from "./harness.ts";
import type { Settings } from "./settings.ts";
import { CALLER } from "./workload.ts";

const BATCH = 100;

/** One tool cold and cached, and a binding of many. */
export async function benchOpenai({ rounds, turnMs, corpus }: Settings): Promise<readonly Figure[]> {
  const texts = readDefinitions(corpus, BATCH);
  const registry = createRegistry({ tools: texts.map((text) => toTool(text)) });
  const tools = registry.list();
  const again = (index: number): ToolDescription => tools[index % tools.length] as ToolDescription;
  const measured = await measure(
    [
      cold("one tool, cold", texts, {}),
      cold("one tool, cold, strict where it can be", texts, { strict: "prefer" }),
      direct("one tool, cached", (index) => toOpenAiTool(again(index))),
      direct(`binding of ${tools.length} tools, per tool`, () => openai(registry, { principal: CALLER })),
    ],
    // A cold conversion needs tools that nothing has converted: short turns keep their number down.
    { rounds, turnMs: turnMs / 4 },
  );
  const goals = [200, 200, 1] as const;
  return measured.map((one, index) => {
    const goal = goals[index];
    if (goal === undefined) return toFigure(one, { unit: "µs", per: tools.length });
    return toFigure(one, { unit: "µs", goal: { of: "value", atMost: goal }, per: index < 2 ? BATCH : 1 });
  });
}

function cold(name: string, texts: readonly string[], options: ToolOptions): Contender {
  let prepared: (readonly ToolDescription[])[] = [];
  return {
    name,
    prepare(count) {
      prepared = Array.from({ length: count }, () => {
        const registry = createRegistry({ tools: texts.map((text) => toTool(text)) });
        return registry.list({ status: "any" });
      });
    },
    run() {
      for (const tools of prepared) for (const tool of tools) seen.value = toOpenAiTool(tool, options);
    },
  };
}
