// Section 9: the monitoring report over everything before it.
import { formatUsage } from "../../../index.ts";
import type { Section, Stage } from "../section.ts";

export async function showMonitoring({ registry }: Stage): Promise<Section> {
  const usage = registry.usage();
  const flaky = registry.usage("demo.flaky");
  const total = usage.reduce((sum, { calls }) => sum + calls, 0);
  return {
    title: "Monitoring report",
    explanation: `What the registry measured of the ${total} calls above, dry runs left out. Refused calls count as errors, but not in the latencies: a refusal is quick.`,
    data: { usage },
    claims: [
      {
        text: `demo.flaky: ${flaky.calls} calls, success rate ${(flaky.successRate * 100).toFixed(2)}%.`,
        holds: flaky.calls === 6 && flaky.succeeded === 4 && flaky.failed === 2,
      },
      {
        text: "In every row, succeeded, failed and refused calls add up to all calls.",
        holds: usage.every((row) => row.calls === row.succeeded + row.failed + row.refused),
      },
      {
        text: "The deadline of demo.hang shows in its latency.",
        holds: (registry.usage("demo.hang").p95Ms ?? 0) >= 249,
      },
    ],
    show({ text, width }) {
      text(besideOneAnother(usage.map(formatUsage), width));
    },
  };
}

const BLOCK_WIDTH = 26;

/** Blocks of the same height in as many columns as there is room for. */
function besideOneAnother(blocks: readonly string[], width: number): string {
  const columns = Math.max(1, Math.floor(width / BLOCK_WIDTH));
  const rows: string[] = [];
  for (let index = 0; index < blocks.length; index += columns) {
    const row = blocks.slice(index, index + columns).map((block) => block.split("\n"));
    const height = Math.max(...row.map((lines) => lines.length));
    for (let line = 0; line < height; line++)
      rows.push(
        row
          .map((lines) => (lines[line] ?? "").padEnd(BLOCK_WIDTH))
          .join("")
          .trimEnd(),
      );
    rows.push("");
  }
  return rows.join("\n").trimEnd();
}
