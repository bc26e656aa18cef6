// An answer of Responses: as a body, and as the events of a stream, in the order of recorded ones. Calls that follow one
// another come mixed, which the events permit: their `output_index` tells them apart.
import { interleave, type Json, type Pieces, type Reply, type ReplyCall, USAGE } from "../openai-replies.ts";

const CALLS = new Set<unknown>(["function_call", "custom_tool_call"]);

export function toResponse(reply: Reply, id: string): Json {
  const isWhole = reply.finish === undefined;
  return {
    id,
    object: "response",
    created_at: 0,
    model: "m",
    status: isWhole ? "completed" : "incomplete",
    incomplete_details: isWhole ? null : { reason: reply.finish },
    error: null,
    instructions: null,
    metadata: {},
    parallel_tool_calls: true,
    tool_choice: "auto",
    tools: [],
    temperature: 1,
    top_p: 1,
    output: toItems(reply, id),
    usage: {
      input_tokens: USAGE.input,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: USAGE.output,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: USAGE.input + USAGE.output,
    },
  };
}

function toItems(reply: Reply, id: string): readonly Json[] {
  const { search, program, calls = [] } = reply;
  const items = [
    ...(reply.reasoning === true ? [{ type: "reasoning", id: `rs_${id}`, summary: [] }] : []),
    ...toMessages(reply, id),
    ...(search === undefined ? [] : toSearchItems(search, id)),
    ...(program === undefined
      ? []
      : [{ type: "program", id: `cm_${id}`, call_id: program.id, code: program.code, fingerprint: "f" }]),
    ...calls.map((call, index) => toCallItem(call, `${id}_${index}`)),
  ];
  if (reply.finish === undefined) return items;
  // Cut off in its last item.
  return items.map((item, index) =>
    index === items.length - 1 && "status" in item ? { ...item, status: "incomplete" } : item,
  );
}

function toMessages({ text, refusal }: Reply, id: string): readonly Json[] {
  const content = [
    ...(text === undefined ? [] : [{ type: "output_text", text, annotations: [], logprobs: [] }]),
    ...(refusal === undefined ? [] : [{ type: "refusal", refusal }]),
  ];
  if (content.length === 0) return [];
  return [{ type: "message", id: `msg_${id}`, role: "assistant", status: "completed", content }];
}

function toSearchItems(search: NonNullable<Reply["search"]>, id: string): readonly Json[] {
  const { execution, arguments: input, tools = [] } = search;
  const base = { execution, call_id: search.id ?? null, status: "completed" };
  const call = { type: "tool_search_call", id: `tsc_${id}`, ...base, arguments: input };
  return execution === "client" ? [call] : [call, { type: "tool_search_output", id: `tso_${id}`, ...base, tools }];
}

function toCallItem({ id: callId, kind, name, ...call }: ReplyCall, id: string): Json {
  const { namespace, caller, async: isAsync } = call;
  const echoed = {
    ...(namespace !== undefined && { namespace }),
    ...(caller !== undefined && { caller }),
    ...(isAsync !== undefined && { async: isAsync }),
  };
  if (kind === "custom") {
    const said = { call_id: callId, name, input: call.arguments, status: "completed" };
    return { type: "custom_tool_call", id: `ctc_${id}`, ...said, ...echoed };
  }
  const text = call.arguments;
  return {
    type: "function_call",
    id: `fc_${id}`,
    call_id: callId,
    name,
    arguments: text,
    status: "completed",
    ...echoed,
  };
}

export function toResponseEvents(reply: Reply, id: string, pieces: Pieces): readonly Json[] {
  const response = toResponse(reply, id);
  const items = response["output"] as readonly Json[];
  const started = { ...response, status: "in_progress", incomplete_details: null, usage: null, output: [] };
  const streams = items.map((item, index) => toItemEvents(item, index, pieces));
  const firstCall = items.findIndex(({ type }) => CALLS.has(type));
  const calls = firstCall === -1 ? items.length : firstCall;
  const events: readonly Json[] = [
    { type: "response.created", response: started },
    { type: "response.in_progress", response: started },
    ...streams.slice(0, calls).flat(),
    ...interleave(streams.slice(calls)),
    { type: response["status"] === "completed" ? "response.completed" : "response.incomplete", response },
  ];
  return events.map((event, index) => ({ ...event, sequence_number: index }));
}

function toItemEvents(item: Json, index: number, pieces: Pieces): readonly Json[] {
  return [
    { type: "response.output_item.added", output_index: index, item: toStarted(item) },
    ...toDeltas(item, { output_index: index, item_id: item["id"] }, pieces),
    { type: "response.output_item.done", output_index: index, item },
  ];
}

/** An item before anything of it has come. */
function toStarted(item: Json): Json {
  const status = "status" in item ? { status: "in_progress" } : {};
  switch (item["type"]) {
    case "function_call":
      return { ...item, ...status, arguments: "" };
    case "custom_tool_call":
      return { ...item, ...status, input: "" };
    case "tool_search_call":
      return { ...item, ...status, arguments: {} };
    case "message":
      return { ...item, ...status, content: [] };
    default:
      return { ...item, ...status };
  }
}

function toDeltas(item: Json, place: Json, pieces: Pieces): readonly Json[] {
  switch (item["type"]) {
    case "function_call":
      return toTextDeltas("response.function_call_arguments", "arguments", String(item["arguments"]), place, pieces);
    case "custom_tool_call":
      return toTextDeltas("response.custom_tool_call_input", "input", String(item["input"]), place, pieces);
    case "message":
      return (item["content"] as readonly Json[]).flatMap((part, index) =>
        toPartEvents(part, { ...place, content_index: index }, pieces),
      );
    default:
      return [];
  }
}

function toPartEvents(part: Json, place: Json, pieces: Pieces): readonly Json[] {
  const isText = part["type"] === "output_text";
  const field = isText ? "text" : "refusal";
  const said = String(part[field]);
  const at = isText ? { ...place, logprobs: [] } : place;
  return [
    { type: "response.content_part.added", ...place, part: { ...part, [field]: "" } },
    ...toTextDeltas(isText ? "response.output_text" : "response.refusal", field, said, at, pieces),
    { type: "response.content_part.done", ...place, part },
  ];
}

function toTextDeltas(type: string, field: string, text: string, place: Json, pieces: Pieces): readonly Json[] {
  return [
    ...pieces(text).map((delta) => ({ type: `${type}.delta`, ...place, delta })),
    { type: `${type}.done`, ...place, [field]: text },
  ];
}
