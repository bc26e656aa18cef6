import { describe, expect, it } from "vitest";
import type { SettingStore } from "../../ports/setting-store.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createRecordingSink } from "../../testing/recording-sink.ts";
import { defineTool } from "../../tool/define-tool.ts";
import { createMemorySettingStore } from "../../stores/memory/index.ts";
import { createRegistry } from "../create-registry.ts";
import type { Registry, RegistryOptions } from "../registry.ts";
import type { StopScope } from "./stop-scope.ts";
import { createStopTable } from "./stop-table.ts";
import { watchStops } from "./watch-stops.ts";

const base = { version: "1.0.0", description: "d", effect: "read", access: { roles: ["USER"] } } as const;
const ALL: StopScope = { kind: "all" };
const TOOL: StopScope = { kind: "tool", name: "orders.get" };
const TENANT: StopScope = { kind: "tenant", tenant: "acme" };
const reason = "INC-7";

function create(options: Partial<RegistryOptions> = {}) {
  const clock = createManualClock();
  const audit = createRecordingSink();
  const entered: string[] = [];
  const tool = (name: string, more: object = {}) =>
    defineTool({
      ...base,
      name,
      handler: () => {
        entered.push(name);
        return name;
      },
      ...more,
    });
  const registry = createRegistry({
    tools: [
      tool("orders.get"),
      tool("orders.put", { effect: "write" }),
      tool("hidden", { access: { roles: ["ADMIN"] } }),
      defineTool({ ...base, name: "caller", handler: (_input, context) => context.call("orders.get", {}) }),
    ],
    clock,
    audit,
    limits: [],
    ...options,
  });
  return { registry, clock, audit, entered };
}

const codeOf = async (registry: Registry, ref = "orders.get", tenant = "acme", more: object = {}): Promise<string> => {
  const outcome = await registry.execute(ref, {}, { principal: { id: "ann", tenant }, ...more });
  return outcome.ok ? "ok" : outcome.error.code;
};

describe("stops", () => {
  it("refuse every call, whatever it is", async () => {
    const { registry, entered } = create();
    await registry.stops.stop(ALL, { reason });
    const codes = [
      await codeOf(registry),
      await codeOf(registry, "orders.put", "other"),
      await codeOf(registry, "nothing.like.it"),
      await codeOf(registry, "@@"),
      await codeOf(registry, "orders.get", "acme", { dryRun: true }),
    ];
    expect(codes).toEqual(["STOPPED", "STOPPED", "STOPPED", "STOPPED", "STOPPED"]);
    expect(entered).toEqual([]);
    expect(await registry.execute("orders.get", {})).toMatchObject({
      error: { code: "STOPPED", retryable: false, effect: "none" },
      meta: { tool: "orders.get", version: null },
    });
    expect(await registry.stops.resume(ALL)).toBe(true);
    expect(await registry.stops.resume(ALL)).toBe(false);
    expect(await codeOf(registry)).toBe("ok");
  });

  it("refuse the calls of one tenant, or of one tool in all its versions", async () => {
    const { registry } = create();
    await registry.publish([defineTool({ ...base, name: "orders.get", version: "1.1.0", handler: () => 1 })]);
    await registry.stops.stop(TOOL, { reason });
    expect(await codeOf(registry, "orders.get@1.0.0")).toBe("STOPPED");
    expect(await codeOf(registry, "orders.get@1.1.0", "other")).toBe("STOPPED");
    expect(await codeOf(registry, "orders.put")).toBe("ok");
    await registry.stops.stop(TENANT, { reason });
    expect(await codeOf(registry, "orders.put")).toBe("STOPPED");
    expect(await codeOf(registry, "orders.put", "other")).toBe("ok");
    // What is left still covers it.
    await registry.stops.resume(TENANT);
    expect([await codeOf(registry), await codeOf(registry, "orders.put")]).toEqual(["STOPPED", "ok"]);
  });

  it("tell nobody of a tool that it may not see", async () => {
    const { registry } = create();
    const ask = (ref: string) => registry.execute(ref, {}, { principal: { id: "ann" } });
    const before = await ask("hidden");
    await registry.stops.stop({ kind: "tool", name: "hidden" }, { reason });
    const after = await ask("hidden");
    expect(after).toMatchObject({ ok: false, error: { code: "UNKNOWN_TOOL" } });
    if (before.ok || after.ok) throw new Error("both are refused");
    expect(after.error).toEqual(before.error);
    const admin = { id: "root", roles: ["ADMIN"] };
    expect(await registry.execute("hidden", {}, { principal: admin })).toMatchObject({ error: { code: "STOPPED" } });
  });

  it("hold for replayed keys and for calls of tools", async () => {
    const { registry, entered } = create();
    const keyed = { idempotencyKey: "k" };
    expect(await codeOf(registry, "orders.put", "acme", keyed)).toBe("ok");
    await registry.stops.stop({ kind: "tool", name: "orders.put" }, { reason });
    expect(await codeOf(registry, "orders.put", "acme", keyed)).toBe("STOPPED");
    await registry.stops.resume({ kind: "tool", name: "orders.put" });
    expect(await codeOf(registry, "orders.put", "acme", keyed)).toBe("ok");
    await registry.stops.stop(TOOL, { reason });
    const called = await registry.execute("caller", {}, { principal: { id: "ann" } });
    expect(called).toMatchObject({ ok: true, output: { ok: false, error: { code: "STOPPED" } } });
    expect(entered).toEqual(["orders.put"]);
  });

  it("come before hooks, which see nothing of a call that is stopped as a whole", async () => {
    const seen: string[] = [];
    const { registry } = create({ hooks: { beforeAuthorize: ({ tool }) => void seen.push(tool.name) } });
    await registry.stops.stop(ALL, { reason });
    await codeOf(registry);
    expect(seen).toEqual([]);
  });

  it("let what runs come to its end, or cancel it when they are to", async () => {
    const waiting: (() => void)[] = [];
    const { registry } = create();
    const handler = async (): Promise<string> => {
      await new Promise<void>((resolve) => waiting.push(resolve));
      return "done";
    };
    await registry.register(
      defineTool({ ...base, name: "slow", handler }),
      defineTool({ ...base, name: "slow.put", effect: "write", handler }),
    );
    const kept = codeOf(registry, "slow");
    await registry.stops.stop({ kind: "tool", name: "slow" }, { reason });
    for (const go of waiting.splice(0)) go();
    expect(await kept).toBe("ok");
    await registry.stops.resume({ kind: "tool", name: "slow" });

    const cancelled = codeOf(registry, "slow");
    const lost = codeOf(registry, "slow.put");
    const others = codeOf(registry, "slow", "other");
    await registry.stops.stop(TENANT, { reason, cancel: true });
    expect([await cancelled, await lost]).toEqual(["CANCELLED", "OUTCOME_UNKNOWN"]);
    for (const go of waiting) go();
    expect(await others).toBe("ok");
  });

  it("keep handlers from being entered by calls that wait, and by attempts that are repeated", async () => {
    const { registry, clock } = create();
    let attempts = 0;
    const flaky = defineTool({
      ...base,
      name: "flaky",
      retry: { repeats: 3 },
      handler: () => {
        attempts++;
        throw new Error("not yet");
      },
    });
    await registry.register(flaky);
    const call = registry.execute("flaky", {}, { principal: { id: "ann" } });
    await clock.advance(0);
    expect(attempts).toBe(1);
    await registry.stops.stop({ kind: "tool", name: "flaky" }, { reason });
    await clock.advance(60_000);
    expect(await call).toMatchObject({ error: { code: "STOPPED", effect: "none" }, meta: { attempts: 1 } });
    expect(attempts).toBe(1);
  });

  it("keep a hook that has waited from entering the handler", async () => {
    const { registry, clock, entered } = create({
      hooks: {
        aroundAttempt: async (_call, next) => {
          await new Promise<void>((resolve) => clock.setTimer(100, resolve));
          return next();
        },
      },
    });
    const call = registry.execute("orders.get", {}, { principal: { id: "ann" } });
    await clock.advance(50);
    await registry.stops.stop(ALL, { reason });
    await clock.advance(100);
    expect(await call).toMatchObject({ error: { code: "STOPPED", effect: "none" } });
    expect(entered).toEqual([]);
  });

  it("keep code that stands in for a tool from running", async () => {
    const { registry, clock } = create();
    let stoodIn = 0;
    const replaced = defineTool({
      ...base,
      name: "replaced",
      retry: false,
      fallback: { run: () => ++stoodIn },
      handler: async () => {
        await new Promise<void>((resolve) => clock.setTimer(100, resolve));
        throw new Error("broken");
      },
    });
    await registry.register(replaced);
    const call = codeOf(registry, "replaced");
    await clock.advance(50);
    await registry.stops.stop(ALL, { reason });
    await clock.advance(100);
    expect([await call, stoodIn]).toEqual(["TOOL_FAILED", 0]);
  });

  it("say who, when and why, and are in the trail and among the settings", async () => {
    const { registry, audit, clock } = create();
    const principal = { id: "op", tenant: "ops" };
    await registry.stops.stop(TOOL, { reason, principal });
    await registry.stops.stop(ALL, { reason: "Everything." });
    expect(registry.stops.list()).toEqual([
      { scope: ALL, at: clock.now(), by: null, reason: "Everything." },
      { scope: TOOL, at: clock.now(), by: "ops/op", reason },
    ]);
    expect(Object.isFrozen(registry.stops.list()[0]?.scope)).toBe(true);
    await registry.stops.stop(TOOL, { reason: "Still." });
    expect(registry.stops.list()[1]).toMatchObject({ reason: "Still.", by: null });
    expect(await registry.settings.list("stop")).toMatchObject([
      { id: "all", body: {}, inForce: true },
      { id: "tool\0orders.get", revision: 2 },
    ]);
    await registry.stops.resume(TOOL, { principal, reason: "Solved." });
    const acts = audit.events.filter(({ type }) => type === "stops.changed");
    expect(acts.map(({ principal: who, details }) => [who, (details as { reason: string }).reason])).toEqual([
      ["op", reason],
      [null, "Everything."],
      [null, "Still."],
      ["op", "Solved."],
    ]);
    await codeOf(registry);
    expect(audit.events.at(-1)).toMatchObject({ type: "call.refused", code: "STOPPED" });
  });

  it.each<[unknown, unknown, RegExp]>([
    [{ kind: "tol", name: "a" }, { reason }, /kind "tol", expected .*; did you mean tool\?/],
    ["all", { reason }, /received "all", expected \{ kind: "all" \}/],
    [{ kind: "all", tenant: "acme" }, { reason }, /tenant is no field of \{ kind: "all" \}/],
    [{ kind: "tool", name: "orders.get@1.0.0" }, { reason }, /a tool is stopped in all its versions/],
    [{ kind: "tool" }, { reason }, /received the name nothing, expected the name of a tool/],
    [{ kind: "tenant" }, { reason }, /received the tenant nothing/],
    [{ kind: "tenant", tenant: "" }, { reason }, /received the tenant "", which can be none/],
    [{ kind: "tenant", tenant: "a\0b" }, { reason }, /which can be none/],
    [ALL, {}, /reason: is missing/],
    [ALL, { reason: "" }, /reason: received 0 characters/],
    [ALL, { reason, cancel: 1 }, /cancel: received 1, expected true or false/],
    [ALL, { reason, cancle: true }, /did you mean cancel\?/],
  ])("refuse %j with %j", async (scope, options, message) => {
    const { registry } = create();
    await expect(registry.stops.stop(scope as StopScope, options as never)).rejects.toThrow(message);
    expect(registry.stops.list()).toEqual([]);
    expect(await codeOf(registry)).toBe("ok");
  });

  it("cannot be set as a setting that is none", async () => {
    const { registry } = create();
    await expect(registry.settings.set("stop", "everything", {})).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(registry.settings.set("stop", "all", { x: 1 } as never)).rejects.toMatchObject({
      code: "INVALID_OPTION",
    });
    await registry.settings.set("stop", "tenant\0acme", {});
    expect(await codeOf(registry)).toBe("STOPPED");
  });
});

describe("watching stops", () => {
  const setting = (id: string) => ({ kind: "stop", id, body: {}, at: 1, by: null, reason }) as const;

  function watch(store: Pick<SettingStore, "page">) {
    const clock = createManualClock();
    const table = createStopTable(() => {});
    const reported: unknown[] = [];
    const watching = watchStops({ store, table, clock, report: (error) => reported.push(error) });
    return { clock, table, reported, watching };
  }

  it("sees what comes and what goes within a second", async () => {
    const store = createMemorySettingStore();
    const { clock, table } = watch(store);
    await store.set(setting("tool\0a"), null);
    await clock.advance(1_000);
    expect(table.list).toMatchObject([{ scope: { kind: "tool", name: "a" } }]);
    await store.remove("stop", "tool\0a", null);
    await clock.advance(1_000);
    expect(table.list).toEqual([]);
  });

  it("keeps what it knows while the store fails, and tells it once", async () => {
    const store = createMemorySettingStore();
    let fails = false;
    const { clock, table, reported } = watch({
      page: (...asked) => {
        if (fails) throw new Error("gone");
        return store.page(...asked);
      },
    });
    await store.set(setting("all"), null);
    await clock.advance(500);
    fails = true;
    await clock.advance(5_000);
    expect(table.list).toHaveLength(1);
    expect(reported).toMatchObject([{ code: "STORE_FAILED" }]);
    fails = false;
    await clock.advance(500);
    fails = true;
    await clock.advance(5_000);
    expect(reported).toHaveLength(2);
  });

  it("asks a store again that does not answer, and ends when it is closed", async () => {
    let asked = 0;
    const { clock, reported, watching } = watch({
      page: () => {
        asked++;
        return new Promise<never>(() => {});
      },
    });
    await clock.advance(5_500);
    await clock.advance(500);
    expect([asked, reported.length]).toEqual([2, 1]);
    const closed = watching.close();
    await clock.advance(60_000);
    await closed;
    expect([asked, clock.pending]).toEqual([2, 0]);
  });

  it("does not undo what was done here while it was reading", async () => {
    const store = createMemorySettingStore();
    const answers: (() => void)[] = [];
    const { clock, table } = watch({
      page: async (...asked) => {
        const found = await store.page(...asked);
        await new Promise<void>((resolve) => answers.push(resolve));
        return found;
      },
    });
    await clock.advance(500);
    table.put("all", { at: 1, by: null, reason });
    answers[0]?.();
    await clock.advance(0);
    expect(table.list).toHaveLength(1);
  });
});
