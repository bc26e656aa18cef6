import { describe, expect, it } from "vitest";
import { createRecordingSink } from "../../testing/recording-sink.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { Access } from "../../tool/access.ts";
import { createRegistry } from "../create-registry.ts";
import type { Registry } from "../registry.ts";

const base = { description: "Reads an order.", effect: "read" } as const;
const GUEST: Access = { roles: ["GUEST"] };

function toTool(version: string, access: Access = GUEST, name = "orders.get") {
  return defineTool({ ...base, name, version, access, handler: () => version });
}

/** 1.0.0 is active, 1.1.0 staged. */
async function open(options: { readonly candidate?: Access } = {}) {
  const audit = createRecordingSink();
  const registry = createRegistry({ audit, limits: [], tools: [toTool("1.0.0")], roles: { TESTER: {} } });
  await registry.publish([toTool("1.1.0", options.candidate)], {
    staged: true,
    force: { reason: "Another access is the point." },
  });
  return { registry, audit };
}

const ask = async (registry: Registry, ref = "orders.get", principal: object = {}) => {
  const outcome = await registry.execute(ref, {}, { principal: { id: "u1", roles: ["GUEST"], ...principal } });
  return outcome.ok ? outcome.meta : outcome.error.code;
};

describe("a canary", () => {
  it("answers who asks for no exact version, and says for which version", async () => {
    const { registry, audit } = await open();
    await registry.rollouts.start("orders.get@1.1.0", { percent: 100, reason: "Try it." });
    const rollout = { kind: "canary", of: "1.0.0" };
    for (const ref of ["orders.get", "orders.get@^1", "orders.get@stable"]) {
      expect(await ask(registry, ref)).toMatchObject({ version: "1.1.0", rollout });
    }
    expect(await ask(registry, "orders.get@1.0.0")).toMatchObject({ version: "1.0.0", rollout: null });
    expect(await ask(registry, "orders.get@1.1.0")).toMatchObject({ version: "1.1.0", rollout: null });
    // Not in the range that was asked for.
    expect(await ask(registry, "orders.get@~1.0.0")).toMatchObject({ version: "1.0.0", rollout: null });
    const calls = audit.events.filter(({ type }) => type === "call.succeeded");
    expect(calls.map(({ version, details }) => [version, details])).toEqual([
      ["1.1.0", { rollout }],
      ["1.1.0", { rollout }],
      ["1.1.0", { rollout }],
      ["1.0.0", undefined],
      ["1.1.0", undefined],
      ["1.0.0", undefined],
    ]);
    expect(registry.usage("orders.get@1.1.0").calls).toBe(4);
  });

  it("is what a principal is shown that gets it", async () => {
    const { registry } = await open();
    await registry.rollouts.start("orders.get@1.1.0", { tenants: ["acme"] });
    const seen = (tenant: string) => {
      const principal = { id: "u1", tenant, roles: ["GUEST"] };
      return [registry.get("orders.get", { principal })?.version, registry.list({ principal })[0]?.version];
    };
    expect(seen("acme")).toEqual(["1.1.0", "1.1.0"]);
    expect(seen("globex")).toEqual(["1.0.0", "1.0.0"]);
    expect(registry.get("orders.get")?.version).toBe("1.0.0");
  });

  it("goes to those named by principal, tenant or role", async () => {
    const { registry } = await open();
    await registry.rollouts.start("orders.get@1.1.0", {
      principals: [{ id: "ann" }, { id: "bob", tenant: "acme" }],
      tenants: ["globex"],
      roles: ["TESTER"],
    });
    const versionFor = async (principal: object) =>
      (await ask(registry, "orders.get", principal)) as { version: string };
    const versions = [
      await versionFor({ id: "ann" }),
      await versionFor({ id: "ann", tenant: "acme" }),
      await versionFor({ id: "bob", tenant: "acme" }),
      await versionFor({ id: "bob" }),
      await versionFor({ id: "zoe", tenant: "globex" }),
      await versionFor({ id: "zoe", roles: ["TESTER", "GUEST"] }),
      await versionFor({ id: "zoe" }),
    ];
    expect(versions.map(({ version }) => version)).toEqual([
      ...["1.1.0", "1.0.0", "1.1.0", "1.0.0"],
      ...["1.1.0", "1.1.0", "1.0.0"],
    ]);
  });

  it("passes by whoever may not see or call its version", async () => {
    const { registry } = await open({ candidate: { roles: ["ADMIN"] } });
    await registry.rollouts.start("orders.get@1.1.0", { percent: 100, force: { reason: "For admins." } });
    expect(await ask(registry)).toMatchObject({ version: "1.0.0", rollout: null });
    expect(await ask(registry, "orders.get", { roles: ["ADMIN"] })).toMatchObject({ version: "1.1.0" });
  });

  it("passes by whoever sees its version, and lacks a scope to call it", async () => {
    const { registry } = await open({ candidate: { roles: ["GUEST"], scopes: ["orders:read"] } });
    await registry.rollouts.start("orders.get@1.1.0", { percent: 100, force: { reason: "With a scope." } });
    expect(await ask(registry, "orders.get@1.1.0")).toBe("FORBIDDEN");
    expect(await ask(registry)).toMatchObject({ version: "1.0.0", rollout: null });
    expect(await ask(registry, "orders.get", { scopes: ["orders:read"] })).toMatchObject({ version: "1.1.0" });
  });

  it("does not answer who was shown another definition", async () => {
    const { registry } = await open();
    const digest = registry.get("orders.get@1.0.0")?.digest ?? "";
    await registry.rollouts.start("orders.get@1.1.0", { percent: 100 });
    const outcome = await registry.execute("orders.get", {}, { principal: { id: "u1", roles: ["GUEST"] }, digest });
    expect(outcome).toMatchObject({ ok: true, meta: { version: "1.0.0", rollout: null } });
  });

  it("stands aside while its version is retired, or what it stood beside is not what is asked for", async () => {
    const { registry } = await open();
    await registry.rollouts.start("orders.get@1.1.0", { percent: 100 });
    await registry.retire("orders.get@1.1.0");
    expect(await ask(registry)).toMatchObject({ version: "1.0.0" });
    expect(registry.rollouts.list("orders.get")).toMatchObject([{ version: "1.1.0", of: "1.0.0", standing: false }]);
    await registry.restore("orders.get@1.1.0");
    expect(await ask(registry)).toMatchObject({ version: "1.1.0", rollout: null });
    await registry.defaults.set("orders.get", "1.0.0", { tenant: "acme" });
    expect(await ask(registry, "orders.get", { tenant: "acme" })).toMatchObject({ version: "1.1.0", rollout: {} });
  });

  it("must not break the contract of the version it answers for, unless that is forced with a reason", async () => {
    const registry = createRegistry({ tools: [toTool("1.0.0")] });
    const other = defineTool({
      ...base,
      name: "orders.get",
      version: "2.0.0",
      access: GUEST,
      effect: "write",
      handler: () => 2,
    });
    await registry.publish([other], { staged: true });
    const start = (more: object) => registry.rollouts.start("orders.get@2.0.0", { percent: 1, ...more });
    await expect(start({})).rejects.toThrow(
      expect.objectContaining({
        code: "CONTRACT_BROKEN",
        message: expect.stringContaining("1.0.0") as string,
      }) as Error,
    );
    await expect(start({ force: { reason: "" } })).rejects.toThrow(/force\.reason/);
    expect(await start({ force: { reason: "Nobody depends on it." } })).toMatchObject({
      rollouts: [{ version: "2.0.0", forced: "Nobody depends on it." }],
    });
  });

  it("is refused where it could not stand", async () => {
    const { registry } = await open();
    const start = (ref: string, options: object) => registry.rollouts.start(ref, options);
    const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;
    await expect(start("orders.get@1.0.0", { percent: 5 })).rejects.toThrow(/everybody gets it already/);
    await expect(start("orders.get@9.0.0", { percent: 5 })).rejects.toThrow(code("NOT_PUBLISHED"));
    await expect(start("orders.get", { percent: 5 })).rejects.toThrow(/not an exact version/);
    await expect(start("orders.get@1.1.0", {})).rejects.toThrow(/percent: received nothing/);
    await expect(start("orders.get@1.1.0", { percent: 101 })).rejects.toThrow(code("INVALID_OPTION"));
    await expect(start("orders.get@1.1.0", { percent: 5, weight: 5 })).rejects.toThrow(/weight/);
    await expect(start("orders.get@1.1.0", { roles: ["TESTERS"] })).rejects.toThrow(/did you mean TESTER\?/);
    await registry.publish([toTool("1.2.0")], { staged: true });
    await start("orders.get@1.1.0", { percent: 5 });
    await expect(start("orders.get@1.2.0", { percent: 5 })).rejects.toThrow(code("STATE_CONFLICT"));
    await registry.retire("orders.get@1.2.0");
    await registry.rollouts.stop("orders.get");
    await expect(start("orders.get@1.2.0", { percent: 5 })).rejects.toThrow(/is retired/);
  });
});

describe("a promotion", () => {
  it("gives the canary to everybody, and is taken back at once", async () => {
    const { registry } = await open();
    await registry.channels.set("orders.get", "stable", "1.0.0");
    await registry.channels.set("orders.get", "beta", "1.0.0");
    await registry.defaults.set("orders.get", "1.0.0", { tenant: "acme" });
    const before = registry.life("orders.get");
    await registry.rollouts.start("orders.get@1.1.0", { percent: 10 });
    const promoted = await registry.rollouts.promote("orders.get", { reason: "No complaints." });
    expect(promoted).toMatchObject({
      revision: (before?.revision ?? 0) + 2,
      channels: [
        { channel: "beta", version: "1.1.0" },
        { channel: "stable", version: "1.1.0" },
      ],
      defaults: [{ tenant: "acme", target: "1.1.0" }],
      rollouts: [],
    });
    expect(await ask(registry)).toMatchObject({ version: "1.1.0", rollout: null });
    // What somebody has moved since stays.
    await registry.publish([toTool("0.9.0")]);
    await registry.channels.set("orders.get", "beta", "0.9.0");
    const back = await registry.rollouts.rollback("orders.get");
    expect(back).toMatchObject({
      channels: [
        { channel: "beta", version: "0.9.0" },
        { channel: "stable", version: "1.0.0" },
      ],
      defaults: before?.defaults,
      rollouts: [],
    });
    expect(back.versions.map(({ version, status }) => `${version} ${status}`)).toEqual([
      "1.1.0 staged",
      "1.0.0 active",
      "0.9.0 active",
    ]);
    expect(await ask(registry)).toMatchObject({ version: "1.0.0" });
    await expect(registry.rollouts.rollback("orders.get")).rejects.toThrow(
      expect.objectContaining({ code: "STATE_CONFLICT" }) as Error,
    );
  });

  it("leads to a lower version by the default, and back", async () => {
    const { registry } = await open();
    await registry.publish([toTool("1.0.5")], { staged: true });
    await registry.activate("orders.get@1.1.0");
    await registry.rollouts.start("orders.get@1.0.5", { percent: 50 });
    await registry.rollouts.promote("orders.get");
    expect(await ask(registry)).toMatchObject({ version: "1.0.5" });
    expect(registry.defaults.list("orders.get")).toEqual([{ tenant: null, target: "1.0.5" }]);
    await registry.rollouts.rollback("orders.get");
    expect(await ask(registry)).toMatchObject({ version: "1.1.0" });
    expect(registry.defaults.list("orders.get")).toEqual([]);
  });
});

describe("questions about a tool", () => {
  it("are about the version that would answer the principal", async () => {
    const limits = [{ name: "own", per: ["principal"] as const, capacity: 7, windowMs: 60_000 }];
    const registry = createRegistry({ limits: [], tools: [toTool("1.0.0")] });
    const limited = defineTool({
      ...base,
      name: "orders.get",
      version: "2.0.0",
      access: GUEST,
      limits,
      handler: () => 2,
    });
    await registry.publish([limited], { staged: true });
    const ann = { id: "ann", roles: ["GUEST"] };
    const capacity = async (id: string) =>
      (await registry.quotas.remaining({ ...ann, id }, "orders.get")).map((one) => one.capacity);
    await registry.rollouts.start("orders.get@2.0.0", { principals: [ann], force: { reason: "To be limited." } });
    expect([await capacity("ann"), await capacity("bob")]).toEqual([[7], []]);
    expect(registry.permissions.explain(ann, "orders.get")).toMatchObject({ allowed: true });
    expect(registry.permissions.check(ann, "orders.get")).toBe(true);
  });
});
