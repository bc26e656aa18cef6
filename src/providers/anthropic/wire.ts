// The parts of Anthropic's Messages format that a binding reads and writes, as types of our own, so that nobody needs the
// `@anthropic-ai/sdk` package to use them. `wire.test-d.ts` holds them against that package.
import type { Wire } from "../binding.ts";

export interface AnthropicTool {
  name: string;
  description: string;
  input_schema: { type: "object"; [keyword: string]: unknown };
  /** Only `true`: the limits of a request count what is strict. */
  strict?: boolean;
  /** Only `true`: the model sees the tool after it has searched for it. */
  defer_loading?: boolean;
}

/** The provider's own search over deferred tools. */
export interface AnthropicToolSearch {
  type: "tool_search_tool_bm25_20251119";
  name: "tool_search_tool_bm25";
}

/** What stands among the tools where some are deferred. */
export type AnthropicEntry = AnthropicTool | AnthropicToolSearch;

/** A block that asks for an answer. */
export interface AnthropicToolUse {
  readonly type: "tool_use";
  readonly id: string;
  readonly name: string;
  /** An object; text where a stream brought what is no JSON. */
  readonly input: unknown;
  /** Of a tool of the provider's that the host runs, such as a browser. */
  readonly toolset_name?: string | null;
}

/** A block of a response; those that ask for no answer are passed over. */
export type AnthropicBlock = AnthropicToolUse | { readonly type: string };

/** A Message, a message of the assistant, or its blocks. */
export type AnthropicSource =
  | { readonly role: "assistant"; readonly content: string | readonly AnthropicBlock[] }
  | readonly AnthropicBlock[];

/** The model's own turn, without what only a response has. */
export type AnthropicTurn<Source> = Source extends readonly (infer Block)[]
  ? { role: "assistant"; content: Block[] }
  : Source extends { readonly content: infer Content }
    ? { role: "assistant"; content: Content }
    : never;

export type AnthropicImageType = "image/jpeg" | "image/png" | "image/gif" | "image/webp";

/** What a model is shown of a result: text, images, documents, tools that were found. */
export type AnthropicPart =
  | { type: "text"; text: string }
  | { type: "image"; source: { type: "base64"; media_type: AnthropicImageType; data: string } }
  | {
      type: "document";
      source:
        | { type: "base64"; media_type: "application/pdf"; data: string }
        | { type: "text"; media_type: "text/plain"; data: string };
      title?: string;
    }
  | { type: "tool_reference"; tool_name: string };

export interface AnthropicResult {
  type: "tool_result";
  tool_use_id: string;
  /** Left out where there is nothing to read. */
  content?: string | AnthropicPart[];
  /** Only `true`. */
  is_error?: boolean;
  toolset_name?: string;
}

/** All answers of a turn, which the API wants in one message. */
export interface AnthropicUserMessage {
  role: "user";
  content: AnthropicResult[];
}

/** The Messages API. */
export interface AnthropicWire extends Wire {
  readonly tools: AnthropicTool[];
  /** The API can force one tool or none, and narrow to none but that. */
  readonly choice: never;
  readonly source: AnthropicSource;
  readonly call: AnthropicToolUse;
  readonly result: AnthropicResult;
  readonly message: AnthropicUserMessage;
}

/** The Messages API with tools that have to be searched for. */
export interface AnthropicSearchWire extends Omit<AnthropicWire, "tools"> {
  readonly tools: AnthropicEntry[];
}
