// Where usage outlives the process: sums per minute and per hour. Rows add up: what several processes write for one minute is one
// row.
import type { MaybePromise } from "../kernel/maybe-promise.ts";

/** What happened to one tool version in one minute or hour. */
export interface UsageRow {
  /** Start of the minute or hour, epoch ms. */
  readonly start: number;
  readonly tool: string;
  /** "" for what has no version. */
  readonly version: string;
  readonly tenant: string;
  /** "" when usage is not kept by principal. */
  readonly principal: string;
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
  /** How many durations were measured, their sum and the largest, milliseconds. */
  readonly measured: number;
  readonly sumMs: number;
  readonly maxMs: number;
  /** Counts of durations by bucket: `<index>:<count>,…`; the buckets are the metering's. */
  readonly buckets: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly marks: Readonly<Record<string, number>>;
}

export interface UsageFilter {
  readonly grain: "minute" | "hour";
  /** Epoch ms, the first included, the last not. */
  readonly from: number;
  readonly until: number;
  readonly tool?: string;
  readonly tenant?: string;
  readonly principal?: string;
}

export interface UsageStore {
  /** Adds to the rows of their minutes, and to those of their hours: all or nothing. */
  add(rows: readonly UsageRow[]): MaybePromise<void>;
  /** In the order of start, tool, version, tenant, principal; at most `limit` rows after the first `offset`. */
  read(filter: UsageFilter, limit: number, offset: number): MaybePromise<readonly UsageRow[]>;
  /** Forgets minutes and hours before these times, epoch ms. How many rows went. */
  prune(minutesBefore: number, hoursBefore: number): MaybePromise<number>;
}
