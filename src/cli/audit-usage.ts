// The monitoring report of an audit trail: what a registry that is no longer running measured, computed again from what
// it recorded. Bounded: a histogram per tool, however long the trail is.
import { createHistogram, type RecordableHistogram } from "node:perf_hooks";
import type { AuditEvent, ToolUsage } from "../index.ts";
import { isObject } from "../kernel/json.ts";

export interface TrailUsage {
  /** A row for every tool that was called, by name. */
  readonly tools: readonly ToolUsage[];
  /** Calls counted. */
  readonly calls: number;
}

/** Counts the calls of `events` from `since` up to `until`, epoch ms. */
export async function readTrailUsage(
  events: AsyncIterable<AuditEvent>,
  since: number,
  until: number,
): Promise<TrailUsage> {
  const tallies = new Map<string, Tally>();
  let calls = 0;
  for await (const event of events) {
    if (!event.type.startsWith("call.") || event.at < since || event.at > until) continue;
    // The end of the call is told by itself.
    if (event.type === "call.intended") continue;
    if (event.type !== "call.shadowed") calls++;
    const name = event.code === "UNKNOWN_TOOL" || event.code === "INVALID_REF" ? UNKNOWN : event.tool;
    let tally = tallies.get(name);
    if (tally === undefined) tallies.set(name, (tally = createTally()));
    count(tally, event);
  }
  const tools = [...tallies]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, tally]) => toUsage(name, tally, since, until));
  return { tools, calls };
}

// As the registry's own report has it: names of strangers would make a row each.
const UNKNOWN = "(unknown)";

type Tally = { -readonly [K in keyof typeof NOTHING]: number } & {
  readonly latencies: RecordableHistogram;
  readonly errors: Record<string, number>;
};

const NOTHING = {
  succeeded: 0,
  failed: 0,
  refused: 0,
  retries: 0,
  cached: 0,
  degraded: 0,
  replayed: 0,
  shadowed: 0,
  shadowDiffers: 0,
  measured: 0,
  totalMs: 0,
  maxMs: 0,
};

function createTally(): Tally {
  const errors = Object.create(null) as Record<string, number>;
  return { latencies: createHistogram(), errors, ...NOTHING };
}

function count(tally: Tally, { type, code, durationMs, attempts, answeredBy, details }: AuditEvent): void {
  if (type === "call.shadowed") {
    tally.shadowed++;
    if (isObject(details) && details["differs"] === true) tally.shadowDiffers++;
    return;
  }
  if (answeredBy === "cache") tally.cached++;
  if (answeredBy === "fallback") tally.degraded++;
  if (answeredBy === "replay") tally.replayed++;
  tally.retries += Math.max(0, attempts - 1);
  if (code !== null) tally.errors[code] = (tally.errors[code] ?? 0) + 1;
  if (type === "call.refused") {
    tally.refused++;
    return;
  }
  if (type === "call.succeeded") tally.succeeded++;
  else tally.failed++;
  if (attempts === 0) return;
  tally.measured++;
  // Microseconds; a histogram takes no zero.
  tally.latencies.record(Math.max(1, Math.round(durationMs * 1_000)));
  tally.totalMs += durationMs;
  tally.maxMs = Math.max(tally.maxMs, durationMs);
}

function toUsage(tool: string, tally: Tally, since: number, until: number): ToolUsage {
  const { succeeded, failed, refused, errors, latencies, measured } = tally;
  const { retries, cached, degraded, replayed, shadowed, shadowDiffers } = tally;
  const calls = succeeded + failed + refused;
  const at = (percentile: number): number | null => (measured === 0 ? null : latencies.percentile(percentile) / 1_000);
  return {
    tool,
    version: null,
    calls,
    succeeded,
    failed,
    refused,
    successRate: succeeded / calls,
    errorRate: (failed + refused) / calls,
    averageMs: measured === 0 ? null : tally.totalMs / measured,
    p50Ms: at(50),
    p95Ms: at(95),
    p99Ms: at(99),
    maxMs: measured === 0 ? null : tally.maxMs,
    errors,
    retries,
    cached,
    degraded,
    replayed,
    shadowed,
    shadowDiffers,
    // A file knows nothing of now.
    breaker: null,
    since,
    until,
  };
}
