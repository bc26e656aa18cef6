import { describe, expect, it } from "vitest";
import { createMemoryAuditSink, createRegistry, defineTool, type Registry } from "../../index.ts";
import { toSettingId } from "./setting-rules.ts";

const base = { version: "1.0.0", description: "Works.", effect: "read" } as const;
const open = defineTool({ ...base, name: "open", access: { roles: ["USER"] }, handler: async () => "done" });
const closed = defineTool({ ...base, name: "closed", handler: async () => "done" });

function create() {
  const audit = createMemoryAuditSink();
  const registry = createRegistry({
    audit,
    tools: [open, closed],
    roles: { AUDITOR: { inherits: ["GUEST"] } },
    grants: [{ name: "ours", tools: ["open"], roles: ["AUDITOR"] }],
    limits: [{ name: "default", per: ["principal"], capacity: 3, windowMs: 60_000 }],
  });
  return { registry, audit };
}

const codeOf = async (registry: Registry, tool: string, principal: object = {}) => {
  const outcome = await registry.execute(tool, {}, { principal: { id: "u", tenant: "t", ...principal } });
  return outcome.ok ? "ok" : outcome.error.code;
};

const U = toSettingId("t", "u");

describe("registry.settings", () => {
  it("puts a grant in force at once, and takes it back", async () => {
    const { registry } = create();
    expect(await codeOf(registry, "closed")).toBe("UNKNOWN_TOOL");
    const set = await registry.settings.set(
      "grant",
      "g",
      { tools: ["closed"], principals: ["u"] },
      { reason: "trial" },
    );
    expect(set).toMatchObject({ revision: 1, inForce: true, reason: "trial" });
    expect(await codeOf(registry, "closed")).toBe("ok");
    await registry.settings.set("grant", "g", { effect: "deny", tools: ["*"], principals: ["u"] });
    expect(await codeOf(registry, "open")).toBe("UNKNOWN_TOOL");
    expect(await registry.settings.remove("grant", "g")).toBe(true);
    expect(await registry.settings.remove("grant", "g")).toBe(false);
    expect(await codeOf(registry, "open")).toBe("ok");
  });

  it("says of a principal what its caller does not, field by field", async () => {
    const { registry } = create();
    await registry.settings.set("principal", U, { roles: ["ADMIN"] });
    expect(await codeOf(registry, "closed")).toBe("ok");
    expect(await codeOf(registry, "closed", { roles: ["GUEST"] })).toBe("ok");
    expect(await codeOf(registry, "closed", { tenant: "other" })).toBe("UNKNOWN_TOOL");
    await registry.settings.set("principal", U, { disabled: true });
    expect(await codeOf(registry, "open")).toBe("UNAUTHENTICATED");
    await registry.settings.remove("principal", U);
    expect(await codeOf(registry, "open")).toBe("ok");
  });

  it("takes away by what it says of a principal, whatever its token says, and keeps what it says nothing of", async () => {
    const { registry } = create();
    await registry.settings.set("principal", U, { roles: ["GUEST"], attributes: { level: 1 } });
    expect(await codeOf(registry, "open", { roles: ["ADMIN"] })).toBe("UNKNOWN_TOOL");
    let seen: unknown;
    const told = defineTool({
      ...base,
      name: "told",
      access: { roles: ["GUEST"] },
      handler: (_input, { principal }) => {
        seen = principal;
        return "done";
      },
    });
    await registry.register(told);
    await codeOf(registry, "told", {
      roles: ["ADMIN"],
      scopes: ["s"],
      attributes: { level: 9, team: "a" },
      ip: "192.0.2.1",
    });
    expect(seen).toEqual({
      id: "u",
      tenant: "t",
      roles: ["GUEST"],
      scopes: ["s"],
      attributes: { level: 1, team: "a" },
      ip: "192.0.2.1",
    });
  });

  it("shows nothing to a principal that is disabled, and tells operators about it all the same", async () => {
    const { registry } = create();
    const principal = { id: "u", tenant: "t" };
    await registry.settings.set("principal", U, { disabled: true });
    expect(registry.list({ principal })).toEqual([]);
    expect(registry.has("open", { principal })).toBe(false);
    expect(registry.permissions.check(principal, "open")).toBe(false);
    expect(registry.permissions.explain(principal, "open")).toMatchObject({
      allowed: false,
      rule: "principal is disabled",
    });
    expect(await registry.quotas.remaining(principal)).toMatchObject([{ remaining: 3 }]);
    const refused = await registry.execute("open", {}, { principal });
    expect(await registry.results.toModelText(refused, { principal })).toMatch(/UNAUTHENTICATED/);
    expect(await registry.results.read("res_x", { principal })).toBeNull();
  });

  it("overrides a quota and sets permissions", async () => {
    const { registry } = create();
    await registry.settings.set("override", toSettingId("t", "u", "default"), { capacity: 1 });
    expect([await codeOf(registry, "open"), await codeOf(registry, "open")]).toEqual(["ok", "QUOTA_EXCEEDED"]);
    await registry.settings.remove("override", toSettingId("t", "u", "default"));
    expect(registry.quotas.overrides()).toEqual([]);
    await registry.settings.set("permission", "open", { roles: ["AUDITOR"] });
    expect(registry.permissions.get("open")).toEqual(["AUDITOR"]);
    await registry.settings.remove("permission", "open");
    expect(registry.permissions.get("open")).toEqual(["USER"]);
  });

  it("puts a role in force at once, and lets go of it when nothing names it any more", async () => {
    const { registry } = create();
    expect(await codeOf(registry, "open", { roles: ["CLERK"] })).toBe("UNKNOWN_TOOL");
    expect(await registry.settings.set("role", "CLERK", { inherits: ["USER"] })).toMatchObject({ inForce: true });
    expect(await codeOf(registry, "open", { roles: ["CLERK"] })).toBe("ok");
    await registry.settings.set("role", "CHIEF", { inherits: ["CLERK"] });
    await registry.settings.set("grant", "g", { tools: ["closed"], roles: ["CHIEF"] });
    expect(await codeOf(registry, "closed", { roles: ["CHIEF"] })).toBe("ok");
    for (const name of ["CLERK", "CHIEF"])
      await expect(registry.settings.remove("role", name)).rejects.toMatchObject({
        code: expect.stringMatching(/UNKNOWN_ROLE|INVALID_OPTION/),
      });
    await expect(registry.settings.set("role", "CLERK", { inherits: ["CHIEF"] })).rejects.toThrow(/circle/);
    await registry.settings.remove("grant", "g");
    await registry.settings.remove("role", "CHIEF");
    expect(await codeOf(registry, "open", { roles: ["CHIEF"] })).toBe("UNKNOWN_TOOL");
  });

  it.each([
    ["a principal", (registry: Registry) => registry.settings.set("principal", U, { roles: ["CLERK"] })],
    ["a grant", (registry: Registry) => registry.settings.set("grant", "g", { tools: ["*"], roles: ["CLERK"] })],
    ["permissions", (registry: Registry) => registry.settings.set("permission", "open", { roles: ["CLERK"] })],
    [
      "a limit",
      (registry: Registry) =>
        registry.settings.set("limit", "l", { per: ["principal"], capacity: 1, windowMs: 1_000, roles: ["CLERK"] }),
    ],
    [
      "a tool",
      (registry: Registry) =>
        registry.register(defineTool({ ...base, name: "own", access: { roles: ["CLERK"] }, handler: async () => 1 })),
    ],
    ["an unnamed grant", (registry: Registry) => registry.grants.add({ tools: ["open"], roles: ["CLERK"] })],
  ])("refuses to let go of a role that %s names", async (_what, name) => {
    const { registry, audit } = create();
    await registry.settings.set("role", "CLERK", {});
    await name(registry);
    const before = audit.events.length;
    await expect(registry.settings.remove("role", "CLERK")).rejects.toThrow();
    expect(audit.events.length).toBe(before);
    expect((await registry.settings.list("role")).map(({ id }) => id)).toEqual(["CLERK"]);
  });

  it("holds calls to a limit at once; an override waits for its limit, and is refused for one that is shared", async () => {
    const { registry } = create();
    const limit = { per: ["principal" as const], capacity: 1, windowMs: 60_000 };
    await registry.settings.set("limit", "tight", limit);
    expect([await codeOf(registry, "open"), await codeOf(registry, "open")]).toEqual(["ok", "QUOTA_EXCEEDED"]);
    await registry.settings.set("override", toSettingId("t", "u", "tight"), { capacity: 2 });
    expect(await codeOf(registry, "open")).toBe("ok");
    await expect(registry.settings.set("limit", "tight", { ...limit, per: ["tenant"] })).rejects.toThrow(
      /others share/,
    );
    await registry.settings.remove("limit", "tight");
    expect(registry.quotas.overrides()).toEqual([]);
    expect(await registry.settings.list("override")).toMatchObject([{ inForce: false }]);
    await registry.settings.set("limit", "tight", limit);
    expect(await registry.settings.list("override")).toMatchObject([{ inForce: true }]);
    await registry.settings.remove("limit", "tight");
    expect(await registry.settings.remove("override", toSettingId("t", "u", "tight"))).toBe(true);
  });

  it("never touches a grant of the program that has no name", async () => {
    const registry = createRegistry({
      tools: [open],
      grants: [{ effect: "deny", tools: ["open"], principals: ["u"] }],
    });
    await expect(registry.settings.set("grant", "#1", { tools: ["open"] })).rejects.toThrow(/begins with/);
    expect(await registry.settings.remove("grant", "#1")).toBe(false);
    expect(await codeOf(registry, "open")).toBe("UNKNOWN_TOOL");
  });

  it("lets what the program declares be what holds", async () => {
    const { registry } = create();
    for (const [kind, id, body] of [
      ["role", "AUDITOR", {}],
      ["role", "ADMIN", {}],
      ["grant", "ours", { tools: ["*"] }],
      ["limit", "default", { per: ["principal"], capacity: 1e6, windowMs: 1 }],
    ] as const) {
      await expect(registry.settings.set(kind, id, body)).rejects.toThrow(/declared by the program/);
      await expect(registry.settings.remove(kind, id)).rejects.toThrow(/declared by the program/);
    }
  });

  it("refuses a change made from a state that is not the last", async () => {
    const { registry } = create();
    await registry.settings.set("principal", U, { roles: ["USER"] }, { expectedRevision: 0 });
    for (const expectedRevision of [0, 2]) {
      await expect(registry.settings.set("principal", U, {}, { expectedRevision })).rejects.toMatchObject({
        code: "REVISION_CONFLICT",
      });
      await expect(
        registry.settings.remove("principal", U, { expectedRevision: expectedRevision || 5 }),
      ).rejects.toMatchObject({ code: "REVISION_CONFLICT" });
    }
    expect(await registry.settings.set("principal", U, {}, { expectedRevision: 1 })).toMatchObject({ revision: 2 });
  });

  it.each<[kind: string, id: string, body: object, expected: RegExp]>([
    ["role", "1x", {}, /roles\.1x/],
    ["role", "LOOP", { inherits: ["NOBODY"] }, /NOBODY/],
    ["grant", "g", { tool: ["open"] }, /tool/],
    ["grant", "g", { tools: ["open"], roles: ["USR"] }, /USER/],
    ["grant", "g", { tools: ["open"], when: 1 }, /a condition is code/],
    ["permission", "open", { roles: ["USR"] }, /USER/],
    ["principal", "u", {}, /<tenant>\\0<principal>/],
    ["principal", U, { role: ["USER"] }, /did you mean roles/],
    ["principal", U, { roles: ["USR"] }, /there is no role "USR"/],
    ["limit", "l", { per: ["principal"], capacity: -1, windowMs: 1 }, /capacity/],
    ["override", toSettingId("t", "u", "defalt"), { capacity: 1 }, /did you mean "default"/],
    ["override", toSettingId("t", "u", "default"), { capacity: 0 }, /capacity/],
    ["rol", "x", {}, /did you mean role/],
  ])("refuses %s %j with %j, and changes nothing", async (kind, id, body, expected) => {
    const { registry, audit } = create();
    const before = audit.events.length;
    await expect(registry.settings.set(kind as "role", id, body)).rejects.toThrow();
    const refusal = (await registry.settings.set(kind as "role", id, body).catch((error: unknown) => error)) as {
      readonly message: string;
      readonly problems: readonly { readonly path: string; readonly message: string }[];
    };
    expect(JSON.stringify([refusal.message, refusal.problems])).toMatch(
      new RegExp(expected.source.replaceAll("\\\\0", ".+0").replaceAll('"', '\\\\?"')),
    );
    expect(audit.events.length).toBe(before);
    expect(await codeOf(registry, "open")).toBe("ok");
  });

  it("is audited, with who and why", async () => {
    const { registry, audit } = create();
    await registry.settings.set("principal", U, { disabled: true }, { principal: { id: "boss" }, reason: "left" });
    expect(audit.events.at(-1)).toMatchObject({
      type: "principals.changed",
      principal: "boss",
      details: { kind: "principal", body: { disabled: true }, reason: "left" },
    });
  });
});
