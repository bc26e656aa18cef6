// Asks the host whether a call may be made. Whatever goes wrong with the asking, the answer is no.
// INVARIANT: "denies when the hook throws or answers something else" in approval.test.ts.
import type { PrincipalInput } from "../call/principal.ts";
import { toKind } from "../core/options.ts";
import { tellListener } from "../core/tell-listener.ts";
import { isObject, type JsonValue } from "../kernel/json.ts";
import type { MaybePromise } from "../kernel/maybe-promise.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import { waitFor } from "./wait-for.ts";

/** A call that will be made when it is approved: of a tool that the model was shown, with arguments that are valid. */
export interface ApprovalRequest {
  /** The call's id, unique in the conversation. */
  readonly id: string;
  /** The version that will be called. */
  readonly tool: ToolDescription;
  /**
   * The arguments as the model wrote them, parsed, deeply frozen. A number that a double cannot hold is its text; what
   * the registry repairs to fit the schema is not repaired here.
   */
  readonly input: JsonValue;
  /** Who asks; null: trusted code of this process. */
  readonly principal: PrincipalInput | null;
  /** Aborted when nobody waits for the decision any more. */
  readonly signal: AbortSignal;
}

/**
 * `true`: the call is made. `false`: it is not, and the model is told so; `{ deny }`: it is told this reason. `"later"`:
 * the chat stops with `approval_pending` and goes on with `resume`.
 */
export type ApprovalDecision = boolean | { readonly deny: string } | "later";

/** Decides about a call before it is made. One that throws or answers something else denies. */
export type Approve = (request: ApprovalRequest) => MaybePromise<ApprovalDecision>;

export type Verdict =
  | { readonly kind: "approved" | "later" | "cancelled" }
  | { readonly kind: "denied"; readonly message: string };

const DENIED = "The call was not approved. It has not been made.";
const FAILED = "Whether the call may be made could not be decided. It has not been made.";

/** What a decision means; null for a value that is none. */
export function toVerdict(decision: unknown): Verdict | null {
  if (decision === true) return { kind: "approved" };
  if (decision === false) return { kind: "denied", message: DENIED };
  if (decision === "later") return { kind: "later" };
  const reason = isObject(decision) ? decision["deny"] : undefined;
  if (typeof reason !== "string") return null;
  return { kind: "denied", message: reason.trim() === "" ? DENIED : reason.toWellFormed() };
}

/** Asks the hook. Never rejects; a request that is cancelled does not wait for it. */
export async function askApproval(approve: Approve, request: ApprovalRequest): Promise<Verdict> {
  try {
    const asked = await waitFor(Promise.resolve(approve(request)), request.signal);
    if (asked.aborted) return { kind: "cancelled" };
    const verdict = toVerdict(asked.value);
    if (verdict !== null) return verdict;
    throw new TypeError(
      `approve: received ${toKind(asked.value)}, expected true, false, { deny: "the reason" } or "later"`,
    );
  } catch (error) {
    tellListener(
      `approve of ${JSON.stringify(request.tool.name)}`,
      () => {
        throw error;
      },
      null,
    );
    return { kind: "denied", message: FAILED };
  }
}
