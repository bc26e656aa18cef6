import { expect, test } from "vitest";
import { createRegistry } from "../../../index.ts";
import { createManualClock } from "../../../testing/manual-clock.ts";
import { createDemoApp } from "../demo-app.ts";
import { createCaller, NOW } from "../../../../test/cli/call-tool.ts";
import { crash, flaky, hang, SECRET, slow } from "./misbehaving.ts";

const principal = { id: "ulla", roles: ["USER"] };

test("demo.flaky fails at every third call", async () => {
  const { execute } = createCaller(flaky);
  const results: boolean[] = [];
  for (let count = 0; count < 6; count++) results.push((await execute({})).ok);
  expect(results).toEqual([true, true, false, true, true, false]);
});

test("demo.crash shows nothing of its secret", async () => {
  const outcome = await createCaller(crash).execute({});
  expect(outcome.ok ? null : outcome.error.code).toBe("TOOL_FAILED");
  expect(JSON.stringify(outcome)).not.toContain(SECRET.slice(10, 20));
});

test("demo.hang is answered at its deadline", async () => {
  const clock = createManualClock(NOW);
  const registry = createRegistry({ app: createDemoApp(clock), tools: [hang], clock });
  const call = registry.execute("demo.hang", {}, { principal });
  await clock.advance(250);
  const outcome = await call;
  expect(outcome.ok ? null : outcome.error.code).toBe("TIMEOUT");
});

test("demo.slow reports four steps and then how long it waited", async () => {
  const clock = createManualClock(NOW);
  const registry = createRegistry({ app: createDemoApp(clock), tools: [slow], clock });
  const events: unknown[] = [];
  const reading = (async () => {
    for await (const event of registry.stream("demo.slow", { ms: 100 }, { principal })) {
      events.push(
        event.type === "progress"
          ? event.fraction
          : event.type === "outcome" && event.outcome.ok && event.outcome.output,
      );
    }
  })();
  await clock.advance(100);
  await reading;
  expect(events).toEqual([0.25, 0.5, 0.75, 1, { waitedMs: 100 }]);
});
