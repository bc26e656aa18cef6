import { describe, expect, it } from "vitest";
import { createMemoryAuditSink, type MemoryAuditSink } from "../audit/index.ts";
import type { UnknownOutcome } from "../ports/outcome-store.ts";
import { createMemoryOutcomeStore, type MemoryOutcomeStore } from "../stores/memory/index.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { defineTool } from "../tool/define-tool.ts";
import type { StatusCheck } from "../tool/resilience.ts";
import { createRegistry } from "./create-registry.ts";
import type { Registry, RegistryOptions } from "./registry.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] }, timeoutMs: 1_000 } as const;
const keyed = { principal: { id: "u1" }, idempotencyKey: "k" };

interface Opened {
  readonly registry: Registry;
  readonly clock: ManualClock;
  readonly list: MemoryOutcomeStore;
  readonly sink: MemoryAuditSink;
  readonly events: unknown[];
}

/** A registry with `pay`, which loses every answer. */
function open(status?: StatusCheck, options: RegistryOptions = {}): Opened {
  const clock = createManualClock();
  const list = createMemoryOutcomeStore();
  const sink = createMemoryAuditSink();
  const pay = defineTool({
    ...base,
    name: "pay",
    effect: "write",
    ...(status && { honoursKeys: true, status }),
    retry: false,
    handler: () => Promise.reject(Object.assign(new Error("x"), { code: "ECONNRESET" })),
  });
  const registry = createRegistry({ tools: [pay], clock, outcomeStore: list, audit: sink, ...options });
  const events: unknown[] = [];
  registry.on("outcome.unknown", (event) => events.push(["unknown", event.id]));
  registry.on("outcome.resolved", (event) => events.push(["resolved", event]));
  return { registry, clock, list, sink, events };
}

function toLine(id: string, parts: Partial<UnknownOutcome> = {}): UnknownOutcome {
  return {
    id,
    tenant: "default",
    principal: "u1",
    tool: "pay",
    version: "1.0.0",
    code: "OUTCOME_UNKNOWN",
    at: 0,
    idempotencyKey: null,
    ...parts,
  };
}

/** The administrative acts that were audited, without what all of them have. */
function toActs({ sink }: Opened): unknown[] {
  return sink.events
    .filter(({ type }) => type === "outcome.resolved")
    .map(({ tool, version, principal, details }) => ({ tool, version, principal, details }));
}

describe("outcomes.list", () => {
  it("gives the unknown outcomes, oldest first, of a tenant or a tool, page by page", async () => {
    const { registry, list } = open();
    for (let index = 0; index < 250; index++)
      list.add(
        toLine(`c${index}`, { tenant: index % 2 === 0 ? "acme" : "default", tool: index % 5 === 0 ? "pay" : "other" }),
      );
    const ids = async (filter?: object): Promise<string[]> =>
      (await registry.outcomes.list(filter)).map(({ id }) => id);
    expect(await ids()).toHaveLength(100);
    expect(await ids({ limit: 2 })).toEqual(["c0", "c1"]);
    expect(await ids({ limit: 2, after: "c1" })).toEqual(["c2", "c3"]);
    expect(await ids({ tenant: "acme", limit: 3 })).toEqual(["c0", "c2", "c4"]);
    expect(await ids({ tool: "pay", limit: 3 })).toEqual(["c0", "c5", "c10"]);
    expect(await ids({ tool: "pay", tenant: "default", limit: 2, after: "c5" })).toEqual(["c15", "c25"]);
    expect(await ids({ limit: 1_000 })).toHaveLength(250);
  });

  it.each([
    [{ limit: 0 }, /limit: received 0, expected an integer from 1 to 1000/],
    [{ limit: 1_001 }, /limit/],
    [{ limit: 1.5 }, /limit/],
    [{ limit: "10" }, /limit: received "10"/],
    [{ tennant: "acme" }, /did you mean tenant\?/],
    [null, /expected an object of options/],
  ])("rejects %o", async (filter, message) => {
    const { registry } = open();
    await expect(registry.outcomes.list(filter as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
    await expect(registry.outcomes.list(filter as never)).rejects.toThrow(message);
  });
});

describe("outcomes.resolve", () => {
  it("takes the outcome off the list, audits who said so and why, and tells listeners", async () => {
    const opened = open();
    const { meta } = await opened.registry.execute("pay", {}, keyed);
    const [line] = await opened.registry.outcomes.list();
    await opened.registry.outcomes.resolve(
      meta.callId,
      { effect: "applied", output: { n: 1 } },
      { principal: { id: "op" }, reason: "Seen in the ledger." },
    );
    expect(await opened.registry.outcomes.list()).toEqual([]);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, output: { n: 1 } });
    expect(toActs(opened)).toEqual([
      {
        tool: "pay",
        version: "1.0.0",
        principal: "op",
        details: { callId: meta.callId, effect: "applied", by: "operator", reason: "Seen in the ledger." },
      },
    ]);
    expect(opened.events).toEqual([
      ["unknown", meta.callId],
      ["resolved", { outcome: line, effect: "applied", by: "operator" }],
    ]);
  });

  it("needs neither a principal nor a reason", async () => {
    const opened = open();
    opened.list.add(toLine("c1"));
    await opened.registry.outcomes.resolve("c1", { effect: "none" });
    expect(toActs(opened)).toEqual([
      {
        tool: "pay",
        version: "1.0.0",
        principal: null,
        details: { callId: "c1", effect: "none", by: "operator", reason: null },
      },
    ]);
  });

  it.each<[string, unknown, unknown, RegExp]>([
    ["no report", undefined, {}, /received nothing, expected an object/],
    ["a report that is a text", "applied", {}, /received "applied"/],
    ["an effect that is not known", { effect: "unknown" }, {}, /effect: received "unknown", expected applied or none/],
    ["no effect", {}, {}, /effect: received nothing/],
    ["an output of nothing", { effect: "none", output: 1 }, {}, /output: is set, but effect is none/],
    ["a misspelt member", { effect: "applied", outptu: 1 }, {}, /did you mean output\?/],
    ["a misspelt option", { effect: "none" }, { pricipal: { id: "op" } }, /did you mean principal\?/],
    ["a reason that is no text", { effect: "none" }, { reason: 5 }, /reason: received 5/],
    ["a reason that is too long", { effect: "none" }, { reason: "x".repeat(1_025) }, /at most 1,024 characters/],
    ["a principal that is none", { effect: "none" }, { principal: { id: "" } }, /principal\.id/],
  ])("rejects %s before anything has changed", async (_what, report, options, message) => {
    const opened = open();
    const { meta } = await opened.registry.execute("pay", {}, keyed);
    await expect(opened.registry.outcomes.resolve(meta.callId, report as never, options as never)).rejects.toThrow(
      message,
    );
    expect(await opened.registry.outcomes.list()).toHaveLength(1);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
    expect(toActs(opened)).toEqual([]);
  });

  it("rejects an id that is not listed, also one that was", async () => {
    const opened = open();
    opened.list.add(toLine("c1"));
    await opened.registry.outcomes.resolve("c1", { effect: "none" });
    for (const id of ["c1", "c2", "", null, 5]) {
      await expect(opened.registry.outcomes.resolve(id as never, { effect: "none" })).rejects.toMatchObject({
        code: "UNKNOWN_OUTCOME",
      });
    }
    expect(toActs(opened)).toHaveLength(1);
  });

  it("lets one of two operators say what is true", async () => {
    const opened = open();
    const { meta } = await opened.registry.execute("pay", {}, keyed);
    const answers = await Promise.allSettled([
      opened.registry.outcomes.resolve(meta.callId, { effect: "applied", output: { n: 1 } }),
      opened.registry.outcomes.resolve(meta.callId, { effect: "none" }),
    ]);
    expect(answers).toMatchObject([
      { status: "fulfilled" },
      { status: "rejected", reason: { code: "UNKNOWN_OUTCOME" } },
    ]);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, output: { n: 1 } });
    expect(toActs(opened)).toHaveLength(1);
  });
});

describe("outcomes.check", () => {
  it("asks the tools about all of them, page by page, and counts those that are known now", async () => {
    let asking = 0;
    let most = 0;
    const opened = open(async (key) => {
      most = Math.max(most, ++asking);
      await Promise.resolve();
      asking--;
      return key.startsWith("0") ? { effect: "unknown" } : { effect: "none" };
    });
    for (let index = 0; index < 250; index++) opened.list.add(toLine(`c${index}`, { idempotencyKey: `k${index}` }));
    for (let index = 0; index < 5; index++) opened.list.add(toLine(`x${index}`, { tool: "gone" }));
    const known = await opened.registry.outcomes.check();
    const left = await opened.registry.outcomes.list({ limit: 1_000 });
    expect(known + left.length).toBe(255);
    expect(known).toBeGreaterThan(200);
    expect(left.filter(({ tool }) => tool === "gone")).toHaveLength(5);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
    expect(toActs(opened)).toHaveLength(known);
    expect(toActs(opened)[0]).toMatchObject({
      principal: null,
      details: { effect: "none", by: "status", reason: null },
    });
    expect(opened.clock.pending).toBe(0);
  });

  it("asks about one", async () => {
    const opened = open(() => ({ effect: "applied" }));
    for (const id of ["c1", "c2"]) opened.list.add(toLine(id, { idempotencyKey: id }));
    expect(await opened.registry.outcomes.check("c2")).toBe(1);
    expect(await opened.registry.outcomes.list()).toMatchObject([{ id: "c1" }]);
    await expect(opened.registry.outcomes.check("c2")).rejects.toMatchObject({ code: "UNKNOWN_OUTCOME" });
  });

  it("does not count what somebody else has resolved meanwhile", async () => {
    let answer = (_report: { effect: "none" }): void => {};
    const opened = open(() => new Promise((resolve) => (answer = resolve)));
    opened.list.add(toLine("c1", { idempotencyKey: "k" }));
    const checking = opened.registry.outcomes.check("c1");
    await opened.clock.advance(0);
    await opened.registry.outcomes.resolve("c1", { effect: "none" });
    answer({ effect: "none" });
    expect(await checking).toBe(0);
    expect(toActs(opened)).toHaveLength(1);
  });

  it("knows nothing of tools that cannot be asked", async () => {
    const opened = open();
    opened.list.add(toLine("c1", { idempotencyKey: "k" }));
    expect(await opened.registry.outcomes.check()).toBe(0);
  });
});

describe("a resolution by nobody in particular", () => {
  it("is audited when the tool was asked by a call, and when its handler ended late", async () => {
    let end = (): void => {};
    const slow = defineTool({
      ...base,
      name: "slow",
      effect: "write",
      handler: () =>
        new Promise<number>((resolve) => {
          end = () => {
            resolve(1);
          };
        }),
    });
    const opened = open(() => ({ effect: "applied" }));
    await opened.registry.register(slow);
    const lost = await opened.registry.execute("pay", {}, keyed);
    await opened.registry.execute("pay", {}, keyed);
    const call = opened.registry.execute("slow", {}, keyed);
    await opened.clock.advance(1_000);
    const late = await call;
    end();
    for (let turn = 0; turn < 5; turn++) await opened.clock.advance(0);
    expect(toActs(opened)).toEqual([
      {
        tool: "pay",
        version: "1.0.0",
        principal: null,
        details: { callId: lost.meta.callId, effect: "applied", by: "status", reason: null },
      },
      {
        tool: "slow",
        version: "1.0.0",
        principal: null,
        details: { callId: late.meta.callId, effect: "applied", by: "handler", reason: null },
      },
    ]);
  });

  it("is not undone by an audit sink that fails", async () => {
    const failing = {
      append: () => Promise.reject(new Error("sink is down")),
      flush: async () => {},
      close: async () => {},
    };
    const opened = open(undefined, { audit: failing });
    const failures: unknown[] = [];
    opened.registry.on("audit.failed", ({ error }) => failures.push((error as Error).message));
    opened.list.add(toLine("c1"));
    await opened.registry.outcomes.resolve("c1", { effect: "none" });
    expect(await opened.registry.outcomes.list()).toEqual([]);
    expect(failures).toEqual(["sink is down"]);
  });
});
