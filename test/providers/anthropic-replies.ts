// A scripted answer in the form of Anthropic's Messages API: as a message, and as the events of a stream.
import type { Json } from "./scripted-server.ts";

export interface AnthropicCall {
  /** @default one that no other call of the server has */
  readonly id?: string;
  readonly name: string;
  readonly input?: unknown;
  /** What a stream sends for the input, where it is not the input's JSON: a call without arguments, or one cut short. */
  readonly json?: string;
  /** @default { type: "direct" } */
  readonly caller?: Json;
}

export interface AnthropicReply {
  /** Thinking blocks before all else. */
  readonly thinking?: readonly { readonly text: string; readonly signature: string }[];
  /** A thinking block whose text is encrypted. */
  readonly redacted?: string;
  /** A search of the server's for tools, with what it found. */
  readonly search?: { readonly id: string; readonly query: string; readonly found: readonly string[] | "unavailable" };
  readonly text?: string;
  readonly calls?: readonly AnthropicCall[];
  /** All blocks as they are, in place of the fields above. */
  readonly content?: readonly Json[];
  /** @default "end_turn", or "tool_use" with calls */
  readonly stop?: "max_tokens" | "stop_sequence" | "pause_turn" | "refusal" | "model_context_window_exceeded";
  readonly usage?: Readonly<Record<string, number>>;
}

const DIRECT = { type: "direct" };
const SEARCH = "tool_search_tool_regex";

/** The blocks of the answer with this id. */
export function toContent(reply: AnthropicReply, id: string): readonly Json[] {
  if (reply.content !== undefined) return reply.content;
  const { thinking = [], redacted, search, text, calls = [] } = reply;
  return [
    ...thinking.map((thought) => ({ type: "thinking", thinking: thought.text, signature: thought.signature })),
    ...(redacted === undefined ? [] : [{ type: "redacted_thinking", data: redacted }]),
    ...(search === undefined ? [] : toSearchBlocks(search)),
    ...(text === undefined ? [] : [{ type: "text", text, citations: null }]),
    ...calls.map((call, index) => ({
      type: "tool_use",
      id: toCallId(call, id, index),
      name: call.name,
      input: call.input ?? {},
      caller: call.caller ?? DIRECT,
    })),
  ];
}

function toCallId(call: AnthropicCall, id: string, index: number): string {
  return call.id ?? `toolu_${id}_${index}`;
}

function toSearchBlocks(search: NonNullable<AnthropicReply["search"]>): readonly Json[] {
  const { id, query, found } = search;
  const content =
    found === "unavailable"
      ? { type: "tool_search_tool_result_error", error_code: "unavailable", error_message: null }
      : {
          type: "tool_search_tool_search_result",
          tool_references: found.map((name) => ({ type: "tool_reference", tool_name: name })),
        };
  return [
    { type: "server_tool_use", id, name: SEARCH, input: { pattern: query }, caller: DIRECT },
    { type: "tool_search_tool_result", tool_use_id: id, content },
  ];
}

function toStop(reply: AnthropicReply, content: readonly Json[]): string {
  if (reply.stop !== undefined) return reply.stop;
  return content.some((block) => block["type"] === "tool_use") ? "tool_use" : "end_turn";
}

function toStopDetails(reply: AnthropicReply): Json | null {
  return reply.stop === "refusal" ? { type: "refusal", category: "cyber", explanation: "It was declined." } : null;
}

function toUsage(reply: AnthropicReply): Json {
  return {
    input_tokens: 11,
    output_tokens: 7,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    output_tokens_details: null,
    server_tool_use: null,
    service_tier: "standard",
    inference_geo: null,
    speed: "standard",
    ...reply.usage,
  };
}

export function toMessage(reply: AnthropicReply, id: string, model: unknown): Json {
  const content = toContent(reply, id);
  return {
    id,
    type: "message",
    role: "assistant",
    model,
    container: null,
    diagnostics: null,
    content,
    stop_reason: toStop(reply, content),
    stop_sequence: reply.stop === "stop_sequence" ? "END" : null,
    stop_details: toStopDetails(reply),
    usage: toUsage(reply),
  };
}

/** `pieces` cuts a text in parts. */
export function toMessageEvents(
  reply: AnthropicReply,
  id: string,
  model: unknown,
  pieces: (text: string) => readonly string[],
): readonly Json[] {
  const message = toMessage(reply, id, model);
  const usage = toUsage(reply);
  const begun = { ...message, content: [], stop_reason: null, stop_sequence: null, stop_details: null };
  const blocks = toContent(reply, id).flatMap((block, index) => [
    { type: "content_block_start", index, content_block: toEmptied(block) },
    // A ping may come anywhere.
    ...(index === 0 ? [{ type: "ping" }] : []),
    ...toDeltas(block, toJsonText(reply, block, id), pieces).map((delta) => ({
      type: "content_block_delta",
      index,
      delta,
    })),
    { type: "content_block_stop", index },
  ]);
  const { stop_reason, stop_sequence, stop_details, container } = message;
  return [
    { type: "message_start", message: { ...begun, usage: { ...usage, output_tokens: 1 } } },
    ...blocks,
    {
      type: "message_delta",
      delta: { stop_reason, stop_sequence, stop_details, container },
      usage: {
        input_tokens: usage["input_tokens"],
        output_tokens: usage["output_tokens"],
        cache_creation_input_tokens: usage["cache_creation_input_tokens"],
        cache_read_input_tokens: usage["cache_read_input_tokens"],
        output_tokens_details: usage["output_tokens_details"],
        server_tool_use: usage["server_tool_use"],
      },
    },
    { type: "message_stop" },
  ];
}

/** A block as it begins in a stream: what deltas bring is not in it yet. */
function toEmptied(block: Json): Json {
  switch (block["type"]) {
    case "text":
      return { ...block, text: "" };
    case "thinking":
      return { ...block, thinking: "", signature: "" };
    case "tool_use":
    case "server_tool_use":
      return { ...block, input: {} };
    default:
      return block;
  }
}

function toJsonText(reply: AnthropicReply, block: Json, id: string): string {
  const call =
    reply.content === undefined
      ? reply.calls?.find((one, index) => toCallId(one, id, index) === block["id"])
      : undefined;
  return call?.json ?? JSON.stringify(block["input"]);
}

function toDeltas(block: Json, json: string, pieces: (text: string) => readonly string[]): readonly Json[] {
  switch (block["type"]) {
    case "text":
      return pieces(String(block["text"])).map((text) => ({ type: "text_delta", text }));
    case "thinking":
      return [
        ...pieces(String(block["thinking"])).map((thinking) => ({ type: "thinking_delta", thinking })),
        { type: "signature_delta", signature: block["signature"] },
      ];
    case "tool_use":
    case "server_tool_use":
      // The first delta of a call is empty; of a call without arguments it is the only one.
      return ["", ...pieces(json)].map((text) => ({ type: "input_json_delta", partial_json: text }));
    default:
      return [];
  }
}
