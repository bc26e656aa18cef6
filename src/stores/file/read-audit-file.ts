// Reads an audit file back, a line at a time, whatever its size. What is no event is skipped and told: a trail with a torn
// line in it is still a trail.
import type { AuditEvent } from "../../ports/audit-sink.ts";
import { fromAuditLine } from "./audit-line.ts";
import { readLines } from "./read-lines.ts";

/** A line that is no event. */
export interface SkippedLine {
  /** From 1. */
  readonly lineNumber: number;
  /** `torn`: cut off or no JSON. `too long`: over 1 MiB. */
  readonly reason: "torn" | "too long";
  /** Its first 200 characters. */
  readonly text: string;
}

export interface ReadAuditFileOptions {
  /** Is told of each line that is skipped. @default nobody */
  readonly onSkipped?: (line: SkippedLine) => void;
}

/** The events of a file, oldest first. Rejects with AUDIT_FAILED when the file cannot be read. Empty lines are no lines. */
export async function* readAuditFile(
  path: string,
  options: ReadAuditFileOptions = {},
): AsyncGenerator<AuditEvent, void, undefined> {
  let lineNumber = 0;
  for await (const line of readLines(path)) {
    lineNumber++;
    if (line.text === "") continue;
    const event = line.isWhole ? fromAuditLine(line.text) : null;
    if (event !== null) yield event;
    else options.onSkipped?.({ lineNumber, reason: line.isWhole ? "torn" : "too long", text: line.text.slice(0, 200) });
  }
}
