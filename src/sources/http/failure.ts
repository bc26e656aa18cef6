// What an exchange that gave no output comes to. A tool that reads says what happened and whether to try again. One
// that writes says first of all what is known of its effect: nothing has happened, or nobody knows.
import { type EffectState, ToolError } from "../../errors/tool-error.ts";
import type { JsonValue } from "../../kernel/json.ts";

/**
 * The answer to a write that may have arrived is lost: no ToolError, which is an answer, but what the registry knows as a
 * lost connection and lists until somebody says what became of it (OUTCOME_UNKNOWN).
 */
export class LostAnswerError extends Error {
  override readonly name = "LostAnswerError";
  readonly code = "ECONNRESET";
}

export interface FailureParts {
  /** Of a tool that writes. @default "none" */
  readonly effect?: EffectState;
  /** @default false */
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | null;
  readonly details?: JsonValue;
  readonly cause?: unknown;
}

/** The ToolError of a tool that writes, or reads: what reads has no effect. */
export function toFailure(writes: boolean, code: string, message: string, parts: FailureParts = {}): ToolError {
  const { effect = "none", retryable = false, retryAfterMs = null, details, cause } = parts;
  return new ToolError(code, message, {
    effect: writes ? effect : "none",
    retryable,
    ...(retryable && retryAfterMs !== null ? { retryAfterMs } : {}),
    ...(details === undefined ? {} : { details }),
    ...(cause === undefined ? {} : { cause }),
  });
}
