// Our wire types against those of the installed `openai` package: what a binding gives fits its requests, and what it
// answers fits a binding.
import type OpenAI from "openai";
import { expectTypeOf, test } from "vitest";
import type { Registry } from "../../core/registry.ts";
import { openai, toOpenAiTool } from "./index.ts";
import type {
  ChatBinding,
  ChatResult,
  ChatTool,
  ChatToolChoice,
  ResponsesBinding,
  ResponsesEntry,
  ResponsesResult,
  ResponsesSearchBinding,
  ResponsesSearchResult,
  ResponsesTool,
  ResponsesToolChoice,
} from "./index.ts";

interface App {
  readonly orders: readonly string[];
}
declare const registry: Registry<App>;
declare const client: OpenAI;
declare const completion: OpenAI.ChatCompletion;
declare const response: OpenAI.Responses.Response;

test("tools fit the requests of the official client", () => {
  expectTypeOf<ChatTool>().toExtend<OpenAI.ChatCompletionTool>();
  expectTypeOf<ResponsesTool>().toExtend<OpenAI.Responses.FunctionTool>();
  expectTypeOf<ChatTool[]>().toExtend<NonNullable<OpenAI.ChatCompletionCreateParams["tools"]>>();
  expectTypeOf<ResponsesTool[]>().toExtend<NonNullable<OpenAI.Responses.ResponseCreateParams["tools"]>>();
});

test("results fit the requests of the official client", () => {
  expectTypeOf<ChatResult>().toExtend<OpenAI.ChatCompletionToolMessageParam>();
  expectTypeOf<ResponsesResult>().toExtend<OpenAI.Responses.ResponseInputItem>();
});

test("the format decides the type of the binding", () => {
  expectTypeOf(openai(registry)).toEqualTypeOf<ResponsesBinding>();
  expectTypeOf(openai(registry, { strict: "prefer" })).toEqualTypeOf<ResponsesBinding>();
  expectTypeOf(openai(registry, { format: "chat" })).toEqualTypeOf<ChatBinding>();
  // @ts-expect-error: there is no such format
  openai(registry, { format: "completions" });
});

test("a binding takes whole responses, parts of them, and gives the next request's items", async () => {
  const chat = openai(registry, { format: "chat" });
  const results = await chat.run(completion);
  const [choice] = completion.choices;
  if (choice !== undefined) {
    chat.decode(choice.message);
    chat.decode(completion.choices);
    chat.decode(choice.message.tool_calls ?? []);
    await client.chat.completions.create({ model: "m", messages: [choice.message, ...results], tools: chat.tools });
  }

  const responses = openai(registry);
  const outputs = await responses.run(response);
  responses.decode(response.output);
  await client.responses.create({ model: "m", input: outputs, tools: responses.tools });
  // @ts-expect-error: text is no response
  responses.decode("text");
});

test("what is deferred and found fits the requests of the official client", async () => {
  const binding = openai(registry, { select: { defer: true } });
  expectTypeOf(binding).toEqualTypeOf<ResponsesSearchBinding>();
  expectTypeOf<ResponsesEntry>().toExtend<OpenAI.Responses.Tool>();
  expectTypeOf<ResponsesSearchResult>().toExtend<OpenAI.Responses.ResponseInputItem>();
  expectTypeOf<ResponsesToolChoice>().toExtend<NonNullable<OpenAI.Responses.ResponseCreateParams["tool_choice"]>>();
  expectTypeOf<ChatToolChoice>().toExtend<OpenAI.ChatCompletionToolChoiceOption>();
  const results = await binding.run(response);
  await client.responses.create({ model: "m", input: results, tools: binding.tools });
});

test("the model's own turn fits the requests of the official client", async () => {
  const chat = openai(registry, { format: "chat" });
  const said = chat.toMessages(completion, await chat.run(completion));
  await client.chat.completions.create({ model: "m", messages: said, tools: chat.tools });
  const responses = openai(registry);
  const input = responses.toMessages(response, await responses.run(response));
  await client.responses.create({ model: "m", input, tools: responses.tools });
});

test("streams of the official client can be collected", async () => {
  const chat = openai(registry, { format: "chat" });
  const chunks = await client.chat.completions.create({ model: "m", messages: [], stream: true });
  await chat.run(await chat.collect(chunks));
  const responses = openai(registry);
  const events = await client.responses.create({ model: "m", input: "Hi", stream: true });
  await responses.run(await responses.collect(events, (text) => text.length));
});

test("one tool has the type of its format", () => {
  const [tool] = registry.list();
  if (tool === undefined) return;
  expectTypeOf(toOpenAiTool(tool)).toEqualTypeOf<ResponsesTool>();
  expectTypeOf(toOpenAiTool(tool, { format: "chat", strict: "prefer" })).toEqualTypeOf<ChatTool>();
});
