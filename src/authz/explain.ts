// Why a decision came out as it did.
import type { Decision } from "./decision.ts";
import type { Considered, Trace } from "./trace.ts";

export interface Explanation {
  /** Whether the call is allowed: with the arguments given or, without any, with some. */
  readonly allowed: boolean;
  readonly visible: boolean;
  /** It depends on the arguments, and none were given. */
  readonly conditional: boolean;
  /** What decided, as in `Decision`. */
  readonly rule: string;
  /** One sentence for the caller. */
  readonly reason: string;
  /** Every rule that was looked at on the way, in order. `why` is for the operator, not for the caller. */
  readonly considered: readonly Considered[];
}

/** The explanation of a decision and of the trace that it left. */
export function toExplanation({ allowed, visible, rule, reason }: Decision, trace: Trace): Explanation {
  const considered = Object.freeze([...trace.values()]);
  return Object.freeze({
    allowed: allowed !== "no",
    visible,
    conditional: allowed === "conditional",
    rule,
    reason,
    considered,
  });
}
