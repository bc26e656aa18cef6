// The tool calls of an AI message that still have to be answered. A message put together from a stream has its arguments
// parsed leniently, so that a call that was cut off looks whole: what counts is their text.
import type { AIMessage, AIMessageChunk, BaseMessage, ToolMessage } from "@langchain/core/messages";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { describe, type RawCall, toText } from "../raw-call.ts";
import type { LangChainSource, LangChainToolCall } from "./wire.ts";

/** The calls, those with unreadable arguments last. Throws INVALID_OPTION when `source` holds no AI message. */
export function decode(source: LangChainSource): readonly RawCall<LangChainToolCall>[] {
  const messages: readonly unknown[] = Array.isArray(source) ? source : [source];
  const last = messages.findLastIndex(isAnswer);
  const message = messages[last];
  if (!isAnswer(message)) {
    const expected = "an AI message or an array of messages with one";
    throw new ToolyardError("INVALID_OPTION", `decode: received ${describe(source)}, expected ${expected}`);
  }
  // Ids may come again in a later turn: only what follows the model's last words is an answer to them.
  const answered = new Set(messages.slice(last + 1).map((one) => (one as Partial<ToolMessage>).tool_call_id));
  const { tool_calls: calls = [], invalid_tool_calls: invalid = [] } = message;
  return [...calls, ...invalid].flatMap((wire, index): readonly RawCall<LangChainToolCall>[] => {
    const id = toText(wire.id) || `call_${index}`;
    if (answered.has(id)) return [];
    const isIdMadeUp = toText(wire.id) === "";
    return [{ id, isIdMadeUp, name: toText(wire.name), input: toInput(message, wire), problem: null, wire }];
  });
}

function isAnswer(message: unknown): message is AIMessage & Partial<Pick<AIMessageChunk, "tool_call_chunks">> {
  return isMessage(message) && message.type === "ai";
}

function isMessage(value: unknown): value is BaseMessage {
  return typeof value === "object" && value !== null && "type" in value;
}

function toInput(message: Partial<Pick<AIMessageChunk, "tool_call_chunks">>, { id, args }: LangChainToolCall): unknown {
  const chunks = (message.tool_call_chunks ?? []).filter((chunk) => isObject(chunk) && chunk.id === id);
  const text = id === undefined ? "" : chunks.map((chunk) => toText(chunk.args)).join("");
  return text.trim() === "" ? args : text;
}
