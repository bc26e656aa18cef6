// The parts of OpenAI's formats that a binding reads and writes, as types of our own, so that nobody needs the `openai`
// package to use them. `wire.test-d.ts` holds them against that package.

export interface ResponsesTool {
  type: "function";
  name: string;
  description: string;
  parameters: Record<string, unknown>;
  /** Never left out: Responses tries to make an unmarked tool strict, and models then fill in every optional field. */
  strict: boolean;
}

export interface ChatTool {
  type: "function";
  function: { name: string; description: string; parameters: Record<string, unknown>; strict?: boolean };
}

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
  readonly type: "function_call" | "custom_tool_call";
  readonly call_id: string;
  readonly name: string;
  readonly arguments?: string;
  readonly input?: string;
  readonly namespace?: string;
  readonly caller?: ResponsesCaller | null;
}

/** An output item; those that ask for no answer are passed over. */
export type ResponsesItem = ResponsesToolCall | { readonly type: string };

/** A Response, or its output items. */
export type ResponsesSource = { readonly output: readonly ResponsesItem[] } | readonly ResponsesItem[];

export type ResponsesResult =
  | { type: "function_call_output"; call_id: string; output: string; namespace?: string; caller?: ResponsesCaller }
  | { type: "custom_tool_call_output"; call_id: string; output: string; caller?: ResponsesCaller };
