// The answers to calls, in OpenAI's formats. Neither has a flag for errors: an error is text that says so.
import type { ModelCall } from "../binding.ts";
import type { Answer } from "../create-binding.ts";
import type { OfferedTool } from "../offer.ts";
import { toResponsesOutput } from "./media.ts";
import { toNamespaces } from "./namespaces.ts";
import type {
  ChatResult,
  ChatToolCall,
  ResponsesResult,
  ResponsesSearchResult,
  ResponsesTool,
  ResponsesToolCall,
} from "./wire.ts";

/** The tool message for Chat Completions. */
export function encodeChat({ id }: ModelCall<ChatToolCall>, { text }: Answer): ChatResult {
  return { role: "tool", tool_call_id: id, content: text };
}

/** The output item for Responses; `namespace` and `caller` of the call are echoed, which the API insists on. */
export function encodeResponses(
  { id, wire: { type, caller, namespace } }: ModelCall<ResponsesToolCall>,
  { text, parts }: Answer,
): ResponsesResult {
  const output = toResponsesOutput(text, parts);
  const echo = caller === undefined || caller === null ? {} : { caller };
  if (type === "custom_tool_call") return { type: "custom_tool_call_output", call_id: id, output, ...echo };
  return {
    type: "function_call_output",
    call_id: id,
    output,
    ...(namespace !== undefined && namespace !== null && { namespace }),
    ...echo,
  };
}

/** The answer to a search that the binding made: the definitions of what was found. */
export function encodeResponsesSearch(
  { id }: ModelCall<ResponsesToolCall>,
  found: readonly OfferedTool<ResponsesTool>[],
): ResponsesSearchResult {
  return {
    type: "tool_search_output",
    call_id: id,
    execution: "client",
    status: "completed",
    tools: toNamespaces(found),
  };
}
