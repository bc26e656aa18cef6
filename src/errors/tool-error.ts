// A handler's deliberate refusal. Its message reaches the model as it is, unlike every other exception, which is
// masked: so write it for the model and put no secret into it.
import type { JsonValue } from "../kernel/json.ts";

/** What is known about a call's effect on the world. */
export type EffectState = "none" | "applied" | "unknown";

export interface ToolErrorOptions {
  /**
   * Whether the effect happened.
   * @default "none" for a tool that reads, "unknown" for one that writes
   */
  readonly effect?: EffectState;
  /** Whether the same call may succeed later. @default false */
  readonly retryable?: boolean;
  /** When to try again, milliseconds from now; implies `retryable`. */
  readonly retryAfterMs?: number;
  /** JSON data for the model and the caller. */
  readonly details?: JsonValue;
  /** For the operator only; never shown to a model. */
  readonly cause?: unknown;
}

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;

/**
 * `throw new ToolError("NOT_FOUND", "No order o_17.")`. The outcome's code is `TOOL_ERROR`, its `toolCode` is yours.
 * Throws a TypeError when `toolCode` is not SCREAMING_SNAKE (64 characters at the most).
 */
export class ToolError extends Error {
  override readonly name = "ToolError";
  readonly toolCode: string;
  readonly effect: EffectState | null;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly details: JsonValue | undefined;

  constructor(toolCode: string, message: string, options: ToolErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    if (!CODE.test(toolCode)) {
      throw new TypeError(`ToolError code ${JSON.stringify(toolCode)}: expected SCREAMING_SNAKE, such as "NOT_FOUND"`);
    }
    this.toolCode = toolCode;
    this.effect = options.effect ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.retryable = options.retryable ?? options.retryAfterMs !== undefined;
    this.details = options.details;
  }
}
