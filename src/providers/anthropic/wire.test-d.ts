// Our wire types against those of the installed `@anthropic-ai/sdk` package: what a binding gives fits its requests, and
// what it answers fits a binding.
import type Anthropic from "@anthropic-ai/sdk";
import { expectTypeOf, test } from "vitest";
import type { Registry } from "../../core/registry.ts";
import { anthropic, toAnthropicTool } from "./index.ts";
import type {
  AnthropicBinding,
  AnthropicEntry,
  AnthropicPart,
  AnthropicResult,
  AnthropicSearchBinding,
  AnthropicSource,
  AnthropicTool,
  AnthropicUserMessage,
} from "./index.ts";

interface App {
  readonly orders: readonly string[];
}
declare const registry: Registry<App>;
declare const client: Anthropic;
declare const message: Anthropic.Message;

test("tools fit the requests of the official client", () => {
  expectTypeOf<AnthropicTool>().toExtend<Anthropic.Tool>();
  expectTypeOf<AnthropicEntry[]>().toExtend<NonNullable<Anthropic.MessageCreateParams["tools"]>>();
});

test("results fit the requests of the official client", () => {
  expectTypeOf<AnthropicResult>().toExtend<Anthropic.ToolResultBlockParam>();
  expectTypeOf<AnthropicPart>().toExtend<
    Exclude<Anthropic.ToolResultBlockParam["content"], string | undefined>[number]
  >();
  expectTypeOf<AnthropicUserMessage>().toExtend<Anthropic.MessageParam>();
});

test("what the official client gives can be read", () => {
  expectTypeOf<Anthropic.Message>().toExtend<AnthropicSource>();
  expectTypeOf<Anthropic.Message["content"]>().toExtend<AnthropicSource>();
  expectTypeOf<Anthropic.Beta.BetaMessage>().toExtend<AnthropicSource>();
  expectTypeOf<Anthropic.MessageParam & { role: "assistant" }>().toExtend<AnthropicSource>();
});

test("deferred tools decide the type of the binding", () => {
  expectTypeOf(anthropic(registry)).toEqualTypeOf<AnthropicBinding>();
  expectTypeOf(anthropic(registry, { strict: "prefer" })).toEqualTypeOf<AnthropicBinding>();
  expectTypeOf(anthropic(registry, { select: { defer: true } })).toEqualTypeOf<AnthropicSearchBinding>();
  // @ts-expect-error: there is one format
  anthropic(registry, { format: "chat" });
});

test("a binding takes whole responses, parts of them, and gives the next request's messages", async () => {
  const binding = anthropic(registry, { select: { defer: true } });
  const results = await binding.run(message);
  binding.decode(message.content);
  binding.decode({ role: "assistant", content: "text" });
  const messages: Anthropic.MessageParam[] = [
    { role: "user", content: "Hi" },
    ...binding.toMessages(message, results),
    ...binding.toMessages(message.content, results),
  ];
  const { tools } = binding;
  await client.messages.create({ model: "m", max_tokens: 1, messages, tools });
  await binding.run(
    await binding.collect(await client.messages.create({ model: "m", max_tokens: 1, messages, stream: true })),
  );
  // @ts-expect-error: text is no response
  binding.decode("text");
  expectTypeOf(binding.toolChoice).toEqualTypeOf<undefined>();
});

test("one tool has the type of a binding's", () => {
  const [tool] = registry.list();
  if (tool !== undefined) expectTypeOf(toAnthropicTool(tool)).toEqualTypeOf<AnthropicTool>();
});
