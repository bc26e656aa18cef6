// `toolyard/gemini`: a registry's tools for Gemini's generateContent, and the way back. Needs no `@google/genai` package
// to run.
export { gemini } from "./gemini.ts";
export type { GeminiBinding, GeminiOptions } from "./gemini.ts";
export { toGeminiTool } from "./to-gemini-tool.ts";
export type {
  FunctionCallingConfigMode,
  GeminiCall,
  GeminiCandidate,
  GeminiContent,
  GeminiFunction,
  GeminiMedia,
  GeminiMessage,
  GeminiPart,
  GeminiResponse,
  GeminiResult,
  GeminiSource,
  GeminiTool,
  GeminiToolConfig,
  GeminiWire,
} from "./wire.ts";
export type { BindableRegistry, Binding, Echo, ModelCall, RunOptions, ToolReport, Wire } from "../binding.ts";
export type { BindingOptions } from "../binding-options.ts";
export type { BindingSelection, ToolSelection } from "../select-tools.ts";
export type { StrictMode, StrictOption } from "../strict-mode.ts";
