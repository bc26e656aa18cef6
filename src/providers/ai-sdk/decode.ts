// The tool calls in what the AI SDK gives that still have to be answered: not those that the provider, another tool's
// `execute` or an approval has answered.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { describe, type RawCall, toText } from "../raw-call.ts";
import type { AiSdkSource, AiSdkToolCall } from "./wire.ts";

/** The calls in order. Throws INVALID_OPTION when `source` is none of what `AiSdkSource` names. */
export function decode(source: AiSdkSource): readonly RawCall<AiSdkToolCall>[] {
  const { calls, around } = findParts(source);
  const settled = toSettled(around);
  return calls.filter(isCall).flatMap((wire, index) => {
    const given = toText(wire.toolCallId);
    const id = given === "" ? `call_${index}` : given;
    if (settled.has(id)) return [];
    const call = { id, name: toText(wire.toolName), input: wire.input, problem: null, wire };
    return [given === "" ? { ...call, isIdMadeUp: true } : call];
  });
}

interface Parts {
  readonly calls: readonly unknown[];
  /** All that came with them. */
  readonly around: readonly unknown[];
}

function findParts(source: unknown): Parts {
  if (Array.isArray(source)) return { calls: source, around: source };
  if (isObject(source)) {
    // Calls of earlier steps have been answered, and a later step may use an id again.
    const step = isObject(source["finalStep"]) ? source["finalStep"] : source;
    const { toolCalls, content } = step;
    const around = Array.isArray(content) ? content : [];
    if (Array.isArray(toolCalls)) return { calls: toolCalls, around };
    if (source["role"] === "assistant") return { calls: around, around };
  }
  throw new ToolyardError(
    "INVALID_OPTION",
    `decode: received ${describe(source)}, expected what generateText resolves with, an assistant message, or an array of tool calls`,
  );
}

function isCall(part: unknown): part is AiSdkToolCall {
  return isObject(part) && part["type"] === "tool-call" && part["providerExecuted"] !== true;
}

/** Ids of calls that are answered, or that a person has not approved. */
function toSettled(parts: readonly unknown[]): ReadonlySet<string> {
  const idsOf = (type: string): readonly string[] =>
    parts.flatMap((part) => (isObject(part) && part["type"] === type ? [toCallId(part)] : []));
  // What the AI SDK could not read it answers itself, in other words than the registry: that is not settled.
  const invalid = new Set(parts.flatMap((part) => (isCall(part) && part.invalid === true ? [part.toolCallId] : [])));
  const failed = idsOf("tool-error").filter((id) => !invalid.has(id));
  const approved = new Set(
    parts.flatMap((part) => (isObject(part) && part["approved"] === true ? [toCallId(part)] : [])),
  );
  const waiting = idsOf("tool-approval-request").filter((id) => !approved.has(id));
  return new Set([...idsOf("tool-result"), ...failed, ...waiting]);
}

function toCallId({ toolCallId, toolCall }: Record<string, unknown>): string {
  return toText(isObject(toolCall) ? toolCall["toolCallId"] : toolCallId);
}
