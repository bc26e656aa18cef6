// The tool calls among the blocks of a message. Tools of the provider's own (`server_tool_use` and what follows it) are
// answered there and are no calls.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { describe, type RawCall, toText } from "../raw-call.ts";
import type { AnthropicSource, AnthropicToolUse } from "./wire.ts";

/** The calls in order. Throws INVALID_OPTION when `source` is none of what `AnthropicSource` names. */
export function decodeMessage(source: AnthropicSource): readonly RawCall<AnthropicToolUse>[] {
  return findBlocks(source).filter(isToolUse).map(toRawCall);
}

/** The blocks of a message; of one that is a text alone, that text. */
export function findBlocks(source: AnthropicSource): readonly unknown[] {
  const content: unknown = Array.isArray(source) ? source : isObject(source) ? source["content"] : undefined;
  if (Array.isArray(content)) return content;
  if (typeof content === "string") return [{ type: "text", text: content }];
  throw new ToolyardError(
    "INVALID_OPTION",
    `decode: received ${describe(source)}, expected a Message, a message of the assistant, or an array of its blocks`,
  );
}

function isToolUse(block: unknown): block is AnthropicToolUse {
  return isObject(block) && block["type"] === "tool_use";
}

function toRawCall(wire: AnthropicToolUse, index: number): RawCall<AnthropicToolUse> {
  const { input, toolset_name: toolset } = wire;
  const name = toText(wire.name);
  // A member of a toolset is the host's; that a tool of the registry has the same name is chance.
  const problem =
    typeof toolset === "string" ? `The tool ${JSON.stringify(name)} of ${toolset} is not available here.` : null;
  return { id: toCallId(wire.id, index), name, input, problem, wire };
}

/** The id of a message's call at `index` among its calls; some compatible servers leave it out. */
export function toCallId(id: unknown, index: number): string {
  return toText(id) || `call_${index}`;
}
