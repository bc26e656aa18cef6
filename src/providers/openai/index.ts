// `toolyard/openai`: a registry's tools in OpenAI's formats, and the way back. Needs no `openai` package to run.
export { openai } from "./openai.ts";
export type { ChatBinding, OpenAiOptions, ResponsesBinding } from "./openai.ts";
export { toOpenAiTool } from "./to-openai-tool.ts";
export type { OpenAiFormat, StrictMode, ToolOptions } from "./to-openai-tool.ts";
export type {
  ChatMessage,
  ChatResult,
  ChatSource,
  ChatTool,
  ChatToolCall,
  ResponsesCaller,
  ResponsesItem,
  ResponsesResult,
  ResponsesSource,
  ResponsesTool,
  ResponsesToolCall,
} from "./wire.ts";
export type { BindableRegistry, Binding, ModelCall, RunOptions, ToolReport } from "../binding.ts";
export type { ToolSelection } from "../select-tools.ts";
