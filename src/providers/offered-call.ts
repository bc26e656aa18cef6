// A call of a model on its way through the registry: pinned to the version the model was shown, or certain to be refused
// when it was shown none. What was not offered answers like what does not exist, whether or not the registry has it.
// INVARIANT: "never executes a tool that is not in the binding" in test/providers/openai-binding.test.ts.
import type { Failure, Outcome } from "../call/outcome.ts";
import type { CallRequest } from "../core/registry.ts";
import type { ErrorCode } from "../errors/codes.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { ToolDescription } from "../tool/tool-version.ts";

export interface OfferedCall {
  /** The name the model wrote. */
  readonly name: string;
  /** What it was shown under that name, if anything. */
  readonly tool: ToolDescription | null;
  readonly input: unknown;
  /** Why the call can only be refused, when the name is not the reason. */
  readonly problem: string | null;
}

// No definition has this digest, so the registry cannot get past its check of the contract, whatever the name.
const NEVER_OFFERED = "sha256:never-offered";
const MAX_NAME = 128;

/** Refusals that say nothing of the tool. */
const IMPARTIAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "UNAUTHENTICATED",
  "STOPPED",
  "CLOSED",
  "CANCELLED",
  "INTERNAL",
]);

/** A request pinned to one definition. */
export interface PinnedRequest extends CallRequest {
  readonly digest: string;
}

/** The request to make of the registry. A call that cannot be executed is made too, so that it is counted and audited. */
export function toCallRequest({ name, tool, input, problem }: OfferedCall, key: string | null): PinnedRequest {
  if (tool === null || problem !== null) return { tool: name, input, digest: NEVER_OFFERED };
  const request = { tool: `${tool.name}@${tool.version}`, input, digest: tool.digest };
  return key === null ? request : { ...request, idempotencyKey: key };
}

/** What the model is told: the registry's outcome, or UNKNOWN_TOOL with the nearest of the `offered` names. */
export function toAnswer(call: OfferedCall, outcome: Outcome, offered: Iterable<string>): Outcome {
  if (call.tool !== null && call.problem === null) return outcome;
  if (!outcome.ok && IMPARTIAL.has(outcome.error.code)) return outcome;
  return toRefusal(call, outcome, offered);
}

function toRefusal({ name, problem }: OfferedCall, { meta }: Outcome, offered: Iterable<string>): Failure {
  const asked = name.slice(0, MAX_NAME);
  const suggestions = problem === null ? findNearest(asked, offered) : [];
  const hint = suggestions.length === 0 ? "" : ` Did you mean ${suggestions.join(", ")}?`;
  return {
    ok: false,
    error: {
      code: "UNKNOWN_TOOL",
      message: problem ?? `There is no tool ${JSON.stringify(asked)}.${hint}`,
      effect: "none",
      retryable: false,
      retryAfterMs: null,
      issues: [],
      toolCode: null,
      suggestions,
      details: undefined,
    },
    continuation: null,
    // Not the registry's: it would tell that the tool exists, and which version.
    meta: { ...meta, tool: asked, version: null, digest: null, warnings: [] },
  };
}
