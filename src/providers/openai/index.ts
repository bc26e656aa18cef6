// `toolyard/openai`: a registry's tools in OpenAI's formats, and the way back. Needs no `openai` package to run.
export { openai } from "./openai.ts";
export type { ChatBinding, OpenAiOptions, ResponsesBinding, ResponsesSearchBinding } from "./openai.ts";
export { toOpenAiTool } from "./to-openai-tool.ts";
export type { OpenAiFormat, ToolOptions } from "./to-openai-tool.ts";
export type {
  ChatMessage,
  ChatResult,
  ChatSource,
  ChatTool,
  ChatToolCall,
  ChatToolChoice,
  ChatWire,
  ResponsesCaller,
  ResponsesEntry,
  ResponsesItem,
  ResponsesNamespace,
  ResponsesOutput,
  ResponsesOutputPart,
  ResponsesResult,
  ResponsesSearchResult,
  ResponsesSearchWire,
  ResponsesSource,
  ResponsesTool,
  ResponsesToolCall,
  ResponsesToolChoice,
  ResponsesToolSearch,
  ResponsesWire,
} from "./wire.ts";
export type { BindableRegistry, Binding, Echo, ModelCall, RunOptions, ToolReport, Wire } from "../binding.ts";
export type { BindingOptions } from "../binding-options.ts";
export type { BindingSelection, ToolSelection } from "../select-tools.ts";
export type { StrictMode, StrictOption } from "../strict-mode.ts";
