import { expect, test } from "vitest";
import type { Outcome } from "../../../index.ts";
import { createManualClock } from "../../../testing/manual-clock.ts";
import { createDemoApp } from "../demo-app.ts";
import { createDemoRegistry } from "../demo-project.ts";
import { NOW } from "../../../../test/cli/call-tool.ts";

const principal = { id: "gus", roles: ["GUEST"] };

async function open() {
  const clock = createManualClock(NOW);
  const app = createDemoApp(clock);
  const registry = await createDemoRegistry(clock, app);
  const call = async (tool: string, input: unknown): Promise<Outcome> => {
    const outcome = registry.execute(tool, input, { principal });
    await clock.advance(1_000);
    return outcome;
  };
  return { connection: app.exchange.connection, call };
}

test("rates.get gives a rate of the exchange, near the table's", async () => {
  const { call } = await open();
  const outcome = await call("rates.get", { from: "USD", to: "JPY" });
  expect(outcome).toMatchObject({ ok: true, output: { source: "exchange", asOf: "2026-03-29T00:30:00.015Z" } });
  const { rate } = (outcome as { output: { rate: number } }).output;
  expect(Math.abs(rate / (160 / 1.1) - 1)).toBeLessThan(0.011);
  expect(await call("rates.get", { from: "CHF", to: "CHF" })).toMatchObject({ output: { rate: 1 } });
});

test("rates.get is answered by the table when the exchange fails, after one request", async () => {
  const { connection, call } = await open();
  connection.lose("request", Infinity);
  const outcome = await call("rates.get", { from: "EUR", to: "GBP" });
  expect(outcome).toMatchObject({
    ok: true,
    output: { from: "EUR", to: "GBP", rate: 0.85, asOf: null, source: "table" },
    meta: { attempts: 1, degraded: { by: "function", code: "TOOL_FAILED" } },
  });
  expect(connection.requests).toBe(1);
});

test("rates.history gives as many days as it is asked for, the latest first, the same ones each time", async () => {
  const { call } = await open();
  const outcome = await call("rates.history", { from: "EUR", to: "USD", days: 3 });
  const { days } = (outcome as { output: { days: { date: string; rate: number }[] } }).output;
  expect(days.map(({ date }) => date)).toEqual(["2026-03-29", "2026-03-28", "2026-03-27"]);
  expect(new Set(days.map(({ rate }) => rate)).size).toBe(3);
  const week = await call("rates.history", { from: "EUR", to: "USD" });
  expect(week).toMatchObject({ output: { days: { length: 7 } } });
  expect((week as { output: { days: unknown[] } }).output.days.slice(0, 3)).toEqual(days);
});
