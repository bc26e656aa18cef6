// What is used of the official `@google/genai` client, as types of our own, so that nobody needs that package to use an
// agent. `gemini-model.test-d.ts` holds them against it.
import type { GeminiPart, GeminiResult, GeminiTool, GeminiToolConfig } from "../../providers/gemini/wire.ts";

export interface GeminiContentParam {
  role: "user" | "model";
  parts: (GeminiPart | GeminiResult)[];
}

export interface GeminiConfig {
  systemInstruction?: string;
  tools?: GeminiTool[];
  toolConfig?: GeminiToolConfig;
  /** The client would otherwise call tools by itself once somebody gives it any that can be called. */
  automaticFunctionCalling: { disable: true };
  abortSignal: AbortSignal;
}

export interface GeminiRequest {
  model: string;
  contents: GeminiContentParam[];
  config: GeminiConfig;
}

/** A client that speaks generateContent. */
export interface GeminiClient {
  readonly models: { generateContentStream(request: GeminiRequest): PromiseLike<AsyncIterable<unknown>> };
}
