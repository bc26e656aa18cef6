import { describe, expect, it } from "vitest";
import type { AuditEvent } from "../../ports/audit-sink.ts";
import type { CatalogStore } from "../../ports/catalog-store.ts";
import { createMemoryCatalogStore } from "../../stores/memory/index.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { createRecordingSink } from "../../testing/recording-sink.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { AnyTool } from "../../tool/definition.ts";
import { makeRegistry } from "../make-registry.ts";
import type { Registry } from "../registry.ts";
import { readDefinitions } from "./check-definitions.ts";
import { openStoredCatalogue, type StoredCatalogueParts } from "./open-catalogue.ts";

const base = { description: "Reads an order.", effect: "read", access: { roles: ["USER"] } } as const;
const principal = { id: "u1" };
const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

function toTool(version: string, parts: Partial<Parameters<typeof defineTool>[0]> = {}): AnyTool<unknown> {
  return defineTool({ ...base, name: "orders.get", version, handler: () => version, ...parts } as never);
}

const needsId = { input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] } } as never;

/** A store that takes its time, as databases do. */
function slow(store: CatalogStore): CatalogStore {
  return {
    page: async (...given) => store.page(...given),
    read: async (...given) => store.read(...given),
    definition: async (...given) => store.definition(...given),
    save: async (...given) => store.save(...given),
    markCalled: async (...given) => store.markCalled(...given),
  };
}

interface Started {
  readonly registry: Registry;
  readonly events: readonly AuditEvent[];
}

type More = Partial<Pick<StoredCatalogueParts, "force" | "newVersions">>;

/** What a process does when it starts. */
async function start(store: CatalogStore, tools: readonly AnyTool<unknown>[], more: More = {}): Promise<Started> {
  const audit = createRecordingSink();
  const clock = createManualClock();
  const { registry, environment, administration } = makeRegistry({ audit, limits: [], clock }, null);
  await openStoredCatalogue({ store, environment, administration, read: readDefinitions(tools), ...more });
  return { registry, events: audit.events };
}

const states = (registry: Registry, name = "orders.get") =>
  registry.life(name)?.versions.map(({ version, status, here }) => `${version} ${status}${here ? "" : " (no code)"}`);
const types = (events: readonly AuditEvent[]) => events.map(({ type, version }) => `${type} ${version ?? ""}`.trim());
const answer = async (registry: Registry, ref: string, tenant = "default") => {
  const outcome = await registry.execute(ref, {}, { principal: { ...principal, tenant } });
  return outcome.ok ? outcome.meta.version : outcome.error.code;
};

describe("a stored catalogue", () => {
  it("keeps what is published, once, and audits it once", async () => {
    const store = slow(createMemoryCatalogStore());
    const first = await start(store, [toTool("1.0.0"), toTool("1.1.0"), toTool("1.0.0", { name: "other" })]);
    expect(types(first.events)).toEqual(["tool.published 1.0.0", "tool.published 1.1.0", "tool.published 1.0.0"]);
    expect(await store.definition("orders.get", "1.1.0")).toMatchObject({ description: base.description });
    const again = await start(store, [toTool("1.0.0"), toTool("1.1.0"), toTool("1.0.0", { name: "other" })]);
    expect(again.events).toEqual([]);
    expect(again.registry.life("orders.get")?.revision).toBe(1);
    expect(await answer(again.registry, "orders.get")).toBe("1.1.0");
  });

  it("comes back as it was left: states, channels, defaults, rollouts, and who did it", async () => {
    const store = slow(createMemoryCatalogStore());
    const tools = ["1.0.0", "1.1.0", "1.2.0", "2.0.0"].map((version) => toTool(version));
    const { registry } = await start(store, tools.slice(0, 3));
    await registry.publish(tools.slice(3), { staged: true });
    const by = { principal: { id: "ann", tenant: "acme" }, reason: "Because." };
    await registry.retire("orders.get@1.0.0", by);
    await registry.deprecate("orders.get@1.1.0", { message: "Old.", sunsetAt: 5, successor: "orders.get@1.2.0" }, by);
    await registry.channels.set("orders.get", "beta", "1.2.0");
    await registry.defaults.set("orders.get", "beta", { tenant: "__proto__" });
    await registry.defaults.set("orders.get", "1.1.0");
    await registry.rollouts.start("orders.get@2.0.0", { percent: 12.5, principals: [{ id: "ann" }], ...by });
    await registry.rollouts.start("orders.get@1.2.0", { kind: "shadow", tenants: ["acme"], roles: ["USER"] });
    const left = registry.life("orders.get");
    const again = await start(store, tools);
    expect(again.registry.life("orders.get")).toEqual(left);
    expect(again.registry.get("orders.get@1.1.0")?.deprecation).toEqual({
      message: "Old.",
      sunsetAt: 5,
      successor: "orders.get@1.2.0",
    });
    expect(await answer(again.registry, "orders.get", "__proto__")).toBe("1.2.0");
    expect(await answer(again.registry, "orders.get@1.0.0")).toBe("VERSION_RETIRED");
    await again.registry.rollouts.promote("orders.get");
    const later = await start(store, tools);
    expect(await answer(later.registry, "orders.get")).toBe("2.0.0");
    await later.registry.rollouts.rollback("orders.get");
    expect(await answer(later.registry, "orders.get")).toBe("1.1.0");
  });

  it("accepts another definition that keeps the contract, and records it", async () => {
    const store = slow(createMemoryCatalogStore());
    await start(store, [toTool("1.0.0")]);
    const { registry, events } = await start(store, [toTool("1.0.0", { title: "Orders" })]);
    expect(types(events)).toEqual(["tool.redefined 1.0.0"]);
    expect(await store.definition("orders.get", "1.0.0")).toMatchObject({ title: "Orders" });
    expect(registry.life("orders.get")?.revision).toBe(2);
    expect((await start(store, [toTool("1.0.0", { title: "Orders" })])).events).toEqual([]);
  });

  it("does not start on a contract that is broken under its version, and names every tool and change", async () => {
    const store = slow(createMemoryCatalogStore());
    await start(store, [toTool("1.0.0"), toTool("3.0.0", { name: "other" })]);
    const before = await store.page(null, 10);
    const broken = [
      toTool("1.0.0", needsId),
      toTool("3.0.0", { name: "other", effect: "write" }),
      toTool("1.1.0", needsId),
    ];
    await expect(start(store, broken)).rejects.toThrow(
      expect.objectContaining({
        code: "CONTRACT_BROKEN",
        problems: [
          {
            path: "orders.get@1.0.0",
            message: expect.stringMatching(/publish it as 2\.0\.0 or higher: \/inputSchema/) as string,
          },
          { path: "other@3.0.0", message: expect.stringMatching(/4\.0\.0 or higher: \/effect/) as string },
        ],
      }) as Error,
    );
    expect(await store.page(null, 10)).toEqual(before);
    const forced = await start(store, broken, { force: { reason: "Nobody calls it." } });
    expect(types(forced.events)).toContain("tool.redefined 1.0.0");
    expect(forced.events.map(({ details }) => details)).toEqual(
      Array.from({ length: 3 }, () => ({ forced: "Nobody calls it." })),
    );
  });

  it("holds a new version against the stored one below it, whose code is gone", async () => {
    const store = slow(createMemoryCatalogStore());
    await start(store, [toTool("1.0.0")]);
    await expect(start(store, [toTool("1.1.0", needsId)])).rejects.toThrow(/too low .* 2\.0\.0/);
    const { registry } = await start(store, [toTool("2.0.0", needsId)]);
    expect(states(registry)).toEqual(["2.0.0 active", "1.0.0 active (no code)"]);
  });

  it("loses nothing that has no code here, and neither calls nor lists it", async () => {
    const store = slow(createMemoryCatalogStore());
    const first = await start(store, [toTool("1.0.0"), toTool("1.1.0"), toTool("1.0.0", { name: "gone" })]);
    await first.registry.channels.set("orders.get", "stable", "1.0.0");
    const { registry } = await start(store, [toTool("1.1.0")]);
    expect(registry.list().map(({ name }) => name)).toEqual(["orders.get"]);
    expect(registry.has("gone")).toBe(false);
    expect(await answer(registry, "gone")).toBe("UNKNOWN_TOOL");
    expect(await answer(registry, "orders.get@1.0.0")).toBe("VERSION_NOT_FOUND");
    // What was pinned is answered by nothing else.
    const pinned = await registry.execute("orders.get", {}, { principal });
    expect(pinned).toMatchObject({ ok: false, error: { code: "VERSION_NOT_FOUND" } });
    expect(!pinned.ok && pinned.error.message).not.toContain("1.0.0");
    expect(await answer(registry, "orders.get@^1")).toBe("1.1.0");
    // Acts reach it all the same.
    await registry.retire("gone@1.0.0");
    await registry.deprecate("orders.get@1.0.0", { message: "Old." });
    const back = await start(store, [toTool("1.0.0"), toTool("1.1.0"), toTool("1.0.0", { name: "gone" })]);
    expect(states(back.registry)).toEqual(["1.1.0 active", "1.0.0 deprecated"]);
    expect(states(back.registry, "gone")).toEqual(["1.0.0 retired"]);
  });

  it("has nothing of the registry's own tools, which acts on them do not lose", async () => {
    const store = slow(createMemoryCatalogStore());
    const { registry } = await start(store, [toTool("1.0.0", { handler: () => "x".repeat(400_000) })]);
    await registry.results.toModelText(await registry.execute("orders.get", {}, { principal }), { principal });
    const own = registry.list().find(({ name }) => name.startsWith("toolyard."));
    if (own === undefined) throw new Error("The registry has no tool of its own.");
    await registry.deprecate(`${own.name}@${own.version}`, { message: "Not for long." });
    expect(registry.get(own.name)?.status).toBe("deprecated");
    expect((await store.page(null, 10)).tools.map(({ name }) => name)).toEqual(["orders.get"]);
  });

  it("stages new versions of known tools where it is told to", async () => {
    const store = slow(createMemoryCatalogStore());
    await start(store, [toTool("1.0.0"), toTool("1.1.0")], { newVersions: "staged" });
    const { registry } = await start(store, [toTool("1.0.0"), toTool("1.1.0"), toTool("1.2.0")], {
      newVersions: "staged",
    });
    expect(states(registry)).toEqual(["1.2.0 staged", "1.1.0 active", "1.0.0 active"]);
  });

  it("keeps code that was unregistered, and gives it back its state", async () => {
    const store = slow(createMemoryCatalogStore());
    const { registry } = await start(store, [toTool("1.0.0"), toTool("1.1.0")]);
    await registry.deprecate("orders.get@1.0.0", { message: "Old." });
    await registry.unregister("orders.get");
    expect(registry.has("orders.get")).toBe(false);
    expect(states(registry)).toEqual(["1.1.0 active (no code)", "1.0.0 deprecated (no code)"]);
    await registry.register(toTool("1.0.0"));
    expect(states(registry)).toEqual(["1.1.0 active (no code)", "1.0.0 deprecated"]);
    await expect(registry.register(toTool("1.1.0", needsId))).rejects.toThrow(code("CONTRACT_BROKEN"));
  });

  it("remembers that a version was called before its handler is entered", async () => {
    const kept = createMemoryCatalogStore();
    const marked: string[] = [];
    const store: CatalogStore = {
      ...slow(kept),
      async markCalled(name, version, at) {
        await Promise.resolve();
        kept.markCalled(name, version, at);
        marked.push(`kept ${version}`);
      },
    };
    const handler = (): number => marked.push("entered");
    const tools = [toTool("1.0.0", { handler }), toTool("1.1.0", { handler })];
    const { registry } = await start(store, tools);
    await Promise.all([answer(registry, "orders.get@1.0.0"), answer(registry, "orders.get@1.0.0")]);
    await answer(registry, "orders.get@1.0.0");
    expect(marked).toEqual(["kept 1.0.0", "entered", "entered", "entered"]);
    const again = await start(store, tools);
    await answer(again.registry, "orders.get@1.0.0");
    expect(marked.filter((one) => one.startsWith("kept"))).toHaveLength(1);
    await expect(again.registry.delete("orders.get@1.0.0")).rejects.toThrow(code("STATE_CONFLICT"));
    await again.registry.delete("orders.get@1.1.0");
    expect(kept.definition("orders.get", "1.1.0")).toBeNull();
    expect(states(again.registry)).toEqual(["1.0.0 active"]);
  });

  it("answers calls while the store fails, and does not act", async () => {
    const kept = createMemoryCatalogStore();
    const broken = (): never => {
      throw new Error("disk");
    };
    let isBroken = false;
    const store: CatalogStore = {
      ...slow(kept),
      save: async (changes) => (isBroken ? broken() : kept.save(changes)),
      markCalled: async (...given) => (isBroken ? broken() : kept.markCalled(...given)),
    };
    const { registry } = await start(store, [toTool("1.0.0")]);
    const failed: unknown[] = [];
    registry.on("store.failed", ({ store: name }) => failed.push(name));
    isBroken = true;
    expect(await answer(registry, "orders.get")).toBe("1.0.0");
    expect(failed).toEqual(["catalogue"]);
    await expect(registry.retire("orders.get@1.0.0")).rejects.toThrow(code("STORE_FAILED"));
    expect(states(registry)).toEqual(["1.0.0 active"]);
    isBroken = false;
    await answer(registry, "orders.get");
    expect(kept.read("orders.get").versions[0]?.calledAt).not.toBeNull();
  });
});

describe("a process without code", () => {
  it("acts on the catalogue like any other, rollouts too", async () => {
    const store = slow(createMemoryCatalogStore());
    const tools = [toTool("1.0.0"), toTool("1.1.0"), toTool("2.0.0", needsId)];
    const first = await start(store, tools.slice(0, 1));
    await first.registry.publish(tools.slice(1), { staged: true });
    const { registry } = await start(store, []);
    expect(states(registry)).toEqual(
      ["2.0.0", "1.1.0", "1.0.0"].map((version, index) => `${version} ${index < 2 ? "staged" : "active"} (no code)`),
    );
    await expect(registry.rollouts.start("orders.get@2.0.0", { percent: 1 })).rejects.toThrow(code("CONTRACT_BROKEN"));
    await registry.rollouts.start("orders.get@1.1.0", { percent: 100 });
    const running = await start(store, tools);
    expect(await answer(running.registry, "orders.get")).toBe("1.1.0");
    const { registry: again } = await start(store, []);
    expect((await again.rollouts.promote("orders.get")).versions.map(({ status }) => status)).toEqual([
      "staged",
      "active",
      "active",
    ]);
    expect(await answer((await start(store, tools)).registry, "orders.get@stable")).toBe("1.1.0");
    await again.rollouts.rollback("orders.get");
    expect(await answer((await start(store, tools)).registry, "orders.get@stable")).toBe("1.0.0");
  });
});

describe("two processes over one catalogue", () => {
  it("both act: what the other has changed is read again, and lost by neither", async () => {
    const store = slow(createMemoryCatalogStore());
    const tools = [toTool("1.0.0"), toTool("1.1.0")];
    const [one, two] = [await start(store, tools), await start(store, tools)];
    await one.registry.retire("orders.get@1.0.0");
    await two.registry.channels.set("orders.get", "beta", "1.1.0");
    expect(states(two.registry)).toEqual(["1.1.0 active", "1.0.0 retired"]);
    expect(two.registry.life("orders.get")).toMatchObject({ revision: 3, channels: [{ channel: "beta" }] });
    const seen = one.registry.life("orders.get")?.revision ?? 0;
    await expect(one.registry.restore("orders.get@1.0.0", { expectedRevision: seen })).rejects.toThrow(
      code("REVISION_CONFLICT"),
    );
    expect(one.registry.life("orders.get")).toEqual(two.registry.life("orders.get"));
  });

  it("take back what the other has set, though they have not seen it", async () => {
    const store = slow(createMemoryCatalogStore());
    const [one, two] = [await start(store, [toTool("1.0.0")]), await start(store, [toTool("1.0.0")])];
    await one.registry.channels.set("orders.get", "beta", "1.0.0");
    expect((await two.registry.channels.clear("orders.get", "beta")).channels).toEqual([]);
    await one.registry.defaults.set("orders.get", "1.0.0");
    expect((await two.registry.defaults.clear("orders.get")).defaults).toEqual([]);
    expect((await start(store, [])).registry.life("orders.get")).toMatchObject({ channels: [], defaults: [] });
  });

  it("go on with their own definitions when a newer one has defined a version otherwise", async () => {
    const store = slow(createMemoryCatalogStore());
    const one = await start(store, [toTool("1.0.0")]);
    await start(store, [toTool("1.0.0", { title: "Orders" })]);
    await one.registry.channels.set("orders.get", "beta", "1.0.0");
    expect(await answer(one.registry, "orders.get@beta")).toBe("1.0.0");
    expect(one.registry.get("orders.get")?.title).not.toBe("Orders");
    expect(await store.definition("orders.get", "1.0.0")).toMatchObject({ title: "Orders" });
  });

  it("do not delete what the other has called, and see that a version is gone", async () => {
    const store = slow(createMemoryCatalogStore());
    const tools = [toTool("1.0.0"), toTool("1.1.0")];
    const [one, two] = [await start(store, tools), await start(store, tools)];
    await answer(one.registry, "orders.get@1.0.0");
    await expect(two.registry.delete("orders.get@1.0.0")).rejects.toThrow(/it was called, and/);
    await two.registry.delete("orders.get@1.1.0");
    await one.registry.deprecate("orders.get@1.0.0", { message: "Old." });
    expect(states(one.registry)).toEqual(["1.0.0 deprecated"]);
  });

  it("find out at the last moment that somebody was faster", async () => {
    const kept = createMemoryCatalogStore();
    let before: (() => void) | null = null;
    const store: CatalogStore = {
      ...slow(kept),
      async save(changes) {
        const meanwhile = before;
        before = null;
        meanwhile?.();
        return kept.save(changes);
      },
    };
    const tools = [toTool("1.0.0"), toTool("1.1.0"), toTool("1.2.0")];
    const { registry } = await start(store, tools);
    before = () => kept.markCalled("orders.get", "1.2.0", 5);
    await expect(registry.delete("orders.get@1.2.0")).rejects.toThrow(/was called meanwhile/);
    const other = await start(kept, tools);
    const change = (): void => {
      const [tool] = kept.read("orders.get").tools;
      if (tool === undefined) throw new Error("There is no tool.");
      const next = { ...tool, revision: tool.revision + 1 };
      kept.save([{ name: tool.name, expected: tool.revision, tool: next, put: [], remove: [] }]);
    };
    before = change;
    expect(await registry.retire("orders.get@1.0.0")).toMatchObject({ revision: 3 });
    before = change;
    await expect(registry.retire("orders.get@1.1.0", { expectedRevision: 3 })).rejects.toThrow(
      code("REVISION_CONFLICT"),
    );
    before = change;
    await registry.publish([toTool("2.0.0")]);
    expect(states(registry)).toEqual(["2.0.0 active", "1.2.0 active", "1.1.0 active", "1.0.0 retired"]);
    // Decided on what is stored, not on what was seen last: here it still looks active.
    await other.registry.restore("orders.get@1.0.0");
    expect(states((await start(kept, tools)).registry)).toContain("1.0.0 active");
  });

  it("start at the same time on an empty store, and publish once", async () => {
    const store = slow(createMemoryCatalogStore());
    const tools = [toTool("1.0.0"), toTool("1.0.0", { name: "other" })];
    const started = await Promise.all([start(store, tools), start(store, tools), start(store, tools)]);
    expect(started.map(({ events }) => events.length).toSorted((a, b) => a - b)).toEqual([0, 0, 2]);
    for (const { registry } of started) expect(states(registry)).toEqual(["1.0.0 active"]);
  });
});
