// Chat Completions: the request for a turn, and the answer from its stream.
import { isObject } from "../../kernel/json.ts";
import { createChatAssembler } from "../../providers/openai/assemble-chat.ts";
import { decodeChat } from "../../providers/openai/decode-chat.ts";
import type { ChatTool } from "../../providers/openai/wire.ts";
import { createModelFailure } from "../../providers/model-failure.ts";
import type { Message } from "../message.ts";
import type { ModelEvent, ModelTurn } from "../model.ts";
import { toArgumentsText, type TurnTools } from "../models/turn-tools.ts";
import { toUsage } from "../models/usage.ts";
import type { ChatMessageParam, ChatRequest } from "./client.ts";
import { unwrapCalls } from "./unwrap-calls.ts";

/** The request for `turn`. */
export function toChatRequest(
  model: string,
  { instructions, messages }: Pick<ModelTurn, "instructions" | "messages">,
  tools: TurnTools<ChatTool>,
): ChatRequest {
  const system: ChatMessageParam[] = instructions === "" ? [] : [{ role: "system", content: instructions }];
  return {
    model,
    messages: [...system, ...messages.flatMap((message) => toChatMessages(message, tools))],
    // An empty list is refused by the API.
    ...(tools.wires.length > 0 && { tools: [...tools.wires] }),
    stream: true,
    stream_options: { include_usage: true },
  };
}

function toChatMessages(message: Message, tools: TurnTools<ChatTool>): ChatMessageParam[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "tool":
      return message.results.map(({ id, text }) => ({ role: "tool", tool_call_id: id, content: text }));
    case "assistant": {
      if (message.calls.length === 0) return [{ role: "assistant", content: message.text }];
      const calls = message.calls.map(({ id, tool, input }) => ({
        id,
        type: "function" as const,
        function: { name: tools.toWireName(tool), arguments: toArgumentsText(input) },
      }));
      return [{ role: "assistant", content: message.text === "" ? null : message.text, tool_calls: calls }];
    }
  }
}

/** The events of a stream's chunks. Throws MODEL_FAILED when the stream ends before the answer does. */
export async function* readChatStream(
  chunks: AsyncIterable<unknown>,
  model: string,
  tools: TurnTools<unknown>,
): AsyncGenerator<ModelEvent> {
  const assembler = createChatAssembler(model);
  for await (const chunk of chunks) {
    const text = assembler.add(chunk);
    if (text !== "") yield { type: "text", text };
  }
  const completion = assembler.end();
  const [{ message, finish_reason: finished }] = completion.choices;
  if (isObject(completion.usage)) yield toUsage(completion.usage, "prompt_tokens", "completion_tokens");
  const { calls } = unwrapCalls(decodeChat(message));
  checkEnd(model, finished, (message.content ?? "") !== "", calls.length);
  for (const call of calls) yield tools.toEvent(call);
}

function checkEnd(model: string, finished: string, spoke: boolean, calls: number): void {
  // Cut off in the middle of a call, its arguments may be whole JSON and not be what the model was going to say.
  if (calls > 0 && (finished === "length" || finished === "content_filter")) {
    throw createModelFailure(model, `it was stopped while it called tools (${finished}).`);
  }
  if (!spoke && calls === 0 && finished !== "stop") {
    throw createModelFailure(model, `it was stopped before it said anything (${finished}).`);
  }
}
