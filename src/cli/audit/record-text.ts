// A record for people and for programs.
import { toBody } from "../../audit/chain/index.ts";
import type { ChainRecord } from "../../index.ts";
import { type Output, toSafeLine } from "../output/index.ts";

/** A record as programs get it: what its hash was taken over, and the hash. */
export interface RecordData extends Omit<ChainRecord, "bodyText" | "index"> {
  /** The event; a text where it is no JSON object. */
  readonly body: unknown;
}

export function toRecordData(record: ChainRecord): RecordData {
  const { writer, seq, at, kind, bodyText, prev, hash } = record;
  return { writer, seq, at, kind, body: toBody(record) ?? bodyText, prev, hash };
}

/** What a line or a row says of a record. */
export interface RecordText {
  readonly time: string;
  readonly kind: string;
  /** Its tool, with the version. */
  readonly tool: string;
  readonly principal: string;
  /** The error code; without one the effect, where there was one. */
  readonly result: string;
  readonly call: string;
}

export function toRecordText(record: ChainRecord): RecordText {
  const body = toBody(record) ?? {};
  const { tool, version, principal, code, effect, callId, durationMs } = body;
  const took = typeof durationMs === "number" && durationMs > 0 ? `${Math.round(durationMs)} ms` : "";
  const became = typeof code === "string" ? code : effect === "none" ? "" : toText(effect);
  return {
    time: toIso(record.at),
    kind: record.kind,
    tool: version === null || version === undefined ? toText(tool) : `${toText(tool)}@${toText(version)}`,
    principal: toText(principal),
    result: [became, took].filter((part) => part !== "").join(", "),
    call: toText(callId),
  };
}

/** A record on one line. */
export function toRecordLine(record: ChainRecord, { colors }: Output): string {
  const { time, kind, tool, principal, result, call } = toRecordText(record);
  const paint = isBad(kind) ? colors.red : String;
  const parts = [colors.dim(time), paint(toSafeLine(kind).padEnd(14)), colors.cyan(toSafeLine(tool))];
  const rest = [principal, result, call].map(toSafeLine).filter((part) => part !== "");
  return [...parts, ...rest].join("  ");
}

/** Whether something was refused or went wrong. */
export function isBad(kind: string): boolean {
  return kind === "call.refused" || kind === "call.failed" || kind === "call.recovered";
}

/** A time as ISO 8601 in UTC; what is no time stays as it is. */
export function toIso(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : value === null || value === undefined ? "" : JSON.stringify(value);
}
