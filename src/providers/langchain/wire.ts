// The types of LangChain that a binding reads and writes: its own, because its messages are instances with a class.
import type { AIMessage, BaseMessage, ToolMessage } from "@langchain/core/messages";
import type { DynamicStructuredTool } from "@langchain/core/tools";
import type { Wire } from "../binding.ts";

/** A tool whose handler is a call of the registry. */
export type LangChainTool = DynamicStructuredTool;

/** What a model answers, or a conversation whose last answer still has calls open. */
export type LangChainSource = BaseMessage | readonly BaseMessage[];

/** A call of `tool_calls`, or one of `invalid_tool_calls`, whose `args` are text. */
export type LangChainToolCall =
  | NonNullable<AIMessage["tool_calls"]>[number]
  | NonNullable<AIMessage["invalid_tool_calls"]>[number];

export interface LangChainWire extends Wire {
  readonly tools: LangChainTool[];
  readonly choice: undefined;
  readonly source: LangChainSource;
  readonly call: LangChainToolCall;
  readonly result: ToolMessage;
  readonly message: ToolMessage;
}
