import { expect, test, vi } from "vitest";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createDemoRegistry } from "./demo-project.ts";
import { demoTools } from "./demo-tools.ts";
import { NOW } from "../../../test/cli/call-tool.ts";

// mathjs takes seconds to load on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test("every tool has an effect, an access, tags, a title and an example, and passes the check", async () => {
  for (const { name, definition } of demoTools) {
    expect(definition.effect, name).toBeDefined();
    expect(definition.access?.roles, name).toHaveLength(1);
    expect(definition.tags?.length, name).toBeGreaterThan(0);
    expect(definition.title, name).toBeDefined();
    expect(definition.examples?.length, name).toBeGreaterThan(0);
  }
  const registry = await createDemoRegistry(createManualClock(NOW));
  expect(await registry.check()).toEqual({ ok: true, checked: demoTools.length, problems: [] });
});

test("every example of every tool that works can be called", async () => {
  const clock = createManualClock(NOW);
  const registry = await createDemoRegistry(clock);
  for (const { name, version, status, examples } of registry.list({ status: "any" })) {
    if (name.startsWith("demo.") || status === "retired") continue;
    for (const example of examples) {
      const call = registry.execute(`${name}@${version}`, example, { principal: { id: "ada", roles: ["ADMIN"] } });
      await clock.advance(100);
      const outcome = await call;
      expect(outcome.ok, `${name} ${JSON.stringify(outcome)}`).toBe(true);
    }
  }
});
