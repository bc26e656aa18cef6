import { expect, it } from "vitest";
import { ERROR_CODES, type ErrorCode } from "../errors/codes.ts";
import { toFailureKind } from "./failure-kinds.ts";
import type { OutcomeError } from "../call/outcome.ts";

const error = (code: ErrorCode, retryable: boolean): OutcomeError => ({
  code,
  message: "",
  effect: "none",
  retryable,
  retryAfterMs: null,
  issues: [],
  toolCode: null,
  suggestions: [],
  details: undefined,
});

/** Repeated; what a breaker makes of it; replaced by a fallback or an old answer. */
const TABLE: Readonly<Record<ErrorCode, readonly [boolean, "failure" | "success" | "none", boolean]>> = {
  TOOL_FAILED: [true, "failure", true],
  TIMEOUT: [true, "failure", true],
  OUTCOME_UNKNOWN: [true, "failure", true],
  INVALID_OUTPUT: [false, "failure", true],
  BREAKER_OPEN: [false, "none", true],
  OVERLOADED: [false, "none", true],
  // One that may not be tried again.
  TOOL_ERROR: [false, "success", false],
  CANCELLED: [false, "none", false],
  INVALID_REF: [false, "none", false],
  UNKNOWN_TOOL: [false, "none", false],
  VERSION_NOT_FOUND: [false, "none", false],
  VERSION_RETIRED: [false, "none", false],
  CONTRACT_CHANGED: [false, "none", false],
  UNAUTHENTICATED: [false, "none", false],
  FORBIDDEN: [false, "none", false],
  IDEMPOTENCY_CONFLICT: [false, "none", false],
  IDEMPOTENCY_IN_FLIGHT: [false, "none", false],
  IDEMPOTENCY_UNAVAILABLE: [false, "none", false],
  OUTPUT_LOST: [false, "none", false],
  INVALID_JSON: [false, "none", false],
  INVALID_INPUT: [false, "none", false],
  QUOTA_EXCEEDED: [false, "none", false],
  COST_INVALID: [false, "none", false],
  APPROVAL_DENIED: [false, "none", false],
  AUDIT_UNAVAILABLE: [false, "none", false],
  APPROVAL_PENDING: [false, "none", false],
  DEPTH_EXCEEDED: [false, "none", false],
  HOOK_REFUSED: [false, "none", false],
  HOOK_FAILED: [false, "none", false],
  CLOSED: [false, "none", false],
  INTERNAL: [false, "none", false],
  STOPPED: [false, "none", false],
};

const read = (code: ErrorCode, retryable: boolean) => {
  const { transient, verdict, replaceable } = toFailureKind(error(code, retryable));
  return [transient, verdict, replaceable];
};

it("says what every code means to the layers", () => {
  expect(Object.keys(TABLE).sort()).toEqual(Object.keys(ERROR_CODES).sort());
  for (const [code, expected] of Object.entries(TABLE)) {
    expect(read(code as ErrorCode, false), code).toEqual(expected);
    // Whether the caller may try again is another question, but for a tool's own refusal.
    if (code !== "TOOL_ERROR") expect(read(code as ErrorCode, true), code).toEqual(expected);
  }
});

it("takes a ToolError that may be tried again for a system that is out of order", () => {
  expect(read("TOOL_ERROR", true)).toEqual([true, "failure", true]);
});
