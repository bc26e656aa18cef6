// What is answered in place of what was asked for: RFC 9457 problem details with the code of the table.
import type { Issue } from "../../call/issue.ts";
import type { Failure } from "../../call/outcome.ts";
import { type Problem, ToolyardError } from "../../errors/toolyard-error.ts";
import type { JsonValue } from "../../kernel/json.ts";
import { type AnyCode, toRow } from "./http-codes.ts";

/** The body of `application/problem+json`. */
export interface ProblemDetails {
  /** `urn:toolyard:error:<code in lower case>`, or the registered type of a problem that has one. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: AnyCode;
  /** Id of the request. */
  readonly requestId?: string;
  readonly callId?: string;
  readonly effect?: "none" | "applied" | "unknown";
  readonly retryable?: boolean;
  readonly retryAfterMs?: number;
  /** What is wrong with the request, each with its place. */
  readonly problems?: readonly Problem[];
  /** What is wrong with the arguments of a call. */
  readonly issues?: readonly Issue[];
  readonly toolCode?: string;
  readonly suggestions?: readonly string[];
  readonly details?: JsonValue;
  readonly continuation?: JsonValue;
  /** Names of the quotas that are used up. */
  readonly "violated-policies"?: readonly string[];
  readonly meta?: JsonValue;
}

export interface Refusal {
  readonly details: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;
}

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});
/** Of the registry of HTTP problem types, for quotas. */
const QUOTA_TYPE = "https://iana.org/assignments/http-problem-types#quota-exceeded";
/** Of its causes nobody outside has to know. */
const MASKED = "Something went wrong inside of the server; its operator finds it by the id of the request.";

export function toRefusal(
  code: AnyCode,
  detail: string,
  more: Partial<ProblemDetails> = {},
  headers: Readonly<Record<string, string>> = NO_HEADERS,
): Refusal {
  const { status, title } = toRow(code);
  return { details: { type: toType(code), title, status, detail, code, ...more }, headers };
}

/** A refusal that tells when to try again; `Retry-After` is in whole seconds, and never earlier than what it stands for. */
export function toLater(code: AnyCode, detail: string, retryAfterMs: number): Refusal {
  const later = { "retry-after": toSeconds(retryAfterMs) };
  return toRefusal(code, detail, { retryable: true, retryAfterMs: Math.ceil(retryAfterMs) }, later);
}

/** The failure of a call. */
export function toCallRefusal({ error, continuation, meta }: Failure): Refusal {
  const { code, message, retryAfterMs } = error;
  const details: Partial<ProblemDetails> = {
    callId: meta.callId,
    effect: error.effect,
    retryable: error.retryable,
    ...(retryAfterMs !== null && { retryAfterMs: Math.ceil(retryAfterMs) }),
    ...(error.issues.length > 0 && { issues: error.issues }),
    ...(error.toolCode !== null && { toolCode: error.toolCode }),
    ...(error.suggestions.length > 0 && { suggestions: error.suggestions }),
    ...(error.details !== undefined && { details: error.details }),
    ...(continuation !== null && { continuation: { kind: continuation.kind, token: continuation.token } }),
    ...(code === "QUOTA_EXCEEDED" && { type: QUOTA_TYPE, "violated-policies": toPolicies(error.details) }),
    meta: meta as unknown as JsonValue,
  };
  return toRefusal(
    code,
    message,
    details,
    retryAfterMs === null ? NO_HEADERS : { "retry-after": toSeconds(retryAfterMs) },
  );
}

/** What was thrown while a request was handled. What nobody planned for says nothing of itself. */
export function toThrownRefusal(error: unknown): Refusal {
  if (error instanceof TypeError && error.message.startsWith("principal"))
    return toRefusal("INVALID_REQUEST", error.message);
  if (!(error instanceof ToolyardError)) return toRefusal("INTERNAL", MASKED);
  const { status } = toRow(error.code);
  if (status === 500) return toRefusal(error.code, MASKED);
  if (status === 503) return toLater(error.code, toRow(error.code).title, 1_000);
  return toRefusal(
    error.code,
    error.message,
    error.problems.length > 0 ? { problems: error.problems.slice(0, 32) } : {},
  );
}

function toSeconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1_000)));
}

function toType(code: AnyCode): string {
  return `urn:toolyard:error:${code.toLowerCase()}`;
}

function toPolicies(details: JsonValue | undefined): readonly string[] {
  const limit = typeof details === "object" && details !== null && "limit" in details ? details["limit"] : undefined;
  return typeof limit === "string" ? [limit] : [];
}
