// The tool calls in a Chat Completion. Every one is kept, also of a kind that nobody offered: the API refuses the next
// request while one is unanswered.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { describe, type RawCall, toText } from "../raw-call.ts";
import { CUSTOM_PROBLEM } from "./custom-call.ts";
import type { ChatSource, ChatToolCall } from "./wire.ts";

/** The calls in order. Throws INVALID_OPTION when `source` is none of what `ChatSource` names. */
export function decodeChat(source: ChatSource): readonly RawCall<ChatToolCall>[] {
  const calls = findCalls(source);
  if (calls === null) {
    throw new ToolyardError(
      "INVALID_OPTION",
      `decode: received ${describe(source)}, expected a Chat Completion, its choices, a message, or an array of tool calls`,
    );
  }
  return calls.filter(isObject).map((call, index) => toRawCall(call as unknown as ChatToolCall, index));
}

function findCalls(source: unknown): readonly unknown[] | null {
  if (Array.isArray(source)) {
    const [first] = source as readonly unknown[];
    return isObject(first) && "message" in first ? findCalls(first["message"]) : source;
  }
  if (!isObject(source)) return null;
  if (Array.isArray(source["choices"])) return findCalls(source["choices"]);
  if (Array.isArray(source["tool_calls"])) return source["tool_calls"];
  // A message without calls, and nothing that only looks like an object.
  return "role" in source || "content" in source ? [] : null;
}

/** The model's message in what `decodeChat` takes; null where it is only calls. */
export function findChatMessage(source: ChatSource): object | null {
  const [first] = (Array.isArray(source) ? source : ((source as { choices?: unknown }).choices ?? [])) as unknown[];
  if (isObject(first) && isObject(first["message"])) return first["message"];
  return Array.isArray(source) ? null : source;
}

function toRawCall(wire: ChatToolCall, index: number): RawCall<ChatToolCall> {
  // Some compatible servers leave the id out.
  const given = toText(wire.id);
  const call = given === "" ? { id: `call_${index}`, isIdMadeUp: true, wire } : { id: given, wire };
  const { custom } = wire;
  if (isObject(wire.function)) {
    return { ...call, name: toText(wire.function.name), input: wire.function.arguments, problem: null };
  }
  if (isObject(custom)) return { ...call, name: toText(custom.name), input: custom.input, problem: CUSTOM_PROBLEM };
  const problem = `A call of type ${JSON.stringify(toText(wire.type).slice(0, 64))} is not supported; call a function.`;
  return { ...call, name: toText(wire.type), input: undefined, problem };
}
