// Heads of chains as one line of JSON, to be kept where whoever can write to the database cannot: in a file, in a log.
import { isObject } from "../../kernel/json.ts";
import type { ChainHead } from "../../ports/audit-reader.ts";
import { isHead } from "./chain-head.ts";

/** What was the last record of each chain at a time. */
export interface KeptHeads {
  /** Epoch ms. */
  readonly at: number;
  readonly heads: readonly ChainHead[];
}

/** The line, its newline included. */
export function toHeadsLine({ at, heads }: KeptHeads): string {
  return `${JSON.stringify({ at, heads: heads.map(({ writer, seq, hash }) => ({ writer, seq, hash })) })}\n`;
}

/** The heads on a line; null when the line has none. */
export function fromHeadsLine(line: string): KeptHeads | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  if (!isObject(parsed)) return null;
  const { at, heads } = parsed;
  return typeof at === "number" && Array.isArray(heads) && heads.every(isHead) ? { at, heads } : null;
}
