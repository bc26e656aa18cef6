// `toolyard/anthropic`: a registry's tools in Anthropic's format, and the way back. Needs no `@anthropic-ai/sdk` package to
// run.
export { anthropic } from "./anthropic.ts";
export type { AnthropicBinding, AnthropicOptions, AnthropicSearchBinding } from "./anthropic.ts";
export { toAnthropicTool } from "./to-anthropic-tool.ts";
export type { AnthropicToolOptions } from "./to-anthropic-tool.ts";
export type {
  AnthropicBlock,
  AnthropicEntry,
  AnthropicImageType,
  AnthropicPart,
  AnthropicResult,
  AnthropicSearchWire,
  AnthropicSource,
  AnthropicTool,
  AnthropicToolSearch,
  AnthropicToolUse,
  AnthropicTurn,
  AnthropicUserMessage,
  AnthropicWire,
} from "./wire.ts";
export type { BindableRegistry, Binding, ModelCall, RunOptions, ToolReport, Wire } from "../binding.ts";
export type { BindingOptions } from "../binding-options.ts";
export type { BindingSelection, ToolSelection } from "../select-tools.ts";
export type { StrictMode, StrictOption } from "../strict-mode.ts";
