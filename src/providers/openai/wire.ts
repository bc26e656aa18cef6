// The parts of OpenAI's formats that a binding reads and writes, as types of our own, so that nobody needs the `openai`
// package to use them. `wire.test-d.ts` holds them against that package.
import type { Wire } from "../binding.ts";

export interface ResponsesTool {
  type: "function";
  name: string;
  description: string;
  parameters: Record<string, unknown>;
  /** Never left out: Responses tries to make an unmarked tool strict, and models then fill in every optional field. */
  strict: boolean;
  /** Only `true`: the model sees the parameters after it has searched for the tool. */
  defer_loading?: boolean;
}

/** Deferred functions of one category, of which the model sees the name and the description at first. */
export interface ResponsesNamespace {
  type: "namespace";
  name: string;
  description: string;
  tools: ResponsesTool[];
}

export interface ResponsesToolSearch {
  type: "tool_search";
  execution?: "client";
  description?: string;
  parameters?: Record<string, unknown>;
}

/** What stands among the tools where some are deferred. */
export type ResponsesEntry = ResponsesTool | ResponsesNamespace | ResponsesToolSearch;

/** `none` where nothing is allowed: the API refuses an empty list. */
export type ResponsesToolChoice =
  | "none"
  | { type: "allowed_tools"; mode: "auto"; tools: { type: "function"; name: string }[] };

export interface ChatTool {
  type: "function";
  function: { name: string; description: string; parameters: Record<string, unknown>; strict?: boolean };
}

export type ChatToolChoice =
  | "none"
  | {
      type: "allowed_tools";
      allowed_tools: { mode: "auto"; tools: { type: "function"; function: { name: string } }[] };
    };

export interface ChatToolCall {
  readonly id: string;
  readonly type: string;
  readonly function?: { readonly name: string; readonly arguments: string };
  readonly custom?: { readonly name: string; readonly input: string };
}

export interface ChatMessage {
  readonly role: string;
  readonly tool_calls?: readonly ChatToolCall[] | null;
}

/** A Chat Completion, its choices, a message, or its tool calls. */
export type ChatSource =
  | { readonly choices: readonly { readonly message: ChatMessage }[] }
  | ChatMessage
  | readonly { readonly message: ChatMessage }[]
  | readonly ChatToolCall[];

export interface ChatResult {
  role: "tool";
  tool_call_id: string;
  content: string;
}

export type ResponsesCaller = { type: "direct" } | { type: "program"; caller_id: string };

/** An output item that asks for an answer. */
export interface ResponsesToolCall {
  readonly type: "function_call" | "custom_tool_call" | "tool_search_call";
  readonly call_id: string | null;
  readonly name?: string;
  readonly arguments?: unknown;
  readonly input?: string;
  readonly namespace?: string | null;
  readonly caller?: ResponsesCaller | null;
  readonly execution?: "server" | "client";
}

/** An output item; those that ask for no answer are passed over. */
export type ResponsesItem = ResponsesToolCall | { readonly type: string };

/** A Response, or its output items. */
export type ResponsesSource = { readonly output: readonly ResponsesItem[] } | readonly ResponsesItem[];

/** What a model is shown of a result: text, images, files. */
export type ResponsesOutputPart =
  | { type: "input_text"; text: string }
  | { type: "input_image"; image_url: string; detail: "auto" }
  | { type: "input_file"; filename: string; file_data: string };

export type ResponsesOutput = string | ResponsesOutputPart[];

export type ResponsesResult =
  | {
      type: "function_call_output";
      call_id: string;
      output: ResponsesOutput;
      namespace?: string;
      caller?: ResponsesCaller;
    }
  | { type: "custom_tool_call_output"; call_id: string; output: ResponsesOutput; caller?: ResponsesCaller };

/** The answer to a search that the binding made. */
export interface ResponsesSearchResult {
  type: "tool_search_output";
  call_id: string;
  execution: "client";
  status: "completed";
  tools: (ResponsesTool | ResponsesNamespace)[];
}

/** The Responses API. */
export interface ResponsesWire extends Wire {
  readonly tools: ResponsesTool[];
  readonly choice: ResponsesToolChoice;
  readonly source: ResponsesSource;
  readonly call: ResponsesToolCall;
  readonly result: ResponsesResult;
  readonly message: ResponsesResult;
}

/** The Responses API with tools that have to be searched for. */
export interface ResponsesSearchWire extends Omit<ResponsesWire, "tools" | "result" | "message"> {
  readonly tools: ResponsesEntry[];
  readonly result: ResponsesResult | ResponsesSearchResult;
  readonly message: ResponsesResult | ResponsesSearchResult;
}

/** Chat Completions. */
export interface ChatWire extends Wire {
  readonly tools: ChatTool[];
  readonly choice: ChatToolChoice;
  readonly source: ChatSource;
  readonly call: ChatToolCall;
  readonly result: ChatResult;
  readonly message: ChatResult;
}
