// Records administrative acts in the audit trail.
import type { Principal } from "../call/principal.ts";
import type { AdministrativeAct } from "../ports/audit-sink.ts";
import { isPromiseLike } from "../kernel/maybe-promise.ts";
import { withinTime } from "../pipeline/deadline.ts";
import { AFTER_CALL_MS } from "../pipeline/run-hooks.ts";
import type { Environment } from "../pipeline/environment.ts";

interface ActParts {
  readonly version?: string;
  readonly digest?: string;
  /** Whom the act concerns. */
  readonly principal?: Principal;
  readonly details?: unknown;
}

/** One event; a failing sink is reported and does not undo the act. */
export async function recordAct(
  environment: Environment,
  type: AdministrativeAct,
  tool: string,
  parts: ActParts,
): Promise<void> {
  try {
    const recorded = environment.audit?.recordAct({
      type,
      tool,
      principal: parts.principal ?? null,
      version: parts.version ?? null,
      digest: parts.digest ?? null,
      details: parts.details,
    });
    if (isPromiseLike(recorded)) await withinTime(environment.clock, AFTER_CALL_MS, "the audit sink", recorded);
  } catch (error) {
    environment.report({ kind: "audit.failed", callId: null, error });
  }
}
