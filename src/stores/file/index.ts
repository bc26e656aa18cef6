export { type FileAuditSink, type FileAuditSinkOptions, openFileAuditSink } from "./audit-sink.ts";
export { readAuditFile, type ReadAuditFileOptions, type SkippedLine } from "./read-audit-file.ts";
