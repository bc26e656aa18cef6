// What is used of the official `openai` client, as types of our own, so that nobody needs that package to use an agent.
// `openai-model.test-d.ts` holds them against it.
import type { ChatTool, ResponsesOutput, ResponsesTool } from "../../providers/openai/wire.ts";

export interface RequestOptions {
  readonly signal: AbortSignal;
}

export interface ChatToolCallParam {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

export type ChatMessageParam =
  | { role: "system"; content: string }
  | { role: "user"; content: string }
  | { role: "assistant"; content: string | null; tool_calls?: ChatToolCallParam[] }
  | { role: "tool"; tool_call_id: string; content: string };

export interface ChatRequest {
  model: string;
  messages: ChatMessageParam[];
  tools?: ChatTool[];
  stream: true;
  stream_options: { include_usage: true };
}

export interface ResponsesRequest {
  model: string;
  input: ResponsesItemParam[];
  instructions?: string;
  tools?: ResponsesTool[];
  stream: true;
}

export type ResponsesItemParam =
  | { role: "user" | "assistant"; content: string }
  | { type: "function_call"; call_id: string; name: string; arguments: string }
  | { type: "function_call_output"; call_id: string; output: ResponsesOutput };

type Create<Request> = (body: Request, options: RequestOptions) => PromiseLike<AsyncIterable<unknown>>;

/** A client that speaks Chat Completions. */
export interface ChatClient {
  readonly chat: {
    readonly completions: { create(...parameters: Parameters<Create<ChatRequest>>): ReturnType<Create<ChatRequest>> };
  };
}

/** A client that speaks Responses. */
export interface ResponsesClient {
  readonly responses: {
    create(...parameters: Parameters<Create<ResponsesRequest>>): ReturnType<Create<ResponsesRequest>>;
  };
}
