import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createRegistry } from "../../core/create-registry.ts";
import type { Registry, RegistryOptions } from "../../core/registry.ts";
import type { Outcome } from "../../call/outcome.ts";
import {
  createMemoryIdempotencyStore,
  createMemoryOutcomeStore,
  type MemoryIdempotencyStore,
  type MemoryOutcomeStore,
} from "../../stores/memory/index.ts";
import { createFaultInjector } from "../../testing/fault-injector.ts";
import type { FaultOptions } from "../../testing/fault-options.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { StatusCheck } from "../../tool/resilience.ts";
import { toArgumentsDigest, toPassedKey } from "./record.ts";

const base = { description: "For tests.", access: { roles: ["USER"] }, timeoutMs: 1_000 } as const;
const principal = { id: "u1" };
const keyed = { principal, idempotencyKey: "k" };
const KEY = "default\0u1\0pay\0k";
const output = z.object({ n: z.number(), m: z.number().default(2) });

interface Opened {
  readonly registry: Registry;
  readonly clock: ManualClock;
  readonly store: MemoryIdempotencyStore;
  readonly list: MemoryOutcomeStore;
  /** What listeners were told, in order. */
  readonly told: string[];
}

interface Faults {
  readonly store?: Omit<FaultOptions, "seed" | "clock">;
  readonly list?: Omit<FaultOptions, "seed" | "clock">;
}

/** A registry with `pay`, which loses every answer; the stores have faults where an outcome is resolved. */
function open({ store: keys, list: lines }: Faults = {}, status?: StatusCheck, app?: unknown): Opened {
  const clock = createManualClock();
  const store = createMemoryIdempotencyStore({ clock });
  const list = createMemoryOutcomeStore();
  const pay = defineTool({
    ...base,
    name: "pay",
    version: "1.0.0",
    effect: "write",
    output,
    ...(status && { honoursKeys: true, status }),
    retry: false,
    handler: () => Promise.reject(Object.assign(new Error("x"), { code: "ECONNRESET" })),
  });
  const options: RegistryOptions = {
    tools: [pay],
    clock,
    app,
    idempotencyStore: keys ? createFaultInjector({ seed: 1, clock, ...keys }).wrapMethods(store, ["read"]) : store,
    outcomeStore: lines ? createFaultInjector({ seed: 1, clock, ...lines }).wrapMethods(list, ["remove"]) : list,
  };
  const registry = createRegistry(options);
  const told: string[] = [];
  registry.on("outcome.resolved", ({ outcome, effect, by }) => told.push(`resolved ${outcome.id} ${effect} ${by}`));
  registry.on("tool.failed", ({ callId, error }) => told.push(`failed ${callId}: ${(error as Error).message}`));
  return { registry, clock, store, list, told };
}

/** A call that was listed; its record is in that state. */
async function lose(opened: Opened, state: "stored" | "running" | "abandoned" | "absent"): Promise<string> {
  const { registry, store, list, clock, told } = opened;
  const id = "lost";
  const claim = { key: KEY, owner: id, version: "1.0.0", argumentsDigest: toArgumentsDigest({}), leaseMs: 60_000 };
  if (state !== "absent") store.claim(claim);
  if (state === "stored") {
    const lost = await registry.execute("pay", {}, { principal });
    for (const line of list.list({})) list.remove(line.id);
    store.store(KEY, id, JSON.stringify({ ...lost, meta: { ...lost.meta, callId: id } }), null);
  }
  if (state === "abandoned") await clock.advance(60_000);
  list.add({
    id,
    tenant: "default",
    principal: "u1",
    tool: "pay",
    version: "1.0.0",
    code: "OUTCOME_UNKNOWN",
    at: clock.now(),
    idempotencyKey: "k",
  });
  told.length = 0;
  return id;
}

const ask = ({ registry }: Opened): Promise<Outcome> => registry.execute("pay", {}, keyed);

describe("an outcome that is resolved", () => {
  it.each(["stored", "running", "abandoned"] as const)(
    "gives its key the output, also when it is %s",
    async (state) => {
      const opened = open();
      const id = await lose(opened, state);
      await opened.registry.outcomes.resolve(id, { effect: "applied", output: { n: 1, secret: "x" } });
      expect(await ask(opened)).toMatchObject({
        ok: true,
        output: { n: 1, m: 2 },
        content: [],
        meta: { tool: "pay", version: "1.0.0", digest: opened.registry.get("pay")?.digest, replayOf: id, attempts: 0 },
      });
      expect(opened.told).toEqual(["resolved lost applied operator"]);
      await opened.clock.advance(86_400_000);
      expect(opened.store.read(KEY)).toBeNull();
    },
  );

  it.each([
    ["is not said", { effect: "applied" } as const],
    ["does not fit", { effect: "applied", output: { n: "x" } } as const],
    ["is no JSON", { effect: "applied", output: () => 1 } as const],
  ])("says that its output is lost when it %s", async (_why, report) => {
    const opened = open();
    for (const state of ["stored", "running", "abandoned"] as const) {
      const id = await lose(opened, state);
      await opened.registry.outcomes.resolve(id, report);
      expect(await ask(opened)).toMatchObject({
        error: { code: "OUTPUT_LOST", effect: "applied", retryable: false },
        meta: { replayOf: id },
      });
      opened.store.release(KEY, id);
    }
  });

  it.each(["stored", "running", "abandoned", "absent"] as const)(
    "frees its key when nothing happened: %s",
    async (state) => {
      const opened = open();
      const id = await lose(opened, state);
      await opened.registry.outcomes.resolve(id, { effect: "none" });
      expect(opened.store.read(KEY)).toBeNull();
      expect(opened.list.list({})).toEqual([]);
      expect(opened.told).toEqual(["resolved lost none operator"]);
    },
  );

  it("has no output when its version is published no longer", async () => {
    const opened = open();
    await opened.registry.register(
      defineTool({ ...base, name: "pay", version: "2.0.0", effect: "write", handler: () => 2 }),
    );
    const id = await lose(opened, "abandoned");
    await opened.registry.unregister("pay@1.0.0");
    await opened.registry.outcomes.resolve(id, { effect: "applied", output: { n: 1 } });
    expect(await ask(opened)).toMatchObject({
      error: { code: "OUTPUT_LOST" },
      meta: { version: "1.0.0", digest: null },
    });
  });

  it("changes neither a key that is known by now, nor one that somebody else has", async () => {
    for (const owner of ["lost", "other"]) {
      for (const report of [{ effect: "none" } as const, { effect: "applied", output: { n: 5 } } as const]) {
        const opened = open();
        const id = await lose(opened, "absent");
        const known = { ok: true, output: { n: 9 }, content: [], meta: { callId: owner } };
        opened.store.claim({ key: KEY, owner, version: "1.0.0", argumentsDigest: toArgumentsDigest({}), leaseMs: 1 });
        opened.store.store(KEY, owner, JSON.stringify(known), null);
        await opened.registry.outcomes.resolve(id, report);
        expect(await ask(opened)).toMatchObject({ ok: true, output: { n: 9 }, meta: { replayOf: owner } });
        expect(opened.list.list({})).toEqual([]);
      }
    }
  });

  it("has no key to settle when its call had none", async () => {
    const opened = open();
    const { meta } = await opened.registry.execute("pay", {}, { principal });
    await opened.registry.outcomes.resolve(meta.callId, { effect: "applied", output: { n: 1 } });
    expect(opened.list.list({})).toEqual([]);
    expect(opened.store.size).toBe(0);
  });

  it.each([
    ["fails", { error: { rate: 1 } }, 0],
    ["hangs", { hang: { rate: 1 } }, 5_000],
  ])("stays listed when the store of keys %s, and who resolves it is told", async (_how, store, waitMs) => {
    const opened = open({ store });
    const id = await lose(opened, "abandoned");
    const resolving = Promise.allSettled([opened.registry.outcomes.resolve(id, { effect: "none" })]);
    await opened.clock.advance(waitMs);
    expect(await resolving).toMatchObject([{ status: "rejected" }]);
    expect(opened.list.list({})).toMatchObject([{ id }]);
    expect(opened.told).toEqual([]);
    expect(opened.clock.pending).toBe(0);
  });

  it("stays listed when the list has taken it off and failed to say so", async () => {
    const opened = open({ list: { dropAfterCommit: { rate: 1 } } });
    const id = await lose(opened, "abandoned");
    await expect(opened.registry.outcomes.resolve(id, { effect: "none" })).rejects.toThrow();
    expect(opened.list.list({})).toMatchObject([{ id }]);
    expect(opened.store.read(KEY)).toMatchObject({ state: "abandoned" });
  });
});

describe("a status check", () => {
  it("is asked with the key that the tool was given, the app and a signal that ends with the answer", async () => {
    const questions: { key: string; app: unknown; signal: AbortSignal }[] = [];
    const opened = open(
      {},
      (key, { app, signal }) => {
        questions.push({ key, app, signal });
        return { effect: "applied", output: { n: 1 } };
      },
      { name: "app" },
    );
    const id = await lose(opened, "stored");
    expect(await opened.registry.outcomes.check(id)).toBe(1);
    expect(questions).toMatchObject([{ key: toPassedKey(KEY), app: { name: "app" } }]);
    expect(questions[0]?.signal.aborted).toBe(true);
    expect(await ask(opened)).toMatchObject({ ok: true, output: { n: 1, m: 2 } });
    expect(opened.told).toEqual(["resolved lost applied status"]);
    expect(opened.clock.pending).toBe(0);
  });

  it.each<[string, StatusCheck, string]>([
    [
      "throws",
      () => {
        throw new Error("down");
      },
      "down",
    ],
    ["rejects", () => Promise.reject(new Error("down")), "down"],
    ["says nothing", () => undefined as never, 'status: expected { effect: "applied", "none" or "unknown" }'],
    ["says null", () => null as never, 'status: expected { effect: "applied", "none" or "unknown" }'],
    ["says yes", async () => true as never, 'status: expected { effect: "applied", "none" or "unknown" }'],
    [
      "says something else",
      () => ({ effect: "perhaps" }) as never,
      'status: expected { effect: "applied", "none" or "unknown" }',
    ],
  ])("that %s does not know, and the operator is told", async (_what, status, message) => {
    const opened = open({}, status);
    const id = await lose(opened, "stored");
    expect(await opened.registry.outcomes.check(id)).toBe(0);
    expect(await ask(opened)).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
    expect(opened.told).toEqual([`failed lost: ${message}`, `failed lost: ${message}`]);
    expect(opened.list.list({})).toHaveLength(1);
    expect(opened.clock.pending).toBe(0);
  });

  it("that does not know changes nothing", async () => {
    const opened = open({}, () => ({ effect: "unknown" }));
    const id = await lose(opened, "stored");
    expect(await opened.registry.outcomes.check(id)).toBe(0);
    expect(opened.told).toEqual([]);
    expect(opened.store.read(KEY)).toMatchObject({ state: "stored", owner: id });
  });

  it("that hangs is given up after the tool's time, its signal aborted", async () => {
    const signals: AbortSignal[] = [];
    const opened = open({}, (_key, { signal }) => {
      signals.push(signal);
      return new Promise(() => {});
    });
    const id = await lose(opened, "stored");
    const checking = opened.registry.outcomes.check(id);
    await opened.clock.advance(999);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await opened.clock.advance(1);
    expect(await checking).toBe(0);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(opened.told).toEqual(["failed lost: status of pay did not finish within 1000 ms"]);
    expect(opened.clock.pending).toBe(0);
  });

  it("that lies about the output is believed about the effect", async () => {
    const opened = open({}, () => ({ effect: "applied", output: "done" }));
    await lose(opened, "stored");
    expect(await ask(opened)).toMatchObject({ error: { code: "OUTPUT_LOST", effect: "applied" } });
  });

  it("is not believed that nothing happened while the handler still runs", async () => {
    let end = (_output: unknown): void => {};
    const clock = createManualClock();
    const registry = createRegistry({
      clock,
      tools: [
        defineTool({
          ...base,
          name: "slow",
          version: "1.0.0",
          effect: "write",
          honoursKeys: true,
          status: () => ({ effect: "none" }),
          handler: () => new Promise((resolve) => (end = resolve)),
        }),
      ],
    });
    const call = registry.execute("slow", {}, keyed);
    await clock.advance(1_000);
    const { meta } = await call;
    expect(await registry.outcomes.check(meta.callId)).toBe(0);
    expect(await registry.execute("slow", {}, keyed)).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
    end("done");
    for (let turn = 0; turn < 5; turn++) await clock.advance(0);
    expect(await registry.execute("slow", {}, keyed)).toMatchObject({ ok: true, output: "done" });
  });

  it("is not there for a call without a key, nor for a version that is published no longer", async () => {
    let asked = 0;
    const opened = open({}, () => {
      asked++;
      return { effect: "none" };
    });
    const { meta } = await opened.registry.execute("pay", {}, { principal });
    expect(await opened.registry.outcomes.check(meta.callId)).toBe(0);
    const id = await lose(opened, "abandoned");
    await opened.registry.unregister("pay");
    expect(await opened.registry.outcomes.check(id)).toBe(0);
    expect(asked).toBe(0);
  });
});
