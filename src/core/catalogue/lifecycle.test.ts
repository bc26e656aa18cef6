import { describe, expect, it } from "vitest";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createRecordingSink } from "../../testing/recording-sink.ts";
import { defineTool } from "../../tool/define-tool.ts";
import { createRegistry } from "../create-registry.ts";
import type { Registry } from "../registry.ts";

const base = { description: "Reads an order.", effect: "read", access: { roles: ["USER"] } } as const;
const principal = { id: "u1" };
const ann = { id: "ann", tenant: "acme", roles: ["ADMIN"] };

function toTool(version: string, name = "orders.get") {
  return defineTool({ ...base, name, version, handler: () => version });
}

function open(...versions: readonly string[]) {
  const audit = createRecordingSink();
  const clock = createManualClock();
  const registry = createRegistry({ audit, clock, limits: [], tools: versions.map((version) => toTool(version)) });
  return { registry, audit, clock };
}

const answer = async (registry: Registry, ref: string, tenant = "default") => {
  const outcome = await registry.execute(ref, {}, { principal: { ...principal, tenant } });
  return outcome.ok ? outcome.meta.version : outcome.error.code;
};
const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;
const states = (registry: Registry) =>
  registry.life("orders.get")?.versions.map(({ version, status }) => `${version} ${status}`);

describe("a staged version", () => {
  it("is called by its exact version only, until it is activated", async () => {
    const { registry } = open("1.0.0");
    await registry.publish([toTool("1.1.0")], { staged: true });
    expect(await answer(registry, "orders.get")).toBe("1.0.0");
    expect(await answer(registry, "orders.get@^1")).toBe("1.0.0");
    expect(await answer(registry, "orders.get@stable")).toBe("1.0.0");
    expect(await answer(registry, "orders.get@^1.1")).toBe("VERSION_NOT_FOUND");
    expect(await answer(registry, "orders.get@1.1.0")).toBe("1.1.0");
    expect(registry.list().map(({ version }) => version)).toEqual(["1.0.0"]);
    expect(registry.list({ status: "staged" }).map(({ version }) => version)).toEqual(["1.1.0"]);
    await expect(registry.deprecate("orders.get@1.1.0", { message: "No." })).rejects.toThrow(/activate it first/);
    await expect(registry.restore("orders.get@1.1.0")).rejects.toThrow(code("STATE_CONFLICT"));
    await registry.activate("orders.get@1.1.0");
    expect(await answer(registry, "orders.get")).toBe("1.1.0");
  });

  it("is not what a tool that is new begins with: nobody could call it", async () => {
    const { registry } = open();
    await registry.publish([toTool("1.0.0"), toTool("1.1.0")], { staged: true });
    expect(states(registry)).toEqual(["1.1.0 active", "1.0.0 active"]);
  });
});

describe("an act on a version", () => {
  it("says who did it, when and why, in its state and in the trail", async () => {
    const { registry, audit, clock } = open("1.0.0", "1.1.0");
    const at = clock.now();
    await registry.retire("orders.get@1.0.0", { principal: ann, reason: "Wrong totals." });
    const change = { at, by: "acme/ann", reason: "Wrong totals." };
    expect(registry.life("orders.get")).toMatchObject({
      change,
      versions: [
        { version: "1.1.0", status: "active", change: { by: null, reason: null } },
        { version: "1.0.0", status: "retired", change },
      ],
    });
    expect(audit.events).toMatchObject([
      {
        type: "tool.retired",
        tenant: "acme",
        principal: "ann",
        version: "1.0.0",
        details: { reason: "Wrong totals." },
      },
    ]);
  });

  it("counts the revision of its tool, and is refused when that is not the expected one", async () => {
    const { registry } = open("1.0.0", "1.1.0");
    expect(registry.life("orders.get")?.revision).toBe(1);
    const { revision } = await registry.retire("orders.get@1.0.0", { expectedRevision: 1 });
    expect(revision).toBe(2);
    for (const act of [
      () => registry.restore("orders.get@1.0.0", { expectedRevision: 1 }),
      () => registry.channels.set("orders.get", "beta", "1.1.0", { expectedRevision: 3 }),
      () => registry.publish([toTool("1.2.0")], { expectedRevision: 0 }),
      () => registry.unregister("orders.get", { expectedRevision: 1 }),
    ]) {
      await expect(act()).rejects.toThrow(code("REVISION_CONFLICT"));
    }
    expect(registry.life("orders.get")?.revision).toBe(2);
  });

  it("is seen in the same turn where nothing has to be written down first", () => {
    const { registry } = open("1.0.0", "1.1.0");
    void registry.retire("orders.get@1.1.0");
    void registry.channels.set("orders.get", "beta", "1.0.0");
    expect(registry.get("orders.get")?.version).toBe("1.0.0");
    expect(registry.get("orders.get@beta")?.version).toBe("1.0.0");
  });

  it("that changes nothing is no change: no revision, no event, no record", async () => {
    const { registry, audit } = open("1.0.0");
    const heard: string[] = [];
    registry.on("tool.restored", ({ version }) => heard.push(version));
    await registry.restore("orders.get@1.0.0");
    await registry.activate("orders.get@1.0.0");
    expect([registry.life("orders.get")?.revision, heard, audit.events]).toEqual([1, [], []]);
  });

  it("is refused with options that cannot be meant", async () => {
    const { registry } = open("1.0.0");
    const refused: readonly object[] = [{ reason: "" }, { reason: "a\u0000b" }, { reason: "x".repeat(1_025) }];
    for (const options of [...refused, { because: "x" }, { expectedRevision: -1 }]) {
      await expect(registry.retire("orders.get@1.0.0", options)).rejects.toThrow(code("INVALID_OPTION"));
    }
    await expect(registry.retire("orders.get@1.0.0", { principal: { id: "" } })).rejects.toThrow(TypeError);
    expect(states(registry)).toEqual(["1.0.0 active"]);
  });
});

describe("deleting", () => {
  it("removes a version that was never called, for good", async () => {
    const { registry } = open("1.0.0", "1.1.0");
    await registry.delete("orders.get@1.1.0");
    expect(states(registry)).toEqual(["1.0.0 active"]);
    await registry.register(toTool("1.1.0"));
    expect(await answer(registry, "orders.get")).toBe("1.1.0");
    await registry.delete("orders.get@1.0.0");
    await expect(registry.delete("orders.get@1.1.0")).rejects.toThrow(/it was called/);
  });

  it("takes the tool with its last version, and the permissions that were set for its name", async () => {
    const { registry } = open("1.0.0");
    await registry.permissions.set("orders.get", ["GUEST"]);
    await registry.delete("orders.get@1.0.0");
    expect(registry.life("orders.get")).toBeUndefined();
    await registry.register(toTool("1.0.0"));
    expect(registry.permissions.get("orders.get")).toEqual(["USER"]);
  });

  it("is refused while something leads there", async () => {
    const { registry } = open("1.0.0", "1.1.0", "1.2.0");
    const refused = async (why: RegExp) => {
      await expect(registry.delete("orders.get@1.1.0")).rejects.toThrow(why);
    };
    await registry.channels.set("orders.get", "beta", "1.1.0");
    await refused(/the channel beta leads to it/);
    await registry.channels.clear("orders.get", "beta");
    await registry.defaults.set("orders.get", "1.1.0", { tenant: "acme" });
    await refused(/default of the tenant acme/);
    await registry.defaults.clear("orders.get", { tenant: "acme" });
    await registry.defaults.set("orders.get", "1.1.0");
    await refused(/it is the default/);
    await registry.defaults.clear("orders.get");
    await registry.rollouts.start("orders.get@1.1.0", { percent: 1 });
    await refused(/canary/);
    await registry.rollouts.stop("orders.get");
    await registry.delete("orders.get@1.1.0");
    expect(states(registry)).toEqual(["1.2.0 active", "1.0.0 active"]);
  });
});

describe("channels and defaults", () => {
  it("lead to exactly the version that was set, until they are cleared", async () => {
    const { registry } = open("1.0.0", "1.1.0", "2.0.0");
    expect(await answer(registry, "orders.get@stable")).toBe("2.0.0");
    await registry.channels.set("orders.get", "stable", "1.0.0");
    await registry.channels.set("orders.get", "next-major", "2.0.0");
    expect(await answer(registry, "orders.get@stable")).toBe("1.0.0");
    expect(await answer(registry, "orders.get")).toBe("1.0.0");
    expect(await answer(registry, "orders.get@^1")).toBe("1.1.0");
    expect(await answer(registry, "orders.get@next-major")).toBe("2.0.0");
    expect(registry.list().map(({ version }) => version)).toEqual(["1.0.0"]);
    // What was pinned is answered by nothing else.
    await registry.retire("orders.get@1.0.0");
    expect(await answer(registry, "orders.get")).toBe("VERSION_RETIRED");
    await registry.channels.clear("orders.get", "stable");
    expect(await answer(registry, "orders.get")).toBe("2.0.0");
    await registry.channels.clear("orders.get", "next-major");
    expect(await answer(registry, "orders.get@next-major")).toBe("VERSION_NOT_FOUND");
  });

  it("mean by a bare name what is set for the tenant, else for everybody, else stable", async () => {
    const { registry } = open("1.0.0", "1.1.0", "2.0.0");
    await registry.defaults.set("orders.get", "1.1.0");
    await registry.channels.set("orders.get", "beta", "2.0.0");
    await registry.defaults.set("orders.get", "beta", { tenant: "acme" });
    expect(await answer(registry, "orders.get")).toBe("1.1.0");
    expect(await answer(registry, "orders.get", "acme")).toBe("2.0.0");
    expect(await answer(registry, "orders.get", "globex")).toBe("1.1.0");
    expect(await answer(registry, "orders.get@^1", "acme")).toBe("1.1.0");
    expect(registry.get("orders.get", { principal: { ...principal, tenant: "acme" } })?.version).toBe("2.0.0");
    expect(registry.list({ principal: { ...principal, tenant: "acme" } })[0]?.version).toBe("2.0.0");
    await registry.channels.set("orders.get", "beta", "1.0.0");
    expect(await answer(registry, "orders.get", "acme")).toBe("1.0.0");
    await expect(registry.channels.clear("orders.get", "beta")).rejects.toThrow(/a default leads to the channel beta/);
    await registry.defaults.clear("orders.get", { tenant: "acme" });
    await registry.defaults.clear("orders.get");
    expect(await answer(registry, "orders.get", "acme")).toBe("2.0.0");
  });

  it("are refused where they would lead nowhere", async () => {
    const { registry } = open("1.0.0");
    await registry.publish([toTool("1.1.0")], { staged: true });
    const { channels, defaults } = registry;
    await expect(channels.set("orders.get", "beta", "1.1.0")).rejects.toThrow(/is staged; activate it first/);
    await expect(channels.set("orders.get", "beta", "9.0.0")).rejects.toThrow(code("NOT_PUBLISHED"));
    await expect(channels.set("orders.gte", "beta", "1.0.0")).rejects.toThrow(/did you mean orders\.get\?/);
    for (const name of ["Beta", "1x", "x", "", "a b", "beta.1", "__proto__"]) {
      await expect(channels.set("orders.get", name, "1.0.0")).rejects.toThrow(code("INVALID_OPTION"));
    }
    await expect(defaults.set("orders.get", "stabel")).rejects.toThrow(/did you mean stable\?/);
    await expect(defaults.set("orders.get", "1.0.0", { tenant: "" })).rejects.toThrow(code("INVALID_OPTION"));
  });

  it("do not show a version to whom it is hidden: for them the pointer does not exist", async () => {
    const { registry } = open("1.0.0");
    const hidden = defineTool({
      ...base,
      name: "orders.get",
      version: "1.1.0",
      access: { roles: ["ADMIN"] },
      handler: () => 1,
    });
    await registry.publish([hidden], { force: { reason: "For admins." } });
    await registry.channels.set("orders.get", "beta", "1.1.0");
    await registry.defaults.set("orders.get", "beta");
    const user = await registry.execute("orders.get@beta", {}, { principal });
    expect(user).toMatchObject({
      ok: false,
      error: { code: "VERSION_NOT_FOUND", message: expect.stringContaining("there is: stable.") as string },
    });
    expect(await answer(registry, "orders.get")).toBe("1.0.0");
    expect((await registry.execute("orders.get", {}, { principal: ann })).meta.version).toBe("1.1.0");
  });
});

describe("publishing", () => {
  it("refuses a version whose number says less than its contract changes, and names the smallest that would do", async () => {
    const { registry } = open("1.0.0");
    const breaking = (version: string) =>
      defineTool({
        ...base,
        name: "orders.get",
        version,
        input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] } as const,
        handler: () => 2,
      });
    await expect(registry.register(breaking("1.1.0"))).rejects.toThrow(
      expect.objectContaining({
        code: "CONTRACT_BROKEN",
        message: expect.stringContaining("2.0.0") as string,
      }) as Error,
    );
    expect(states(registry)).toEqual(["1.0.0 active"]);
    await registry.publish([breaking("1.1.0")], { force: { reason: "Nobody calls it yet." } });
    await registry.register(breaking("2.0.0"));
    expect(states(registry)).toEqual(["2.0.0 active", "1.1.0 active", "1.0.0 active"]);
    expect(() => createRegistry({ tools: [toTool("1.0.0"), breaking("1.0.1")] })).toThrow(code("CONTRACT_BROKEN"));
  });

  it("holds a release against the release before it, not against what preceded itself", async () => {
    const { registry } = open("1.0.0");
    const breaking = (version: string) =>
      defineTool({ ...base, name: "orders.get", version, effect: "write", handler: () => version });
    await registry.publish([breaking("1.1.0-rc.1")], { force: { reason: "A try." } });
    await expect(registry.register(breaking("1.1.0"))).rejects.toThrow(code("CONTRACT_BROKEN"));
    await registry.register(breaking("2.0.0"));
  });
});
