// What each failure of an attempt means to the layers: whether another attempt may help, what it says about the tool's
// health, and whether something else may answer in its place. One table, so that the layers never disagree.
// INVARIANT: pinned by failure-kinds.test.ts and documented in docs/resilience.md.
import type { OutcomeError } from "../call/outcome.ts";
import type { ErrorCode } from "../errors/codes.ts";

export interface FailureKind {
  /** Whether another attempt may come out differently, where the effect permits one. */
  readonly transient: boolean;
  /** What a breaker makes of it: nothing, when the tool was not asked or did not get its time. */
  readonly verdict: "failure" | "success" | "none";
  /** Whether a fallback or an old answer may stand in, when nothing has happened. */
  readonly replaceable: boolean;
}

const kind = (transient: boolean, verdict: FailureKind["verdict"], replaceable: boolean): FailureKind =>
  Object.freeze({ transient, verdict, replaceable });

const KINDS: ReadonlyMap<ErrorCode, FailureKind> = new Map([
  ["TOOL_FAILED", kind(true, "failure", true)],
  ["TIMEOUT", kind(true, "failure", true)],
  ["OUTCOME_UNKNOWN", kind(true, "failure", true)],
  // Asked again, a tool that gives a wrong answer gives it again.
  ["INVALID_OUTPUT", kind(false, "failure", true)],
  ["BREAKER_OPEN", kind(false, "none", true)],
  ["OVERLOADED", kind(false, "none", true)],
]);
/** A ToolError that may be tried again: the system behind the tool is out of order. */
const BUSY = kind(true, "failure", true);
/** One that may not: the tool works, and said no. */
const ANSWERED = kind(false, "success", false);
const OTHER = kind(false, "none", false);

/** What `error` means. */
export function toFailureKind({ code, retryable }: OutcomeError): FailureKind {
  if (code === "TOOL_ERROR") return retryable ? BUSY : ANSWERED;
  return KINDS.get(code) ?? OTHER;
}
