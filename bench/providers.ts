// Tools in the providers' formats: one compiled for the first time, again, and a thousand in a binding; and what running a
// response adds to the calls in it. Beside `JSON.stringify` of the same tools, which every request pays anyway.
import { createRegistry, type Registry, type ToolDescription } from "../src/index.ts";
import { anthropic } from "../src/providers/anthropic/index.ts";
import type { BindableRegistry } from "../src/providers/binding.ts";
import { compileSchema } from "../src/providers/schema/compile-schema.ts";
import { ANTHROPIC } from "../src/providers/schema/anthropic-rules.ts";
import { GEMINI } from "../src/providers/schema/gemini-rules.ts";
import { OPENAI } from "../src/providers/schema/openai-rules.ts";
import type { ProviderRules } from "../src/providers/schema/rules.ts";
import { gemini } from "../src/providers/gemini/index.ts";
import { openai, toOpenAiTool } from "../src/providers/openai/index.ts";
import { readDefinitions, toTool } from "./definitions.ts";
import { toFigure, type Figure, type Goal } from "./figures.ts";
import { awaited, direct, measure, type Contender, type Spread } from "./harness.ts";
import type { Settings } from "./settings.ts";
import { CALLER, createDefaultRegistry, GOOD_INPUT, TOOL_NAME } from "./workload.ts";

const TOOLS = 1_000;
// More than Gemini takes in a request.
const GEMINI_TOOLS = 512;
const STRINGIFY = "JSON.stringify of a tool";
const CACHED = "one tool to OpenAI, cached";

/** Compilation and bindings, then the calls of a response. */
export async function benchProviders(settings: Settings): Promise<readonly Figure[]> {
  return [...(await benchTools(settings)), ...(await benchRun(settings))];
}

async function benchTools({ rounds, turnMs, corpus, shrink }: Settings): Promise<readonly Figure[]> {
  const count = Math.round(TOOLS / shrink);
  const registry = createRegistry({ tools: readDefinitions(corpus, count).map((text) => toTool(text)) });
  const few = createRegistry({
    tools: readDefinitions(corpus, Math.min(count, GEMINI_TOOLS)).map((text) => toTool(text)),
  });
  const tools = registry.list();
  const toolAt = (index: number): ToolDescription => tools[index % tools.length] as ToolDescription;
  const cold = (name: string, rules: ProviderRules, strict: boolean): Contender =>
    direct(name, (index) => compileSchema(toolAt(index).inputSchema, rules, strict));
  const bound = (name: string, bind: (registry: BindableRegistry) => unknown, from: Registry): Contender =>
    direct(name, () => bind(from));
  const inBinding = new Map<string, number>();
  const many = (name: string, bind: (registry: BindableRegistry) => unknown, from: Registry): Contender => {
    const size = from.list().length;
    const full = `${size} tools to ${name}, per tool`;
    inBinding.set(full, size);
    return bound(full, bind, from);
  };
  const measured = await measure(
    [
      direct(STRINGIFY, (index) => {
        const { name, description, inputSchema } = toolAt(index);
        return JSON.stringify({ name, description, parameters: inputSchema });
      }),
      cold("compile for OpenAI, cold, strict", OPENAI, true),
      cold("compile for OpenAI, cold, not strict", OPENAI, false),
      cold("compile for Anthropic, cold, strict", ANTHROPIC, true),
      cold("compile for Gemini, cold", GEMINI, false),
      direct(CACHED, (index) => toOpenAiTool(toolAt(index), { strict: "prefer" })),
      many("OpenAI Responses, strict", (from) => openai(from, { strict: "prefer" }).tools, registry),
      many("OpenAI Chat, strict", (from) => openai(from, { format: "chat", strict: "prefer" }).tools, registry),
      many("Anthropic, strict", (from) => anthropic(from, { strict: "prefer" }).tools, registry),
      many("Gemini", (from) => gemini(from).tools, few),
    ],
    { rounds, turnMs },
  );
  return measured.map((one) => {
    const per = inBinding.get(one.name);
    const goal = toGoal(one.name, per !== undefined);
    const compared = per === undefined ? { ...one } : { ...one, ratio: scale(one.ratio, 1 / per) };
    return toFigure(compared, {
      unit: "µs",
      ...(one.name !== STRINGIFY && { base: STRINGIFY }),
      ...(goal !== null && { goal }),
      per: per ?? 1,
    });
  });
}

/** Cold once per tool and process, cached once per binding; a binding beside the text that a request has to become. */
function toGoal(name: string, isBinding: boolean): Goal | null {
  if (name === STRINGIFY) return null;
  if (isBinding) return { of: "ratio", atMost: 3 };
  return { of: "value", atMost: name === CACHED ? 1 : 200 };
}

function scale({ median, min, max }: Spread, factor: number): Spread {
  return { median: median * factor, min: min * factor, max: max * factor };
}

const CALLS = 8;

/** A response of eight calls, answered, beside the same calls made one by one by `executeAll`. */
async function benchRun({ rounds, turnMs }: Settings): Promise<readonly Figure[]> {
  const registry = createDefaultRegistry();
  const text = JSON.stringify(GOOD_INPUT);
  const strict = { principal: CALLER, strict: "prefer" } as const;
  const name = TOOL_NAME.replaceAll(".", "_");
  const ids = Array.from({ length: CALLS }, (_, index) => `call_${index}`);
  const responses = openai(registry, strict);
  const items = ids.map((call_id) => ({ type: "function_call", call_id, name, arguments: text }) as const);
  const messages = anthropic(registry, strict);
  const blocks = ids.map((id) => ({ type: "tool_use", id, name, input: GOOD_INPUT }) as const);
  const parts = ids.map((id) => ({ functionCall: { id, name, args: { ...GOOD_INPUT } } }));
  const contents = gemini(registry, { principal: CALLER });
  const requests = ids.map(() => ({ tool: TOOL_NAME, input: text }));
  const base = `executeAll of ${CALLS} calls`;
  const measured = await measure(
    [
      awaited(base, () => registry.executeAll(requests, { principal: CALLER })),
      awaited("run of the same, OpenAI Responses", () => responses.run(items)),
      awaited("run of the same, Anthropic", () => messages.run(blocks)),
      awaited("run of the same, Gemini", () => contents.run(parts)),
    ],
    { rounds, turnMs },
  );
  return measured.map((one) =>
    one.name === base
      ? toFigure(one, { unit: "µs" })
      : toFigure(one, { unit: "µs", base, goal: { of: "ratio", atMost: 2 } }),
  );
}
