// An answer of Chat Completions: as a body, and as the chunks of a stream.
import { interleave, type Json, type Pieces, type Reply, type ReplyCall, USAGE } from "../openai-replies.ts";

const TOTAL = {
  prompt_tokens: USAGE.input,
  completion_tokens: USAGE.output,
  total_tokens: USAGE.input + USAGE.output,
};

export function toCompletion(reply: Reply, id: string): Json {
  const message = {
    role: "assistant",
    content: reply.text ?? null,
    refusal: reply.refusal ?? null,
    annotations: [],
    ...(reply.calls && { tool_calls: reply.calls.map((call) => toCall(call, call.arguments)) }),
  };
  return {
    id,
    object: "chat.completion",
    created: 0,
    model: "m",
    choices: [{ index: 0, finish_reason: toFinish(reply), logprobs: null, message }],
    usage: TOTAL,
  };
}

function toCall({ id, kind, name }: ReplyCall, text: string): Json {
  return kind === "custom"
    ? { id, type: "custom", custom: { name, input: text } }
    : { id, type: "function", function: { name, arguments: text } };
}

export function toCompletionChunks(reply: Reply, id: string, pieces: Pieces): readonly Json[] {
  const base = { id, object: "chat.completion.chunk", created: 0, model: "m" };
  const chunk = (delta: Json, finish: string | null = null): Json => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
  const calls = (reply.calls ?? []).map((call, index) => [
    chunk({ tool_calls: [{ index, ...toCall(call, "") }] }),
    ...pieces(call.arguments).map((text) => chunk({ tool_calls: [{ index, ...toDelta(call, text) }] })),
  ]);
  return [
    chunk({ role: "assistant", content: "", refusal: null }),
    ...pieces(reply.text ?? "").map((content) => chunk({ content })),
    ...pieces(reply.refusal ?? "").map((refusal) => chunk({ refusal })),
    ...interleave(calls),
    chunk({}, toFinish(reply)),
    { ...base, choices: [], usage: TOTAL },
  ];
}

function toDelta({ kind }: ReplyCall, text: string): Json {
  return kind === "custom" ? { custom: { input: text } } : { function: { arguments: text } };
}

function toFinish(reply: Reply): string {
  return reply.finish ?? (reply.calls === undefined ? "stop" : "tool_calls");
}
