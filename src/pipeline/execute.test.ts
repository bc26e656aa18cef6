import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createMemoryAuditSink } from "../audit/index.ts";
import { createRegistry } from "../core/create-registry.ts";
import type { RegistryOptions } from "../core/registry.ts";
import { ToolError } from "../errors/tool-error.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { defineTool } from "../tool/define-tool.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };

const add = defineTool({
  ...base,
  name: "math.add",
  effect: "read",
  input: z.object({ a: z.number(), b: z.number().default(1) }),
  output: z.object({ sum: z.number() }),
  handler: async ({ a, b }) => ({ sum: a + b }),
});

function open(tools: RegistryOptions["tools"], options: RegistryOptions = {}) {
  const clock = createManualClock();
  const sink = createMemoryAuditSink();
  const registry = createRegistry({ tools: tools ?? [], clock, audit: sink, ...options });
  return { clock, sink, registry };
}

/** A promise that never settles by itself. */
const never = (): Promise<never> => new Promise(() => {});

describe("execute", () => {
  it("answers a typed call with the checked output", async () => {
    const { registry } = open([add]);
    const outcome = await registry.execute(add, { a: 2 }, { principal: user });
    expect(outcome).toMatchObject({
      ok: true,
      output: { sum: 3 },
      meta: { tool: "math.add", version: "1.0.0", dryRun: false, coerced: [], warnings: [] },
    });
    if (outcome.ok) expect(outcome.meta.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  it("refuses bad arguments with every issue, before any quota is taken", async () => {
    const { registry } = open([add], { limits: [{ name: "few", per: ["principal"], capacity: 1, windowMs: 1_000 }] });
    const refused = await registry.execute("math.add", '{"a":"x","b":"y"}', { principal: user });
    expect(refused).toMatchObject({ ok: false, error: { code: "INVALID_INPUT", effect: "none", retryable: false } });
    if (!refused.ok) expect(refused.error.issues.map(({ path }) => path[0])).toEqual(["a", "b"]);
    expect((await registry.execute("math.add", { a: 1 }, { principal: user })).ok).toBe(true);
    const spent = await registry.execute("math.add", { a: 1 }, { principal: user });
    expect(spent).toMatchObject({ ok: false, error: { code: "QUOTA_EXCEEDED", retryable: true, retryAfterMs: 1_000 } });
  });

  it("gives text that is not JSON a code of its own", async () => {
    const { registry } = open([add]);
    expect(await registry.execute("math.add", '{"a":1', { principal: user })).toMatchObject({
      error: { code: "INVALID_JSON" },
    });
  });

  it("masks an exception, tells the operator, and lets a ToolError through", async () => {
    const crash = defineTool({
      ...base,
      name: "crash",
      effect: "write",
      handler: (): never => {
        throw new Error("password=hunter2");
      },
    });
    const refuse = defineTool({
      ...base,
      name: "refuse",
      effect: "write",
      handler: async (): Promise<never> => {
        throw new ToolError("NOT_FOUND", "No order o_17.", { effect: "none", details: { id: "o_17" } });
      },
    });
    const { registry } = open([crash, refuse]);
    const failures: unknown[] = [];
    registry.on("tool.failed", (event) => failures.push(event.error));
    const masked = await registry.execute(crash, {}, { principal: user });
    expect(JSON.stringify(masked)).not.toContain("hunter2");
    expect(masked).toMatchObject({ ok: false, error: { code: "TOOL_FAILED", effect: "unknown" } });
    if (!masked.ok) expect(masked.error.message).toContain(masked.meta.callId);
    expect(String(failures[0])).toContain("hunter2");
    expect(await registry.execute(refuse, {}, { principal: user })).toMatchObject({
      error: {
        code: "TOOL_ERROR",
        toolCode: "NOT_FOUND",
        message: "No order o_17.",
        effect: "none",
        details: { id: "o_17" },
      },
    });
  });

  it("ends at the deadline although the handler ignores its signal", async () => {
    const hang = defineTool({ ...base, name: "hang", effect: "read", timeoutMs: 100, handler: never });
    const { registry, clock } = open([hang]);
    const call = registry.execute(hang, {}, { principal: user });
    await clock.advance(100);
    expect(await call).toMatchObject({ ok: false, error: { code: "TIMEOUT", effect: "none", retryable: true } });
    expect(clock.pending).toBe(0);
  });

  it("says that the outcome is unknown when a write times out or is cancelled after it began", async () => {
    const hang = defineTool({ ...base, name: "hang", effect: "write", timeoutMs: 100, handler: never });
    const { registry, clock } = open([hang]);
    const late = registry.execute(hang, {}, { principal: user });
    await clock.advance(100);
    expect(await late).toMatchObject({ error: { code: "OUTCOME_UNKNOWN", effect: "unknown", retryable: false } });
    const controller = new AbortController();
    const cancelled = registry.execute(hang, {}, { principal: user, signal: controller.signal });
    await clock.advance(1);
    controller.abort();
    expect(await cancelled).toMatchObject({ error: { code: "OUTCOME_UNKNOWN", effect: "unknown" } });
  });

  it("does not enter the handler of a call that was cancelled before", async () => {
    let entered = 0;
    const tool = defineTool({ ...base, name: "t", effect: "write", handler: () => ++entered });
    const { registry } = open([tool]);
    const outcome = await registry.execute(tool, {}, { principal: user, signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ error: { code: "CANCELLED", effect: "none" } });
    expect(entered).toBe(0);
  });

  it("takes its listener off the caller's signal", async () => {
    const { registry } = open([add]);
    const controller = new AbortController();
    const listeners = new Set<unknown>();
    const { signal } = controller;
    const target = {
      get aborted() {
        return signal.aborted;
      },
      reason: undefined,
      addEventListener: (_: string, listener: unknown) => listeners.add(listener),
      removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
    } as unknown as AbortSignal;
    await registry.execute(add, { a: 1 }, { principal: user, signal: target });
    expect(listeners.size).toBe(0);
  });

  it("holds the slots of a late handler until it has truly ended", async () => {
    const finish: (() => void)[] = [];
    const slow = defineTool({
      ...base,
      name: "slow",
      effect: "read",
      timeoutMs: 10,
      concurrency: [{ name: "one", per: [], max: 1 }],
      handler: () =>
        new Promise<number>((resolve) => {
          finish.push(() => {
            resolve(1);
          });
        }),
    });
    const { registry, clock } = open([slow]);
    const first = registry.execute(slow, {}, { principal: user });
    await clock.advance(10);
    expect(await first).toMatchObject({ error: { code: "TIMEOUT" } });
    expect(await registry.execute(slow, {}, { principal: user })).toMatchObject({ error: { code: "OVERLOADED" } });
    finish[0]?.();
    await clock.advance(0);
    const third = registry.execute(slow, {}, { principal: user });
    await clock.advance(0);
    finish[1]?.();
    expect(await third).toMatchObject({ ok: true });
  });

  it("refuses an output that does not fit, and says that the write was applied", async () => {
    const wrong = defineTool({
      ...base,
      name: "wrong",
      effect: "write",
      output: z.object({ n: z.number() }),
      handler: () => ({ n: "x" as unknown as number }),
    });
    const { registry } = open([wrong]);
    expect(await registry.execute(wrong, {}, { principal: user })).toMatchObject({
      ok: false,
      error: { code: "INVALID_OUTPUT", effect: "applied" },
    });
  });

  it("touches nothing in a dry run, and refuses what a call would refuse", async () => {
    let entered = 0;
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "write",
      input: z.object({ a: z.number() }),
      handler: () => ++entered,
    });
    const { registry, sink } = open([tool], {
      limits: [{ name: "one", per: ["principal"], capacity: 1, windowMs: 1_000 }],
    });
    for (let run = 0; run < 3; run++) {
      const dry = await registry.execute("t", { a: 1 }, { principal: user, dryRun: true });
      expect(dry).toMatchObject({ ok: true, meta: { dryRun: true, version: "1.0.0" } });
    }
    expect(await registry.execute("t", {}, { principal: user, dryRun: true })).toMatchObject({ ok: false });
    expect(entered).toBe(0);
    expect(sink.events).toHaveLength(0);
    expect(registry.usage("t").calls).toBe(0);
    expect((await registry.execute("t", { a: 1 }, { principal: user })).ok).toBe(true);
    expect(await registry.execute("t", { a: 1 }, { principal: user, dryRun: true })).toMatchObject({
      error: { code: "QUOTA_EXCEEDED" },
    });
  });

  it("refuses a call without a principal when one is required, and takes it for trusted code otherwise", async () => {
    const admin = defineTool({
      name: "admin",
      version: "1.0.0",
      description: "No access given.",
      effect: "read",
      handler: () => 1,
    });
    expect((await open([admin]).registry.execute(admin, {})).ok).toBe(true);
    const strict = open([admin], { requirePrincipal: true }).registry;
    expect(await strict.execute(admin, {})).toMatchObject({ error: { code: "UNAUTHENTICATED" } });
    expect(await strict.execute(admin, {}, { principal: { id: "" } })).toMatchObject({
      error: { code: "UNAUTHENTICATED", message: expect.stringContaining("principal.id") as string },
    });
  });

  it("rejects options that do not exist, because a misspelt principal would be no principal", async () => {
    const { registry } = open([add]);
    await expect(registry.execute(add, { a: 1 }, { pricipal: user } as never)).rejects.toThrow(
      /did you mean principal\?/,
    );
    await expect(registry.execute(add, { a: 1 }, { timeoutMs: Number.NaN })).rejects.toThrow(/timeoutMs/);
    await expect(registry.execute(add, { a: 1 }, { idempotencyKey: "" })).rejects.toThrow(/idempotencyKey/);
  });

  it("refuses a version whose digest is not the one that was shown", async () => {
    const { registry } = open([add]);
    const digest = registry.get("math.add")?.digest ?? "";
    expect((await registry.execute("math.add@1.0.0", { a: 1 }, { principal: user, digest })).ok).toBe(true);
    expect(await registry.execute("math.add@1.0.0", { a: 1 }, { principal: user, digest: "sha256:x" })).toMatchObject({
      error: { code: "CONTRACT_CHANGED" },
    });
  });

  it("warns of a deprecated version and refuses a retired one with the nearest alternative", async () => {
    const next = defineTool({ ...base, name: "math.add", version: "2.0.0", effect: "read", handler: () => 1 });
    const { registry } = open([add, next]);
    await registry.deprecate("math.add@1.0.0", {
      message: "Slow.",
      sunsetAt: Date.UTC(2027, 0, 1),
      successor: "math.add@2",
    });
    const warned = await registry.execute("math.add@1", { a: 1 }, { principal: user });
    expect(warned.meta.warnings).toEqual([
      {
        code: "DEPRECATED",
        message: "math.add@1.0.0 is deprecated. Slow. It will be retired on 2027-01-01. Use math.add@2.",
        sunsetAt: Date.UTC(2027, 0, 1),
      },
    ]);
    await registry.retire("math.add@1.0.0");
    expect(await registry.execute("math.add@1", { a: 1 }, { principal: user })).toMatchObject({
      error: { code: "VERSION_RETIRED", suggestions: ["math.add@2", "math.add@2.0.0"] },
    });
    await registry.restore("math.add@1.0.0");
    expect((await registry.execute("math.add@1", { a: 1 }, { principal: user })).meta.warnings).toEqual([]);
  });

  it("computes a cost from the arguments and refuses a cost that is none", async () => {
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "read",
      input: z.object({ pages: z.number() }),
      cost: ({ pages }) => pages,
      handler: () => 1,
    });
    const { registry } = open([tool], {
      limits: [{ name: "pages", per: ["principal"], capacity: 10, windowMs: 1_000 }],
    });
    expect((await registry.execute(tool, { pages: 7 }, { principal: user })).ok).toBe(true);
    expect(await registry.execute(tool, { pages: 7 }, { principal: user })).toMatchObject({
      error: { code: "QUOTA_EXCEEDED" },
    });
    expect(await registry.execute(tool, { pages: 11 }, { principal: user })).toMatchObject({
      error: { code: "QUOTA_EXCEEDED", retryable: false, retryAfterMs: null },
    });
    expect(await registry.execute(tool, { pages: -1 }, { principal: user })).toMatchObject({
      error: { code: "COST_INVALID" },
    });
  });

  it("settles every call exactly once", async () => {
    const behaviours = ["ok", "throw", "reject", "toolError", "hang", "badOutput", "generator"] as const;
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "write",
      timeoutMs: 50,
      concurrency: [{ name: "all", per: [], max: 1_000 }],
      input: z.object({ how: z.enum(behaviours) }),
      output: z.object({ n: z.number() }),
      handler: ({ how }) => {
        if (how === "throw") throw new Error("x");
        if (how === "reject") return Promise.reject(new Error("x"));
        if (how === "toolError") throw new ToolError("NO", "no");
        if (how === "hang") return never();
        if (how === "badOutput") return {} as { n: number };
        if (how === "generator") {
          return (async function* () {
            yield { type: "partial", value: 1 } as const;
            return { n: 1 };
          })();
        }
        return { n: 1 };
      },
    });
    const how = fc.constantFrom<string>(...behaviours, "unknown behaviour");
    const ref = fc.constantFrom("t", "t@1", "t@9", "missing", "not a ref");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(ref, how, fc.boolean()), { maxLength: 12 }), async (calls) => {
        const settled: string[] = [];
        const { registry, clock, sink } = open([tool], { hooks: { onSettled: ({ id }) => void settled.push(id) } });
        const controllers = calls.map(() => new AbortController());
        const running = calls.map(([asked, behaviour], index) =>
          registry.execute(asked, { how: behaviour }, { principal: user, signal: controllers[index]!.signal }),
        );
        calls.forEach(([, , cancel], index) => {
          if (cancel) controllers[index]!.abort();
        });
        await clock.advance(50);
        const outcomes = await Promise.all(running);
        const ids = outcomes.map(({ meta }) => meta.callId).sort();
        expect(sink.events.map(({ callId }) => callId ?? "").sort()).toEqual(ids);
        expect(settled.sort()).toEqual(
          outcomes
            .filter(({ meta }) => meta.version !== null)
            .map(({ meta }) => meta.callId)
            .sort(),
        );
        const counted = registry.usage().reduce((sum, { calls: count }) => sum + count, 0);
        expect(counted).toBe(calls.length);
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 300 },
    );
  });
});
