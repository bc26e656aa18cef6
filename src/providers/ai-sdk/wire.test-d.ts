// Our wire types against those of the installed `ai` package: what a binding gives fits its calls, and what it answers
// fits a binding.
import {
  generateText,
  streamText,
  tool,
  ToolLoopAgent,
  type LanguageModel,
  type ModelMessage,
  type ToolModelMessage,
  type ToolResultPart,
  type ToolSet,
} from "ai";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { Registry } from "../../core/registry.ts";
import { aiSdk } from "./index.ts";
import type { AiSdkBinding, AiSdkMessage, AiSdkOutput, AiSdkResult, AiSdkToolSet } from "./index.ts";

interface App {
  readonly orders: readonly string[];
}
declare const registry: Registry<App>;
declare const model: LanguageModel;
declare const messages: ModelMessage[];

test("tools are a tool set", () => {
  expectTypeOf(aiSdk(registry)).toEqualTypeOf<AiSdkBinding>();
  expectTypeOf<AiSdkToolSet>().toExtend<ToolSet>();
  // @ts-expect-error: there is no such provider
  aiSdk(registry, { provider: "mistral" });
});

test("answers are parts of messages", () => {
  expectTypeOf<AiSdkOutput>().toExtend<ToolResultPart["output"]>();
  expectTypeOf<AiSdkResult>().toExtend<ToolModelMessage["content"][number]>();
  expectTypeOf<AiSdkMessage>().toExtend<ModelMessage>();
});

test("the loops take the tools and what narrows them", async () => {
  const binding = aiSdk(registry, { provider: "openai", strict: "prefer" });
  await generateText({ model, tools: binding.tools, ...binding.toolChoice, messages });
  streamText({ model, tools: binding.tools, ...binding.toolChoice, messages });
  new ToolLoopAgent({ model, tools: binding.tools, ...binding.toolChoice });
  const mine = tool({ inputSchema: z.object({ a: z.number() }), execute: ({ a }) => a });
  await generateText({ model, tools: Object.assign(binding.tools, { mine }), messages });
  await generateText({ model, tools: { ...binding.tools, mine }, messages });
});

test("a loop of one's own takes results, streams, messages and calls, and gives the next messages", async () => {
  const binding = aiSdk(registry, { execute: false });
  const result = await generateText({ model, tools: binding.tools, messages });
  messages.push(...binding.toMessages(result, await binding.run(result)));
  messages.push(...binding.toMessages(result.toolCalls, await binding.run(result.toolCalls)));

  const stream = streamText({ model, tools: binding.tools, messages });
  const awaited = { toolCalls: await stream.toolCalls, responseMessages: await stream.responseMessages };
  messages.push(...binding.toMessages(awaited, await binding.run(awaited)));
  await binding.run(await binding.collect(stream.stream));

  for (const message of messages) if (message.role === "assistant") await binding.run(message);
  // @ts-expect-error: text is no result
  binding.decode("text");
});
