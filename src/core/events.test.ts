import { describe, expect, it } from "vitest";
import type { QuotaStore } from "../ports/quota-store.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createRecordingSink } from "../testing/recording-sink.ts";
import { defineTool } from "../tool/define-tool.ts";
import { createRegistry } from "./create-registry.ts";
import { createEmitter } from "./events.ts";
import type { RegistryEvents } from "./registry.ts";

/** Those about keys, lost answers and stored catalogues are tested where those are. */
type Elsewhere = "outcome.unknown" | "outcome.resolved" | "store.failed" | "tool.redefined" | "tool.unusable";
type Event = Exclude<keyof RegistryEvents, Elsewhere>;

const base = { version: "1.0.0", description: "For tests.", effect: "read", access: { roles: ["USER"] } } as const;
const principal = { id: "u1" };
const error = new Error("x");
const crash = (): never => {
  throw error;
};

const well = defineTool({ ...base, name: "well", handler: () => 1 });
const again = defineTool({ ...base, name: "well", version: "1.0.1", handler: () => 1 });
const other = defineTool({ ...base, name: "other", handler: () => 1 });
const sick = defineTool({ ...base, name: "sick", breaker: { failures: 1, openMs: 1_000 }, handler: crash });
const replaced = defineTool({ ...base, name: "replaced", fallback: { run: crash }, handler: crash });
const limited = defineTool({
  ...base,
  name: "limited",
  limits: [{ per: ["principal"], capacity: 1, windowMs: 1_000 }],
  handler: () => 1,
});

/** A registry with a tool for everything that can happen. */
function open() {
  const clock = createManualClock();
  const sink = createRecordingSink();
  const quotaStore: QuotaStore = { take: crash, read: () => [], reset: () => {} };
  const registry = createRegistry({
    tools: [well, sick, replaced, limited],
    retry: false,
    limits: [],
    clock,
    audit: sink,
    quotaStore,
    hooks: { beforeAttempt: ({ tool, idempotencyKey }) => (idempotencyKey === tool.name ? crash() : undefined) },
  });
  const call = async (name: string, idempotencyKey = "k"): Promise<string> =>
    (await registry.execute(name, {}, { principal, idempotencyKey })).meta.callId;
  return { registry, sink, clock, call };
}

interface Case {
  /** Makes it happen; what it gives is the call that it happened to. */
  act(opened: ReturnType<typeof open>): Promise<unknown>;
  readonly tells: readonly object[];
}

const CASES: { readonly [E in Event]: Case } = {
  "tool.published": {
    act: ({ registry }) => registry.register(well, other),
    tells: [{ name: "other", version: "1.0.0" }],
  },
  "setting.changed": {
    act: ({ registry }) => registry.settings.set("role", "CLERK", { inherits: ["USER"] }),
    tells: [{ kind: "role", id: "CLERK" }],
  },
  "tool.unregistered": {
    act: ({ registry }) => registry.unregister("well"),
    tells: [{ name: "well", version: "1.0.0" }],
  },
  "tool.deprecated": {
    act: ({ registry }) => registry.deprecate("well@1.0.0", { message: "Old." }),
    tells: [{ name: "well", version: "1.0.0" }],
  },
  "tool.retired": {
    act: ({ registry }) => registry.retire("well@1.0.0"),
    tells: [{ name: "well", version: "1.0.0" }],
  },
  "tool.restored": {
    act: async ({ registry }) => {
      await registry.retire("well@1.0.0");
      await registry.restore("well@1.0.0");
    },
    tells: [{ name: "well", version: "1.0.0" }],
  },
  "tool.activated": {
    act: async ({ registry }) => {
      await registry.publish([again], { staged: true });
      await registry.activate("well@1.0.1");
    },
    tells: [{ name: "well", version: "1.0.1" }],
  },
  "tool.deleted": {
    act: ({ registry }) => registry.delete("well@1.0.0"),
    tells: [{ name: "well", version: "1.0.0" }],
  },
  "channel.changed": {
    act: async ({ registry }) => {
      await registry.channels.set("well", "beta", "1.0.0");
      await registry.defaults.set("well", "beta", { tenant: "acme" });
    },
    tells: [
      { name: "well", channel: "beta", tenant: null, target: "1.0.0" },
      { name: "well", channel: null, tenant: "acme", target: "beta" },
    ],
  },
  "rollout.changed": {
    act: async ({ registry }) => {
      await registry.publish([again], { staged: true });
      await registry.rollouts.start("well@1.0.1", { percent: 5 });
      await registry.rollouts.rollback("well");
    },
    tells: [
      { name: "well", act: "start", kind: "canary", version: "1.0.1" },
      { name: "well", act: "rollback", kind: "canary", version: null },
    ],
  },
  "permissions.changed": {
    act: async ({ registry }) => {
      await registry.permissions.set("well", ["ADMIN"]);
      await registry.permissions.clear("well");
    },
    tells: [{ name: "well" }, { name: "well" }],
  },
  "grants.changed": {
    act: async ({ registry }) => {
      await registry.grants.add({ name: "g", tools: ["*"], roles: ["USER"] });
      await registry.grants.remove("g");
    },
    tells: [{ count: 1 }, { count: 0 }],
  },
  "registry.redeclared": {
    act: ({ registry }) => registry.redeclare({ limits: [] }),
    tells: [{ tools: 0 }],
  },
  "tool.failed": {
    act: ({ call }) => call("sick"),
    tells: [{ tool: "sick", version: "1.0.0", error }],
  },
  "hook.failed": {
    act: ({ call }) => call("well", "well"),
    tells: [{ hook: "beforeAttempt", error }],
  },
  "audit.failed": {
    act: ({ call, sink }) => {
      sink.failWith(error);
      return call("well");
    },
    tells: [{ error }],
  },
  "breaker.changed": {
    act: async ({ call, clock }) => {
      await call("sick");
      await clock.advance(1_000);
      await call("sick", "another");
    },
    tells: ["open", "half-open", "open"].map((state) => ({ scope: "tool", name: "sick", version: "1.0.0", state })),
  },
  "fallback.failed": {
    act: ({ call }) => call("replaced"),
    tells: [{ tool: "replaced", version: "1.0.0", error }],
  },
  "registry.failed": {
    act: ({ call }) => call("limited"),
    tells: [{ error }],
  },
};

const EVENTS = Object.keys(CASES) as Event[];

describe("a registry", () => {
  it.each(EVENTS)("tells its listeners: %s", async (event) => {
    const opened = open();
    const heard: object[] = [];
    opened.registry.on(event, (payload) => heard.push(payload));
    const given = await CASES[event].act(opened);
    const callId = typeof given === "string" ? { callId: given } : {};
    expect(heard).toEqual(CASES[event].tells.map((told) => ({ ...told, ...callId })));
  });

  it("tells of what happens and of nothing else", async () => {
    for (const event of EVENTS) {
      const opened = open();
      const heard: string[] = [];
      for (const name of EVENTS) opened.registry.on(name, () => heard.push(name));
      await CASES[event].act(opened);
      const besides: Partial<Record<Event, readonly Event[]>> = {
        "tool.restored": ["tool.retired"],
        "tool.activated": ["tool.published"],
        "rollout.changed": ["tool.published"],
        "registry.redeclared": ["grants.changed"],
        "tool.failed": ["breaker.changed"],
        "breaker.changed": ["tool.failed"],
        "fallback.failed": ["tool.failed"],
      };
      expect([...new Set(heard)].sort(), event).toEqual([event, ...(besides[event] ?? [])].sort());
    }
  });

  it("tells nobody who does not listen any more", async () => {
    const { registry } = open();
    const heard: object[] = [];
    const leave = registry.on("tool.published", (payload) => heard.push(payload));
    leave();
    leave();
    await registry.register(other);
    expect(heard).toEqual([]);
  });
});

describe("an emitter", () => {
  it("tells all listeners of an event, in order, each once", () => {
    const { on, emit } = createEmitter();
    const heard: string[] = [];
    const first = (): void => void heard.push("first");
    on("grants.changed", first);
    on("grants.changed", () => heard.push("second"));
    on("grants.changed", first);
    on("permissions.changed", () => heard.push("another event"));
    emit("grants.changed", { count: 1 });
    expect(heard).toEqual(["first", "second"]);
  });
});
