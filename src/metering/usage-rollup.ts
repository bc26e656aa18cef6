// Counts for the store what the metering counts for the moment: rows per minute, tool, version, tenant and principal. A call pays for two
// lookups and a few additions; the rest happens once a minute.
import type { Mark } from "./cell.ts";
import type { UsageRow } from "../ports/usage-store.ts";
import { toBucket } from "./duration-buckets.ts";
import type { MeteredPrincipal } from "./metering.ts";
import { OTHER } from "./series-table.ts";

const MINUTE_MS = 60_000;
/** Rows of principals of their own that wait to be written, of all tools; the other principals of a tool share one. */
const MAX_ROWS = 2_000;

export interface UsageRollup {
  /** Counts a call that ended at `now` (epoch ms). */
  record(call: RolledCall, now: number): void;
  /** Counts what is no call of its own. */
  mark(marked: MarkedCall, now: number): void;
  /** The rows of minutes before that of `now`; with Infinity all there are. They are the caller's from then on. */
  take(now: number): readonly UsageRow[];
  /** How many rows there are. */
  readonly size: number;
}

export interface RolledCall {
  readonly tool: string;
  readonly version: string;
  readonly principal: MeteredPrincipal | null;
  readonly durationMs: number;
  /** null for a success. */
  readonly code: string | null;
  /** Whether the handler was entered. */
  readonly entered: boolean;
  readonly marks: readonly (readonly [Mark, number])[];
}

/** What is counted beside a call. */
export type MarkedCall = Pick<RolledCall, "tool" | "version" | "principal" | "marks">;

interface Row {
  readonly tenant: string;
  readonly principal: string;
  succeeded: number;
  failed: number;
  refused: number;
  measured: number;
  sumMs: number;
  maxMs: number;
  readonly buckets: Map<number, number>;
  readonly errors: Map<string, number>;
  readonly marks: Map<string, number>;
}

interface ToolRows {
  readonly tool: string;
  readonly version: string;
  readonly rows: Map<string, Row>;
}

interface Minute {
  readonly start: number;
  readonly tools: Map<string, ToolRows>;
}

/** Creates a rollup in which nothing is counted. */
export function createUsageRollup(): UsageRollup {
  return new Rollup();
}

class Rollup implements UsageRollup {
  /** Oldest first; a wall clock that steps back goes on in the last one. */
  #minutes: Minute[] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  record(call: RolledCall, now: number): void {
    const { durationMs, code, entered, marks } = call;
    const row = this.#row(call, this.#minute(Math.floor(now / MINUTE_MS) * MINUTE_MS));
    if (code === null) row.succeeded++;
    else {
      if (entered) row.failed++;
      else row.refused++;
      count(row.errors, code, 1);
    }
    for (const [mark, times] of marks) count(row.marks, mark, times);
    if (!entered) return;
    row.measured++;
    row.sumMs += durationMs;
    if (durationMs > row.maxMs) row.maxMs = durationMs;
    count(row.buckets, toBucket(durationMs), 1);
  }

  mark(marked: MarkedCall, now: number): void {
    const row = this.#row(marked, this.#minute(Math.floor(now / MINUTE_MS) * MINUTE_MS));
    for (const [mark, times] of marked.marks) count(row.marks, mark, times);
  }

  take(now: number): readonly UsageRow[] {
    const current = Math.floor(now / MINUTE_MS) * MINUTE_MS;
    const over = this.#minutes.filter(({ start }) => start < current);
    if (over.length === 0) return [];
    this.#minutes = this.#minutes.filter(({ start }) => start >= current);
    const rows = over.flatMap(({ start, tools }) =>
      [...tools.values()].flatMap(({ tool, version, rows: own }) =>
        [...own.values()].map((row): UsageRow => ({
          ...row,
          start,
          tool,
          version,
          buckets: Object.fromEntries(row.buckets),
          errors: Object.fromEntries(row.errors),
          marks: Object.fromEntries(row.marks),
        })),
      ),
    );
    this.#size -= rows.length;
    return rows;
  }

  #minute(start: number): Minute {
    const last = this.#minutes.at(-1);
    if (last !== undefined && last.start >= start) return last;
    const minute = { start, tools: new Map<string, ToolRows>() };
    this.#minutes.push(minute);
    return minute;
  }

  #row({ tool, version, principal }: MarkedCall, { tools }: Minute): Row {
    const name = `${tool}\0${version}`;
    let own = tools.get(name);
    if (own === undefined) tools.set(name, (own = { tool, version, rows: new Map() }));
    const tenant = principal === null ? "" : (principal.tenant ?? "default");
    const id = principal === null ? "" : principal.id;
    const key = `${tenant}\0${id}`;
    const row = own.rows.get(key);
    if (row !== undefined) return row;
    return this.#size < MAX_ROWS ? this.#add(own, key, tenant, id) : this.#other(own);
  }

  #other(own: ToolRows): Row {
    return own.rows.get(OTHER) ?? this.#add(own, OTHER, OTHER, OTHER);
  }

  #add({ rows }: ToolRows, key: string, tenant: string, principal: string): Row {
    const row: Row = {
      tenant,
      principal,
      succeeded: 0,
      failed: 0,
      refused: 0,
      measured: 0,
      sumMs: 0,
      maxMs: 0,
      buckets: new Map(),
      errors: new Map(),
      marks: new Map(),
    };
    rows.set(key, row);
    this.#size++;
    return row;
  }
}

function count<Key>(counts: Map<Key, number>, key: Key, times: number): void {
  counts.set(key, (counts.get(key) ?? 0) + times);
}
