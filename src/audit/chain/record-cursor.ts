// Where a search goes on: the last record that was given, by time, chain and number, which is the order of the pages.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { ChainRecord } from "../../ports/audit-reader.ts";

export type RecordPlace = Pick<ChainRecord, "at" | "writer" | "seq">;

/** The place as text, for the next search. */
export function toRecordCursor({ at, writer, seq }: RecordPlace): string {
  return `${at}.${seq}.${writer}`;
}

/** The place that a cursor means. Throws INVALID_OPTION for what is no cursor. */
export function parseRecordCursor(cursor: string): RecordPlace {
  const [, at, seq, writer] = /^(\d{1,16})\.(\d{1,16})\.(.{1,256})$/su.exec(cursor) ?? [];
  if (at !== undefined && seq !== undefined && writer !== undefined)
    return { at: Number(at), writer, seq: Number(seq) };
  const received = JSON.stringify(cursor.slice(0, 80));
  throw new ToolyardError("INVALID_OPTION", `audit cursor: received ${received}, expected one that a search has given`);
}

/** Orders places by time, then by chain and number. */
export function comparePlaces(a: RecordPlace, b: RecordPlace): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.writer !== b.writer) return a.writer < b.writer ? -1 : 1;
  return a.seq - b.seq;
}
