// What a call comes to. Expected refusals are values of this type, never exceptions: `execute` does not reject.
import type { ErrorCode } from "../errors/codes.ts";
import type { EffectState } from "../errors/tool-error.ts";
import type { JsonValue } from "../kernel/json.ts";
import type { Coercion, Issue } from "./issue.ts";
import type { ContentPart } from "./content.ts";

/** How a call that stopped half-way goes on: with a person's approval, with more input, or as a job. */
export interface Continuation {
  readonly kind: "approval" | "input" | "job";
  /** Opaque; only the registry that made it can read it. */
  readonly token: string;
}

export interface OutcomeError {
  readonly code: ErrorCode;
  /** Fit for a model to read; holds no secret. */
  readonly message: string;
  /** `none` while no handler was entered. After that, for a tool that writes, `unknown` unless the tool says otherwise. */
  readonly effect: EffectState;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;
  /** When, milliseconds from now; null when not known. */
  readonly retryAfterMs: number | null;
  /** INVALID_INPUT and INVALID_OUTPUT: everything that is wrong. */
  readonly issues: readonly Issue[];
  /** TOOL_ERROR: the code the handler gave. */
  readonly toolCode: string | null;
  /** Names, versions or references that would have worked, best first. Never one the principal may not see. */
  readonly suggestions: readonly string[];
  /** TOOL_ERROR: what the handler added; QUOTA_EXCEEDED: `{ limit, capacity, resetsAt }`. */
  readonly details: JsonValue | undefined;
}

export interface Warning {
  readonly code: "DEPRECATED" | "AUDIT_FAILED" | "NOT_REMEMBERED";
  readonly message: string;
  /** DEPRECATED: when the version stops working, epoch ms, if that is set. */
  readonly sunsetAt: number | null;
}

/** An answer that is not the tool's own and current one. */
export interface Degradation {
  /** What answered: the tool's fallback, by kind, or an answer kept from before. */
  readonly by: "value" | "function" | "tool" | "stale";
  /** Why the tool itself did not. */
  readonly code: ErrorCode;
  /** `tool`: digests of the versions whose answer it is, which may have stood in for one another. */
  readonly sources: readonly string[];
}

export interface OutcomeMeta {
  readonly callId: string;
  /** Name of the tool asked for; what the caller wrote when it cannot be read. */
  readonly tool: string;
  /** The version that was resolved; null when none was. */
  readonly version: string | null;
  /** Digest of that version. */
  readonly digest: string | null;
  /** From the start of the walk to its end, milliseconds with fraction. */
  readonly durationMs: number;
  readonly dryRun: boolean;
  /** How many attempts were made: 0 for a refusal or an answer that was kept, over 1 when it was repeated. */
  readonly attempts: number;
  /** `fresh` or `stale` for an answer out of the cache; null otherwise. */
  readonly cached: "fresh" | "stale" | null;
  /** Why the answer is not the tool's own and current one; null when it is. */
  readonly degraded: Degradation | null;
  /** The call whose outcome this one gives again, because it has the same idempotency key; null otherwise. */
  readonly replayOf: string | null;
  /** Whether a rollout chose the version: `of` is the one that would have answered. Null: none did. */
  readonly rollout: { readonly kind: "canary"; readonly of: string } | null;
  /** Arguments that were changed to fit the schema. */
  readonly coerced: readonly Coercion[];
  readonly warnings: readonly Warning[];
}

export interface Success<T = unknown> {
  readonly ok: true;
  readonly output: T;
  readonly content: readonly ContentPart[];
  readonly meta: OutcomeMeta;
}

export interface Failure {
  readonly ok: false;
  readonly error: OutcomeError;
  readonly continuation: Continuation | null;
  readonly meta: OutcomeMeta;
}

export type Outcome<T = unknown> = Success<T> | Failure;
