// What is used of the official `@anthropic-ai/sdk` client, as types of our own, so that nobody needs that package to use an
// agent. `anthropic-model.test-d.ts` holds them against it.
import type { AnthropicResult, AnthropicTool } from "../../providers/anthropic/wire.ts";

export interface RequestOptions {
  readonly signal: AbortSignal;
}

export interface AnthropicTextParam {
  type: "text";
  text: string;
}

export interface AnthropicToolUseParam {
  type: "tool_use";
  id: string;
  name: string;
  input: unknown;
}

export type AnthropicMessageParam =
  | { role: "user"; content: (AnthropicResult | AnthropicTextParam)[] }
  | { role: "assistant"; content: (AnthropicTextParam | AnthropicToolUseParam)[] };

export interface AnthropicRequest {
  model: string;
  max_tokens: number;
  system?: string;
  messages: AnthropicMessageParam[];
  tools?: AnthropicTool[];
  stream: true;
}

type Create = (body: AnthropicRequest, options: RequestOptions) => PromiseLike<AsyncIterable<unknown>>;

/** A client that speaks the Messages API. */
export interface AnthropicClient {
  readonly messages: { create(...parameters: Parameters<Create>): ReturnType<Create> };
}
