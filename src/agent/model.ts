// What an agent needs of a model. Implemented by `openaiModel` and `offlineModel`; write your own for anything else.
import type { ContentPart } from "../call/content.ts";
import type { PrincipalInput } from "../call/principal.ts";
import type { JsonValue } from "../kernel/json.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import type { Message } from "./message.ts";

export interface ModelTurn {
  /** Begins with the user; every call in it is answered by the message after it. */
  readonly messages: readonly Message[];
  /** What may be called, by name. */
  readonly tools: readonly ToolDescription[];
  /** The host's, above what the user says. "" when there are none. */
  readonly instructions: string;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** For a model that routes or bills by caller. */
  readonly principal?: PrincipalInput;
}

export type ModelEvent =
  /** The next piece of the answer. */
  | { readonly type: "text"; readonly text: string }
  /** A call, whole. `tool` is the name of one of the turn's tools, or what the model wrote instead. */
  | { readonly type: "call"; readonly id: string; readonly tool: string; readonly input: unknown }
  /** What the turn cost; the last one counts. */
  | { readonly type: "usage"; readonly inputTokens: number; readonly outputTokens: number }
  /** JSON items that the model wants to see again, as they are, in place of this answer's text and calls. */
  | { readonly type: "echo"; readonly items: readonly JsonValue[] };

export interface Model {
  /** Shown to people, and recorded with what the model wants echoed. */
  readonly name: string;
  /** Whether it can be shown a part of a result as it is. @default no part; images and files are named in the text */
  takes?(part: ContentPart): boolean;
  /**
   * One answer: text, calls, or both. Ends when the answer is whole. Throw a ToolyardError with the code MODEL_FAILED to
   * tell people why there is none; any other exception is told to them without its message.
   */
  respond(turn: ModelTurn): AsyncIterable<ModelEvent>;
}
