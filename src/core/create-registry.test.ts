import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createMemoryAuditSink } from "../audit/index.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { defineTool } from "../tool/define-tool.ts";
import { createRegistry } from "./create-registry.ts";

const base = { description: "For tests.", effect: "read", access: { roles: ["USER"] } } as const;

function tool(name: string, version = "1.0.0", more: object = {}) {
  return defineTool({ ...base, name, version, handler: () => version, ...more });
}

describe("createRegistry", () => {
  it("lists every problem of every tool, and registers none of them", () => {
    const bad = [
      tool("fine"),
      tool("bad name"),
      tool("typo", "1.0.0", { input: { type: "object", properties: { a: { type: "strng" } } } }),
      tool("role", "1.0.0", { access: { roles: ["USRE"] } }),
      {},
    ];
    let error: unknown;
    try {
      createRegistry({ tools: bad as never });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ToolyardError);
    const { code, message } = error as ToolyardError;
    expect(code).toBe("INVALID_DEFINITION");
    for (const part of ['"bad name"', "strng", "USRE", "tools[4]"]) expect(message).toContain(part);
  });

  it.each([
    [{ tool: [] }, /did you mean tools\?/],
    [{ timeoutMs: 0 }, /timeoutMs: received 0, expected an integer from 1/],
    [{ requirePrincipal: "yes" }, /requirePrincipal: received "yes"/],
    [{ defaultRole: "USR" }, /defaultRole: received "USR", expected one of ADMIN, USER, GUEST/],
    [{ tools: {} }, /tools: received a object|tools: received an object|tools: received/],
    [{ limits: [{ per: ["principle"], capacity: 1, windowMs: 1 }] }, /principal/],
    [{ grants: [{ tools: ["*"], roles: ["USRE"] }] }, /USER/],
    [
      { limits: [{ per: [], capacity: 1, windowMs: 1, roles: ["GEST"] }] },
      /limits\[0\]\.roles: .*did you mean GUEST\?/,
    ],
    [{ hooks: { beforeAuthorise: () => {} } }, /did you mean beforeAuthorize\?/],
    [{ hooks: [{ beforeAuthorize: 5 }] }, /hooks\[0\]\.beforeAuthorize: received 5, expected a function/],
    [{ metering: { retention: 1 } }, /retentionMs/],
    [null, /received null/],
  ])("refuses the options %j and says what is accepted", (options, message) => {
    expect(() => createRegistry(options as never)).toThrow(message);
  });
});

describe("a registry", () => {
  it("registers all or none, announces what is new, and takes the same tool again as no change", async () => {
    const registry = createRegistry({ tools: [tool("a")] });
    const published: string[] = [];
    registry.on("tool.published", ({ name, version }) => published.push(`${name}@${version}`));
    await expect(registry.register(tool("b"), tool("c", "one"))).rejects.toMatchObject({ code: "INVALID_DEFINITION" });
    expect(registry.has("b")).toBe(false);
    const again = tool("d");
    await registry.register(again, tool("a", "2.0.0"));
    await registry.register(again);
    expect(published).toEqual(["d@1.0.0", "a@2.0.0"]);
    await expect(registry.register(tool("a", "2.0.0", { description: "Other." }))).rejects.toMatchObject({
      code: "ALREADY_PUBLISHED",
    });
    expect(registry.versions("a").map(({ version }) => version)).toEqual(["2.0.0", "1.0.0"]);
  });

  it("lists by category, tag, text, state and principal, in the order of names", async () => {
    const registry = createRegistry({
      tools: [
        tool("orders.list", "1.0.0", { tags: ["safe"], description: "List all orders." }),
        tool("orders.get", "1.0.0", { description: "One order." }),
        tool("admin.wipe", "1.0.0", { access: {}, description: "Remove everything." }),
        tool("plain", "1.0.0", { category: "orders", title: "Plain thing" }),
      ],
    });
    const names = (filter?: object): string[] => registry.list(filter).map(({ name }) => name);
    expect(names()).toEqual(["admin.wipe", "orders.get", "orders.list", "plain"]);
    expect(names({ category: "orders" })).toEqual(["orders.get", "orders.list", "plain"]);
    expect(names({ tag: "safe" })).toEqual(["orders.list"]);
    expect(names({ text: "ORDER one" })).toEqual(["orders.get"]);
    expect(names({ principal: { id: "u1" } })).toEqual(["orders.get", "orders.list", "plain"]);
    await registry.retire("orders.get@1.0.0");
    expect(names({ category: "orders" })).toEqual(["orders.list", "plain"]);
    expect(names({ status: "retired" })).toEqual(["orders.get"]);
    expect(names({ status: "any", category: "orders" })).toEqual(["orders.get", "orders.list", "plain"]);
    expect(() => names({ catgory: "x" })).toThrow(/did you mean category\?/);
    expect(() => names({ status: "gone" })).toThrow(/expected one of active/);
  });

  it("lists the version that a bare name resolves to", async () => {
    const registry = createRegistry({ tools: [tool("a", "1.0.0"), tool("a", "2.0.0"), tool("a", "3.0.0-rc.1")] });
    const agree = (): void => {
      expect(registry.list().map(({ version }) => version)).toEqual([registry.get("a")?.version]);
    };
    agree();
    await registry.deprecate("a@2.0.0", { message: "" });
    expect(registry.get("a")?.version).toBe("1.0.0");
    agree();
    await registry.retire("a@1.0.0");
    expect(registry.get("a")).toMatchObject({ version: "2.0.0", status: "deprecated" });
    agree();
  });

  it("refuses a misspelt principal wherever one is taken", () => {
    const registry = createRegistry({ tools: [tool("a")] });
    for (const ask of [registry.get, registry.has]) {
      expect(() => ask("a", { principle: { id: "u1" } } as never)).toThrow(/did you mean principal\?/);
    }
  });

  it("has nothing under the names of Object's own members", () => {
    const registry = createRegistry({ tools: [tool("a")] });
    for (const name of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
      expect(registry.has(name)).toBe(false);
      expect(registry.get(name)).toBeUndefined();
      expect(registry.versions(name)).toEqual([]);
    }
  });

  it("checks every schema and every example", async () => {
    const registry = createRegistry({
      tools: [
        tool("good", "1.0.0", { input: z.object({ a: z.number() }), examples: [{ a: 1 }] }),
        tool("bad", "1.0.0", { input: z.object({ a: z.number() }), examples: [{ a: 1 }, { a: "x" }] }),
      ],
    });
    const report = await registry.check();
    expect(report).toMatchObject({ ok: false, checked: 2 });
    expect(report.problems).toHaveLength(1);
    expect(report.problems[0]?.path).toContain("bad@1.0.0");
    expect(report.problems[0]?.path).toContain("examples[1]");
  });

  it("sets, explains and clears permissions, and forgets them with the tool", async () => {
    const registry = createRegistry({ tools: [tool("a", "1.0.0", { access: { roles: ["ADMIN"] } })] });
    const user = { id: "u1" };
    expect(registry.permissions.check(user, "a")).toBe(false);
    await registry.permissions.set("a", ["USER"]);
    expect(registry.permissions.get("a")).toEqual(["USER"]);
    expect(registry.permissions.check(user, "a")).toBe(true);
    expect((await registry.execute("a", {}, { principal: user })).ok).toBe(true);
    expect(registry.permissions.explain(user, "a")).toMatchObject({ allowed: true, rule: "permissions of a" });
    await expect(registry.permissions.set("b", ["USER"])).rejects.toMatchObject({ code: "NOT_PUBLISHED" });
    await expect(registry.permissions.set("a", ["USRE"])).rejects.toThrow(/USER/);
    await registry.permissions.clear("a");
    expect(registry.permissions.check(user, "a")).toBe(false);
    await registry.permissions.set("a", ["GUEST"]);
    await registry.unregister("a");
    await registry.register(tool("a", "1.0.0", { access: { roles: ["ADMIN"] } }));
    expect(registry.permissions.check({ id: "g", roles: ["GUEST"] }, "a")).toBe(false);
  });

  it("adds and removes grants by name", async () => {
    const registry = createRegistry({ tools: [tool("orders.get", "1.0.0", { access: {} })] });
    const user = { id: "u1" };
    await registry.grants.add({ name: "orders", tools: ["orders.*"], roles: ["USER"] });
    expect(registry.permissions.check(user, "orders.get")).toBe(true);
    await expect(registry.grants.add({ tools: ["*"], roles: ["USER"] }, { tools: [] })).rejects.toThrow();
    expect(registry.grants.list()).toHaveLength(1);
    expect(await registry.grants.remove("orders")).toBe(1);
    expect(registry.permissions.check(user, "orders.get")).toBe(false);
  });

  it("asks a custom authorizer for lists and calls alike, and lets it delegate", async () => {
    const registry = createRegistry({
      tools: [tool("a.one"), tool("b.two")],
      authorizer: ({ tool: { name } }, decideDefault) => (name.startsWith("a.") ? decideDefault() : false),
    });
    const user = { id: "u1" };
    expect(registry.list({ principal: user }).map(({ name }) => name)).toEqual(["a.one"]);
    expect((await registry.execute("a.one", {}, { principal: user })).ok).toBe(true);
    expect(await registry.execute("b.two", {}, { principal: user })).toMatchObject({ error: { code: "UNKNOWN_TOOL" } });
  });

  it("reads, consumes, resets and overrides quotas", async () => {
    const clock = createManualClock();
    const registry = createRegistry({ tools: [tool("a")], clock });
    const user = { id: "u1" };
    for (let call = 0; call < 100; call++) expect((await registry.execute("a", {}, { principal: user })).ok).toBe(true);
    expect(await registry.execute("a", {}, { principal: user })).toMatchObject({
      error: { code: "QUOTA_EXCEEDED", retryAfterMs: 36_000, details: { limit: "default", capacity: 100 } },
    });
    expect(await registry.quotas.check(user)).toMatchObject({ ok: false, limit: "default", retryAfterMs: 36_000 });
    await clock.advance(36_000);
    expect((await registry.execute("a", {}, { principal: user })).ok).toBe(true);
    await registry.quotas.override(user, "default", { capacity: 1_000 });
    expect((await registry.execute("a", {}, { principal: user })).ok).toBe(true);
    await expect(registry.quotas.override(user, "defualt", { capacity: 1 })).rejects.toThrow(/default/);
    await registry.quotas.override(user, "default", null);
    await registry.quotas.reset(user);
    expect(await registry.quotas.remaining(user)).toMatchObject([{ limit: "default", remaining: 100, capacity: 100 }]);
    expect(await registry.quotas.consume(user, "a", 60)).toMatchObject({ ok: true });
    expect((await registry.quotas.remaining(user, "a"))[0]?.remaining).toBe(40);
    await expect(registry.quotas.remaining(user, "none")).rejects.toMatchObject({ code: "NOT_PUBLISHED" });
  });

  it("reports usage in the form of the specification", async () => {
    const flaky = defineTool({
      ...base,
      name: "calculator",
      version: "1.0.0",
      input: z.object({ fail: z.boolean() }),
      handler: ({ fail }) => {
        if (fail) throw new Error("x");
        return 1;
      },
    });
    const registry = createRegistry({ tools: [flaky] });
    for (let call = 0; call < 30; call++) await registry.execute(flaky, { fail: call === 7 });
    expect(registry.usage("calculator")).toMatchObject({ calls: 30, errors: { TOOL_FAILED: 1 } });
    expect(registry.metering.format()).toMatch(/Tool: calculator\nTotal calls: 30\nSuccess rate: 96\.67%/);
  });

  it("audits administrative acts", async () => {
    const sink = createMemoryAuditSink();
    const registry = createRegistry({ tools: [tool("a")], audit: sink });
    await registry.register(tool("b"));
    await registry.deprecate("b@1.0.0", { message: "Old." });
    await registry.retire("b@1.0.0");
    await registry.restore("b@1.0.0");
    await registry.permissions.set("a", ["GUEST"]);
    await registry.grants.add({ name: "g", tools: ["*"], roles: ["GUEST"] });
    await registry.quotas.override({ id: "u1" }, "default", { capacity: 5 });
    await registry.quotas.reset({ id: "u1" });
    await registry.unregister("b");
    expect(sink.events.map(({ type }) => type)).toEqual([
      "tool.published",
      "tool.deprecated",
      "tool.retired",
      "tool.restored",
      "permissions.changed",
      "grants.changed",
      "quota.overridden",
      "quota.reset",
      "tool.unregistered",
    ]);
  });

  it("executes many calls in order, a bounded number at a time", async () => {
    let running = 0;
    let most = 0;
    const slow = defineTool({
      ...base,
      name: "slow",
      version: "1.0.0",
      input: z.object({ n: z.number() }),
      handler: async ({ n }) => {
        most = Math.max(most, ++running);
        for (let turn = 0; turn < 10 - (n % 10); turn++) await Promise.resolve();
        running--;
        return n;
      },
    });
    const registry = createRegistry({ tools: [slow] });
    const calls = Array.from({ length: 50 }, (_, n) => ({ tool: n === 13 ? "none" : "slow", input: { n } }));
    const outcomes = await registry.executeAll(calls, { principal: { id: "u1" }, concurrency: 3 });
    expect(most).toBe(3);
    expect(outcomes.map((outcome) => (outcome.ok ? outcome.output : outcome.error.code))).toEqual(
      Array.from({ length: 50 }, (_, n) => (n === 13 ? "UNKNOWN_TOOL" : n)),
    );
    await expect(registry.executeAll(calls, { concurrency: 0 })).rejects.toThrow(/concurrency: received 0/);
    expect(await registry.executeAll([])).toEqual([]);
  });

  it("refuses calls once it is closed, and waits for those under way", async () => {
    let finish = (): void => {};
    const slow = defineTool({
      ...base,
      name: "slow",
      version: "1.0.0",
      handler: () =>
        new Promise<number>((resolve) => {
          finish = () => {
            resolve(1);
          };
        }),
    });
    const clock = createManualClock();
    const registry = createRegistry({ tools: [slow], clock });
    const under = registry.execute(slow, {}, { principal: { id: "u1" } });
    await clock.advance(0);
    let closed = false;
    const closing = registry.close().then(() => (closed = true));
    await clock.advance(9_000);
    expect(closed).toBe(false);
    expect(await registry.execute(slow, {})).toMatchObject({ error: { code: "CLOSED", effect: "none" } });
    finish();
    expect(await under).toMatchObject({ ok: true });
    await closing;
    expect(clock.pending).toBe(0);
  });

  it("closes after its grace although a handler hangs", async () => {
    const hang = defineTool({
      ...base,
      name: "hang",
      version: "1.0.0",
      timeoutMs: 60_000,
      handler: () => new Promise<number>(() => {}),
    });
    const clock = createManualClock();
    const registry = createRegistry({ tools: [hang], clock });
    void registry.execute(hang, {});
    const closing = registry.close({ graceMs: 1_000 });
    await clock.advance(1_000);
    await expect(closing).resolves.toBeUndefined();
  });

  it("goes on when a listener throws", async () => {
    const registry = createRegistry();
    const warnings: unknown[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", onWarning);
    registry.on("tool.published", () => {
      throw new Error("listener broke");
    });
    await registry.register(tool("a"));
    expect(registry.has("a")).toBe(true);
    await new Promise((resolve) => process.nextTick(resolve));
    process.off("warning", onWarning);
    expect(warnings).toEqual(["listener broke"]);
  });
});
