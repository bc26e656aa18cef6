// What a chat tells while it goes on, and what it comes to.
import type { Outcome } from "../call/outcome.ts";
import type { ToolyardError } from "../errors/toolyard-error.ts";
import type { ChatState } from "./chat-state.ts";

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

/** A call that waits to be approved. */
export interface PendingCall {
  readonly id: string;
  readonly tool: string;
  /** As the model wrote it. */
  readonly input: unknown;
}

/**
 * `answered`: the model answered without calling anything more. `step_limit`: it went on calling until it was stopped.
 * `token_limit`: `maxTokens` were used. `cancelled`: the signal was aborted. `model_failed`: the model gave no answer;
 * `error` says why. `approval_pending`: calls wait to be approved. All but `answered` go on with `resume`.
 */
export type StopReason = "answered" | "step_limit" | "token_limit" | "cancelled" | "model_failed" | "approval_pending";

export interface ChatResult {
  /** The last answer; where there is none, a sentence that says so and why. */
  readonly text: string;
  /** Answers the model gave, those that only called tools among them. */
  readonly steps: number;
  /** Every call that was answered, in order. After a `resume` outcomes of before are as JSON keeps them. */
  readonly calls: readonly ChatCall[];
  readonly stopped: StopReason;
  /** Sums over the steps, retries among them, when the model tells. */
  readonly usage?: ChatUsage;
  /** `model_failed` only. */
  readonly error?: ToolyardError;
  /** `approval_pending` only: the calls that wait, in order. */
  readonly pending?: readonly PendingCall[];
  /** What `resume` needs to go on; absent when the chat was answered. */
  readonly state?: ChatState;
}

export type ChatEvent =
  /** The next piece of what the model says. A piece may belong to an answer that goes on to call tools. */
  | { readonly type: "text"; readonly text: string }
  /** The model's API failed and is asked again in `delayMs`: the text of this step so far is void. `attempt` counts from 1. */
  | { readonly type: "retry"; readonly attempt: number; readonly delayMs: number; readonly error: ToolyardError }
  | { readonly type: "call"; readonly id: string; readonly tool: string; readonly input: unknown }
  /** In the order in which calls end. */
  | ({ readonly type: "result" } & ChatCall)
  /**
   * Before calls are made, and after their results: what `resume` needs to go on from here. A promise that `onEvent`
   * returns is waited for, and in a stream the chat goes on when the next event is asked for: a state that is stored
   * then is stored before its calls have an effect.
   */
  | { readonly type: "checkpoint"; readonly state: ChatState }
  /** The last event. */
  | { readonly type: "done"; readonly result: ChatResult };
