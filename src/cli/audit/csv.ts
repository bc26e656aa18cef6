// Events as CSV (RFC 4180: CRLF between records, quotes around what needs them, quotes doubled).
import { toBody } from "../../audit/chain/index.ts";
import type { ChainRecord } from "../../index.ts";
import { toIso } from "./record-text.ts";

// A spreadsheet runs what begins with one of these as a formula, and whoever calls a tool chooses its arguments (OWASP: CSV
// Injection). With an apostrophe before it, it is a text. The wide forms are what some of them turn into these.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/u;
const SPECIAL = /[",\r\n]/;
/** A negative number is no formula. */
const NUMBER = /^-\d+(?:\.\d+)?$/;

/** Members of an event, in the order of the columns. */
const MEMBERS: readonly string[] = [
  ..."tenant principal roles ip tool version code effect attempts answeredBy durationMs".split(" "),
  ..."callId parentCallId idempotencyKey digest arguments details".split(" "),
];

/** The line with the names of the columns. */
export const CSV_HEADER: string = toLine(["at", "kind", ...MEMBERS, "writer", "seq", "hash"]);

/** The line of one record. */
export function toCsvLine(record: ChainRecord): string {
  const body = toBody(record) ?? {};
  const members = MEMBERS.map((name) => toText(body[name]));
  const { kind, writer, seq, hash } = record;
  return toLine([toIso(record.at), kind, ...members, writer, String(seq), hash]);
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toLine(cells: readonly string[]): string {
  return `${cells.map(toCell).join(",")}\r\n`;
}

function toCell(text: string): string {
  const guarded = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return SPECIAL.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
