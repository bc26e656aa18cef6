// Builds audit events. Every field is set, in one order, so that all events of a trail have one shape.
import type { Principal } from "../call/principal.ts";
import { DEFAULT_TENANT } from "../call/principal.ts";
import type { ErrorCode } from "../errors/codes.ts";
import type { EffectState } from "../errors/tool-error.ts";
import type { JsonValue } from "../kernel/json.ts";
import type { AdministrativeAct, Answerer, AuditEvent, CallEvent } from "../ports/audit-sink.ts";

/** A finished call, as the pipeline knows it. */
export interface CallRecord {
  readonly callId: string;
  readonly parentCallId: string | null;
  /** null: the call had no valid principal. */
  readonly principal: Principal | null;
  /** The tool's name, or what the caller asked for. */
  readonly tool: string;
  readonly version: string | null;
  readonly digest: string | null;
  /** The true reason, also where the caller was told UNKNOWN_TOOL; null for a success. */
  readonly code: ErrorCode | null;
  /** Whether the handler was entered: tells a failed call from a refused one. */
  readonly entered: boolean;
  readonly attempts: number;
  readonly answeredBy: Answerer | null;
  readonly effect: EffectState;
  readonly durationMs: number;
  readonly idempotencyKey: string | null;
  /** As received or as validated; the trail keeps a redacted copy. */
  readonly arguments: unknown;
  /** What a rollout had to do with it; undefined: nothing. */
  readonly details: JsonValue | undefined;
}

/** An administrative act. */
export interface ActRecord {
  readonly type: AdministrativeAct;
  /** Whether it is about to be done, rather than done. @default false */
  readonly intended?: boolean;
  readonly principal: Principal | null;
  /** The tool's name; "*" for an act that concerns no single tool. */
  readonly tool: string;
  readonly version: string | null;
  readonly digest: string | null;
  /** What changed; the trail keeps a redacted copy. */
  readonly details: unknown;
}

const NO_ROLES: readonly string[] = Object.freeze([]);

/** The event of a call that ended at `at` (epoch ms), or of what else is told of it. */
export function toCallEvent(
  call: CallRecord,
  at: number,
  kept: JsonValue | undefined,
  type: CallEvent = toEnd(call),
): AuditEvent {
  const { principal, code } = call;
  return {
    type,
    at,
    tenant: principal === null ? DEFAULT_TENANT : principal.tenant,
    principal: principal === null ? null : principal.id,
    roles: principal === null ? NO_ROLES : principal.roles,
    ip: principal === null ? null : principal.ip,
    callId: call.callId,
    parentCallId: call.parentCallId,
    tool: call.tool,
    version: call.version,
    digest: call.digest,
    code,
    attempts: call.attempts,
    answeredBy: call.answeredBy,
    effect: call.effect,
    durationMs: Math.round(call.durationMs * 1_000) / 1_000,
    idempotencyKey: call.idempotencyKey,
    arguments: kept,
    details: call.details,
  };
}

function toEnd({ code, entered }: CallRecord): CallEvent {
  if (code === null) return "call.succeeded";
  return entered ? "call.failed" : "call.refused";
}

/** The event of an administrative act at `at` (epoch ms). */
export function toActEvent(act: ActRecord, at: number, kept: JsonValue | undefined): AuditEvent {
  const { principal } = act;
  return {
    type: act.intended === true ? "act.intended" : act.type,
    at,
    tenant: principal === null ? DEFAULT_TENANT : principal.tenant,
    principal: principal === null ? null : principal.id,
    roles: principal === null ? NO_ROLES : principal.roles,
    ip: principal === null ? null : principal.ip,
    callId: null,
    parentCallId: null,
    tool: act.tool,
    version: act.version,
    digest: act.digest,
    code: null,
    attempts: 0,
    answeredBy: null,
    effect: act.intended === true ? "unknown" : "applied",
    durationMs: 0,
    idempotencyKey: null,
    arguments: undefined,
    details: kept,
  };
}
