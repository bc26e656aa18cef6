// The audit trail outlives the program that writes it, so its words are pinned: what reads it relies on them.

export const AUDIT_FIELDS = [
  "answeredBy",
  "arguments",
  "at",
  "attempts",
  "callId",
  "code",
  "details",
  "digest",
  "durationMs",
  "effect",
  "idempotencyKey",
  "ip",
  "parentCallId",
  "principal",
  "roles",
  "tenant",
  "tool",
  "type",
  "version",
] as const;

export const AUDIT_TYPES = [
  "call.succeeded",
  "call.refused",
  "call.failed",
  "tool.published",
  "tool.unregistered",
  "tool.deprecated",
  "tool.retired",
  "tool.restored",
  "permissions.changed",
  "grants.changed",
  "quota.overridden",
  "quota.reset",
  "outcome.resolved",
] as const;
