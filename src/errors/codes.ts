// The table of error codes: what each means on every face. Faces read rows; nobody writes a status by hand.
// Codes are a promise: pinned by `test/pins/errors.test.ts`, documented in `docs/reference/errors.md` (parity tested).

/** Who can do something about it: the model, the calling code, or the operator of the registry. */
export type Audience = "model" | "caller" | "operator";

export interface ErrorRow {
  /** HTTP status of the REST face. */
  readonly status: number;
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean;
  readonly audience: Audience;
  /** What happened, for a person; the outcome's message is more specific. */
  readonly message: string;
}

const row = (status: number, retryable: boolean, audience: Audience, message: string): ErrorRow =>
  Object.freeze({ status, retryable, audience, message });

/** Codes an outcome can carry, by stage. The documentation anchor of a code is its name in lower case. */
export const ERROR_CODES: Readonly<Record<ErrorCode, ErrorRow>> = Object.freeze({
  // before anything else; of a single tool, after authorize
  STOPPED: row(503, false, "operator", "An operator has stopped such calls."),
  // resolve
  INVALID_REF: row(400, false, "model", "The tool reference cannot be read."),
  UNKNOWN_TOOL: row(404, false, "model", "There is no such tool for this principal."),
  VERSION_NOT_FOUND: row(404, false, "model", "No version of the tool is in the range asked for."),
  VERSION_RETIRED: row(410, false, "model", "The version asked for is retired."),
  CONTRACT_CHANGED: row(409, false, "caller", "The tool is not the one the caller was shown."),
  // authorize
  UNAUTHENTICATED: row(401, false, "caller", "The call has no valid principal."),
  FORBIDDEN: row(403, false, "caller", "The principal may not make this call."),
  // replay
  IDEMPOTENCY_CONFLICT: row(422, false, "caller", "The idempotency key was used for other arguments."),
  IDEMPOTENCY_IN_FLIGHT: row(409, true, "caller", "A call with the same idempotency key is still running."),
  IDEMPOTENCY_UNAVAILABLE: row(503, true, "operator", "Idempotency keys cannot be kept or read."),
  OUTPUT_LOST: row(502, false, "caller", "The effect has happened, but its output is not known."),
  // validate
  INVALID_JSON: row(400, false, "model", "The arguments are not JSON that can be accepted."),
  INVALID_INPUT: row(422, false, "model", "The arguments do not fit the tool's input schema."),
  // admit, approve, reserve
  QUOTA_EXCEEDED: row(429, true, "caller", "A quota is used up."),
  COST_INVALID: row(500, false, "operator", "The tool's cost function gave no usable cost."),
  APPROVAL_DENIED: row(403, false, "caller", "The call was not approved."),
  APPROVAL_PENDING: row(202, false, "caller", "The call waits to be approved."),
  OVERLOADED: row(503, true, "caller", "Too many calls are running."),
  // claim
  AUDIT_UNAVAILABLE: row(503, true, "operator", "The audit trail cannot be written; nothing was done."),
  // attempt
  BREAKER_OPEN: row(503, true, "caller", "The tool failed too often and is left alone for a while."),
  TIMEOUT: row(504, true, "caller", "The call did not finish within its deadline."),
  CANCELLED: row(499, true, "caller", "The caller cancelled the call."),
  TOOL_ERROR: row(422, false, "model", "The tool refused the call on purpose."),
  TOOL_FAILED: row(502, false, "operator", "The tool failed."),
  OUTCOME_UNKNOWN: row(504, false, "operator", "Whether the effect happened is not known."),
  DEPTH_EXCEEDED: row(508, false, "operator", "Tools call one another too deep."),
  // check
  INVALID_OUTPUT: row(502, false, "operator", "The tool's output does not fit its output schema."),
  // any stage
  HOOK_REFUSED: row(403, false, "caller", "A hook refused the call."),
  HOOK_FAILED: row(500, false, "operator", "A hook failed."),
  CLOSED: row(503, false, "caller", "The registry is closed."),
  INTERNAL: row(500, false, "operator", "The registry failed."),
});

/** A code of `ERROR_CODES`. */
export type ErrorCode =
  | "STOPPED"
  | "INVALID_REF"
  | "UNKNOWN_TOOL"
  | "VERSION_NOT_FOUND"
  | "VERSION_RETIRED"
  | "CONTRACT_CHANGED"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "IDEMPOTENCY_CONFLICT"
  | "IDEMPOTENCY_IN_FLIGHT"
  | "IDEMPOTENCY_UNAVAILABLE"
  | "OUTPUT_LOST"
  | "INVALID_JSON"
  | "INVALID_INPUT"
  | "QUOTA_EXCEEDED"
  | "COST_INVALID"
  | "APPROVAL_DENIED"
  | "APPROVAL_PENDING"
  | "OVERLOADED"
  | "AUDIT_UNAVAILABLE"
  | "BREAKER_OPEN"
  | "TIMEOUT"
  | "CANCELLED"
  | "TOOL_ERROR"
  | "TOOL_FAILED"
  | "OUTCOME_UNKNOWN"
  | "DEPTH_EXCEEDED"
  | "INVALID_OUTPUT"
  | "HOOK_REFUSED"
  | "HOOK_FAILED"
  | "CLOSED"
  | "INTERNAL";

/** Codes of the one thrown class: faults of the program or its configuration. */
export const FAULT_CODES: Readonly<Record<FaultCode, string>> = Object.freeze({
  INVALID_DEFINITION: "A tool definition cannot be registered.",
  INVALID_OPTION: "An option has a value that is not accepted.",
  INVALID_CONFIG: "A configuration file cannot be used.",
  ALREADY_PUBLISHED: "The version is published with other content.",
  NOT_PUBLISHED: "The tool or version is not published.",
  UNKNOWN_ROLE: "A role is not declared.",
  UNKNOWN_LIMIT: "There is no limit of that name.",
  UNKNOWN_OUTCOME: "There is no unknown outcome of that id.",
  CONVERSION_REFUSED: "A tool cannot be expressed in the format asked for.",
  MODEL_FAILED: "The model's API failed.",
  AUDIT_FAILED: "The audit trail cannot be written or read.",
  STORE_UNUSABLE: "A database cannot be used as it is.",
  STORE_FAILED: "A database did not do what it was asked.",
  CONTRACT_BROKEN: "A definition breaks the contract of the version it claims to be, or of the one before it.",
  REVISION_CONFLICT: "Somebody else has changed it meanwhile.",
  STATE_CONFLICT: "The act does not fit the state that something is in.",
  SECRET_UNUSABLE: "A secret cannot be found, read or decrypted.",
  UNKNOWN_KEY: "There is no API key of that id.",
  KEY_ENDED: "The API key was revoked, has expired, or has a successor already.",
  CLOSED: "It has been closed.",
});

/** A code of `FAULT_CODES`. */
export type FaultCode =
  | "INVALID_DEFINITION"
  | "INVALID_OPTION"
  | "INVALID_CONFIG"
  | "ALREADY_PUBLISHED"
  | "NOT_PUBLISHED"
  | "UNKNOWN_ROLE"
  | "UNKNOWN_LIMIT"
  | "UNKNOWN_OUTCOME"
  | "CONVERSION_REFUSED"
  | "MODEL_FAILED"
  | "AUDIT_FAILED"
  | "STORE_UNUSABLE"
  | "STORE_FAILED"
  | "CONTRACT_BROKEN"
  | "REVISION_CONFLICT"
  | "STATE_CONFLICT"
  | "SECRET_UNUSABLE"
  | "UNKNOWN_KEY"
  | "KEY_ENDED"
  | "CLOSED";
