import { describe, expect, it, vi } from "vitest";
import { createMemoryState } from "../../../test/memory-stores.ts";
import { createMemoryAuditSink, createRegistry, defineTool, openRegistry, type Registry } from "../../index.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import type { Declaration } from "./redeclare.ts";
import { toSettingId } from "./setting-rules.ts";

const base = { version: "1.0.0", description: "Works.", effect: "read" } as const;
const open = defineTool({ ...base, name: "open", access: { roles: ["USER"] }, handler: async () => "done" });
const closed = defineTool({ ...base, name: "closed", handler: async () => "done" });
const tight = { name: "tight", per: ["principal" as const], capacity: 3, windowMs: 60_000 };
const FIRST = {
  roles: { AUDITOR: { inherits: ["GUEST"] } },
  grants: [{ name: "ours", tools: ["closed"], roles: ["AUDITOR"] }],
  limits: [tight],
} satisfies Declaration;

function create(first: Declaration = FIRST) {
  const audit = createMemoryAuditSink();
  const registry = createRegistry({ audit, clock: createManualClock(), tools: [open, closed], ...first });
  return { registry, audit };
}

const codeOf = async (registry: Registry, tool: string, principal: object = {}) => {
  const outcome = await registry.execute(tool, {}, { principal: { id: "u", tenant: "t", ...principal } });
  return outcome.ok ? "ok" : outcome.error.code;
};
const remaining = async (registry: Registry) =>
  (await registry.quotas.remaining({ id: "u", tenant: "t" })).map((state) => [state.limit, state.remaining]);

const U = toSettingId("t", "u");

describe("redeclare", () => {
  it("puts a role, a grant, a principal and an override in force, and takes them back", async () => {
    const { registry } = create({});
    await registry.redeclare({
      roles: { CLERK: { inherits: ["USER"] } },
      grants: [{ tools: ["closed"], roles: ["CLERK"] }],
      principals: [{ tenant: "t", id: "u", roles: ["CLERK"] }],
      quotaOverrides: [{ tenant: "t", principal: "u", limit: "default", capacity: 7 }],
    });
    expect(await codeOf(registry, "closed", { roles: ["GUEST"] })).toBe("ok");
    expect(await remaining(registry)).toEqual([["default", 6]]);
    await registry.redeclare({});
    expect(await codeOf(registry, "closed", { roles: ["CLERK"] })).toBe("UNKNOWN_TOOL");
    expect(registry.grants.list()).toEqual([]);
    expect(registry.quotas.overrides()).toEqual([]);
  });

  it("replaces what was declared, and keeps what was added", async () => {
    const { registry } = create();
    await registry.grants.add({ tools: ["open"], roles: ["GUEST"] }, { name: "ours", tools: ["*"], principals: ["x"] });
    await registry.settings.set("grant", "set", { tools: ["open"], principals: ["y"] });
    await registry.redeclare({ grants: [{ effect: "deny", tools: ["closed"] }] });
    expect(registry.grants.list().map(({ name, tools }) => [name, tools])).toEqual([
      [expect.stringMatching(/^#/), ["closed"]],
      [expect.stringMatching(/^#/), ["open"]],
      ["ours", ["*"]],
      ["set", ["open"]],
    ]);
    expect(await codeOf(registry, "open", { roles: ["GUEST"] })).toBe("ok");
    expect(await codeOf(registry, "closed", { roles: ["ADMIN"] })).toBe("UNKNOWN_TOOL");
  });

  it("decides by the conditions that are declared now", async () => {
    const { registry } = create({});
    const when = (id: string) => ({
      tools: ["closed"],
      when: (_: unknown, by: { principal: { id: string } }) => by.principal.id === id,
    });
    await registry.redeclare({ grants: [when("u"), when("v")] });
    expect(await codeOf(registry, "closed")).toBe("ok");
    await registry.redeclare({ grants: [when("v")] });
    expect(await codeOf(registry, "closed")).not.toBe("ok");
    expect(await codeOf(registry, "closed", { id: "v" })).toBe("ok");
  });

  it("shadows what is set of the same ids, and gives it back", async () => {
    const { registry } = create({ limits: [tight] });
    await registry.settings.set("role", "CLERK", { inherits: ["USER"] });
    await registry.settings.set("grant", "g", { effect: "deny", tools: ["open"], principals: ["u"] });
    await registry.settings.set("principal", U, { roles: ["CLERK"] });
    await registry.settings.set("override", toSettingId("t", "u", "tight"), { capacity: 9 });
    await registry.settings.set("limit", "other", { per: ["principal"], capacity: 1, windowMs: 1_000 });
    const before = [registry.grants.list(), registry.quotas.overrides(), await remaining(registry)];
    await registry.redeclare({
      roles: { CLERK: { inherits: ["GUEST"] } },
      grants: [{ name: "g", tools: ["open"], roles: ["CLERK"] }],
      principals: [{ tenant: "t", id: "u", disabled: true }],
      limits: [tight, { ...tight, name: "other", capacity: 50 }],
      quotaOverrides: [{ tenant: "t", principal: "u", limit: "tight", capacity: 4 }],
    });
    for (const kind of ["role", "grant", "principal", "override", "limit"] as const)
      expect(await registry.settings.list(kind)).toMatchObject([{ inForce: false }]);
    expect(await codeOf(registry, "open")).toBe("UNAUTHENTICATED");
    expect(await codeOf(registry, "open", { id: "v", roles: ["CLERK"] })).toBe("ok");
    expect(await remaining(registry)).toEqual([
      ["tight", 4],
      ["other", 50],
    ]);
    await expect(registry.settings.set("grant", "g", { tools: ["*"] })).rejects.toThrow(/declared by the program/);
    await registry.redeclare({ limits: [tight] });
    expect([registry.grants.list(), registry.quotas.overrides(), await remaining(registry)]).toEqual(before);
    expect(await codeOf(registry, "open")).toBe("UNKNOWN_TOOL");
  });

  it("makes no quota whole", async () => {
    const { registry } = create();
    await codeOf(registry, "open");
    await registry.redeclare({ ...FIRST, limits: [tight, { ...tight, name: "new", capacity: 5 }] });
    expect(await remaining(registry)).toEqual([
      ["tight", 2],
      ["new", 5],
    ]);
    await registry.redeclare({ limits: [{ ...tight, capacity: 10 }] });
    expect(await remaining(registry)).toEqual([["tight", 9]]);
  });

  it("publishes tools that name a role of its own, and leaves the others", async () => {
    const { registry } = create({});
    const own = defineTool({ ...base, name: "own", access: { roles: ["CLERK"] }, handler: async () => "done" });
    await registry.redeclare({ roles: { CLERK: {} }, tools: [own] });
    expect(await codeOf(registry, "own", { roles: ["CLERK"] })).toBe("ok");
    await expect(registry.redeclare({})).rejects.toMatchObject({ code: "UNKNOWN_ROLE" });
    await registry.redeclare({ roles: { CLERK: {} } });
    expect(await codeOf(registry, "own", { roles: ["CLERK"] })).toBe("ok");
  });

  it.each<[what: string, declared: object, code: string, says: RegExp]>([
    ["an unknown key", { role: {} }, "INVALID_OPTION", /did you mean roles/],
    ["no list", { grants: {} }, "INVALID_OPTION", /grants: received a object, expected an array/],
    ["a bad role", { roles: { "1x": {} } }, "INVALID_OPTION", /roles\.1x/],
    ["a role in a circle", { roles: { A: { inherits: ["B"] }, B: { inherits: ["A"] } } }, "INVALID_OPTION", /circle/],
    ["a grant for nobody", { grants: [{ tools: ["*"], roles: ["USR"] }] }, "UNKNOWN_ROLE", /USER/],
    ["a bad limit", { limits: [{ ...tight, capacity: -1 }] }, "INVALID_OPTION", /capacity/],
    ["a limit for nobody", { limits: [{ ...tight, roles: ["USR"] }] }, "UNKNOWN_ROLE", /USER/],
    ["a principal without id", { principals: [{ roles: [] }] }, "INVALID_OPTION", /principals\[0\]/],
    ["a principal twice", { principals: [{ id: "a" }, { id: "a" }] }, "INVALID_OPTION", /declared twice/],
    [
      "an override of nothing",
      { quotaOverrides: [{ principal: "a", limit: "x", capacity: 1 }] },
      "UNKNOWN_LIMIT",
      /default/,
    ],
    ["a bad tool", { tools: [{}] }, "INVALID_DEFINITION", /tools\[0\]/],
    [
      "another tool of that version",
      { tools: [defineTool({ ...base, name: "open", handler: async () => 2 })] },
      "ALREADY_PUBLISHED",
      /open@1\.0\.0/,
    ],
    ["a role gone that a setting names", { grants: [] }, "INVALID_OPTION", /principal .*AUDITOR/],
  ])("refuses %s, and changes nothing", async (_what, declared, code, says) => {
    const { registry, audit } = create();
    await registry.settings.set("principal", U, { roles: ["AUDITOR"] });
    const look = async () => [
      registry.grants.list(),
      registry.quotas.overrides(),
      await remaining(registry),
      audit.events.length,
    ];
    const before = await look();
    const keeping =
      code === "INVALID_OPTION" && declared && "grants" in declared && Array.isArray(declared.grants)
        ? {}
        : { roles: FIRST.roles };
    const given =
      "roles" in declared
        ? { ...declared, roles: { ...(declared.roles as object), ...FIRST.roles } }
        : { ...keeping, ...declared };
    const refusal = await registry.redeclare(given as Declaration).then(
      () => null,
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code });
    const { message, problems } = refusal as { message: string; problems: readonly object[] };
    expect([message, ...problems.map((one) => Object.values(one).join(": "))].join("\n").replaceAll("\0", " ")).toMatch(
      says,
    );
    expect(await look()).toEqual(before);
    expect(await codeOf(registry, "closed", { roles: [] })).toBe("ok");
  });

  it("refuses to drop the default role", async () => {
    const registry = createRegistry({ roles: { CLERK: {} }, defaultRole: "CLERK" });
    await expect(registry.redeclare({})).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await registry.redeclare({ roles: { CLERK: { inherits: ["USER"] } } });
  });

  it("takes its turn with settings: what is declared first is not set any more", async () => {
    const { registry } = create({});
    const declared = registry.redeclare({ grants: [{ name: "g", tools: ["open"] }] });
    await expect(registry.settings.set("grant", "g", { effect: "deny", tools: ["*"] })).rejects.toThrow(
      /declared by the program/,
    );
    await declared;
    expect(registry.grants.list()).toMatchObject([{ name: "g", effect: "allow" }]);
  });

  it("runs what changes together with it in the same turn, and nothing when it is refused", async () => {
    const { registry } = create({});
    const seen: unknown[] = [];
    const together = () => seen.push(registry.grants.list().length);
    await registry.redeclare({ grants: [{ tools: ["open"] }] }, { together });
    await expect(registry.redeclare({ grants: [{}] as never }, { together })).rejects.toThrow();
    expect(seen).toEqual([1]);
  });

  it("is audited, with who, why and what is told of it", async () => {
    const { registry, audit } = create();
    await registry.redeclare(FIRST, { principal: { id: "boss" }, reason: "INC-7" });
    expect(audit.events.at(-1)).toMatchObject({
      type: "config.reloaded",
      principal: "boss",
      details: { declared: { roles: 1, grants: 1, limits: 1 }, reason: "INC-7" },
    });
    await registry.redeclare(FIRST, { details: { by: "server" } });
    expect(audit.events.at(-1)).toMatchObject({ type: "config.reloaded", details: { by: "server" } });
  });

  it("is not done when its intent cannot be written", async () => {
    const clock = createManualClock();
    const stores = createMemoryState(clock).open();
    const registry = await openRegistry({ stores, clock });
    vi.spyOn(stores.ledger, "append").mockRejectedValue(new Error("the disk is full"));
    const own = defineTool({ ...base, name: "own", handler: async () => "done" });
    await expect(registry.redeclare({ grants: [{ tools: ["*"] }], tools: [own] })).rejects.toMatchObject({
      code: "AUDIT_FAILED",
    });
    expect([registry.grants.list(), registry.list()]).toEqual([[], []]);
  });
});
