// Whether a call may be made, before it is. A person is asked only about what would be executed: everything that the
// registry refuses anyway it refuses in a dry run, and what was done before under the same key is not asked about again.
// INVARIANT: "nothing is executed that was not approved" in test/property/agent-turns.test.ts.
import type { Failure, Outcome } from "../call/outcome.ts";
import { createPrincipal, type PrincipalInput } from "../call/principal.ts";
import type { ErrorCode } from "../errors/codes.ts";
import { type PinnedRequest, toCallRequest } from "../providers/offered-call.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import { type ApprovalRequest, askApproval, toVerdict, type Verdict } from "./approval.ts";
import { toShownInput } from "./json-copy.ts";
import type { CallContext, OpenCall } from "./run-calls.ts";

export type Review =
  | { readonly kind: "make" }
  | { readonly kind: "later"; readonly asked: boolean }
  /** The call is not made, and this is its answer. */
  | { readonly kind: "answer"; readonly outcome: Outcome };

const MAKE: Review = Object.freeze({ kind: "make" });

/** Reviews the call that `request` would make. */
export async function reviewCall(open: OpenCall, request: PinnedRequest, context: CallContext): Promise<Review> {
  const { call, tool, asked } = open;
  const { approve, decisions } = context;
  // Without a tool the request is one that is certain to be refused.
  if (tool === null || (approve === null && !decisions.has(call.id) && !asked)) return MAKE;
  const preview = await previewCall(request, context);
  if (isPending(preview)) return { kind: "later", asked: false };
  if (!preview.ok || preview.meta.replayOf !== null) {
    return { kind: "answer", outcome: await answerInstead(open, context, preview, preview) };
  }
  const verdict = await decide(open, tool, context);
  switch (verdict.kind) {
    case "approved":
      return MAKE;
    case "later":
      return { kind: "later", asked: true };
    case "denied":
      return { kind: "answer", outcome: await refuse(open, context, preview, "APPROVAL_DENIED", verdict.message) };
    case "cancelled": {
      const message = "The chat was cancelled before the call was approved. It has not been made.";
      return { kind: "answer", outcome: await refuse(open, context, preview, "CANCELLED", message) };
    }
  }
}

/** Whether a registry that asks for approvals itself waits for one. */
export function isPending(outcome: Outcome): boolean {
  return !outcome.ok && outcome.continuation?.kind === "approval";
}

/** What the registry would say. With its key first: what was done before stays done, whatever would be said today. */
async function previewCall(request: PinnedRequest, context: CallContext): Promise<Outcome> {
  const { tool, input, idempotencyKey, ...pinned } = request;
  const { registry, options } = context;
  const dry = { ...options, ...pinned, dryRun: true };
  if (idempotencyKey === undefined) return registry.execute(tool, input, dry);
  const keyed = await registry.execute(tool, input, { ...dry, idempotencyKey });
  if (keyed.ok || !isUndecided(keyed)) return keyed;
  // It runs elsewhere, or nobody knows how it ended: only a call that is meant waits or looks into it.
  const fresh = await registry.execute(tool, input, dry);
  return fresh.ok ? fresh : keyed;
}

function isUndecided({ error: { code } }: Failure): boolean {
  return code === "IDEMPOTENCY_IN_FLIGHT" || code === "OUTCOME_UNKNOWN";
}

async function decide({ call, asked }: OpenCall, tool: ToolDescription, context: CallContext): Promise<Verdict> {
  const { approve, decisions, options } = context;
  const given = decisions.get(call.id);
  const decided = given === undefined ? null : toVerdict(given);
  if (decided !== null) return decided;
  // Somebody wanted to be asked about it, and there is nobody to ask.
  if (approve === null) return asked ? { kind: "later" } : { kind: "approved" };
  const request: ApprovalRequest = Object.freeze({
    id: call.id,
    // The hook's own copies: what is executed and as whom is not in its hands.
    tool: Object.freeze({ ...tool }),
    input: toShownInput(call.input),
    principal: toShownPrincipal(options.principal),
    signal: options.signal,
  });
  return askApproval(approve, request);
}

function toShownPrincipal(principal: PrincipalInput | undefined): PrincipalInput | null {
  if (principal === undefined) return null;
  const { roles, ...rest } = createPrincipal(principal);
  // Which roles somebody has who was given none is the registry's business.
  return Object.freeze(principal.roles === undefined ? rest : { ...rest, roles });
}

function refuse(open: OpenCall, context: CallContext, preview: Outcome, code: ErrorCode, message: string) {
  const error: Failure["error"] = {
    code,
    message,
    effect: "none",
    retryable: false,
    retryAfterMs: null,
    issues: [],
    toolCode: null,
    suggestions: [],
    details: undefined,
  };
  return answerInstead(open, context, preview, { ok: false, error, continuation: null, meta: preview.meta });
}

/**
 * `outcome` as the answer of a call that is not made. One is made in its place that cannot get past the check of the
 * contract, so that it is counted and audited.
 */
async function answerInstead(
  { call, tool }: OpenCall,
  { registry, options }: CallContext,
  preview: Outcome,
  outcome: Outcome,
): Promise<Outcome> {
  const { id, tool: name, input } = call;
  const { tool: ref, input: given, digest } = toCallRequest({ name, tool, input, problem: id }, null);
  const { meta } = await registry.execute(ref, given, { ...options, digest });
  const { callId, durationMs } = meta;
  return { ...outcome, meta: { ...preview.meta, callId, durationMs, dryRun: false } };
}
