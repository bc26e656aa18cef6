// `toolyard/langchain`: a registry's tools for LangChain and LangGraph, and the way back. Needs `@langchain/core`.
export { langchain } from "./langchain.ts";
export type { LangChainBinding, LangChainOptions, LangChainProvider } from "./langchain.ts";
export type { LangChainSource, LangChainTool, LangChainToolCall, LangChainWire } from "./wire.ts";
export type { BindableRegistry, Binding, Echo, ModelCall, RunOptions, ToolReport, Wire } from "../binding.ts";
export type { BindingOptions } from "../binding-options.ts";
export type { BindingSelection, ToolSelection } from "../select-tools.ts";
export type { StrictMode, StrictOption } from "../strict-mode.ts";
