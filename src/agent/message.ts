// A conversation as plain data, the same for every model. The tools in it go by their registry names; each model's
// adapter writes them its own way.
import type { ContentPart } from "../call/content.ts";
import type { JsonValue } from "../kernel/json.ts";

export interface UserMessage {
  readonly role: "user";
  readonly text: string;
  /** Names the turn that it begins: one that is resumed takes the place of what was remembered of it. */
  readonly turn?: string;
}

export interface CallInMessage {
  /** Unique in the conversation. Made up by a model: it pairs a call with its result, and is no idempotency key. */
  readonly id: string;
  /** The tool's name, or what the model wrote instead of one. */
  readonly tool: string;
  /** As the model wrote it: JSON text, or data. */
  readonly input: unknown;
}

export interface AssistantMessage {
  readonly role: "assistant";
  readonly text: string;
  readonly calls: readonly CallInMessage[];
  /** What the model that wrote it wants back as it was, under that model's name. */
  readonly echo: { readonly model: string; readonly items: readonly JsonValue[] } | null;
}

export interface ResultInMessage {
  readonly id: string;
  readonly ok: boolean;
  /** The outcome as `toModelText` writes it; images and files are named in it. */
  readonly text: string;
  /** For a model that takes all of them: the images and files, and the text that then stands beside them. */
  readonly media?: { readonly parts: readonly ContentPart[]; readonly text: string };
}

/** The answers to all calls of the assistant message before it, in their order. */
export interface ToolMessage {
  readonly role: "tool";
  readonly results: readonly ResultInMessage[];
}

export type Message = UserMessage | AssistantMessage | ToolMessage;
