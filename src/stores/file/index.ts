export { type FileAuditSink, type FileAuditSinkOptions, openFileAuditSink } from "./audit-sink.ts";
export { readAuditFile, type ReadAuditFileOptions, type SkippedLine } from "./read-audit-file.ts";
export { anchorHeads, readHeadFile, type ReadHeadFileOptions } from "./head-file.ts";
export { createKeyFile, type KeyFile } from "./key-file.ts";
