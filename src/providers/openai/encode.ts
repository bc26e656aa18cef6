// The answers to calls, in OpenAI's formats. Neither has a flag for errors: an error is text that says so.
import { toModelText } from "../../call/model-text.ts";
import type { Outcome } from "../../call/outcome.ts";
import type { ModelCall } from "../binding.ts";
import type { ChatResult, ChatToolCall, ResponsesResult, ResponsesToolCall } from "./wire.ts";

/** The tool message for Chat Completions. */
export function encodeChat(call: ModelCall<ChatToolCall>, outcome: Outcome, text?: string): ChatResult {
  return { role: "tool", tool_call_id: call.id, content: toText(call, outcome, text) };
}

/** The output item for Responses; `namespace` and `caller` of the call are echoed, which the API insists on. */
export function encodeResponses(call: ModelCall<ResponsesToolCall>, outcome: Outcome, given?: string): ResponsesResult {
  const { type, caller, namespace } = call.wire;
  const output = toText(call, outcome, given);
  const echo = caller === undefined || caller === null ? {} : { caller };
  if (type === "custom_tool_call") return { type: "custom_tool_call_output", call_id: call.id, output, ...echo };
  return {
    type: "function_call_output",
    call_id: call.id,
    output,
    ...(namespace !== undefined && { namespace }),
    ...echo,
  };
}

function toText({ repeats }: ModelCall, outcome: Outcome, given?: string): string {
  const text = given ?? toModelText(outcome);
  if (repeats === 0) return text;
  const others =
    repeats === 1
      ? "1 other call came under the same id and was"
      : `${repeats} other calls came under the same id and were`;
  return `${text}\n(${others} not executed; use an id once.)`;
}
