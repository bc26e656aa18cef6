// The last section: the monitoring report over everything before it.
import { formatUsage } from "../../../index.ts";
import type { Section, Stage } from "../section.ts";

export async function showMonitoring({ registry }: Stage): Promise<Section> {
  const usage = registry.usage();
  const flaky = registry.usage("demo.flaky");
  const rates = registry.usage("rates.get");
  const history = registry.usage("rates.history");
  const payments = registry.usage("payments.charge");
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
        text: `rates.history was repeated ${history.retries} times; rates.get gave ${rates.cached} cached and ${rates.degraded} degraded answers; payments.charge answered ${payments.replayed} times again.`,
        holds: history.retries === 4 && rates.cached === 4 && rates.degraded === 1 && payments.replayed === 3,
      },
      {
        text: "The deadline of demo.hang shows in its latency.",
        holds: (registry.usage("demo.hang").p95Ms ?? 0) > 150,
      },
    ],
    show({ blocks }) {
      blocks(usage.map(formatUsage));
    },
  };
}
