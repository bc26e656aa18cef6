// Reads what was measured: rows, custom metrics, the report.
import semver from "semver";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { Clock } from "../kernel/clock.ts";
import type { BreakerState } from "../tool/resilience.ts";
import { parseToolRef } from "../tool/tool-ref.ts";
import type { CustomMetrics } from "./custom-metrics.ts";
import type { MeteringCore } from "./metering.ts";
import type { PrincipalLedger } from "./principal-ledger.ts";
import type { Series } from "./series.ts";
import { OTHER, type SeriesTable, UNKNOWN } from "./series-table.ts";
import { createSummarizer, type Summary } from "./summary.ts";
import type { CustomUsage, MeteringReport, ToolUsage } from "./usage.ts";

const MINUTE_MS = 60_000;

/** The state of a tool's breaker, of one version or the worst of all (null). */
export type BreakerReader = (tool: string, version: string | null) => BreakerState | null;

export interface ReaderParts {
  readonly clock: Clock;
  readonly table: SeriesTable;
  readonly principals: PrincipalLedger | null;
  readonly customs: CustomMetrics;
  readonly retentionMs: number;
  readonly breakerOf: BreakerReader;
}

export interface Reader extends Pick<MeteringCore, "custom" | "usage" | "report"> {
  /** What is counted from now on starts now. */
  restart(): void;
}

/** Creates the reader of one metering; what is counted starts now. */
export function createReader(parts: ReaderParts): Reader {
  return new MeteringReader(parts);
}

class MeteringReader implements Reader {
  readonly #parts: ReaderParts;
  readonly #summarize = createSummarizer();
  #startedAt: number;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.monotonic();
    this.usage = this.usage.bind(this);
  }

  restart(): void {
    this.#startedAt = this.#parts.clock.monotonic();
  }

  custom = (name: string): CustomUsage | undefined => {
    this.#tidy();
    const found = this.#parts.customs.get(name);
    return found === undefined || found.kind === "work" ? undefined : this.#toCustom(found.kind, found.series);
  };

  usage(ref: string): ToolUsage;
  usage(): readonly ToolUsage[];
  usage(ref?: string): ToolUsage | readonly ToolUsage[] {
    this.#tidy();
    return ref === undefined ? this.#tools() : this.#one(ref);
  }

  report = (): MeteringReport => {
    this.#tidy();
    const { customs } = this.#parts;
    const tools = this.#tools();
    const work = customs.list("work").map(({ series }) => this.#toUsage(series.name, null, [series]));
    const custom = customs.list("count", "observation").map(({ kind, series }) => this.#toCustom(kind, series));
    const starts = [...tools, ...work, ...custom].map(({ since }) => since);
    const { since, until } = this.#span(Number.POSITIVE_INFINITY);
    return { tools, work, custom, since: Math.min(since, ...starts), until };
  };

  #tidy(): void {
    const minute = this.#minute();
    this.#parts.table.tidy(minute);
    this.#parts.principals?.tidy(minute);
  }

  #minute(): number {
    return Math.floor(this.#parts.clock.monotonic() / MINUTE_MS);
  }

  #tools(): readonly ToolUsage[] {
    const { table } = this.#parts;
    const rows = [...table.names()].map((name) => this.#toUsage(name, null, table.of(name)));
    for (const series of [table.other, table.unknown]) rows.push(this.#toUsage(series.name, null, [series]));
    return rows.filter(({ calls }) => calls > 0).sort((a, b) => (a.tool < b.tool ? -1 : 1));
  }

  #one(ref: string): ToolUsage {
    const { table } = this.#parts;
    if (ref === UNKNOWN) return this.#toUsage(ref, null, [table.unknown]);
    if (ref === OTHER) return this.#toUsage(ref, null, [table.other]);
    const parsed = parseToolRef(ref);
    if (!parsed.ok) throw new ToolyardError("INVALID_OPTION", `usage: ${parsed.message}`);
    const wanted = parsed.ref;
    const all = [...table.of(wanted.name)];
    switch (wanted.kind) {
      case "latest":
        return this.#toUsage(wanted.name, null, all);
      case "exact":
        return this.#toUsage(
          wanted.name,
          wanted.version,
          all.filter(({ version }) => version === wanted.version),
        );
      case "range":
        return this.#toUsage(
          wanted.name,
          null,
          all.filter(({ version }) => semver.satisfies(version ?? "", wanted.range, { includePrerelease: true })),
        );
      case "channel":
        throw new ToolyardError(
          "INVALID_OPTION",
          `usage: received ${JSON.stringify(ref)}, expected a name, a version or a range: calls are counted by version, not by channel`,
        );
    }
  }

  #toUsage(tool: string, version: string | null, series: Iterable<Series>): ToolUsage {
    const rows = [...series];
    const summary = this.#summarize(rows.flatMap(({ cells }) => cells));
    const { succeeded, failed, refused } = summary;
    const calls = succeeded + failed + refused;
    return {
      tool,
      version,
      calls,
      succeeded,
      failed,
      refused,
      successRate: calls === 0 ? 0 : succeeded / calls,
      errorRate: calls === 0 ? 0 : (failed + refused) / calls,
      ...toLatencies(summary),
      errors: summary.errors,
      ...summary.marks,
      breaker: this.#parts.breakerOf(tool, version),
      ...this.#byPrincipal(rows),
      ...this.#span(summary.start),
    };
  }

  #byPrincipal(rows: readonly Series[]): Pick<ToolUsage, "byPrincipal"> {
    const { principals } = this.#parts;
    if (principals === null) return {};
    const wanted = (name: string, version: string | null): boolean =>
      rows.some((row) => row.name === name && row.version === version);
    return { byPrincipal: principals.read(wanted, this.#minute()) };
  }

  #toCustom(kind: "count" | "observation" | "work", series: Series): CustomUsage {
    const summary = this.#summarize(series.cells);
    const { average, p50, p95, p99, max } = summary;
    const { name } = series;
    const span = this.#span(summary.start);
    if (kind === "count") return { name, kind, total: summary.sum, ...span };
    return { name, kind: "observation", count: summary.measured, average, p50, p95, p99, max, ...span };
  }

  /** The time counted, on the wall clock: the retention, and what the first cell reaches back beyond it. */
  #span(startMinute: number): { since: number; until: number } {
    const { clock, retentionMs } = this.#parts;
    const now = clock.monotonic();
    const until = clock.now();
    const start = Math.max(this.#startedAt, Math.min(now - retentionMs, startMinute * MINUTE_MS));
    return { since: Math.round(until - (now - start)), until };
  }
}

function toLatencies({
  average,
  p50,
  p95,
  p99,
  max,
}: Summary): Pick<ToolUsage, "averageMs" | "p50Ms" | "p95Ms" | "p99Ms" | "maxMs"> {
  return { averageMs: average, p50Ms: p50, p95Ms: p95, p99Ms: p99, maxMs: max };
}
