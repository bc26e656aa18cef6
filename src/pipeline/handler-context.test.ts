import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createMemoryAuditSink } from "../audit/index.ts";
import type { PrincipalInput } from "../call/principal.ts";
import { createRegistry } from "../core/create-registry.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createToolkit, defineTool } from "../tool/define-tool.ts";

const base = { version: "1.0.0", description: "For tests.", effect: "read", access: { roles: ["USER"] } } as const;
const user = { id: "u1", tenant: "acme" };

describe("the context of a handler", () => {
  it("gives the app, the principal and the tool", async () => {
    const { defineTool: define } = createToolkit<{ greeting: string }>();
    const tool = define({
      ...base,
      name: "t",
      handler: (_, { app, principal, tool: { name, version }, callId }) => ({
        text: `${app.greeting} ${principal.tenant}/${principal.id} ${name}@${version}`,
        callId,
      }),
    });
    const registry = createRegistry({ app: { greeting: "hi" }, tools: [tool] });
    const outcome = await registry.execute(tool, {}, { principal: user });
    expect(outcome).toMatchObject({ ok: true, output: { text: "hi acme/u1 t@1.0.0", callId: outcome.meta.callId } });
  });

  it("gives a key to pass on that is the caller's alone, and the same for the same call", async () => {
    const one = defineTool({ ...base, name: "one", handler: (_, { idempotencyKey }) => idempotencyKey });
    const other = defineTool({ ...base, name: "other", handler: (_, { idempotencyKey }) => idempotencyKey });
    const toKey = async (tool: typeof one, principal: PrincipalInput, idempotencyKey = "k1"): Promise<unknown> => {
      const outcome = await createRegistry({ tools: [one, other] }).execute(tool, {}, { principal, idempotencyKey });
      return outcome.ok ? outcome.output : outcome.error.code;
    };
    const key = await toKey(one, user);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await toKey(one, user)).toBe(key);
    const others = [
      await toKey(one, { ...user, id: "u2" }),
      await toKey(one, { ...user, tenant: "other" }),
      await toKey(one, user, "k2"),
      await toKey(other, user),
    ];
    expect(new Set([key, ...others]).size).toBe(5);
    const without = await createRegistry({ tools: [one] }).execute(one, {}, { principal: user });
    expect(without).toMatchObject({ ok: true, output: null });
  });

  it("puts what was attached beside the output", async () => {
    const tool = defineTool({
      ...base,
      name: "t",
      handler: (_, { attach }) => {
        attach({ type: "text", text: "note" });
        return 1;
      },
    });
    const outcome = await createRegistry({ tools: [tool] }).execute(tool, {}, { principal: user });
    expect(outcome).toMatchObject({ ok: true, content: [{ type: "text", text: "note" }] });
  });

  it("calls another tool as the same principal, through the whole walk", async () => {
    const inner = defineTool({ ...base, name: "inner", handler: (_, { principal }) => principal.id });
    const secret = defineTool({ ...base, name: "secret", access: { roles: ["ADMIN"] }, handler: () => 1 });
    const outer = defineTool({
      ...base,
      name: "outer",
      handler: async (_, { call }) => {
        const [allowed, refused] = await Promise.all([call("inner", {}), call("secret", {})]);
        return { allowed: allowed.ok ? allowed.output : null, refused: refused.ok ? null : refused.error.code };
      },
    });
    const sink = createMemoryAuditSink();
    const registry = createRegistry({ tools: [inner, secret, outer], audit: sink });
    const outcome = await registry.execute(outer, {}, { principal: user });
    expect(outcome).toMatchObject({ ok: true, output: { allowed: "u1", refused: "UNKNOWN_TOOL" } });
    expect(sink.events.filter(({ parentCallId }) => parentCallId === outcome.meta.callId)).toHaveLength(2);
  });

  it("bounds how deep tools call one another", async () => {
    const codes: string[] = [];
    const loop = defineTool({
      ...base,
      name: "loop",
      handler: async (_, { call }): Promise<number> => {
        const outcome = await call("loop", {});
        if (!outcome.ok) codes.push(outcome.error.code);
        return 1;
      },
    });
    const registry = createRegistry({ tools: [loop] });
    expect((await registry.execute(loop, {}, { principal: user })).ok).toBe(true);
    expect(codes).toEqual(["DEPTH_EXCEEDED"]);
  });

  it("ends inner calls with the outer deadline and with its cancellation", async () => {
    const aborted: string[] = [];
    const inner = defineTool({
      ...base,
      name: "inner",
      timeoutMs: 10_000,
      handler: (_, { signal, remainingMs }) =>
        new Promise<number>(() => {
          signal.addEventListener("abort", () => aborted.push(`after ${remainingMs()}`));
        }),
    });
    const outer = defineTool({
      ...base,
      name: "outer",
      timeoutMs: 100,
      handler: async (_, { call }) => {
        await call("inner", {});
        return new Promise<number>(() => {});
      },
    });
    const clock = createManualClock();
    const sink = createMemoryAuditSink();
    const registry = createRegistry({ tools: [inner, outer], clock, audit: sink });
    const running = registry.execute(outer, {}, { principal: user });
    await clock.advance(100);
    expect(await running).toMatchObject({ error: { code: "TIMEOUT" } });
    await clock.advance(0);
    expect(aborted).toEqual(["after 0"]);
    expect(sink.events.map(({ tool, code }) => `${tool} ${code}`).sort()).toEqual(["inner TIMEOUT", "outer TIMEOUT"]);
    expect(clock.pending).toBe(0);
  });
});

describe("hooks", () => {
  const add = defineTool({
    ...base,
    name: "add",
    effect: "write",
    input: z.object({ a: z.number() }),
    handler: ({ a }) => a + 1,
  });

  it("run at their points, in order, and see what is known there", async () => {
    const seen: unknown[] = [];
    const registry = createRegistry({
      tools: [add],
      hooks: {
        beforeAuthorize: ({ input }) => void seen.push(["beforeAuthorize", input]),
        beforeAttempt: ({ input }) => void seen.push(["beforeAttempt", input]),
        aroundAttempt: async (_, next) => {
          seen.push("around");
          return ((await next()) as number) * 10;
        },
        afterOutcome: (_, outcome) => void seen.push(["afterOutcome", outcome.ok]),
        onSettled: (_, outcome) => void seen.push(["onSettled", outcome.ok]),
      },
    });
    expect(await registry.execute(add, { a: 1 }, { principal: user })).toMatchObject({ output: 20 });
    expect(seen).toEqual([
      ["beforeAuthorize", undefined],
      ["beforeAttempt", { a: 1 }],
      "around",
      ["afterOutcome", true],
      ["onSettled", true],
    ]);
  });

  it("refuse and fail calls, never let them through", async () => {
    let entered = 0;
    const tool = defineTool({ ...base, name: "t", effect: "write", handler: () => ++entered });
    const refusing = createRegistry({ tools: [tool], hooks: { beforeAttempt: () => ({ refuse: "Not today." }) } });
    expect(await refusing.execute(tool, {}, { principal: user })).toMatchObject({
      error: { code: "HOOK_REFUSED", message: "Not today.", effect: "none" },
    });
    const throwing = createRegistry({
      tools: [tool],
      hooks: {
        beforeAuthorize: () => {
          throw new Error("secret");
        },
      },
    });
    const failures: unknown[] = [];
    throwing.on("hook.failed", ({ hook, error }) => failures.push([hook, String(error)]));
    const failed = await throwing.execute(tool, {}, { principal: user });
    expect(failed).toMatchObject({ error: { code: "HOOK_FAILED", effect: "none" } });
    expect(JSON.stringify(failed)).not.toContain("secret");
    expect(failures).toEqual([["beforeAuthorize", "Error: secret"]]);
    expect(entered).toBe(0);
  });

  it("may replace an outcome; one that fails there keeps what is known of the effect", async () => {
    const hiding = createRegistry({
      tools: [add],
      hooks: { afterOutcome: (_, outcome) => (outcome.ok ? { ...outcome, output: "hidden" } : undefined) },
    });
    expect(await hiding.execute(add, { a: 1 }, { principal: user })).toMatchObject({ ok: true, output: "hidden" });
    const failing = createRegistry({
      tools: [add],
      hooks: {
        afterOutcome: () => {
          throw new Error("x");
        },
      },
    });
    expect(await failing.execute(add, { a: 1 }, { principal: user })).toMatchObject({
      error: { code: "HOOK_FAILED", effect: "applied" },
    });
  });

  it("that never answer do not hold the call", async () => {
    const clock = createManualClock();
    const stuck = createRegistry({ tools: [add], clock, hooks: { beforeAttempt: () => new Promise(() => {}) } });
    const call = stuck.execute(add, { a: 1 }, { principal: user });
    await clock.advance(30_000);
    expect(await call).toMatchObject({ error: { code: "TIMEOUT", effect: "none" } });
    const late = createRegistry({ tools: [add], clock, hooks: { onSettled: () => new Promise(() => {}) } });
    const settling = late.execute(add, { a: 1 }, { principal: user });
    await clock.advance(5_000);
    expect(await settling).toMatchObject({ ok: true });
    expect(clock.pending).toBe(0);
  });
});

describe("an audit sink that fails", () => {
  it("leaves the answer true, and tells the caller and the operator", async () => {
    const tool = defineTool({ ...base, name: "t", effect: "write", handler: () => 1 });
    const sink = {
      append: () => Promise.reject(new Error("disk full")),
      flush: async () => {},
      close: async () => {},
    };
    const registry = createRegistry({ tools: [tool], audit: sink });
    const failures: unknown[] = [];
    registry.on("audit.failed", ({ callId }) => failures.push(callId));
    const outcome = await registry.execute(tool, {}, { principal: user });
    expect(outcome).toMatchObject({ ok: true, output: 1, meta: { warnings: [{ code: "AUDIT_FAILED" }] } });
    expect(failures).toEqual([outcome.meta.callId]);
  });
});
