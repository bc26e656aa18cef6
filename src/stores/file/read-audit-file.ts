// Reads an audit file back, a line at a time, whatever its size. What is no event is skipped and told: a trail with a torn
// line in it is still a trail.
import { createReadStream } from "node:fs";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { AuditEvent } from "../../ports/audit-sink.ts";
import { fromAuditLine } from "./audit-line.ts";

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

const MAX_LINE = 1_048_576;

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

interface Line {
  readonly text: string;
  /** Whether `text` is all of it. */
  readonly isWhole: boolean;
}

/** Not `readline`, which also ends lines at U+2028, and keeps a line of any length in memory. */
async function* readLines(path: string): AsyncGenerator<Line> {
  let text = "";
  let isWhole = true;
  try {
    for await (const chunk of createReadStream(path, { encoding: "utf8" }) as AsyncIterable<string>) {
      let start = 0;
      for (let end = chunk.indexOf("\n"); end !== -1; end = chunk.indexOf("\n", start)) {
        yield { text: text + chunk.slice(start, end), isWhole };
        text = "";
        isWhole = true;
        start = end + 1;
      }
      text += chunk.slice(start);
      if (text.length > MAX_LINE) {
        text = text.slice(0, 200);
        isWhole = false;
      }
    }
  } catch (error) {
    const { message } = error as Error;
    throw new ToolyardError("AUDIT_FAILED", `audit file ${path} cannot be read: ${message}`, { cause: error });
  }
  if (text !== "") yield { text, isWhole };
}
