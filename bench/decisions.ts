// The two questions every call asks, alone, through the public surface: may this principal, and is there quota.
import { toFigure, type Figure } from "./figures.ts";
import { awaited, direct, measure } from "./harness.ts";
import type { Settings } from "./settings.ts";
import * as work from "./workload.ts";

/** A decision over 12 grants and a quota check over 3 limits. */
export async function benchDecisions({ rounds, turnMs }: Settings): Promise<readonly Figure[]> {
  const registry = await work.createFullRegistry();
  const { permissions, quotas } = registry;
  const measured = await measure(
    [
      direct("permissions.check, allowed by the 12th grant", () => permissions.check(work.CALLER, work.TOOL_NAME)),
      direct("permissions.check, hidden", () => permissions.check(work.STRANGER, work.TOOL_NAME)),
      awaited("quotas.check, 3 limits", () => quotas.check(work.CALLER, work.TOOL_NAME)),
      awaited("quotas.consume, 3 limits", () => quotas.consume(work.CALLER, work.TOOL_NAME)),
    ],
    { rounds, turnMs },
  );
  return measured.map((one) => toFigure(one, { unit: "µs", goal: { of: "value", atMost: 1 } }));
}
