// Makes outcomes. The only place that builds an OutcomeError, so that every one has its row, its effect and its meta.
import type { ContentPart } from "../call/content.ts";
import type { Issue } from "../call/issue.ts";
import type { Failure, Outcome, OutcomeError, OutcomeMeta, Success, Warning } from "../call/outcome.ts";
import { ERROR_CODES, type ErrorCode } from "../errors/codes.ts";
import type { EffectState } from "../errors/tool-error.ts";
import type { Clock } from "../kernel/clock.ts";
import type { JsonValue } from "../kernel/json.ts";
import type { UnknownOutcome } from "../ports/outcome-store.ts";
import type { Call } from "./call.ts";

const NO_ISSUES: readonly Issue[] = Object.freeze([]);
const NO_TEXTS: readonly string[] = Object.freeze([]);
const NO_WARNINGS: readonly Warning[] = Object.freeze([]);
const NO_CONTENT: readonly ContentPart[] = Object.freeze([]);

export interface FailureParts {
  readonly effect?: EffectState;
  readonly retryable?: boolean;
  readonly retryAfterMs?: number | null;
  readonly issues?: readonly Issue[];
  readonly toolCode?: string | null;
  readonly suggestions?: readonly string[];
  readonly details?: JsonValue | undefined;
}

const NOTHING: FailureParts = Object.freeze({});

/** A failed outcome of `call`. The effect is what the call's progress says, unless `parts` knows better. */
export function toFailure(
  call: Call,
  clock: Clock,
  code: ErrorCode,
  message: string,
  parts: FailureParts = NOTHING,
): Failure {
  const effect = parts.effect ?? toEffect(call);
  return {
    ok: false,
    error: toError(code, message, effect, parts),
    continuation: null,
    meta: toMeta(call, clock),
  };
}

/** What a failure says, besides its meta. */
export function toError(
  code: ErrorCode,
  message: string,
  effect: EffectState,
  parts: FailureParts = NOTHING,
): OutcomeError {
  return {
    code,
    message,
    effect,
    // What has happened, or may have, is not to be done again just because it was slow.
    retryable: parts.retryable ?? (effect === "none" && ERROR_CODES[code].retryable),
    retryAfterMs: parts.retryAfterMs ?? null,
    issues: parts.issues ?? NO_ISSUES,
    toolCode: parts.toolCode ?? null,
    suggestions: parts.suggestions ?? NO_TEXTS,
    details: parts.details,
  };
}

/** A successful outcome of `call`. */
export function toSuccess(call: Call, clock: Clock, output: unknown): Success {
  return {
    ok: true,
    output,
    content: call.content === null ? NO_CONTENT : Object.freeze([...call.content]),
    meta: toMeta(call, clock),
  };
}

/** The outcome, with one warning more. */
export function addWarning(outcome: Outcome, code: Warning["code"], message: string): Outcome {
  const warning: Warning = { code, message, sunsetAt: null };
  return { ...outcome, meta: { ...outcome.meta, warnings: [...outcome.meta.warnings, warning] } };
}

/** The meta of a call that is gone: its line on the list is all that is left of it. */
export function toGoneMeta({ id, tool, version }: UnknownOutcome, digest: string | null): OutcomeMeta {
  return {
    callId: id,
    tool,
    version,
    digest,
    durationMs: 0,
    dryRun: false,
    attempts: 1,
    cached: null,
    degraded: null,
    replayOf: null,
    rollout: null,
    coerced: [],
    warnings: NO_WARNINGS,
  };
}

/** Between the entry of a handler that writes and its end, nobody but the handler knows. */
function toEffect(call: Call): EffectState {
  if (!call.entered || call.plan === null || !call.plan.writes) return "none";
  return call.finished ? "applied" : "unknown";
}

function toMeta(call: Call, clock: Clock): OutcomeMeta {
  const { request, plan } = call;
  // Until the principal is known to see the tool, the answer is the one for a tool that does not exist.
  const shown = call.revealed ? plan : null;
  return {
    callId: call.id,
    tool: shown === null ? toAskedName(request.ref) : shown.version.name,
    version: shown === null ? null : shown.version.version,
    digest: shown === null ? null : shown.version.digest,
    durationMs: clock.monotonic() - call.startedAt,
    dryRun: request.dryRun,
    attempts: call.attempts,
    cached: call.cached,
    degraded: call.degraded,
    replayOf: call.replayOf,
    rollout: shown === null ? null : call.rollout,
    coerced: call.coerced,
    warnings: shown === null ? NO_WARNINGS : shown.warnings,
  };
}

/** The name part of a reference, shortened: it may be anything a model wrote. */
export function toAskedName(ref: unknown): string {
  if (typeof ref !== "string") return `(${ref === null ? "null" : typeof ref})`;
  const at = ref.indexOf("@");
  return (at === -1 ? ref : ref.slice(0, at)).slice(0, 128);
}
