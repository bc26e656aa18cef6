// A scripted answer in OpenAI's formats: as a body, and as the events of a stream.

export interface ReplyCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
  readonly namespace?: string;
}

export interface Reply {
  readonly text?: string;
  readonly calls?: readonly ReplyCall[];
  /** Responses only: a reasoning item before the calls. */
  readonly reasoning?: boolean;
  /** @default "stop", or "tool_calls" with calls */
  readonly finish?: string;
}

type Json = Record<string, unknown>;

const USAGE = { input: 11, output: 7 };

export function toCompletion(reply: Reply, id: string): Json {
  const calls = reply.calls?.map((call) => ({
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: call.arguments },
  }));
  return {
    id,
    object: "chat.completion",
    created: 0,
    model: "m",
    choices: [
      {
        index: 0,
        finish_reason: toFinish(reply),
        logprobs: null,
        message: { role: "assistant", content: reply.text ?? null, refusal: null, ...(calls && { tool_calls: calls }) },
      },
    ],
    usage: { prompt_tokens: USAGE.input, completion_tokens: USAGE.output, total_tokens: USAGE.input + USAGE.output },
  };
}

/** `pieces` cuts a text in parts. */
export function toCompletionChunks(
  reply: Reply,
  id: string,
  pieces: (text: string) => readonly string[],
): readonly Json[] {
  const chunk = (delta: Json, finish: string | null = null): Json => ({
    id,
    object: "chat.completion.chunk",
    created: 0,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const said = pieces(reply.text ?? "").map((content) => chunk({ content }));
  const calls = (reply.calls ?? []).map((call, index) => [
    chunk({ tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] }),
    ...pieces(call.arguments).map((text) => chunk({ tool_calls: [{ index, function: { arguments: text } }] })),
  ]);
  const usage = {
    prompt_tokens: USAGE.input,
    completion_tokens: USAGE.output,
    total_tokens: USAGE.input + USAGE.output,
  };
  return [
    chunk({ role: "assistant", content: "" }),
    ...said,
    ...interleave(calls),
    chunk({}, toFinish(reply)),
    { id, object: "chat.completion.chunk", created: 0, model: "m", choices: [], usage },
  ];
}

function toFinish(reply: Reply): string {
  return reply.finish ?? (reply.calls === undefined ? "stop" : "tool_calls");
}

/** Pieces of parallel calls may come mixed; the index tells them apart. */
function interleave<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const mixed: T[] = [];
  for (let at = 0; lists.some((list) => at < list.length); at++) {
    for (const list of lists) if (at < list.length) mixed.push(list[at] as T);
  }
  return mixed;
}

export function toResponse(reply: Reply, id: string): Json {
  return {
    id,
    object: "response",
    created_at: 0,
    model: "m",
    status: reply.finish === undefined ? "completed" : "incomplete",
    incomplete_details: reply.finish === undefined ? null : { reason: reply.finish },
    error: null,
    output: toItems(reply, id),
    usage: { input_tokens: USAGE.input, output_tokens: USAGE.output, total_tokens: USAGE.input + USAGE.output },
  };
}

function toItems(reply: Reply, id: string): readonly Json[] {
  const reasoning = reply.reasoning === true ? [{ type: "reasoning", id: `rs_${id}`, summary: [] }] : [];
  const message = {
    type: "message",
    id: `msg_${id}`,
    role: "assistant",
    status: "completed",
    content: [{ type: "output_text", text: reply.text, annotations: [] }],
  };
  const calls = (reply.calls ?? []).map((call, index) => ({
    type: "function_call",
    ...(reply.reasoning === true && { id: `fc_${id}_${index}` }),
    call_id: call.id,
    name: call.name,
    arguments: call.arguments,
    status: "completed",
    ...(call.namespace !== undefined && { namespace: call.namespace }),
  }));
  return [...reasoning, ...(reply.text === undefined ? [] : [message]), ...calls];
}

export function toResponseEvents(
  reply: Reply,
  id: string,
  pieces: (text: string) => readonly string[],
): readonly Json[] {
  const response = toResponse(reply, id);
  const items = response["output"] as readonly Json[];
  const created = { ...response, status: "in_progress", output: [] };
  const events = items.flatMap((item, index) => [
    {
      type: "response.output_item.added",
      output_index: index,
      item: { ...item, ...(item["type"] === "function_call" && { arguments: "" }) },
    },
    ...toDeltas(item, index, pieces),
    { type: "response.output_item.done", output_index: index, item },
  ]);
  const end = { type: response["status"] === "completed" ? "response.completed" : "response.incomplete", response };
  return [{ type: "response.created", response: created }, ...events, end].map((event, index) => ({
    ...event,
    sequence_number: index,
  }));
}

function toDeltas(item: Json, index: number, pieces: (text: string) => readonly string[]): readonly Json[] {
  const place = { output_index: index, item_id: item["id"] };
  if (item["type"] === "function_call") {
    const text = String(item["arguments"]);
    return [
      ...pieces(text).map((delta) => ({ type: "response.function_call_arguments.delta", ...place, delta })),
      { type: "response.function_call_arguments.done", ...place, arguments: text },
    ];
  }
  if (item["type"] !== "message") return [];
  const [content] = item["content"] as readonly { text: string }[];
  return pieces(content?.text ?? "").map((delta) => ({
    type: "response.output_text.delta",
    ...place,
    content_index: 0,
    logprobs: [],
    delta,
  }));
}
