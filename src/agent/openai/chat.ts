// Chat Completions: the request for a turn, and the answer from its stream. Pieces of a call are put together by
// `index`; id and name come once, arguments in pieces.
import { isObject } from "../../kernel/json.ts";
import { convertTool } from "../../providers/openai/to-openai-tool.ts";
import type { ChatTool } from "../../providers/openai/wire.ts";
import type { Message } from "../message.ts";
import type { ModelEvent, ModelTurn } from "../model.ts";
import type { ChatMessageParam, ChatRequest } from "./client.ts";
import { createModelFailure } from "./failure.ts";
import { toArgumentsText, type WireNames } from "./names.ts";

/** The request for `turn`. */
export function toChatRequest(
  model: string,
  { instructions, messages, tools }: ModelTurn,
  names: WireNames,
): ChatRequest {
  const system: ChatMessageParam[] = instructions === "" ? [] : [{ role: "system", content: instructions }];
  const offered = tools.map((tool) => convertTool(tool, "chat", "off", names.ofTool(tool)).wire as ChatTool);
  return {
    model,
    messages: [...system, ...messages.flatMap((message) => toChatMessages(message, names))],
    // An empty list is refused by the API.
    ...(offered.length > 0 && { tools: offered }),
    stream: true,
    stream_options: { include_usage: true },
  };
}

function toChatMessages(message: Message, names: WireNames): ChatMessageParam[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "tool":
      return message.results.map(({ id, text }) => ({ role: "tool", tool_call_id: id, content: text }));
    case "assistant": {
      if (message.calls.length === 0) return [{ role: "assistant", content: message.text }];
      const calls = message.calls.map(({ id, tool, input }) => ({
        id,
        type: "function" as const,
        function: { name: names.ofCall(tool), arguments: toArgumentsText(input) },
      }));
      return [{ role: "assistant", content: message.text === "" ? null : message.text, tool_calls: calls }];
    }
  }
}

interface PartialCall {
  id: string;
  name: string;
  input: string;
}

function checkEnd(model: string, finished: string, spoke: boolean, calls: number): void {
  // Cut off in the middle of a call, its arguments may be whole JSON and not be what the model was going to say.
  if (calls > 0 && (finished === "length" || finished === "content_filter")) {
    throw createModelFailure(model, `it was stopped while it called tools (${finished}).`);
  }
  if (!spoke && calls === 0 && finished !== "stop") {
    throw createModelFailure(model, `it was stopped before it said anything (${finished}).`);
  }
}

/** The events of a stream's chunks. Throws MODEL_FAILED when the stream ends before the answer does. */
export async function* readChatStream(
  chunks: AsyncIterable<unknown>,
  model: string,
  names: WireNames,
): AsyncGenerator<ModelEvent> {
  const calls: PartialCall[] = [];
  const atIndex = new Map<number, PartialCall>();
  let finished: string | null = null;
  let spoke = false;
  for await (const chunk of chunks) {
    const { usage, text, pieces, finish } = readChunk(chunk);
    if (usage !== null) yield usage;
    if (text !== "") {
      spoke = true;
      yield { type: "text", text };
    }
    for (const piece of pieces) if (isObject(piece)) addPiece(piece, calls, atIndex);
    finished = finish ?? finished;
  }
  if (finished === null) throw createModelFailure(model, "its answer ended before it was whole.", true);
  checkEnd(model, finished, spoke, calls.length);
  for (const { id, name, input } of calls) yield { type: "call", id, tool: names.toTool(name), input };
}

interface Chunk {
  readonly usage: ModelEvent | null;
  readonly text: string;
  /** Of calls. */
  readonly pieces: readonly unknown[];
  readonly finish: string | null;
}

/** What a chunk holds; servers leave out what they do not know. */
function readChunk(chunk: unknown): Chunk {
  const { usage, choices } = isObject(chunk) ? chunk : {};
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const { delta, finish_reason: finish } = isObject(choice) ? choice : {};
  const { content, refusal, tool_calls: pieces } = isObject(delta) ? delta : {};
  return {
    usage: isObject(usage) ? toUsage(usage) : null,
    text: toText(content) + toText(refusal),
    pieces: Array.isArray(pieces) ? pieces : [],
    finish: typeof finish === "string" ? finish : null,
  };
}

function toUsage({ prompt_tokens: input, completion_tokens: output }: Record<string, unknown>): ModelEvent {
  return { type: "usage", inputTokens: toCount(input), outputTokens: toCount(output) };
}

function addPiece(piece: Record<string, unknown>, calls: PartialCall[], atIndex: Map<number, PartialCall>): void {
  const index = typeof piece["index"] === "number" ? piece["index"] : calls.length;
  const id = toText(piece["id"]);
  let call = atIndex.get(index);
  // Some compatible servers send every call whole under index 0; another id is another call.
  if (call === undefined || (id !== "" && call.id !== "" && id !== call.id)) {
    call = { id, name: "", input: "" };
    calls.push(call);
    atIndex.set(index, call);
  }
  if (call.id === "") call.id = id;
  const { function: called, custom } = piece;
  const part = isObject(called) ? called : isObject(custom) ? custom : {};
  if (call.name === "") call.name = toText(part["name"]);
  call.input += toText(part["arguments"] ?? part["input"]);
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function toCount(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
