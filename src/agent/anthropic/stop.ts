// Why a model stopped, and what that makes of its answer. A reason that is new is none to take an answer for whole.
import { isObject } from "../../kernel/json.ts";
import type { AssembledMessage } from "../../providers/anthropic/assemble.ts";
import { createModelFailure, redact } from "../../providers/model-failure.ts";

/** What stops a model that has said all of it. */
const WHOLE: ReadonlySet<unknown> = new Set(["end_turn", "stop_sequence", "tool_use", "pause_turn"]);

/**
 * Whether the blocks can be sent again: those of an answer that was cut off may end within a thought that has no signature
 * yet, or with a search that has no result.
 */
export function canGoBack({ stop_reason: reason }: AssembledMessage): boolean {
  return WHOLE.has(reason);
}

/** Throws MODEL_FAILED, with the reason, for an answer that cannot be taken as it is. */
export function checkStop(model: string, message: AssembledMessage, spoke: boolean, calls: number): void {
  const reason = message.stop_reason ?? "no reason";
  switch (reason) {
    // It may have nothing to add, and says nothing again when it is asked again.
    case "end_turn":
    case "stop_sequence":
      return;
    case "tool_use":
    case "pause_turn":
      if (spoke || calls > 0) return;
      throw createModelFailure(model, `it gave an empty answer (${reason}).`, true);
    case "max_tokens":
    case "refusal":
      return checkCut(model, message, spoke, calls);
    case "model_context_window_exceeded":
      throw createModelFailure(model, `the conversation is longer than it can read (${reason}).`);
    default:
      throw createModelFailure(model, `its API stopped the answer (${redact(reason)}).`);
  }
}

function checkCut(model: string, message: AssembledMessage, spoke: boolean, calls: number): void {
  const { stop_reason: reason } = message;
  // Cut off between calls, it may have been going to make more of them; within one, its arguments may be whole by chance.
  if (calls > 0) throw createModelFailure(model, `it was stopped while it called tools (${reason}).`);
  if (spoke) return;
  if (reason !== "refusal") throw createModelFailure(model, `it was stopped before it said anything (${reason}).`);
  throw createModelFailure(model, `it refused to answer (${[reason, ...findCategory(message)].join(", ")}).`);
}

function findCategory({ stop_details: details }: AssembledMessage): readonly string[] {
  const category = isObject(details) ? details["category"] : undefined;
  return typeof category === "string" ? [redact(category)] : [];
}
