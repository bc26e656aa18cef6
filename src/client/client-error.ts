// The one error of the client. It never holds what was sent: the key of the caller is in every request.
import type { ProblemDetails } from "./operations.ts";

export interface ClientErrorDetails {
  readonly operation: string;
  readonly code: string;
  readonly detail: string;
  /** null: there was no answer. */
  readonly status?: number | null;
  readonly problem?: ProblemDetails | null;
  /** Milliseconds; null when nobody said. */
  readonly retryAfterMs?: number | null;
  readonly cause?: unknown;
}

const MAX_DETAIL = 1_000;

/** A request that was refused, or that did not get its answer. */
export class ToolyardClientError extends Error {
  override readonly name = "ToolyardClientError";
  /** `operationId` of what was asked. */
  readonly operation: string;
  /**
   * The problem's code, or one of the client's own: `CONNECTION_FAILED`, `CLIENT_TIMEOUT`, `REDIRECT_REFUSED`, `ANSWER_TOO_LARGE`,
   * `UNEXPECTED_ANSWER`, `KEY_UNAVAILABLE`.
   */
  readonly code: string;
  /** HTTP status; null: there was no answer. */
  readonly status: number | null;
  /** What the server said (RFC 9457); null: nothing of that kind. */
  readonly problem: ProblemDetails | null;
  /** When to try again, milliseconds; null when nobody said. */
  readonly retryAfterMs: number | null;

  constructor({ operation, code, detail, status, problem, retryAfterMs, cause }: ClientErrorDetails) {
    const shown = detail.length > MAX_DETAIL ? `${detail.slice(0, MAX_DETAIL)}…` : detail;
    super(`${operation}: ${code}: ${shown}`, cause === undefined ? undefined : { cause });
    this.operation = operation;
    this.code = code;
    this.status = status ?? null;
    this.problem = problem ?? null;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}
