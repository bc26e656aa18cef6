import { expect, it } from "vitest";
import { createRegistry } from "../../core/create-registry.ts";
import { ToolError } from "../../errors/tool-error.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";

const base = { version: "1.0.0", description: "x", access: { roles: ["USER"] } } as const;
const principal = { id: "u1" };

it("retries reads", async () => {
  const clock = createManualClock();
  let runs = 0;
  const t = defineTool({
    ...base,
    name: "r",
    effect: "read",
    handler: async (_, { attempt }) => {
      runs++;
      if (attempt < 3) throw new Error("x");
      return attempt;
    },
  });
  const registry = createRegistry({ tools: [t], clock });
  const p = registry.execute(t, {}, { principal });
  await clock.advance(10_000);
  expect(await p).toMatchObject({ ok: true, output: 3, meta: { attempts: 3 } });
  expect(registry.usage("r")).toMatchObject({ retries: 2, calls: 1 });
  expect(clock.pending).toBe(0);
});
it("does not retry writes", async () => {
  let runs = 0;
  const t = defineTool({
    ...base,
    name: "w",
    effect: "write",
    handler: () => {
      runs++;
      throw Object.assign(new Error("x"), { code: "ECONNRESET" });
    },
  });
  const registry = createRegistry({ tools: [t] });
  const o = await registry.execute(t, {}, { principal });
  expect(o).toMatchObject({ ok: false, error: { code: "OUTCOME_UNKNOWN" } });
  expect(runs).toBe(1);
  const [u] = await registry.outcomes.list();
  expect(u).toMatchObject({ tool: "w", id: o.meta.callId });
  await registry.outcomes.resolve(u!.id, { effect: "none" });
  expect(await registry.outcomes.list()).toEqual([]);
});
it("replays", async () => {
  let runs = 0;
  const t = defineTool({
    ...base,
    name: "w",
    effect: "write",
    handler: async () => {
      await Promise.resolve();
      return { n: ++runs };
    },
  });
  const registry = createRegistry({ tools: [t] });
  const [a, b] = await Promise.all([
    registry.execute(t, {}, { principal, idempotencyKey: "k" }),
    registry.execute("w", "{}", { principal, idempotencyKey: "k" }),
  ]);
  expect(a).toMatchObject({ ok: true, output: { n: 1 } });
  expect(b).toMatchObject({ ok: true, output: { n: 1 }, meta: { replayOf: a.meta.callId } });
  expect(await registry.execute("w", { x: 1 }, { principal, idempotencyKey: "k" })).toMatchObject({
    error: { code: "IDEMPOTENCY_CONFLICT" },
  });
  expect(await registry.execute("w", {}, { principal: { id: "u2" }, idempotencyKey: "k" })).toMatchObject({
    ok: true,
    output: { n: 2 },
  });
});
it("unknown, then known late", async () => {
  const clock = createManualClock();
  let done = (_: unknown): void => {};
  const t = defineTool({
    ...base,
    name: "w",
    effect: "write",
    timeoutMs: 100,
    handler: () => new Promise((r) => (done = r)),
  });
  const registry = createRegistry({ tools: [t], clock });
  const p = registry.execute(t, {}, { principal, idempotencyKey: "k" });
  await clock.advance(100);
  expect(await p).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
  expect(await registry.execute(t, {}, { principal, idempotencyKey: "k" })).toMatchObject({
    error: { code: "OUTCOME_UNKNOWN" },
  });
  expect(await registry.outcomes.list()).toHaveLength(1);
  done({ yes: 1 });
  await clock.advance(1);
  await new Promise((r) => process.nextTick(r));
  expect(await registry.outcomes.list()).toHaveLength(0);
  expect(await registry.execute(t, {}, { principal, idempotencyKey: "k" })).toMatchObject({
    ok: true,
    output: { yes: 1 },
  });
});
it("breaker", async () => {
  const clock = createManualClock();
  let sick = true;
  const t = defineTool({
    ...base,
    name: "b",
    effect: "read",
    retry: false,
    breaker: { failures: 2, openMs: 1000 },
    handler: () => {
      if (sick) throw new Error("x");
      return 1;
    },
  });
  const registry = createRegistry({ tools: [t], clock });
  const changes: string[] = [];
  registry.on("breaker.changed", ({ state }) => changes.push(state));
  const call = () => registry.execute(t, {}, { principal });
  await call();
  await call();
  expect(await call()).toMatchObject({ error: { code: "BREAKER_OPEN", retryAfterMs: 1000, effect: "none" } });
  expect(registry.get("b")).toMatchObject({ breakerState: "open" });
  expect(registry.usage("b").breaker).toBe("open");
  expect(await registry.health()).toMatchObject({ status: "degraded" });
  sick = false;
  await clock.advance(1000);
  expect(await call()).toMatchObject({ ok: true });
  expect(changes).toEqual(["open", "half-open", "closed"]);
});
it("bulkhead", async () => {
  const clock = createManualClock();
  const t = defineTool({
    ...base,
    name: "b",
    effect: "read",
    retry: false,
    timeoutMs: 100,
    bulkhead: { max: 1, queue: 1 },
    handler: () => new Promise<never>(() => {}),
  });
  const registry = createRegistry({ tools: [t], clock });
  const call = () => registry.execute(t, {}, { principal });
  const all = [call(), call(), call()];
  expect(await all[2]).toMatchObject({ error: { code: "OVERLOADED" } });
  await clock.advance(200);
  expect(await all[0]).toMatchObject({ error: { code: "TIMEOUT" } });
  expect(await all[1]).toMatchObject({ error: { code: "TIMEOUT" } });
  expect((await registry.health()).bulkheads[0]).toMatchObject({ running: 1, waiting: 0 });
});
it("cache and fallback", async () => {
  const clock = createManualClock();
  let runs = 0;
  let sick = false;
  const t = defineTool({
    ...base,
    name: "c",
    effect: "read",
    retry: false,
    cache: { ttlMs: 100, staleWhileRevalidateMs: 100, staleIfErrorMs: 1000 },
    handler: async () => {
      if (sick) throw new ToolError("BUSY", "x", { retryable: true });
      return { n: ++runs };
    },
  });
  const f = defineTool({
    ...base,
    name: "f",
    effect: "read",
    retry: false,
    timeoutMs: 100,
    fallback: { value: { n: -1 } },
    handler: () => new Promise<never>(() => {}),
  });
  const g = defineTool({
    ...base,
    name: "g",
    effect: "read",
    retry: false,
    timeoutMs: 100,
    fallback: { tool: "c" },
    handler: () => new Promise<never>(() => {}),
  });
  const registry = createRegistry({ tools: [t, f, g], clock });
  const call = () => registry.execute(t, {}, { principal });
  const [a, b] = await Promise.all([call(), call()]);
  expect(a).toMatchObject({ ok: true, output: { n: 1 }, meta: { cached: null } });
  expect(b).toMatchObject({ ok: true, output: { n: 1 }, meta: { cached: "fresh", attempts: 0 } });
  await clock.advance(150);
  expect(await call()).toMatchObject({ output: { n: 1 }, meta: { cached: "stale" } });
  await clock.advance(1);
  expect(await call()).toMatchObject({ output: { n: 2 }, meta: { cached: "fresh" } });
  sick = true;
  await clock.advance(500);
  expect(await call()).toMatchObject({
    output: { n: 2 },
    meta: { cached: "stale", degraded: { by: "stale", code: "TOOL_ERROR" } },
  });
  await clock.advance(1000);
  expect(await call()).toMatchObject({ error: { code: "TOOL_ERROR" } });
  const p = registry.execute(f, {}, { principal });
  const q = registry.execute(g, {}, { principal });
  sick = false;
  await clock.advance(100);
  expect(await p).toMatchObject({ ok: true, output: { n: -1 }, meta: { degraded: { by: "value", code: "TIMEOUT" } } });
  expect(await q).toMatchObject({ ok: true, output: { n: 3 }, meta: { degraded: { by: "tool", code: "TIMEOUT" } } });
});
