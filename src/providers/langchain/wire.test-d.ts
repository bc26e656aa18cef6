// A binding against the installed `@langchain/core`: its tools are LangChain's, its answers stand among LangChain's messages.
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage, type ToolMessage } from "@langchain/core/messages";
import type { StructuredToolInterface } from "@langchain/core/tools";
import { expectTypeOf, test } from "vitest";
import type { Registry } from "../../core/registry.ts";
import { langchain } from "./index.ts";
import type { LangChainBinding, LangChainTool } from "./index.ts";

interface App {
  readonly orders: readonly string[];
}
declare const registry: Registry<App>;
declare const model: BaseChatModel;
declare const messages: BaseMessage[];

test("tools are LangChain's", () => {
  expectTypeOf(langchain(registry)).toEqualTypeOf<LangChainBinding>();
  expectTypeOf<LangChainTool>().toExtend<StructuredToolInterface>();
  // @ts-expect-error: there is no such provider
  langchain(registry, { provider: "mistral" });
});

test("a loop of one's own takes answers, streams and conversations, and gives the next messages", async () => {
  const binding = langchain(registry);
  const bound = model.bindTools?.(binding.tools) ?? model;
  const answer = await bound.invoke(messages);
  messages.push(...binding.toMessages(answer, await binding.run(answer)));
  const whole = await binding.collect(await bound.stream(messages));
  messages.push(...binding.toMessages(whole, await binding.run(whole)));
  expectTypeOf(await binding.run(messages)).toEqualTypeOf<ToolMessage[]>();
  await binding.run(new AIMessage("done"));
  // @ts-expect-error: text is no message
  binding.decode("text");
});
