// One audit event as one line of JSON, and back. A line holds no character that a terminal, an editor or a log viewer
// could take for a line's end or an order: an attacker would write a second, forged line otherwise.
// INVARIANT: a line is printable ASCII, see "writes every event as one line of printable ASCII".
import { isObject } from "../../kernel/json.ts";
import type { AuditEvent } from "../../ports/audit-sink.ts";

const UNPRINTABLE = /[^ -~]/g;

/** `event` as a line, its newline included. Throws a TypeError for what JSON cannot hold. */
export function toAuditLine(event: AuditEvent): string {
  return `${JSON.stringify(event).replace(UNPRINTABLE, toEscape)}\n`;
}

/** The event on a line; null when the line is none. */
export function fromAuditLine(line: string): AuditEvent | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(parsed)) return null;
  const isEvent =
    typeof parsed["type"] === "string" && typeof parsed["at"] === "number" && typeof parsed["tool"] === "string";
  // JSON has no undefined: what was not kept is not on the line.
  return isEvent
    ? ({ ...parsed, arguments: parsed["arguments"], details: parsed["details"] } as unknown as AuditEvent)
    : null;
}

function toEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
