// What the AI SDK gave and the answers to it, as messages. A call has one answer: one that the AI SDK made for a call it
// could not read gives way to the registry's.
import { isObject } from "../../kernel/json.ts";
import type { AiSdkCallPart, AiSdkMessage, AiSdkResult, AiSdkSource } from "./wire.ts";

/** A message of any kind, as it came. */
interface AnyMessage {
  readonly role: string;
  readonly content: unknown;
}

/** The model's turn as it came, and one tool message after it. */
export function toMessages(source: AiSdkSource, results: readonly AiSdkResult[]): readonly unknown[] {
  const messages = toTurn(source);
  if (results.length === 0) return messages;
  // Ids may come again in later steps: only what follows the model's last words is an answer to them.
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const kept = dropAnswered(messages.slice(last + 1), new Set(results.map(({ toolCallId }) => toolCallId)));
  return [...messages.slice(0, last + 1), { role: "tool", content: [...kept, ...results] }];
}

function toTurn(source: AiSdkSource): readonly AnyMessage[] {
  if ("responseMessages" in source) return source.responseMessages;
  if ("role" in source) return [source];
  if (!Array.isArray(source)) return [];
  const content = source.flatMap(toCallPart);
  return content.length === 0 ? [] : [{ role: "assistant", content } satisfies AiSdkMessage];
}

/** The parts of tool messages that are not about these calls: answers of other tools, approvals. */
function dropAnswered(messages: readonly AnyMessage[], ids: ReadonlySet<unknown>): readonly unknown[] {
  const parts = messages.flatMap(({ content }): readonly unknown[] => (Array.isArray(content) ? content : []));
  return parts.filter((part) => !isObject(part) || part["type"] !== "tool-result" || !ids.has(part["toolCallId"]));
}

/** A result's call as a part of a message, as the AI SDK makes it. */
export function toCallPart(part: unknown): readonly AiSdkCallPart[] {
  if (!isObject(part) || part["type"] !== "tool-call") return [];
  const { toolCallId, toolName, input, invalid, providerOptions, providerMetadata } = part;
  const given = invalid === true && !isObject(input) ? {} : input;
  const options = (providerOptions ?? providerMetadata) as AiSdkCallPart["providerOptions"];
  return [
    {
      type: "tool-call",
      toolCallId: String(toolCallId),
      toolName: String(toolName),
      input: given,
      ...(options !== undefined && { providerOptions: options }),
    },
  ];
}
