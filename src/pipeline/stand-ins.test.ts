// What stands in for a tool that writes writes too: its effect is the call's, under the call's key. And whose answer it is.
import { describe, expect, it } from "vitest";
import { createMemoryAuditSink } from "../audit/index.ts";
import { createRegistry } from "../core/create-registry.ts";
import type { CallOptions, RegistryOptions } from "../core/registry.ts";
import { ToolError } from "../errors/tool-error.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { defineTool } from "../tool/define-tool.ts";
import type { AnyTool } from "../tool/definition.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };
const down = (): never => {
  throw new ToolError("DOWN", "Down.", { retryable: true, effect: "none" });
};
const lost = (): never => {
  throw Object.assign(new Error("lost"), { code: "ECONNRESET" });
};

function open(tools: readonly AnyTool<unknown>[], options: RegistryOptions = {}) {
  const clock = createManualClock();
  const sink = createMemoryAuditSink();
  const registry = createRegistry({ tools, clock, audit: sink, limits: [], retry: false, ...options });
  const call = (ref: string, given: CallOptions = {}) => registry.execute(ref, {}, { principal: user, ...given });
  return { clock, sink, registry, call };
}

/** A payment with a way round, and how often each ran. */
function openPayments(backup: () => unknown, main: () => unknown = down) {
  const runs = { main: 0, backup: 0 };
  const pay = (name: "main" | "backup", run: () => unknown, fallback?: { readonly tool: string }) =>
    defineTool({
      ...base,
      name: `pay.${name}`,
      effect: "write",
      ...(fallback && { fallback }),
      handler: () => {
        runs[name]++;
        return run();
      },
    });
  return { runs, ...open([pay("main", main, { tool: "pay.backup" }), pay("backup", backup)]) };
}

describe("a stand-in for a write", () => {
  it("has its effect once under the key of the call", async () => {
    const { call, runs, sink } = openPayments(() => "paid");
    const first = await call("pay.main", { idempotencyKey: "k" });
    expect(first).toMatchObject({ ok: true, output: "paid", meta: { degraded: { by: "tool" } } });
    const again = await call("pay.main", { idempotencyKey: "k" });
    expect(again).toMatchObject({ ok: true, output: "paid", meta: { replayOf: first.meta.callId } });
    expect(runs).toEqual({ main: 1, backup: 1 });
    expect(sink.events.map(({ tool, answeredBy, effect }) => [tool, answeredBy, effect])).toEqual([
      ["pay.backup", "tool", "applied"],
      ["pay.main", "fallback", "applied"],
      ["pay.main", "replay", "applied"],
    ]);
  });

  it("has its effect once where the tool was not entered at all", async () => {
    let runs = 0;
    const main = defineTool({
      ...base,
      name: "main",
      effect: "write",
      breaker: { failures: 1 },
      fallback: { run: () => ++runs },
      handler: down as () => number,
    });
    const { call } = open([main]);
    await call("main");
    runs = 0;
    expect(await call("main", { idempotencyKey: "k" })).toMatchObject({
      meta: { attempts: 0, degraded: { code: "BREAKER_OPEN" } },
    });
    expect(await call("main", { idempotencyKey: "k" })).toMatchObject({ ok: true, output: 1 });
    expect(runs).toBe(1);
  });

  it("leaves the outcome unknown when its own is", async () => {
    const { call, runs, registry } = openPayments(lost);
    const outcome = await call("pay.main", { idempotencyKey: "k" });
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: "OUTCOME_UNKNOWN", effect: "unknown", retryable: false },
    });
    expect(await call("pay.main", { idempotencyKey: "k" })).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
    expect(runs).toEqual({ main: 1, backup: 1 });
    expect((await registry.outcomes.list()).map(({ tool }) => tool).sort()).toEqual(["pay.backup", "pay.main"]);
  });

  it("is no effect when it was refused or says so", async () => {
    const { call, registry } = openPayments(down);
    expect(await call("pay.main")).toMatchObject({ error: { code: "TOOL_ERROR", toolCode: "DOWN", effect: "none" } });
    expect(await registry.outcomes.list()).toEqual([]);
  });

  it("is taken to have had its effect when a function fails that does not say", async () => {
    const main = defineTool({
      ...base,
      name: "main",
      effect: "write",
      fallback: {
        run: () => {
          throw new Error("x");
        },
      },
      handler: down,
    });
    const { call } = open([main]);
    expect(await call("main")).toMatchObject({ error: { code: "OUTCOME_UNKNOWN", effect: "unknown" } });
  });
});

describe("an answer of a stand-in", () => {
  it("goes to nobody else, where the cache speaks for more than one principal", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const secret = defineTool({
      ...base,
      name: "secret",
      effect: "read",
      access: { roles: ["ADMIN"] },
      handler: (_, { principal }) => `secret of ${principal.id}`,
    });
    const rates = defineTool({
      ...base,
      name: "rates",
      effect: "read",
      cache: { ttlMs: 1_000, scope: "public" },
      fallback: { tool: "secret" },
      handler: async (): Promise<string> => {
        await promise;
        return down();
      },
    });
    const { call } = open([secret, rates]);
    const alice = call("rates", { principal: { id: "alice", roles: ["ADMIN"] } });
    const mallory = call("rates", { principal: { id: "mallory" } });
    resolve();
    expect(await alice).toMatchObject({ ok: true, output: "secret of alice" });
    expect(await mallory).toMatchObject({ ok: false, error: { code: "TOOL_ERROR" } });
  });
});

describe("hooks and effects", () => {
  it("says that nothing happened when a hook around the attempt fails before it lets the handler run", async () => {
    let runs = 0;
    const tool = defineTool({ ...base, name: "t", effect: "write", handler: () => ++runs });
    let closed = true;
    const hooks = {
      aroundAttempt: (_: unknown, next: () => Promise<unknown>) =>
        closed ? Promise.reject(new Error("maintenance")) : next(),
    };
    const { call, registry } = open([tool], { hooks });
    expect(await call("t", { idempotencyKey: "k" })).toMatchObject({ error: { code: "HOOK_FAILED", effect: "none" } });
    expect(await registry.outcomes.list()).toEqual([]);
    closed = false;
    expect(await call("t", { idempotencyKey: "k" })).toMatchObject({ ok: true, output: 1 });
  });

  it("keeps what the call came to, not what hooks made of it, so that they see it each time", async () => {
    const tool = defineTool({ ...base, name: "t", effect: "write", handler: () => 1 });
    const hooks = {
      afterOutcome: (_: unknown, outcome: { readonly ok: boolean }) =>
        ({ ...outcome, output: [(outcome as { output?: unknown }).output] }) as never,
    };
    const { call } = open([tool], { hooks });
    expect(await call("t", { idempotencyKey: "k" })).toMatchObject({ output: [1], meta: { replayOf: null } });
    expect(await call("t", { idempotencyKey: "k" })).toMatchObject({
      output: [1],
      meta: { replayOf: expect.any(String) },
    });
  });

  it("does not let a hook make an unknown effect into none", async () => {
    const tool = defineTool({ ...base, name: "t", effect: "write", handler: lost });
    const hooks = {
      afterOutcome: () => ({ ok: false, error: { code: "TOOL_FAILED", message: "x", effect: "none" } }) as never,
    };
    const { call, registry } = open([tool], { hooks });
    expect(await call("t")).toMatchObject({ error: { code: "TOOL_FAILED", effect: "unknown" } });
    expect(await registry.outcomes.list()).toHaveLength(1);
  });
});

describe("a repeat", () => {
  it("is of the same call, whatever a handler does to its input", async () => {
    const seen: unknown[] = [];
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "write",
      idempotent: true,
      retry: { repeats: 2 },
      input: { type: "object", properties: { n: { type: "number" } } },
      handler: (input) => {
        seen.push((input as { n: number }).n++);
        throw new Error("x");
      },
    });
    const { registry, clock } = open([tool]);
    const running = registry.execute("t", { n: 1 }, { principal: user });
    await clock.advance(10_000);
    expect(await running).toMatchObject({ meta: { attempts: 3 } });
    expect(seen).toEqual([1, 1, 1]);
  });

  it("can give the calls it makes a key of their own", async () => {
    let inner = 0;
    const write = defineTool({ ...base, name: "inner", effect: "write", handler: () => ++inner });
    const outer = defineTool({
      ...base,
      name: "outer",
      effect: "write",
      honoursKeys: true,
      retry: { repeats: 2 },
      handler: async (_, { call, attempt, idempotencyKey }) => {
        const made = await call("inner", {}, { idempotencyKey: `${idempotencyKey}:inner` });
        if (attempt < 3) throw new Error("x");
        return made.ok ? made.output : made.error.code;
      },
    });
    const { call, clock } = open([write, outer]);
    const running = call("outer", { idempotencyKey: "k" });
    await clock.advance(10_000);
    expect(await running).toMatchObject({ ok: true, output: 1, meta: { attempts: 3 } });
    expect(inner).toBe(1);
  });
});

describe("an upstream's bulkhead", () => {
  it("lets a call through in the slot of the one that made it", async () => {
    const inner = defineTool({ ...base, name: "inner", effect: "read", upstream: "crm", handler: () => 1 });
    const outer = defineTool({
      ...base,
      name: "outer",
      effect: "read",
      upstream: "crm",
      handler: async (_, { call }) => (await call("inner", {})).ok,
    });
    const { call, registry } = open([inner, outer], { upstreams: { crm: { bulkhead: { max: 1, queue: 10 } } } });
    expect(await Promise.all([call("outer"), call("outer")])).toMatchObject([{ output: true }, { output: true }]);
    expect((await registry.health()).bulkheads).toMatchObject([{ running: 0, waiting: 0 }]);
  });
});

describe("unknown outcomes", () => {
  it("of one principal do not stop the calls of another, and a deliberate refusal is none", async () => {
    let run: () => unknown = lost;
    const tool = defineTool({ ...base, name: "t", effect: "write", handler: () => run() });
    const { call, registry } = open([tool], { concurrency: [] });
    for (let count = 0; count < 1_000; count++) await call("t");
    expect(await call("t")).toMatchObject({ error: { code: "OVERLOADED", effect: "none" } });
    run = () => {
      throw new ToolError("NOT_FOUND", "No.");
    };
    for (const principal of [{ id: "u2" }, { id: "u1", tenant: "other" }])
      expect(await call("t", { principal })).toMatchObject({ error: { code: "TOOL_ERROR", effect: "unknown" } });
    expect((await registry.health()).unknownOutcomes).toBe(1_000);
  });

  it("become known by whichever of its attempts ends late", async () => {
    const ends: ((value: unknown) => void)[] = [];
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "write",
      idempotent: true,
      retry: { repeats: 1 },
      attemptTimeoutMs: 100,
      handler: () => new Promise((resolve) => ends.push(resolve)),
    });
    const { call, clock, registry } = open([tool]);
    const running = call("t", { idempotencyKey: "k" });
    await clock.advance(10_000);
    expect(await running).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" }, meta: { attempts: 2 } });
    ends[0]?.("late");
    await clock.advance(1);
    expect(await registry.outcomes.list()).toEqual([]);
    expect(await call("t", { idempotencyKey: "k" })).toMatchObject({ ok: true, output: "late" });
  });
});

describe("a wait", () => {
  it("for a key is bounded for each principal", async () => {
    const tool = defineTool({ ...base, name: "t", effect: "write", handler: () => new Promise<never>(() => {}) });
    const { call, registry } = open([tool], { concurrency: [] });
    const all = Array.from({ length: 300 }, () => call("t", { idempotencyKey: "k" }));
    const codes = await Promise.all(all.slice(257).map(async (one) => (await one).ok || "refused"));
    expect(codes).toHaveLength(43);
    expect((await registry.health()).running).toBe(257);
  });

  it("ends when the registry is closed and its time is over: nothing is written after that", async () => {
    let runs = 0;
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "write",
      idempotent: true,
      retry: { repeats: 3, baseMs: 20_000 },
      handler: () => {
        runs++;
        throw new Error("x");
      },
    });
    const { call, clock, registry, sink } = open([tool], { random: { next: () => 0.5 } });
    const running = call("t");
    const closing = registry.close({ graceMs: 1_000 });
    await clock.advance(1_000);
    await closing;
    expect(await running).toMatchObject({ ok: false, error: { code: "OUTCOME_UNKNOWN", effect: "unknown" } });
    await clock.advance(60_000);
    expect(runs).toBe(1);
    expect(sink.events).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });
});
