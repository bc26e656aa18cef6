// `registry.usageHistory`: what the store keeps of usage, summed by what is asked for.
import { ToolyardError } from "../errors/toolyard-error.ts";
import { addUsage, readBucketPercentile } from "../metering/index.ts";
import type { Environment } from "../pipeline/environment.ts";
import type { UsageFilter, UsageRow, UsageStore } from "../ports/usage-store.ts";
import { checkKeys, toChoiceProblem, toRangeProblem } from "./options.ts";

export interface UsageHistoryFilter extends Partial<Pick<UsageFilter, "tool" | "tenant" | "principal">> {
  /** Minutes are kept for 24 hours, hours for 90 days. @default "hour" */
  readonly grain?: UsageFilter["grain"];
  /** Epoch ms, the first included. @default an hour ago for minutes, a day ago for hours */
  readonly from?: number;
  /** Epoch ms, the last not included. @default now */
  readonly until?: number;
  /** What rows are for; everything of the time asked for is summed in them. @default "tool" */
  readonly by?: "tool" | "version" | "principal" | "tenant" | "time";
}

export interface UsageHistoryRow {
  /** null: summed over all of them. */
  readonly start: number | null;
  readonly tool: string | null;
  readonly version: string | null;
  readonly tenant: string | null;
  readonly principal: string | null;
  readonly calls: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
  /** Of calls whose handler was entered, milliseconds; null when there was none. Percentiles are off by 2.5 % at most. */
  readonly averageMs: number | null;
  readonly maxMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly errors: Readonly<Record<string, number>>;
  readonly marks: Readonly<Record<string, number>>;
}

const KEYS: readonly (keyof UsageHistoryFilter)[] = ["grain", "from", "until", "tool", "tenant", "principal", "by"];
const BY: readonly NonNullable<UsageHistoryFilter["by"]>[] = ["tool", "version", "principal", "tenant", "time"];
const HOUR_MS = 3_600_000;
const PAGE = 1_000;
/** Rows of the answer; more of them would be no answer. */
const MAX_ROWS = 100_000;

/** The usage that `store` keeps; null: none is kept. What is counted and not written yet is written first. */
export function createUsageHistory(
  environment: Pick<Environment, "usage" | "clock">,
  store: UsageStore | null,
): (filter: UsageHistoryFilter) => Promise<readonly UsageHistoryRow[]> {
  return async (filter) => {
    check(filter);
    if (store === null) return [];
    await environment.usage?.flush();
    return readUsageHistory(store, filter, environment.clock.now());
  };
}

/** The same out of a store alone. */
export async function readUsageHistory(
  store: UsageStore,
  filter: UsageHistoryFilter,
  now: number,
): Promise<readonly UsageHistoryRow[]> {
  check(filter);
  const { by = "tool" } = filter;
  const wanted = toWanted(filter, now);
  const sums = new Map<string, UsageRow>();
  for (let offset = 0; ; offset += PAGE) {
    const page = await store.read(wanted, PAGE, offset);
    for (const row of page) addTo(sums, toKey(row, by), row);
    if (page.length < PAGE) break;
  }
  return [...sums.values()].map((row) => toHistoryRow(row, by)).sort(by === "time" ? byTime : byCalls);
}

function addTo(sums: Map<string, UsageRow>, key: string, row: UsageRow): void {
  const known = sums.get(key);
  if (known === undefined && sums.size >= MAX_ROWS) {
    const message = `usageHistory: over ${MAX_ROWS} rows; ask for less, or by something else`;
    throw new ToolyardError("INVALID_OPTION", message);
  }
  sums.set(key, known === undefined ? row : addUsage(known, row));
}

function toWanted(
  { grain = "hour", from, until, tool, tenant, principal }: UsageHistoryFilter,
  now: number,
): UsageFilter {
  return {
    grain,
    from: from ?? now - (grain === "minute" ? HOUR_MS : 24 * HOUR_MS),
    until: until ?? now + 1,
    ...(tool !== undefined && { tool }),
    ...(tenant !== undefined && { tenant }),
    ...(principal !== undefined && { principal }),
  };
}

type By = NonNullable<UsageHistoryFilter["by"]>;

function toKey(row: UsageRow, by: By): string {
  switch (by) {
    case "tool":
      return row.tool;
    case "version":
      return `${row.tool}\0${row.version}`;
    case "principal":
      return `${row.tenant}\0${row.principal}`;
    case "tenant":
      return row.tenant;
    case "time":
      return String(row.start);
  }
}

function toHistoryRow(row: UsageRow, by: By): UsageHistoryRow {
  const { measured, buckets, succeeded, failed, refused, errors, marks } = row;
  return {
    start: by === "time" ? row.start : null,
    tool: by === "tool" || by === "version" ? row.tool : null,
    version: by === "version" ? row.version : null,
    tenant: by === "tenant" || by === "principal" ? row.tenant : null,
    principal: by === "principal" ? row.principal : null,
    calls: succeeded + failed + refused,
    succeeded,
    failed,
    refused,
    averageMs: measured === 0 ? null : row.sumMs / measured,
    maxMs: measured === 0 ? null : row.maxMs,
    p50Ms: readBucketPercentile(buckets, 50),
    p95Ms: readBucketPercentile(buckets, 95),
    p99Ms: readBucketPercentile(buckets, 99),
    errors,
    marks,
  };
}

function byCalls(a: UsageHistoryRow, b: UsageHistoryRow): number {
  return b.calls - a.calls;
}

function byTime(a: UsageHistoryRow, b: UsageHistoryRow): number {
  return (a.start ?? 0) - (b.start ?? 0);
}

function check(filter: UsageHistoryFilter): void {
  checkKeys("usageHistory", filter, KEYS);
  const [problem] = [
    ...toChoiceProblem("grain", filter.grain, ["minute", "hour"]),
    ...toChoiceProblem("by", filter.by, BY),
    ...toRangeProblem("from", filter.from, 0, Number.MAX_SAFE_INTEGER),
    ...toRangeProblem("until", filter.until, 0, Number.MAX_SAFE_INTEGER),
  ];
  if (problem !== undefined)
    throw new ToolyardError("INVALID_OPTION", `usageHistory: ${problem.path}: ${problem.message}`);
}
