// What is known about the use of a tool over the retention, as plain JSON-able data.

import type { BreakerState } from "../tool/resilience.ts";

/** Counts of one principal. */
export interface PrincipalUsage {
  readonly tenant: string;
  /** `(other)`: principals beyond the 10,000 that are kept. */
  readonly principal: string;
  readonly calls: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
}

/**
 * Usage of one tool, one version, or one piece of tracked work.
 *
 * `calls` counts everything that reached the tool and is `succeeded + failed + refused`; a refused call is one whose
 * handler was never entered (quota, authorisation, invalid input). Refused calls count in the error rate, and not in the
 * latencies: a refusal is quick, and a flood of them would hide how slow the tool is.
 */
export interface ToolUsage {
  /** `(unknown)`: calls of what does not exist. `(other)`: tools that were dropped for want of room. */
  readonly tool: string;
  /** null: all versions together. */
  readonly version: string | null;
  readonly calls: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly refused: number;
  /** `succeeded / calls`, 0 to 1; 0 when there were no calls. */
  readonly successRate: number;
  /** `(failed + refused) / calls`, 0 to 1; 0 when there were no calls. */
  readonly errorRate: number;
  /** Latencies of the calls whose handler was entered, milliseconds; null when there were none. The average is exact. */
  readonly averageMs: number | null;
  /** Percentiles are at most 1 % above the exact value, or 1 µs. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  /** How often each error code, refusals included. Without a prototype. */
  readonly errors: Readonly<Record<string, number>>;
  /** Attempts beyond the first ones. */
  readonly retries: number;
  /** Calls that got a kept answer, fresh or stale; they count as calls, and not in the latencies. */
  readonly cached: number;
  /** Calls that were answered by a fallback, or by an old answer because the tool failed. */
  readonly degraded: number;
  /** Calls that got the outcome of an earlier call with the same idempotency key. */
  readonly replayed: number;
  /** Times it ran beside another version, whose answer was given; no calls of their own. */
  readonly shadowed: number;
  /** Those of them that came to another output. */
  readonly shadowDiffers: number;
  /** Now: the worst state of the breakers of the tool, its versions and their upstreams; null when there is none. */
  readonly breaker: BreakerState | null;
  /** Most calls first; only when metering by principal was asked for. Exact to the hour. */
  readonly byPrincipal?: readonly PrincipalUsage[];
  /** Start of the time counted, epoch ms. */
  readonly since: number;
  /** End of the time counted: now, epoch ms. */
  readonly until: number;
}

/** One custom metric. */
export type CustomUsage =
  | {
      readonly name: string;
      readonly kind: "count";
      readonly total: number;
      readonly since: number;
      readonly until: number;
    }
  | {
      readonly name: string;
      readonly kind: "observation";
      readonly count: number;
      readonly average: number | null;
      readonly p50: number | null;
      readonly p95: number | null;
      readonly p99: number | null;
      readonly max: number | null;
      readonly since: number;
      readonly until: number;
    };

/** Everything that was measured over the retention. */
export interface MeteringReport {
  /** A row for every tool that was called, its versions together, by name. */
  readonly tools: readonly ToolUsage[];
  /** Tracked work, by name. */
  readonly work: readonly ToolUsage[];
  /** Custom metrics, by name. */
  readonly custom: readonly CustomUsage[];
  readonly since: number;
  readonly until: number;
}
