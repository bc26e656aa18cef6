// What a chat tells while it goes on, and what it comes to.
import type { Outcome } from "../call/outcome.ts";
import type { ToolyardError } from "../errors/toolyard-error.ts";

/** One call of a chat with what came of it. */
export interface ChatCall {
  readonly id: string;
  /** The tool's name, or what the model wrote instead of one. */
  readonly tool: string;
  /** As the model wrote it. */
  readonly input: unknown;
  readonly outcome: Outcome;
}

export interface ChatUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/**
 * `answered`: the model answered without calling anything more. `step_limit`: it went on calling until it was stopped.
 * `cancelled`: the signal was aborted. `model_failed`: the model gave no answer; `error` says why.
 */
export type StopReason = "answered" | "step_limit" | "cancelled" | "model_failed";

export interface ChatResult {
  /** The last answer; where there is none, a sentence that says so and why. */
  readonly text: string;
  /** Answers the model gave, those that only called tools among them. */
  readonly steps: number;
  /** Every call, in order. */
  readonly calls: readonly ChatCall[];
  readonly stopped: StopReason;
  /** Sums over the steps, when the model tells. */
  readonly usage?: ChatUsage;
  /** `model_failed` only. */
  readonly error?: ToolyardError;
}

export type ChatEvent =
  /** The next piece of what the model says. A piece may belong to an answer that goes on to call tools. */
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "call"; readonly id: string; readonly tool: string; readonly input: unknown }
  /** In the order in which calls end. */
  | ({ readonly type: "result" } & ChatCall)
  /** The last event. */
  | { readonly type: "done"; readonly result: ChatResult };
