// A call as the audit trail is told of it: before its effect, when nothing has come of it yet, and at its end.
import type { CallRecord } from "../audit/index.ts";
import type { Outcome } from "../call/outcome.ts";
import type { EffectState } from "../errors/tool-error.ts";
import type { Answerer } from "../ports/audit-sink.ts";
import type { Call } from "./call.ts";

type Ending = Pick<CallRecord, "code" | "answeredBy" | "effect" | "durationMs">;

const NONE_YET: Ending = { code: null, answeredBy: null, effect: "unknown", durationMs: 0 };

/** What is known of `call`; `outcome` is null while it is about to have its effect. */
export function toCallRecord(call: Call, outcome: Outcome | null): CallRecord {
  const { plan, request } = call;
  const version = plan === null ? null : plan.version;
  const { code, answeredBy, effect, durationMs } = outcome === null ? NONE_YET : toEnding(call, outcome);
  return {
    callId: call.id,
    parentCallId: request.parent === null ? null : request.parent.call.id,
    principal: request.principal,
    // The trail is the operator's: it names what was resolved, also where the caller was told UNKNOWN_TOOL.
    tool: version === null ? (outcome?.meta.tool ?? request.ref) : version.name,
    version: version === null ? null : version.version,
    digest: version === null ? null : version.digest,
    code,
    entered: call.entered,
    attempts: call.attempts,
    answeredBy,
    effect,
    durationMs,
    idempotencyKey: request.idempotencyKey,
    details: call.rollout === null ? undefined : { rollout: call.rollout },
    arguments: call.input === undefined ? request.received : call.input,
  };
}

function toEnding(call: Call, outcome: Outcome): Ending {
  return {
    code: outcome.ok ? null : outcome.error.code,
    answeredBy: toAnswerer(call, outcome),
    effect: toEffect(call, outcome),
    durationMs: outcome.meta.durationMs,
  };
}

function toAnswerer(call: Call, outcome: Outcome): Answerer | null {
  if (call.replayOf !== null) return "replay";
  if (!outcome.ok) return null;
  if (call.cached !== null) return "cache";
  if (call.degraded !== null) return "fallback";
  return call.attempts > 0 ? "tool" : null;
}

function toEffect(call: Call, outcome: Outcome): EffectState {
  if (!outcome.ok) return outcome.error.effect;
  if (call.plan === null || !call.plan.writes) return "none";
  const by = outcome.meta.degraded?.by ?? null;
  // What was given again has had its effect before, unless a mere value stood in for it.
  if (call.replayOf !== null) return by === null || by === "function" || by === "tool" ? "applied" : "none";
  return call.entered && by === null ? "applied" : call.standIn;
}
