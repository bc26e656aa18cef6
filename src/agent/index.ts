// `toolyard/agent`: a chat that calls tools, and the models it can talk to. Needs no `openai` package to run.
export { createAgent } from "./agent.ts";
export type { Agent, AgentOptions, AgentRegistry, ChatListener, ChatOptions, ResumeOptions } from "./agent.ts";
export type { ApprovalDecision, ApprovalRequest, Approve } from "./approval.ts";
export type { ChatState, OpenCallState } from "./chat-state.ts";
export { createConversation } from "./conversation.ts";
export type { Conversation, MemoryOptions } from "./conversation.ts";
export type { ChatCall, ChatEvent, ChatResult, ChatUsage, PendingCall, StopReason } from "./events.ts";
export type { GeminiClient } from "./gemini/client.ts";
export { geminiModel } from "./gemini/gemini-model.ts";
export type { GeminiModelOptions } from "./gemini/gemini-model.ts";
export type { AssistantMessage, CallInMessage, Message, ResultInMessage, ToolMessage, UserMessage } from "./message.ts";
export type { Model, ModelEvent, ModelTurn } from "./model.ts";
export { offlineModel } from "./offline/offline-model.ts";
export type { ChatClient, ResponsesClient } from "./openai/client.ts";
export { openaiModel } from "./openai/openai-model.ts";
export type { OpenAiModelOptions } from "./openai/openai-model.ts";
export type { ToolSelection } from "../providers/select-tools.ts";
