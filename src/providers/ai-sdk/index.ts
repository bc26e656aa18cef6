// `toolyard/ai-sdk`: a registry's tools for the AI SDK, and the way back. Needs no `ai` package to run, only its types.
export { aiSdk } from "./ai-sdk.ts";
export type { AiSdkBinding, AiSdkOptions } from "./ai-sdk.ts";
export type { AiSdkProvider } from "./to-ai-sdk-tool.ts";
export type { AiSdkCollected } from "./assemble.ts";
export type {
  AiSdkCallOptions,
  AiSdkCallPart,
  AiSdkChoice,
  AiSdkDefinition,
  AiSdkMessage,
  AiSdkOutput,
  AiSdkOutputPart,
  AiSdkPart,
  AiSdkResponse,
  AiSdkResult,
  AiSdkSource,
  AiSdkTool,
  AiSdkToolCall,
  AiSdkToolSet,
  AiSdkWire,
} from "./wire.ts";
export type { BindableRegistry, Binding, Echo, ModelCall, RunOptions, ToolReport, Wire } from "../binding.ts";
export type { BindingOptions } from "../binding-options.ts";
export type { BindingSelection, ToolSelection } from "../select-tools.ts";
export type { StrictMode, StrictOption } from "../strict-mode.ts";
