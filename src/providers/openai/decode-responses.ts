// The tool calls among the output items of a Response. They are paired with their answers by `call_id`; the `id` of an
// item is another thing.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { describe, type RawCall, toText } from "../raw-call.ts";
import { CUSTOM_PROBLEM } from "./custom-call.ts";
import type { ResponsesSource, ResponsesToolCall } from "./wire.ts";

/**
 * The calls in order. Items that ask for no answer, or for one that only the host can give (a screenshot, a shell), are
 * not among them. Throws INVALID_OPTION when `source` is neither a Response nor an array of items.
 */
export function decodeResponses(source: ResponsesSource): readonly RawCall<ResponsesToolCall>[] {
  const items: unknown = Array.isArray(source) ? source : isObject(source) ? source["output"] : undefined;
  if (!Array.isArray(items)) {
    throw new ToolyardError(
      "INVALID_OPTION",
      `decode: received ${describe(source)}, expected a Response or its output items`,
    );
  }
  return items.filter(isCall).map((wire, index) => {
    const { type, name, call_id: id, arguments: input } = wire;
    const given = toText(id);
    const made = given === "" ? { id: `call_${index}`, isIdMadeUp: true } : { id: given };
    const call = { ...made, name: toText(name), wire };
    if (type === "custom_tool_call") return { ...call, input: wire.input, problem: CUSTOM_PROBLEM };
    if (type === "tool_search_call") return { ...call, name: "tool_search", input, problem: null, isSearch: true };
    return { ...call, input, problem: null };
  });
}

function isCall(item: unknown): item is ResponsesToolCall {
  if (!isObject(item)) return false;
  const { type, execution } = item;
  // A search that the server makes is answered there.
  return (
    type === "function_call" || type === "custom_tool_call" || (type === "tool_search_call" && execution === "client")
  );
}
