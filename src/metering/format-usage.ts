// Usage as text for people.
import type { CustomUsage, MeteringReport, ToolUsage } from "./usage.ts";

/**
 * Six lines:
 *
 *     Tool: calculator
 *     Total calls: 150
 *     Success rate: 96.67%
 *     Avg latency: 45ms
 *     P95 latency: 120ms
 *     Error rate: 3.33%
 *
 * Latencies of which there are none read `n/a`.
 */
export function formatUsage(usage: ToolUsage): string {
  return formatRow("Tool", usage);
}

/** A report: a block for each tool and each piece of tracked work, then a line for each custom metric. */
export function formatReport(report: MeteringReport): string {
  const blocks = [
    ...report.tools.map((usage) => formatRow("Tool", usage)),
    ...report.work.map((usage) => formatRow("Work", usage)),
  ];
  if (report.custom.length > 0) blocks.push(["Custom metrics", ...report.custom.map(formatCustom)].join("\n"));
  return blocks.length === 0 ? "No calls yet." : blocks.join("\n\n");
}

function formatRow(kind: "Tool" | "Work", usage: ToolUsage): string {
  const name = usage.version === null ? usage.tool : `${usage.tool}@${usage.version}`;
  return [
    `${kind}: ${name}`,
    `Total calls: ${usage.calls}`,
    `Success rate: ${formatRate(usage.successRate)}`,
    `Avg latency: ${formatMs(usage.averageMs)}`,
    `P95 latency: ${formatMs(usage.p95Ms)}`,
    `Error rate: ${formatRate(usage.errorRate)}`,
  ].join("\n");
}

function formatCustom(metric: CustomUsage): string {
  if (metric.kind === "count") return `${metric.name}: ${formatNumber(metric.total)}`;
  const { average, p95, max } = metric;
  const [shownAverage, shownP95, shownMax] = [average, p95, max].map((value) =>
    value === null ? "n/a" : formatNumber(value),
  );
  return `${metric.name}: ${metric.count} values, avg ${shownAverage}, P95 ${shownP95}, max ${shownMax}`;
}

function formatRate(rate: number): string {
  return `${(rate * 100).toFixed(2)}%`;
}

function formatMs(ms: number | null): string {
  return ms === null ? "n/a" : `${formatNumber(ms)}ms`;
}

/** Whole from 10 on, one decimal from 1 on, two digits that count below. */
function formatNumber(value: number): string {
  if (value >= 10) return String(Math.round(value));
  if (value >= 1) return String(Number(value.toFixed(1)));
  return value === 0 ? "0" : String(Number(value.toPrecision(2)));
}
