// The answers to calls, in Anthropic's format.
import type { ModelCall } from "../binding.ts";
import type { Answer } from "../create-binding.ts";
import type { OfferedTool } from "../offer.ts";
import { toResultContent } from "./media.ts";
import type { AnthropicResult, AnthropicTool, AnthropicToolUse } from "./wire.ts";

const NOTHING_FOUND = "No tool fits. Say it in other words, or go on without one.";

/** What of a call its answer is about. */
type Answered = Pick<ModelCall, "id"> & { readonly wire: Pick<AnthropicToolUse, "toolset_name"> };

/** The block that answers a call. */
export function encodeResult({ id, wire }: Answered, { ok, text, parts }: Answer): AnthropicResult {
  const content = toResultContent(text, parts);
  const { toolset_name: toolset } = wire;
  return {
    type: "tool_result",
    tool_use_id: id,
    ...(content !== undefined && { content }),
    // The API refuses an error without a text.
    ...(!ok && { is_error: true, content: content ?? "The call failed." }),
    ...(typeof toolset === "string" && { toolset_name: toolset }),
  };
}

/** The answer to a search that the binding made: what the API loads of the deferred tools. */
export function encodeSearch(
  { id }: ModelCall<AnthropicToolUse>,
  found: readonly OfferedTool<AnthropicTool>[],
): AnthropicResult {
  const references = found.map(({ wireName }) => ({ type: "tool_reference" as const, tool_name: wireName }));
  return { type: "tool_result", tool_use_id: id, content: references.length === 0 ? NOTHING_FOUND : references };
}
