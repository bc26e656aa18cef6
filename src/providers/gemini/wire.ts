// The parts of Gemini's generateContent that a binding reads and writes, as types of our own, so that nobody needs the
// `@google/genai` package to use them. `wire.test-d.ts` holds them against that package.
import type { Wire } from "../binding.ts";

export interface GeminiFunction {
  name: string;
  description: string;
  /** JSON Schema. The older `parameters` takes another language, and the API refuses both at once. */
  parametersJsonSchema: Record<string, unknown>;
}

export interface GeminiTool {
  functionDeclarations: GeminiFunction[];
}

/**
 * The modes that a binding asks for. Only declared: under this name, with these members, it is the same type as the
 * client's, which takes no strings.
 */
export declare enum FunctionCallingConfigMode {
  /** No function may be called. */
  NONE = "NONE",
  /** The model answers or calls, and what it calls fits a declaration. */
  VALIDATED = "VALIDATED",
}

/** What goes into a request as its `toolConfig`. */
export interface GeminiToolConfig {
  functionCallingConfig: { mode: FunctionCallingConfigMode; allowedFunctionNames?: string[] };
}

export interface GeminiCall {
  /** Older models give none; the answer must then have none either. */
  readonly id?: string;
  readonly name?: string;
  readonly args?: Record<string, unknown>;
}

/** A part of what the model says; what a binding does not read goes back as it came. */
export interface GeminiPart {
  readonly text?: string;
  /** The text is a summary of thoughts. */
  readonly thought?: boolean;
  /** Has to come back on the part that it came on. */
  readonly thoughtSignature?: string;
  readonly functionCall?: GeminiCall;
}

export interface GeminiContent {
  readonly role?: string;
  readonly parts?: readonly GeminiPart[];
}

export interface GeminiCandidate {
  readonly index?: number;
  readonly content?: GeminiContent;
  readonly finishReason?: string;
}

export interface GeminiResponse {
  readonly candidates?: readonly GeminiCandidate[];
}

/** A response, the content of its candidate, or the parts of that. */
export type GeminiSource = GeminiResponse | GeminiContent | readonly GeminiPart[];

export interface GeminiMedia {
  inlineData: { mimeType: string; data: string };
}

export interface GeminiResult {
  functionResponse: {
    id?: string;
    name: string;
    response: { output: string } | { error: string };
    /** Only for models of Gemini 3 and later. */
    parts?: GeminiMedia[];
  };
}

/** The model's parts where only those are known, or the answers to all of its calls. */
export type GeminiMessage = { role: "model"; parts: GeminiPart[] } | { role: "user"; parts: GeminiResult[] };

/** generateContent. */
export interface GeminiWire extends Wire {
  readonly tools: GeminiTool[];
  readonly choice: GeminiToolConfig;
  readonly source: GeminiSource;
  readonly call: GeminiCall;
  readonly result: GeminiResult;
  readonly message: GeminiMessage;
}
