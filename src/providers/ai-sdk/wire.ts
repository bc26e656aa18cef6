// The parts of the AI SDK's formats that a binding reads and writes. A tool is a plain object with a `Schema` of the AI
// SDK's own: its other forms of schema close every open object. `wire.test-d.ts` holds all of it against `ai`.
import type { Schema } from "ai";
import type { Wire } from "../binding.ts";

/** What a model is shown of a result: an AI SDK tool result's `output`. */
export type AiSdkOutput =
  | { type: "text"; value: string }
  | { type: "error-text"; value: string }
  | { type: "content"; value: AiSdkOutputPart[] };

export type AiSdkOutputPart =
  | { type: "text"; text: string }
  | { type: "file"; mediaType: string; data: { type: "data"; data: string }; filename?: string };

/** What of a tool goes to a model. */
export interface AiSdkDefinition {
  type: "dynamic";
  description: string;
  inputSchema: Schema<unknown>;
  /** Only `true`, and only where the schema is in the provider's strict subset: the AI SDK sends it as it is. */
  strict?: boolean;
}

/** What the AI SDK tells a tool of a call. */
export interface AiSdkCallOptions {
  readonly toolCallId: string;
  readonly abortSignal?: AbortSignal;
}

/** An entry of `tools`. */
export interface AiSdkTool extends AiSdkDefinition {
  /** Makes the call through the registry. Gives refusals and failures as outputs. Absent with `execute: false`. */
  execute?: (input: unknown, options: AiSdkCallOptions) => Promise<AiSdkOutput>;
  /** The output as it is; anything else, which may come from a client's messages, as text. */
  toModelOutput: (options: { toolCallId: string; input: unknown; output: unknown }) => AiSdkOutput;
}

/** By wire name. Grows while it is in use: the AI SDK reads it before each step. */
export type AiSdkToolSet = Record<string, AiSdkTool>;

/** To be spread into the call of `generateText` or `streamText`. */
export interface AiSdkChoice {
  activeTools: string[];
}

/** A tool call of a result, or of an assistant message. */
export interface AiSdkToolCall {
  readonly type: "tool-call";
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
  readonly providerExecuted?: boolean | undefined;
  readonly invalid?: boolean | undefined;
}

/** A part of an assistant message or of a result's content. */
export type AiSdkPart = AiSdkToolCall | { readonly type: string };

/** What `generateText` resolves with, or the same of `streamText` (its members awaited). */
export interface AiSdkResponse {
  readonly toolCalls: readonly AiSdkToolCall[];
  readonly responseMessages: readonly { readonly role: "assistant" | "tool"; readonly content: unknown }[];
  readonly content?: readonly AiSdkPart[];
}

/** A result, an assistant message, or tool calls. */
export type AiSdkSource =
  | AiSdkResponse
  | { readonly role: "assistant"; readonly content: string | readonly AiSdkPart[] }
  | readonly AiSdkPart[];

/** One answer: a part of a tool message. */
export interface AiSdkResult {
  type: "tool-result";
  toolCallId: string;
  toolName: string;
  output: AiSdkOutput;
}

export interface AiSdkCallPart {
  type: "tool-call";
  toolCallId: string;
  toolName: string;
  input: unknown;
  providerOptions?: Record<string, Record<string, AiSdkJson>>;
}

type AiSdkJson = null | string | number | boolean | { [key: string]: AiSdkJson | undefined } | AiSdkJson[];

export type AiSdkMessage = { role: "assistant"; content: AiSdkCallPart[] } | { role: "tool"; content: AiSdkResult[] };

export interface AiSdkWire extends Wire {
  readonly tools: AiSdkToolSet;
  readonly choice: AiSdkChoice;
  readonly source: AiSdkSource;
  readonly call: AiSdkToolCall;
  readonly result: AiSdkResult;
  readonly message: AiSdkMessage;
}
