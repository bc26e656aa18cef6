// What operators' own code and odd callers can do to a call, and must not.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createMemoryAuditSink } from "../audit/index.ts";
import { createRegistry } from "../core/create-registry.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { defineTool } from "../tool/define-tool.ts";

const base = { version: "1.0.0", description: "For tests.", effect: "write", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };
const one = defineTool({ ...base, name: "one", handler: () => 1 });

describe("execute does not reject", () => {
  it.each([null, "x", 1, {}, { ok: 1 }, { ok: false }])("when afterOutcome returns %j", async (answer) => {
    const sink = createMemoryAuditSink();
    const registry = createRegistry({ tools: [one], audit: sink, hooks: { afterOutcome: () => answer as never } });
    expect(await registry.execute(one, {}, { principal: user })).toMatchObject({
      ok: false,
      error: { code: "HOOK_FAILED", effect: "applied" },
    });
    expect(sink.events).toHaveLength(1);
    const events: unknown[] = [];
    for await (const event of registry.stream(one, {}, { principal: user })) events.push(event);
    expect(events).toMatchObject([{ type: "outcome", outcome: { error: { code: "HOOK_FAILED" } } }]);
  });

  it("and keeps its meta when afterOutcome replaces the outcome", async () => {
    const hooks = { afterOutcome: () => ({ ok: true, output: 2, content: [] }) as never };
    const outcome = await createRegistry({ tools: [one], hooks }).execute(one, {}, { principal: user });
    expect(outcome).toMatchObject({ ok: true, output: 2, meta: { tool: "one", version: "1.0.0" } });
  });

  it("when a listener rejects or throws what no text can be made of", async () => {
    const crash = defineTool({
      ...base,
      name: "crash",
      handler: (): never => {
        throw new Error("x");
      },
    });
    const registry = createRegistry({ tools: [crash] });
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", onWarning);
    const webhook = (): unknown => Promise.reject(new Error("webhook is down"));
    registry.on("tool.failed", webhook);
    registry.on("tool.failed", () => {
      throw Object.create(null);
    });
    expect(await registry.execute(crash, {}, { principal: user })).toMatchObject({ error: { code: "TOOL_FAILED" } });
    await new Promise((resolve) => process.nextTick(resolve));
    await new Promise((resolve) => process.nextTick(resolve));
    process.off("warning", onWarning);
    expect(warnings.sort()).toEqual(["a listener threw object", "webhook is down"]);
  });

  it("when the reference is no text", async () => {
    const registry = createRegistry({ tools: [one] });
    for (const ref of [undefined, null, 5, true]) {
      expect(await registry.execute(ref as never, {})).toMatchObject({ error: { code: "INVALID_REF" } });
    }
    const outer = defineTool({
      ...base,
      name: "outer",
      handler: async (_, { call }) => (await call(undefined as never, {})).ok,
    });
    await registry.register(outer);
    expect(await registry.execute(outer, {}, { principal: user })).toMatchObject({ ok: true, output: false });
  });

  it("when a cost function throws", async () => {
    const costly = defineTool({
      ...base,
      name: "costly",
      cost: () => {
        throw new Error("x");
      },
      handler: () => 1,
    });
    const late = defineTool({ ...base, name: "late", cost: () => Promise.reject(new Error("x")), handler: () => 1 });
    const registry = createRegistry({ tools: [costly, late] });
    for (const tool of [costly, late]) {
      expect(await registry.execute(tool, {}, { principal: user })).toMatchObject({ error: { code: "COST_INVALID" } });
    }
  });

  it("except for a signal that is none, which leaves nothing behind", async () => {
    const clock = createManualClock();
    const registry = createRegistry({ tools: [one], clock });
    await expect(registry.execute(one, {}, { signal: {} as never })).rejects.toThrow(/expected an AbortSignal/);
    await registry.close();
    expect(clock.pending).toBe(0);
  });
});

describe("executeAll", () => {
  const admin = defineTool({ ...base, name: "admin", access: {}, handler: () => 1 });

  it("takes the principal from the host alone", async () => {
    const registry = createRegistry({ tools: [admin], requirePrincipal: true });
    const forged = [{ tool: "admin", principal: { id: "root", roles: ["ADMIN"] } }];
    await expect(registry.executeAll(forged as never)).rejects.toThrow(/calls\[0\].*principal/s);
    await expect(registry.executeAll([{ tool: "admin" }], { principle: user } as never)).rejects.toThrow(
      /did you mean principal\?/,
    );
    const open = createRegistry({ tools: [admin] });
    expect(await open.executeAll([{ tool: "admin" }], { principal: null as never })).toMatchObject([
      { error: { code: "UNAUTHENTICATED" } },
    ]);
    expect(await open.executeAll([{ tool: "admin" }], { principal: user })).toMatchObject([
      { error: { code: "UNKNOWN_TOOL" } },
    ]);
  });
});

describe("a handler", () => {
  it("that returns a lazy thenable does its work once, also when it loses its race", async () => {
    let effects = 0;
    const lazy = defineTool({
      ...base,
      name: "lazy",
      timeoutMs: 50,
      handler: () => ({
        then() {
          effects++;
        },
      }),
    });
    const clock = createManualClock();
    const registry = createRegistry({ tools: [lazy], clock });
    const call = registry.execute(lazy, {}, { principal: user });
    await clock.advance(50);
    expect(await call).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
    await clock.advance(0);
    expect(effects).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it("runs once, and holds its slots, although a hook around it does otherwise", async () => {
    let running = 0;
    let most = 0;
    const slow = defineTool({
      ...base,
      name: "slow",
      concurrency: [{ per: [], max: 1 }],
      handler: async () => {
        most = Math.max(most, ++running);
        await new Promise(() => {});
      },
    });
    const impatient = createRegistry({ tools: [slow], hooks: { aroundAttempt: async (_, next) => void next() } });
    expect((await impatient.execute(slow, {}, { principal: user })).ok).toBe(true);
    expect(await impatient.execute(slow, {}, { principal: user })).toMatchObject({ error: { code: "OVERLOADED" } });
    expect(most).toBe(1);
    let entered = 0;
    const count = defineTool({ ...base, name: "count", handler: () => ++entered });
    const twice = createRegistry({
      tools: [count],
      hooks: {
        aroundAttempt: async (_, next) => {
          await next();
          return next();
        },
      },
    });
    expect(await twice.execute(count, {}, { principal: user })).toMatchObject({ error: { code: "TOOL_FAILED" } });
    expect(entered).toBe(1);
  });

  it("that finished is known to have had its effect, although its answer was checked too slowly", async () => {
    const clock = createManualClock();
    const output = z.number().refine(() => new Promise<boolean>(() => {}));
    const tool = defineTool({ ...base, name: "t", output, timeoutMs: 100, handler: () => 1 });
    const registry = createRegistry({ tools: [tool], clock });
    const call = registry.execute(tool, {}, { principal: user });
    await clock.advance(100);
    expect(await call).toMatchObject({ error: { code: "TIMEOUT", effect: "applied" } });
  });

  it("cannot add to an answer that was given", async () => {
    let attach = (): void => {};
    const tool = defineTool({
      ...base,
      name: "t",
      handler: (_, context) => {
        context.attach({ type: "text", text: "first" });
        const { attach: later } = context;
        attach = () => {
          later({ type: "text", text: "late" });
        };
        return 1;
      },
    });
    const outcome = await createRegistry({ tools: [tool] }).execute(tool, {}, { principal: user });
    attach();
    expect(outcome.ok && outcome.content).toEqual([{ type: "text", text: "first" }]);
  });

  it("takes the calls it did not wait for with it", async () => {
    const aborted: string[] = [];
    const inner = defineTool({
      ...base,
      name: "inner",
      handler: (_, { signal }) =>
        new Promise<number>(() => {
          signal.addEventListener("abort", () => aborted.push("inner"));
        }),
    });
    const outer = defineTool({
      ...base,
      name: "outer",
      handler: async (_, { call }) => {
        void call("inner", {});
        await Promise.resolve();
        await Promise.resolve();
        return 1;
      },
    });
    const registry = createRegistry({ tools: [inner, outer] });
    expect((await registry.execute(outer, {}, { principal: user })).ok).toBe(true);
    await registry.close();
    expect(aborted).toEqual(["inner"]);
  });

  it("under way may call other tools while the registry closes", async () => {
    let go = (): void => {};
    const outer = defineTool({
      ...base,
      name: "outer",
      handler: async (_, { call }) => {
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        return (await call("one", {})).ok;
      },
    });
    const clock = createManualClock();
    const registry = createRegistry({ tools: [one, outer], clock });
    const call = registry.execute(outer, {}, { principal: user });
    await clock.advance(0);
    const closing = registry.close();
    go();
    expect(await call).toMatchObject({ ok: true, output: true });
    await closing;
  });
});

describe("a caller that has left", () => {
  it("pays no quota", async () => {
    const registry = createRegistry({ tools: [one], limits: [{ per: ["principal"], capacity: 1, windowMs: 1_000 }] });
    for (let call = 0; call < 5; call++) {
      const outcome = await registry.execute(one, {}, { principal: user, signal: AbortSignal.abort() });
      expect(outcome).toMatchObject({ error: { code: "CANCELLED", effect: "none" } });
    }
    expect((await registry.execute(one, {}, { principal: user })).ok).toBe(true);
  });

  it("does not keep the slots of a stream it stopped reading", async () => {
    const endless = defineTool({
      ...base,
      name: "endless",
      timeoutMs: 50,
      concurrency: [{ per: [], max: 1 }],
      async *handler() {
        for (let value = 0; ; value++) yield { type: "partial", value } as const;
      },
    });
    const clock = createManualClock();
    const registry = createRegistry({ tools: [endless], clock });
    const stalled = registry.stream(endless, {}, { principal: user });
    await stalled.next();
    await clock.advance(50);
    await clock.advance(0);
    const second = registry.stream(endless, {}, { principal: user });
    expect(await second.next()).toMatchObject({ value: { type: "partial" } });
    await second.return();
    await stalled.return();
  });

  it("gets not one step more of a generator", async () => {
    let steps = 0;
    const tool = defineTool({
      ...base,
      name: "t",
      async *handler() {
        for (;;) yield { type: "partial", value: steps++ } as const;
      },
    });
    const clock = createManualClock();
    const registry = createRegistry({ tools: [tool], clock });
    const events = registry.stream(tool, {}, { principal: user });
    await events.next();
    await clock.advance(0);
    const before = steps;
    await events.return();
    await clock.advance(0);
    expect(steps).toBe(before);
  });
});

describe("a hanging audit sink", () => {
  it("holds neither administration nor the end of the registry", async () => {
    const clock = createManualClock();
    const hanging = (): Promise<never> => new Promise(() => {});
    const registry = createRegistry({ clock, audit: { append: hanging, flush: hanging, close: hanging } });
    const failures: unknown[] = [];
    registry.on("audit.failed", ({ error }) => failures.push(String(error)));
    const registering = registry.register(one);
    await clock.advance(5_000);
    await registering;
    const closing = registry.close();
    await clock.advance(5_000);
    await closing;
    expect(failures).toHaveLength(2);
    expect(clock.pending).toBe(0);
  });
});
