// The one class we throw: the program or its environment is at fault. What a caller or a model can cause comes back as
// an Outcome instead.
import type { FaultCode } from "./codes.ts";

export interface Problem {
  /** Where, for a person: `orders.get: input.properties.id`. */
  readonly path: string;
  /** What was received, what is accepted, and what to do. */
  readonly message: string;
}

export interface ToolyardErrorOptions {
  readonly cause?: unknown;
  /** @default false */
  readonly retryable?: boolean;
  /** When it may be tried again, milliseconds from now, 0 or more. @default not known */
  readonly retryAfterMs?: number | null;
  /** Everything that is wrong, when there is more than one thing. */
  readonly problems?: readonly Problem[];
}

export class ToolyardError extends Error {
  override readonly name = "ToolyardError";
  readonly code: FaultCode;
  readonly retryable: boolean;
  /** Milliseconds; null when not known. */
  readonly retryAfterMs: number | null;
  readonly problems: readonly Problem[];

  constructor(code: FaultCode, message: string, options: ToolyardErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.problems = options.problems ?? [];
  }
}

/** One error that names every problem, a line each. */
export function toProblemsError(code: FaultCode, title: string, problems: readonly Problem[]): ToolyardError {
  const lines = problems.map(({ path, message }) => `  ${path}: ${message}`);
  return new ToolyardError(code, `${title}\n${lines.join("\n")}`, { problems });
}
