import { describe, expect, it } from "vitest";
import { createRegistry } from "../../core/create-registry.ts";
import type { Registry, RegistryOptions } from "../../core/registry.ts";
import type { AuditEvent } from "../../ports/audit-sink.ts";
import type { Hooks } from "../hooks.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import { createRecordingSink, type RecordingSink } from "../../testing/recording-sink.ts";
import { defineTool } from "../../tool/define-tool.ts";

const principal = { id: "u1", tenant: "acme" };
const base = {
  name: "orders.get",
  description: "Reads an order.",
  effect: "read",
  access: { roles: ["USER"] },
} as const;
const input = {
  type: "object",
  properties: { id: { type: "string" } },
  required: ["id"],
  additionalProperties: false,
} as const;
const withInput = { ...base, input };

type Handler = (input: { readonly id: string }, context: never) => unknown;

interface Opened {
  readonly registry: Registry;
  readonly clock: ManualClock;
  readonly sink: RecordingSink;
  shadows(): readonly AuditEvent[];
}

/** A registry in which 1.0.0 answers and 1.1.0 runs beside it for everybody. */
async function open(answer: Handler, candidate: Handler, parts: Partial<RegistryOptions> = {}): Promise<Opened> {
  const clock = createManualClock();
  const sink = createRecordingSink();
  const registry = createRegistry({
    clock,
    audit: sink,
    limits: [],
    retry: false,
    ...parts,
    tools: [defineTool({ ...withInput, version: "1.0.0", handler: answer as never }), ...(parts.tools ?? [])],
  });
  await registry.publish([defineTool({ ...withInput, version: "1.1.0", handler: candidate as never })], {
    staged: true,
  });
  await registry.rollouts.start("orders.get@1.1.0", { kind: "shadow", percent: 100 });
  const shadows = () => sink.events.filter(({ type }) => type === "call.shadowed");
  return { registry, clock, sink, shadows };
}

const call = ({ registry }: Opened, ref = "orders.get") => registry.execute(ref, { id: "o1" }, { principal });

describe("a shadow", () => {
  it("runs after the answer with the same arguments, and tells where the outputs differ, never what they hold", async () => {
    const order: string[] = [];
    const opened = await open(
      ({ id }) => {
        order.push("answer");
        return { id, total: 5, lines: [{ sku: "a" }, { sku: "b" }] };
      },
      ({ id }) => {
        order.push("shadow");
        return { id, total: 6, lines: [{ sku: "a" }, { sku: "secret-value" }], "a/b": 1 };
      },
    );
    const outcome = await call(opened);
    expect(order).toEqual(["answer"]);
    expect(outcome).toMatchObject({ ok: true, output: { total: 5 }, meta: { version: "1.0.0", rollout: null } });
    await opened.clock.advance(1);
    expect(order).toEqual(["answer", "shadow"]);
    expect(opened.shadows()).toMatchObject([
      {
        tool: "orders.get",
        version: "1.1.0",
        tenant: "acme",
        principal: "u1",
        parentCallId: outcome.meta.callId,
        arguments: undefined,
        details: { of: "1.0.0", differs: true, paths: ["/lines/1/sku", "/total", "/a~1b"] },
      },
    ]);
    expect(JSON.stringify(opened.shadows())).not.toContain("secret-value");
  });

  it("runs beside calls of the exact version too, since no answer changes", async () => {
    const opened = await open(
      () => 1,
      () => 2,
    );
    expect(await call(opened, "orders.get@1.0.0")).toMatchObject({ output: 1 });
    expect(await call(opened, "orders.get@1.1.0")).toMatchObject({ output: 2 });
    await opened.clock.advance(1);
    expect(opened.shadows()).toHaveLength(1);
  });

  it("is counted by its own version, as no call", async () => {
    const opened = await open(
      () => ({ ok: true, when: null }),
      () => ({ when: null, ok: true }),
    );
    await call(opened);
    await opened.clock.advance(1);
    expect(opened.shadows()).toMatchObject([{ details: { of: "1.0.0", differs: false } }]);
    expect(opened.registry.usage("orders.get@1.1.0")).toMatchObject({ calls: 0, shadowed: 1, shadowDiffers: 0 });
    expect(opened.registry.usage("orders.get@1.0.0")).toMatchObject({ calls: 1, shadowed: 0 });
  });

  it("tells by its code when it fails where the answer did not", async () => {
    const opened = await open(
      () => 1,
      () => {
        throw new Error("boom");
      },
    );
    expect(await call(opened)).toMatchObject({ ok: true, output: 1 });
    await opened.clock.advance(1);
    expect(opened.shadows()).toMatchObject([{ code: "TOOL_FAILED", details: { differs: true, code: "TOOL_FAILED" } }]);
    expect(opened.registry.usage("orders.get@1.1.0")).toMatchObject({ failed: 0, shadowed: 1, shadowDiffers: 1 });
  });

  it("takes no quota and asks no hook", async () => {
    const asked: string[] = [];
    const hooks: Hooks = {
      beforeAuthorize: ({ tool }) => void asked.push(tool.version),
      beforeAttempt: ({ tool }) => void asked.push(tool.version),
      aroundAttempt: ({ tool }, next) => {
        asked.push(tool.version);
        return next();
      },
      afterOutcome: ({ tool }) => void asked.push(tool.version),
      onSettled: ({ tool }) => void asked.push(tool.version),
    };
    const limits = [{ name: "calls", per: ["principal"] as const, capacity: 1, windowMs: 60_000 }];
    let runs = 0;
    const opened = await open(
      () => 1,
      () => ++runs,
      { hooks, limits },
    );
    await call(opened);
    await opened.clock.advance(1);
    expect(runs).toBe(1);
    expect(asked).toEqual(Array.from({ length: 5 }, () => "1.0.0"));
    expect((await opened.registry.quotas.remaining(principal, "orders.get"))[0]).toMatchObject({ remaining: 0 });
  });

  it("makes calls that are run like it: without quota, hook and trace, and never one that writes", async () => {
    const log: string[] = [];
    const note = (name: string, effect: "read" | "write") =>
      defineTool({ ...base, name, effect, version: "1.0.0", handler: () => log.push(name) });
    const nested = async (
      _input: unknown,
      context: { call(ref: string, input: unknown): Promise<{ ok: boolean }> },
    ) => {
      const read = await context.call("notes.read", {});
      const write = await context.call("notes.write", {});
      return [read.ok, write.ok];
    };
    const opened = await open(() => [true, true], nested, {
      tools: [note("notes.read", "read"), note("notes.write", "write")],
    });
    await call(opened);
    await opened.clock.advance(1);
    expect(log).toEqual(["notes.read"]);
    expect(opened.shadows()).toMatchObject([{ details: { differs: true, paths: ["/1"] } }]);
    expect(opened.sink.events.filter(({ tool }) => tool.startsWith("notes."))).toEqual([]);
    expect(opened.registry.usage("notes.read").calls).toBe(0);
  });

  it("sees the arguments as they came, whatever the caller does with them afterwards", async () => {
    const opened = await open(
      ({ id }) => id,
      ({ id }) => id,
    );
    const given = { id: "o1" };
    const outcome = await opened.registry.execute("orders.get", given, { principal });
    given.id = "another";
    await opened.clock.advance(1);
    expect(outcome).toMatchObject({ output: "o1" });
    expect(opened.shadows()).toMatchObject([{ details: { differs: false } }]);
  });

  it("ends at the deadline of its version, and no more than so many run at once", async () => {
    let running = 0;
    const opened = await open(
      () => 1,
      () => {
        running++;
        return new Promise(() => {});
      },
    );
    for (let index = 0; index < 40; index++) await call(opened);
    await opened.clock.advance(1);
    expect(running).toBe(16);
    await opened.clock.advance(30_000);
    expect(opened.shadows()).toHaveLength(16);
    expect(opened.shadows()[0]).toMatchObject({ code: "TIMEOUT", details: { differs: true, code: "TIMEOUT" } });
    // Handlers that ignore their signal still run: their places are taken.
    await call(opened);
    await opened.clock.advance(1);
    expect(running).toBe(16);
  });

  it("is not run for a dry run, a failure, or an answer that is not the tool's own", async () => {
    const opened = await open(
      ({ id }) => {
        if (id === "bad") throw new Error("x");
        return 1;
      },
      () => 2,
    );
    const { registry, clock } = opened;
    await registry.execute("orders.get", { id: "o1" }, { principal, dryRun: true });
    await registry.execute("orders.get", { id: "bad" }, { principal });
    await registry.execute("orders.get", { wrong: true }, { principal });
    await clock.advance(1);
    expect(opened.shadows()).toEqual([]);
    await registry.execute("orders.get", { id: "o1" }, { principal, idempotencyKey: "k" });
    await registry.execute("orders.get", { id: "o1" }, { principal, idempotencyKey: "k" });
    await clock.advance(1);
    expect(opened.shadows()).toHaveLength(1);
  });

  it("runs nothing any more when it was stopped, its version retired, or the registry closed", async () => {
    const opened = await open(
      () => 1,
      () => 2,
    );
    const { registry, clock } = opened;
    await registry.retire("orders.get@1.1.0");
    await call(opened);
    await clock.advance(1);
    await registry.restore("orders.get@1.1.0");
    await registry.rollouts.stop("orders.get");
    await registry.channels.set("orders.get", "stable", "1.0.0");
    await call(opened);
    await clock.advance(1);
    await registry.rollouts.start("orders.get@1.1.0", { kind: "shadow", percent: 100 });
    await call(opened);
    await registry.close();
    await clock.advance(1);
    expect(opened.shadows()).toEqual([]);
  });

  it("is refused for a tool that writes", async () => {
    const registry = createRegistry({
      tools: [defineTool({ ...base, effect: "write", version: "1.0.0", handler: () => 1 })],
    });
    await registry.publish([defineTool({ ...base, effect: "write", version: "1.1.0", handler: () => 1 })], {
      staged: true,
    });
    await expect(registry.rollouts.start("orders.get@1.1.0", { kind: "shadow", percent: 1 })).rejects.toThrow(
      expect.objectContaining({ code: "STATE_CONFLICT", message: expect.stringContaining("reads") as string }) as Error,
    );
  });
});
