// Records administrative acts in the audit trail.
import type { ActRecord } from "../audit/index.ts";
import type { Principal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { AdministrativeAct } from "../ports/audit-sink.ts";
import type { JsonObject } from "../kernel/json.ts";
import { isPromiseLike } from "../kernel/maybe-promise.ts";
import { withinTime } from "../pipeline/deadline.ts";
import { AFTER_CALL_MS } from "../pipeline/run-hooks.ts";
import type { Environment } from "../pipeline/environment.ts";
import { type ActOrigin, readActOptions } from "./catalogue/act-options.ts";

export interface ActParts {
  readonly version?: string;
  readonly digest?: string;
  /** Who does it; nobody, where the program itself does. */
  readonly principal?: Principal;
  readonly details?: unknown;
}

/**
 * Before an act, where the trail is a ledger: that it is about to be done is durable before anything changes. Rejects with
 * AUDIT_FAILED when it cannot be, and then the act must not be done. Elsewhere nothing is promised, and nothing written.
 */
export async function intendAct(
  environment: Pick<Environment, "audit" | "clock" | "report">,
  type: AdministrativeAct,
  tool: string,
  parts: ActParts,
): Promise<void> {
  const { audit, clock, report } = environment;
  if (audit === null || audit.intend === null) return;
  try {
    const details = { act: type, ...(parts.details !== undefined && { details: parts.details }) };
    const recorded = audit.recordAct({ ...toRecord(type, tool, parts), details, intended: true });
    if (isPromiseLike(recorded)) await withinTime(clock, AFTER_CALL_MS, "the audit sink", recorded);
  } catch (error) {
    report({ kind: "audit.failed", callId: null, error });
    const message = `${type} of ${tool} cannot be audited, and was not done`;
    throw new ToolyardError("AUDIT_FAILED", message, { cause: error, retryable: true });
  }
}

function toRecord(type: AdministrativeAct, tool: string, parts: ActParts): ActRecord {
  return {
    type,
    tool,
    principal: parts.principal ?? null,
    version: parts.version ?? null,
    digest: parts.digest ?? null,
    details: parts.details,
  };
}

/** One event; a failing sink is reported and does not undo the act. */
export async function recordAct(
  environment: Environment,
  type: AdministrativeAct,
  tool: string,
  parts: ActParts,
): Promise<void> {
  try {
    const recorded = environment.audit?.recordAct(toRecord(type, tool, parts));
    if (isPromiseLike(recorded)) await withinTime(environment.clock, AFTER_CALL_MS, "the audit sink", recorded);
  } catch (error) {
    environment.report({ kind: "audit.failed", callId: null, error });
  }
}

/** What the trail is told of the act `what`. Throws INVALID_OPTION, or a TypeError for a principal that cannot be one. */
export function toAct(
  what: string,
  options: ActOrigin,
  details: JsonObject,
  { clock }: Pick<Environment, "clock">,
): ActParts {
  const { principal, change } = readActOptions(what, options, { now: clock.now() });
  const { reason } = change;
  return {
    ...(principal !== null && { principal }),
    details: reason === null ? details : { ...details, reason },
  };
}
