export { createActRecorder } from "./act-recorder.ts";
export type { ActRecord, CallRecord } from "./audit-event.ts";
export { type AuditOptions, type AuditTrail, createAuditTrail } from "./audit-trail.ts";
export { createMemoryAuditSink, type MemoryAuditSink, type MemoryAuditSinkOptions } from "./memory-sink.ts";
export type { ArgumentKeeping } from "./redaction.ts";
export type { RedactionRules } from "./redaction-rules.ts";
