// Records administrative acts of who knows no audit trail: of the keys and the secrets.
import { createPrincipal } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { ActRecorder, RecordedAct } from "../ports/act-recorder.ts";
import type { ActRecord } from "./audit-event.ts";
import type { AuditTrail } from "./audit-trail.ts";

/**
 * The recorder of a trail. Before an act it rejects with AUDIT_FAILED when the trail is a ledger and cannot write; after one, a
 * failure is given to `report`, because the act is done.
 */
export function createActRecorder(trail: AuditTrail, report: (error: unknown) => void): ActRecorder {
  return {
    async intend(act) {
      // Elsewhere nothing is promised before an effect, and nothing written.
      if (trail.intend === null) return;
      const details = { act: act.type, details: act.details };
      try {
        await trail.recordAct({ ...toRecord(act), details, intended: true });
      } catch (cause) {
        const message = `${act.type} cannot be audited, and was not done`;
        throw new ToolyardError("AUDIT_FAILED", message, { cause, retryable: true });
      }
    },
    async record(act) {
      try {
        await trail.recordAct(toRecord(act));
      } catch (error) {
        report(error);
      }
    },
  };
}

function toRecord({ type, subject, details }: RecordedAct): ActRecord {
  const principal = subject && createPrincipal({ id: subject.principal, tenant: subject.tenant }, []);
  return { type, principal, tool: "*", version: null, digest: null, details };
}
