// A conversation as the API wants it: users and the model in turn, all results of a turn first in the message after it. An
// answer that this model gave goes back as it came, so that it finds its thinking before the calls that followed from it.
import { isObject, type JsonValue } from "../../kernel/json.ts";
import { encodeResult } from "../../providers/anthropic/encode.ts";
import type { AnthropicResult } from "../../providers/anthropic/wire.ts";
import type { AssistantMessage, CallInMessage, Message, ResultInMessage } from "../message.ts";
import { toArgumentsObject, type TurnTools } from "../models/turn-tools.ts";
import type { AnthropicMessageParam, AnthropicTextParam, AnthropicToolUseParam } from "./client.ts";
import { createCallIds } from "./call-ids.ts";

/** The API refuses a message that says nothing, and a conversation has to go on after one. */
const NOTHING = "(empty)";

/** The messages of a request to `model`. */
export function toMessageParams(
  messages: readonly Message[],
  model: string,
  tools: Pick<TurnTools<unknown>, "toWireName">,
): AnthropicMessageParam[] {
  const toId = createCallIds(
    messages.flatMap((message) => (message.role === "assistant" ? message.calls.map(({ id }) => id) : [])),
  );
  return join(
    messages.flatMap((message): readonly AnthropicMessageParam[] => {
      switch (message.role) {
        case "user":
          return [{ role: "user", content: [toText(message.text.trim() === "" ? NOTHING : message.text)] }];
        case "tool":
          return [{ role: "user", content: message.results.map((result) => toResult(result, toId)) }];
        case "assistant":
          return toAssistant(message, model, tools, toId);
      }
    }),
  );
}

function toText(text: string): AnthropicTextParam {
  return { type: "text", text };
}

function toResult({ id, ok, text, media }: ResultInMessage, toId: (id: string) => string): AnthropicResult {
  const answer = media === undefined ? { ok, text, parts: [] } : { ok, ...media };
  return encodeResult({ id: toId(id), wire: {} }, answer);
}

function toAssistant(
  { text, calls, echo }: AssistantMessage,
  model: string,
  tools: Pick<TurnTools<unknown>, "toWireName">,
  toId: (id: string) => string,
): readonly AnthropicMessageParam[] {
  if (echo !== null && echo.model === model && hasCalls(echo.items, calls)) return toEchoed(echo.items);
  const said = text.trim() === "" ? [] : [toText(text)];
  const uses = calls.map(({ id, tool, input }): AnthropicToolUseParam => {
    return { type: "tool_use", id: toId(id), name: tools.toWireName(tool), input: toArgumentsObject(input) };
  });
  return said.length + uses.length === 0 ? [] : [{ role: "assistant", content: [...said, ...uses] }];
}

/** Whether the blocks make exactly the calls that are answered: a state from elsewhere may hold others. */
function hasCalls(items: readonly JsonValue[], calls: readonly CallInMessage[]): boolean {
  const ids = items.flatMap((item) => (isObject(item) && item["type"] === "tool_use" ? [item["id"]] : []));
  return ids.length === calls.length && ids.every((id, index) => id === calls[index]?.id);
}

/** The blocks of an answer of this model; none is no message. */
function toEchoed(items: readonly JsonValue[]): readonly AnthropicMessageParam[] {
  return items.length === 0 ? [] : [{ role: "assistant", content: items as unknown as AnthropicToolUseParam[] }];
}

/** Messages of the user that follow one another as one: what stands before a result in it, the API would not let pass. */
function join(messages: readonly AnthropicMessageParam[]): AnthropicMessageParam[] {
  const joined: AnthropicMessageParam[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (message.role === "user" && last?.role === "user") {
      joined[joined.length - 1] = { role: "user", content: [...last.content, ...message.content] };
    } else joined.push(message);
  }
  return joined;
}
