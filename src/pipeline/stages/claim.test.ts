import { describe, expect, it } from "vitest";
import { createRegistry } from "../../core/create-registry.ts";
import type { Registry, RegistryOptions } from "../../core/registry.ts";
import type { IdempotencyClaim, IdempotencyStore } from "../../ports/idempotency-store.ts";
import type { OutcomeStore, UnknownOutcome } from "../../ports/outcome-store.ts";
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
import { toArgumentsDigest } from "../idempotency/record.ts";
import { toList, toParts } from "../../../test/store-parts.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] } } as const;
const principal = { id: "u1" };
const keyed = { principal, idempotencyKey: "k" };
const KEY = "default\0u1\0pay\0k";

interface Opened {
  readonly registry: Registry;
  readonly clock: ManualClock;
  /** The stores themselves, without faults. */
  readonly store: MemoryIdempotencyStore;
  readonly list: MemoryOutcomeStore;
  /** Stores that failed, with what they failed with. */
  readonly failures: unknown[];
  runs(): number;
}

interface Stores {
  readonly store?: (store: MemoryIdempotencyStore, clock: ManualClock) => IdempotencyStore;
  readonly list?: (list: MemoryOutcomeStore, clock: ManualClock) => OutcomeStore;
}

/** A registry with `pay`, a tool that writes, and `look`, one that reads. */
function open({ store: keys, list: lines }: Stores = {}, options: RegistryOptions = {}): Opened {
  const clock = createManualClock();
  const store = createMemoryIdempotencyStore({ clock });
  const list = createMemoryOutcomeStore();
  let runs = 0;
  const handler = async (): Promise<{ run: number }> => ({ run: ++runs });
  const tools = [
    defineTool({ ...base, name: "pay", effect: "write", timeoutMs: 1_000, handler }),
    defineTool({ ...base, name: "look", effect: "read", timeoutMs: 1_000, handler }),
  ];
  const registry = createRegistry({
    tools,
    clock,
    idempotencyStore: keys?.(store, clock) ?? store,
    outcomeStore: lines?.(list, clock) ?? list,
    ...options,
  });
  const failures: unknown[] = [];
  registry.on("store.failed", ({ store: name, error }) => failures.push([name, (error as Error).message]));
  return { registry, clock, store, list, failures, runs: () => runs };
}

/** Stores one of whose operations has a fault each time. */
function withFault(operation: "claim" | "release", fault: Omit<FaultOptions, "seed" | "clock">): Stores {
  return {
    store: (store, clock) => createFaultInjector({ seed: 1, clock, ...fault }).wrapMethods(store, [operation]),
  };
}

const down = (): never => {
  throw new Error("store is down");
};
const always = { rate: 1 };
const UNAVAILABLE = { ok: false, error: { code: "IDEMPOTENCY_UNAVAILABLE", effect: "none", retryable: true } };
const TIMED_OUT = { ok: false, error: { code: "TIMEOUT", effect: "none" } };

describe("a key", () => {
  it("is taken for the version, the arguments and the time that the call has, and a minute more", async () => {
    const claims: IdempotencyClaim[] = [];
    const { registry } = open({
      store: (store) => ({
        ...toParts(store),
        claim: (claim) => {
          claims.push(claim);
          return store.claim(claim);
        },
      }),
    });
    const outcome = await registry.execute("pay", {}, { ...keyed, timeoutMs: 400 });
    expect(claims).toEqual([
      {
        key: KEY,
        owner: outcome.meta.callId,
        version: "1.0.0",
        argumentsDigest: toArgumentsDigest({}),
        leaseMs: 60_400,
      },
    ]);
  });

  it.each([
    ["arguments that do not fit", "INVALID_INPUT", {}, { nothing: 1 }],
    ["a quota that is used up", "QUOTA_EXCEEDED", { limits: [{ per: [], capacity: 1, windowMs: 1_000 }] }, {}],
    ["a hook", "HOOK_REFUSED", { hooks: { beforeAttempt: () => ({ refuse: "Closed." }) } }, {}],
  ] as const)("is not taken by a call that is refused for %s", async (_why, code, options, input) => {
    const opened = open({}, options);
    if (code === "QUOTA_EXCEEDED") await opened.registry.execute("look", {}, { principal });
    expect(await opened.registry.execute("pay", input, keyed)).toMatchObject({ error: { code } });
    expect(opened.store.size).toBe(0);
  });

  it("is free again after a call whose handler was not entered", async () => {
    let runs = 0;
    const sick = defineTool({
      ...base,
      name: "sick",
      effect: "write",
      breaker: { failures: 1, openMs: 1_000 },
      handler: (): number => {
        if (++runs === 1) throw new Error("sick");
        return runs;
      },
    });
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock });
    const registry = createRegistry({ tools: [sick], clock, idempotencyStore: store });
    await registry.execute(sick, {}, { principal });
    expect(await registry.execute(sick, {}, keyed)).toMatchObject({ error: { code: "BREAKER_OPEN" } });
    expect(store.size).toBe(0);
    await clock.advance(1_000);
    expect(await registry.execute(sick, {}, keyed)).toMatchObject({ ok: true, output: 2 });
  });

  it("goes to one of two calls that both found it free, and the other gets the outcome", async () => {
    const opened = open({
      store: (store, clock) =>
        createFaultInjector({ seed: 1, clock, latency: { rate: 1, minMs: 10, maxMs: 10 } }).wrapMethods(store, [
          "read",
          "claim",
        ]),
    });
    const calls = [1, 2].map(() => opened.registry.execute("pay", {}, keyed));
    await opened.clock.advance(100);
    const [one, other] = await Promise.all(calls);
    expect(one).toMatchObject({ ok: true, output: { run: 1 }, meta: { replayOf: null } });
    expect(other).toMatchObject({ ok: true, output: { run: 1 }, meta: { replayOf: one?.meta.callId } });
    expect(opened.runs()).toBe(1);
    expect(opened.clock.pending).toBe(0);
  });

  it("is taken at the second try when who had it has given it back", async () => {
    let tries = 0;
    const opened = open({
      store: (store) => ({
        ...toParts(store),
        claim: (claim) => {
          const { version, argumentsDigest } = claim;
          const record = { state: "running", owner: "other", version, argumentsDigest } as const;
          return ++tries === 1 ? { ok: false, record } : store.claim(claim);
        },
      }),
    });
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, output: { run: 1 } });
    expect(opened.store.read(KEY)).toMatchObject({ state: "stored" });
    expect(tries).toBe(2);
  });

  it("is refused while no more can be kept, with the time until one can", async () => {
    const clock = createManualClock();
    const store = createMemoryIdempotencyStore({ clock, maxRecords: 1 });
    const { registry } = open({}, { clock, idempotencyStore: store, idempotencyKeepMs: 5_000 });
    expect((await registry.execute("pay", {}, keyed)).ok).toBe(true);
    await clock.advance(2_000);
    const next = { principal, idempotencyKey: "next" };
    expect(await registry.execute("pay", {}, next)).toMatchObject({
      error: { code: "OVERLOADED", effect: "none", retryable: true, retryAfterMs: 3_000 },
    });
    await clock.advance(3_000);
    expect(await registry.execute("pay", {}, next)).toMatchObject({ ok: true, output: { run: 2 } });
  });
});

describe("a store in which no key can be taken", () => {
  it("refuses the call when it throws, and nothing is left taken", async () => {
    const opened = open({ store: (store) => ({ ...toParts(store), claim: down }) });
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(UNAVAILABLE);
    expect(opened.failures).toEqual([["idempotency", "store is down"]]);
    expect(opened.runs()).toBe(0);
    expect(opened.store.size).toBe(0);
    expect(opened.clock.pending).toBe(0);
  });

  it.each([
    ["fails", { error: always }],
    ["has done it and loses its answer", { dropAfterCommit: always }],
  ])("refuses the call when it %s, and nothing is left taken", async (_how, fault) => {
    const opened = open(withFault("claim", fault));
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(UNAVAILABLE);
    expect(opened.failures).toHaveLength(1);
    expect(opened.runs()).toBe(0);
    expect(opened.store.size).toBe(0);
    expect(opened.clock.pending).toBe(0);
  });

  it.each([
    ["hangs", { hang: always }],
    ["has done it and hangs", { hangAfterCommit: always }],
  ])("holds the call until its deadline when it %s, and nothing is left taken", async (_how, fault) => {
    const opened = open(withFault("claim", fault));
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(1_000);
    expect(await call).toMatchObject(TIMED_OUT);
    expect(opened.runs()).toBe(0);
    expect(opened.store.size).toBe(0);
    expect(opened.clock.pending).toBe(0);
  });

  it("gives a key back that it grants after the call was answered", async () => {
    const opened = open(withFault("claim", { latency: { rate: 1, minMs: 2_000, maxMs: 2_000 } }));
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(1_000);
    expect(await call).toMatchObject(TIMED_OUT);
    await opened.clock.advance(1_000);
    expect(opened.store.size).toBe(0);
    expect(opened.failures).toEqual([]);
    expect(opened.clock.pending).toBe(0);
  });

  it("gives a key back that it took after the call was answered, when it then fails", async () => {
    const opened = open({
      store: (store, clock) => ({
        ...toParts(store),
        claim: (claim) =>
          new Promise((_, reject) => {
            clock.setTimer(2_000, () => {
              store.claim(claim);
              reject(new Error("connection reset"));
            });
          }),
      }),
    });
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(2_000);
    expect(await call).toMatchObject(TIMED_OUT);
    expect(opened.store.size).toBe(0);
  });

  it("tells the operator of a key that could not be given back so late", async () => {
    const opened = open({
      store: (store, clock) => {
        const slow = createFaultInjector({ seed: 1, clock, latency: { rate: 1, minMs: 2_000, maxMs: 2_000 } });
        return { ...toParts(store), claim: slow.wrap((claim: IdempotencyClaim) => store.claim(claim)), release: down };
      },
    });
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(1_000);
    expect(await call).toMatchObject({ error: { code: "TIMEOUT" }, meta: { warnings: [{ code: "NOT_REMEMBERED" }] } });
    await opened.clock.advance(1_000);
    expect(opened.failures).toEqual([
      ["idempotency", "store is down"],
      ["idempotency", "store is down"],
    ]);
  });

  it.each([
    ["fails", { error: always }, 0],
    ["hangs", { hang: always }, 5_000],
  ])("warns that the key may be taken when giving it back %s as well", async (_how, fault, waitMs) => {
    const opened = open({
      store: (store, clock) => {
        const release = createFaultInjector({ seed: 1, clock, ...fault }).wrap((key: string, owner: string) =>
          store.release(key, owner),
        );
        return { ...toParts(store), claim: down, release };
      },
    });
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(waitMs);
    expect(await call).toMatchObject({ ...UNAVAILABLE, meta: { warnings: [{ code: "NOT_REMEMBERED" }] } });
    expect(opened.failures).toHaveLength(2);
    expect(opened.clock.pending).toBe(0);
  });
});

describe("outcomes that are not known", () => {
  const toLine = (index: number): UnknownOutcome => ({
    id: `lost${index}`,
    tenant: "default",
    principal: "u1",
    tool: "pay",
    version: "1.0.0",
    code: "OUTCOME_UNKNOWN",
    at: 0,
    idempotencyKey: null,
  });

  it("stop the writes of a principal's tool when there are 1,000 of them, until one is resolved", async () => {
    const opened = open();
    for (let index = 0; index < 999; index++) opened.list.add(toLine(index));
    for (let index = 0; index < 1_000; index++) {
      opened.list.add({ ...toLine(1_000 + index), tool: "look" });
      opened.list.add({ ...toLine(2_000 + index), tenant: "acme" });
    }
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true });
    opened.list.add(toLine(999));
    for (const options of [{ principal }, { principal, idempotencyKey: "other" }]) {
      expect(await opened.registry.execute("pay", {}, options)).toMatchObject({
        error: {
          code: "OVERLOADED",
          effect: "none",
          retryable: true,
          message: expect.stringMatching(/1000 calls is not known; pay takes no more/) as string,
        },
      });
    }
    expect(opened.store.size).toBe(1);
    // What is known is given again, reading leaves nothing to be known, and nobody stops the calls of others.
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, output: { run: 1 } });
    expect(await opened.registry.execute("look", {}, { principal })).toMatchObject({ ok: true });
    expect(await opened.registry.execute("pay", {}, { principal: { id: "u2" } })).toMatchObject({ ok: true });
    await opened.registry.outcomes.resolve("lost500", { effect: "none" });
    expect(await opened.registry.execute("pay", {}, { principal })).toMatchObject({ ok: true });
  });

  it("stop all writes when there are 100,000 of them", async () => {
    const opened = open();
    for (let index = 0; index < 100_000; index++) opened.list.add({ ...toLine(index), principal: `u${index}` });
    expect(await opened.registry.execute("pay", {}, { principal })).toMatchObject({ error: { code: "OVERLOADED" } });
    await opened.registry.outcomes.resolve("lost7", { effect: "none" });
    expect(await opened.registry.execute("pay", {}, { principal })).toMatchObject({ ok: true });
  });

  it.each([
    ["throws", () => down()],
    ["rejects", () => Promise.reject(new Error("store is down"))],
  ])("refuse a write when they cannot be counted, because the store %s", async (_how, count) => {
    const opened = open({ list: (list) => ({ ...toList(list), count }) });
    for (const options of [keyed, { principal }]) {
      expect(await opened.registry.execute("pay", {}, options)).toMatchObject(UNAVAILABLE);
    }
    expect(opened.failures).toEqual([
      ["outcomes", "store is down"],
      ["outcomes", "store is down"],
    ]);
    expect(opened.runs()).toBe(0);
    expect(opened.store.size).toBe(0);
    expect(await opened.registry.execute("look", {}, keyed)).toMatchObject({ ok: true });
  });

  it("hold a write until its deadline while they are being counted", async () => {
    const opened = open({
      list: (list, clock) => createFaultInjector({ seed: 1, clock, hang: always }).wrapMethods(list, ["count"]),
    });
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(1_000);
    expect(await call).toMatchObject(TIMED_OUT);
    expect(opened.store.size).toBe(0);
    expect(opened.clock.pending).toBe(0);
  });
});
