// What a call says besides the tool and its arguments.
import type { PrincipalInput } from "../call/principal.ts";

export interface CallOptions {
  /** Who calls. @default trusted code of this process, unless the registry requires a principal */
  readonly principal?: PrincipalInput;
  /** Cancels the call. */
  readonly signal?: AbortSignal;
  /** Shorter than the tool's own deadline, milliseconds. */
  readonly timeoutMs?: number;
  /**
   * Makes the call once: the same key and arguments get the outcome of the first call whose handler was entered, for 24
   * hours; other arguments IDEMPOTENCY_CONFLICT. A key belongs to one tool and principal. 1 to 255 characters.
   */
  readonly idempotencyKey?: string;
  /** Goes through every check and touches nothing: no handler, no quota, no metering, no audit. @default false */
  readonly dryRun?: boolean;
  /** Refuses with CONTRACT_CHANGED unless the version has this digest. */
  readonly digest?: string;
}

/** One of several calls. */
export interface CallRequest extends Omit<CallOptions, "principal" | "signal"> {
  readonly tool: string;
  /** Untrusted: JSON text or JSON data. */
  readonly input?: unknown;
}

export interface ExecuteAllOptions extends Pick<CallOptions, "principal" | "signal"> {
  /** Calls running at once, 1 or more. @default 8 */
  readonly concurrency?: number;
}
