// Custom metrics: count what matters to you in a hook, observe a distribution, and measure work that is no tool call, all
// in the same report.
import assert from "node:assert/strict";
import { createRegistry, defineTool, type Metering } from "toolyard";

// Hooks are given when the registry is made, so the metering they write to is handed in afterwards.
const app: { metering: Metering | null } = { metering: null };

const charge = defineTool({
  name: "payments.charge",
  version: "1.0.0",
  description: "Charge an amount in euros.",
  effect: "write",
  input: { type: "object", properties: { euros: { type: "number", minimum: 0 } }, required: ["euros"] },
  handler: ({ euros }) => ({ charged: euros }),
});

await using registry = createRegistry({
  app,
  tools: [charge],
  hooks: {
    onSettled({ tool, input }, outcome) {
      if (tool.name !== "payments.charge" || !outcome.ok) return;
      const { euros } = input as { euros: number };
      app.metering?.count("payments.euros", euros);
      app.metering?.observe("payments.basket", euros);
    },
  },
});
app.metering = registry.metering;

for (const euros of [10, 20, 70]) assert((await registry.execute("payments.charge", { euros })).ok);
assert(!(await registry.execute("payments.charge", { euros: -1 })).ok);
await registry.metering.track("reports.build", async () => "done");

const total = registry.metering.custom("payments.euros");
assert(total?.kind === "count");
assert.equal(total.total, 100);

const basket = registry.metering.custom("payments.basket");
assert(basket?.kind === "observation");
assert.equal(basket.count, 3);
assert(Math.abs((basket.average ?? 0) - 100 / 3) < 0.01);

const usage = registry.usage("payments.charge");
assert.deepEqual([usage.calls, usage.succeeded, usage.refused, usage.successRate], [4, 3, 1, 0.75]);

const report = registry.metering.format();
assert.match(report, /Tool: payments\.charge\nTotal calls: 4\nSuccess rate: 75\.00%/);
assert.match(report, /Work: reports\.build/);
console.log(report);
console.log("custom-metrics: ok");
