import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createMemoryAuditSink } from "../../audit/index.ts";
import { createRegistry } from "../../core/create-registry.ts";
import type { Registry, RegistryOptions } from "../../core/registry.ts";
import type { Outcome } from "../../call/outcome.ts";
import { ToolError } from "../../errors/tool-error.ts";
import type { IdempotencyStore } from "../../ports/idempotency-store.ts";
import { createMemoryIdempotencyStore, type MemoryIdempotencyStore } from "../../stores/memory/index.ts";
import { createFaultInjector } from "../../testing/fault-injector.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import { toArgumentsDigest } from "../idempotency/record.ts";
import { toParts } from "../../../test/store-parts.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] } } as const;
const principal = { id: "u1" };
const idempotencyKey = "k";
const keyed = { principal, idempotencyKey };
const KEY = "default\0u1\0pay\0k";

interface Opened {
  readonly registry: Registry;
  readonly clock: ManualClock;
  /** The store itself, without faults. */
  readonly store: MemoryIdempotencyStore;
  readonly failures: unknown[];
  /** How often the handler of `pay` was entered. */
  runs(): number;
  /** Lets its handlers end. */
  end(): Promise<void>;
}

/** A registry with `pay`, a tool that writes and ends when it is told to. */
function open(
  options: RegistryOptions = {},
  toStore = (store: MemoryIdempotencyStore, _clock: ManualClock): IdempotencyStore => store,
): Opened {
  const clock = createManualClock();
  const store = createMemoryIdempotencyStore({ clock });
  let runs = 0;
  let waiting: (() => void)[] = [];
  const tool = defineTool({
    ...base,
    name: "pay",
    effect: "write",
    timeoutMs: 1_000,
    input: { type: "object" },
    handler: async () => {
      const run = ++runs;
      await new Promise<void>((resolve) => waiting.push(resolve));
      return { run };
    },
  });
  const registry = createRegistry({ tools: [tool], clock, idempotencyStore: toStore(store, clock), ...options });
  const failures: unknown[] = [];
  registry.on("store.failed", ({ store: name, error }) => failures.push([name, (error as Error).message]));
  return {
    registry,
    clock,
    store,
    failures,
    runs: () => runs,
    end: async () => {
      await clock.advance(0);
      const ended = waiting;
      waiting = [];
      for (const resolve of ended) resolve();
      await clock.advance(0);
    },
  };
}

/** Makes the call and lets it end. */
async function pay({ registry, end }: Opened, input: unknown = {}, options: object = {}): Promise<Outcome> {
  const call = registry.execute("pay", input, { ...keyed, ...options });
  await end();
  return call;
}

/** A record of somebody else, who is at it. */
function take({ store }: Opened, input: unknown = {}, version = "1.0.0"): void {
  store.claim({ key: KEY, owner: "other", version, argumentsDigest: toArgumentsDigest(input), leaseMs: 60_000 });
}

describe("a call with a key that is known", () => {
  it("gets the stored outcome: no second run, no quota, no validation, and it says whose it is", async () => {
    const sink = createMemoryAuditSink();
    const opened = open({ limits: [{ per: ["principal"], capacity: 1, windowMs: 1_000 }], audit: sink });
    const first = await pay(opened);
    const again = await opened.registry.execute("pay", {}, keyed);
    expect(first).toMatchObject({ ok: true, output: { run: 1 }, meta: { replayOf: null, attempts: 1 } });
    expect(again).toEqual({
      ...first,
      meta: { ...first.meta, callId: again.meta.callId, attempts: 0, replayOf: first.meta.callId },
    });
    expect(again.meta.callId).not.toBe(first.meta.callId);
    expect(sink.events.map(({ type, answeredBy }) => [type, answeredBy])).toEqual([
      ["call.succeeded", "tool"],
      ["call.succeeded", "replay"],
    ]);
    expect(opened.runs()).toBe(1);
    expect(opened.clock.pending).toBe(0);
  });

  it.each([
    ["no object", undefined, null],
    ["an object and its text", { b: [1, { d: "x", c: null }], a: 1 }, ' {"a": 1.0, "b": [1, {"c": null, "d": "x"}]} '],
    ["no text", "", {}],
    ["members without a value", { a: undefined, b: 1 }, '{"b":1}'],
  ])("has the same arguments, whatever their form: %s", async (_name, first, again) => {
    const opened = open();
    await pay(opened, first);
    expect(await opened.registry.execute("pay", again, keyed)).toMatchObject({ ok: true, output: { run: 1 } });
  });

  it("and other arguments is refused, before the first call has ended and after", async () => {
    const opened = open();
    const first = opened.registry.execute("pay", { amount: 1 }, keyed);
    await opened.clock.advance(0);
    const conflict = { error: { code: "IDEMPOTENCY_CONFLICT", effect: "none", retryable: false } };
    expect(await opened.registry.execute("pay", { amount: 2 }, keyed)).toMatchObject(conflict);
    await opened.end();
    await first;
    expect(await opened.registry.execute("pay", { amount: 2 }, keyed)).toMatchObject(conflict);
    expect(opened.runs()).toBe(1);
  });

  it("gets a failure again that came from the handler, with all that it says", async () => {
    let runs = 0;
    const refuse = defineTool({
      ...base,
      name: "refuse",
      effect: "write",
      handler: () => {
        runs++;
        throw new ToolError("NO_FUNDS", "Not enough.", { effect: "none", details: { left: 1 }, retryAfterMs: 5 });
      },
    });
    const registry = createRegistry({ tools: [refuse] });
    const first = await registry.execute(refuse, {}, keyed);
    const again = await registry.execute(refuse, {}, keyed);
    expect(again).toMatchObject({ ok: false, error: { code: "TOOL_ERROR", toolCode: "NO_FUNDS", effect: "none" } });
    expect(!again.ok && !first.ok && again.error).toEqual(!first.ok && first.error);
    expect(runs).toBe(1);
  });

  it("is another call for another tenant, principal or tool", async () => {
    const opened = open();
    const other = defineTool({ ...base, name: "other", effect: "write", handler: () => "other" });
    await opened.registry.register(other);
    await pay(opened);
    expect(await pay(opened, {}, { principal: { id: "u2" } })).toMatchObject({ output: { run: 2 } });
    expect(await pay(opened, {}, { principal: { id: "u1", tenant: "acme" } })).toMatchObject({ output: { run: 3 } });
    expect(await opened.registry.execute(other, {}, keyed)).toMatchObject({
      output: "other",
      meta: { replayOf: null },
    });
    expect(await pay(opened, {}, { idempotencyKey: "K" })).toMatchObject({ output: { run: 4 } });
    expect(await pay(opened)).toMatchObject({ output: { run: 1 } });
  });

  it("gets the stored outcome of another version, although its schema would refuse the arguments now", async () => {
    const opened = open();
    const first = await pay(opened, { amount: 1 });
    const next = defineTool({
      ...base,
      name: "pay",
      version: "2.0.0",
      effect: "write",
      input: z.strictObject({ cents: z.number() }),
      handler: () => 2,
    });
    await opened.registry.register(next);
    const again = await opened.registry.execute("pay", { amount: 1 }, keyed);
    expect(again).toMatchObject({ output: { run: 1 }, meta: { version: "1.0.0", replayOf: first.meta.callId } });
    const fresh = await opened.registry.execute("pay", { amount: 1 }, { principal, idempotencyKey: "new" });
    expect(fresh).toMatchObject({ error: { code: "INVALID_INPUT" } });
  });

  it("learns nothing when it may not see the tool any more", async () => {
    const opened = open();
    await pay(opened);
    await opened.registry.permissions.set("pay", ["ADMIN"]);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ error: { code: "UNKNOWN_TOOL" } });
  });
});

describe("a call whose key is at work", () => {
  it("waits for the outcome, and leaves nothing behind", async () => {
    let watching = 0;
    const opened = open({}, (store) => ({
      read: (key) => store.read(key),
      claim: (claim) => store.claim(claim),
      store: (...given) => store.store(...given),
      release: (...given) => store.release(...given),
      watch: (key, onChange) => {
        const stop = store.watch(key, onChange);
        watching++;
        return () => {
          watching--;
          stop();
        };
      },
    }));
    const calls = [1, 2, 3].map(() => opened.registry.execute("pay", "{}", keyed));
    await opened.clock.advance(500);
    expect(watching).toBe(2);
    await opened.end();
    const outcomes = await Promise.all(calls);
    expect(outcomes.map((outcome) => outcome.ok && outcome.output)).toEqual([{ run: 1 }, { run: 1 }, { run: 1 }]);
    expect(watching).toBe(0);
    expect(opened.clock.pending).toBe(0);
  });

  it("is told at its deadline that the key is still in flight, and gets the outcome later", async () => {
    const opened = open();
    const first = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(0);
    const second = opened.registry.execute("pay", {}, { ...keyed, timeoutMs: 100 });
    await opened.clock.advance(100);
    expect(await second).toMatchObject({ error: { code: "IDEMPOTENCY_IN_FLIGHT", effect: "none", retryable: true } });
    await opened.end();
    expect(await first).toMatchObject({ ok: true });
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ output: { run: 1 } });
    expect(opened.clock.pending).toBe(0);
  });

  it("leaves when it is cancelled", async () => {
    const opened = open();
    take(opened);
    const controller = new AbortController();
    const call = opened.registry.execute("pay", {}, { ...keyed, signal: controller.signal });
    await opened.clock.advance(10);
    controller.abort();
    expect(await call).toMatchObject({ error: { code: "CANCELLED", effect: "none" } });
    expect(opened.store.read(KEY)).toMatchObject({ owner: "other", state: "running" });
    expect(opened.clock.pending).toBe(0);
  });

  it("is made when the key is given back", async () => {
    const opened = open();
    take(opened);
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(10);
    opened.store.release(KEY, "other");
    await opened.end();
    expect(await call).toMatchObject({ ok: true, output: { run: 1 }, meta: { replayOf: null } });
  });

  it("is refused when somebody else takes the key for other arguments meanwhile", async () => {
    const opened = open();
    take(opened);
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(10);
    opened.store.release(KEY, "other");
    take(opened, { amount: 2 });
    await opened.end();
    expect(await call).toMatchObject({ error: { code: "IDEMPOTENCY_CONFLICT" } });
  });
});

describe("a dry run with a key", () => {
  const dry = { ...keyed, dryRun: true };

  it("leaves the key as it is", async () => {
    const opened = open();
    expect(await opened.registry.execute("pay", {}, dry)).toMatchObject({ ok: true, meta: { dryRun: true } });
    expect(opened.store.size).toBe(0);
    expect(await pay(opened)).toMatchObject({ ok: true, output: { run: 1 } });
  });

  it("gets what a call would get, without waiting", async () => {
    const opened = open();
    const first = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(0);
    expect(await opened.registry.execute("pay", {}, dry)).toMatchObject({ error: { code: "IDEMPOTENCY_IN_FLIGHT" } });
    expect(await opened.registry.execute("pay", { a: 1 }, dry)).toMatchObject({
      error: { code: "IDEMPOTENCY_CONFLICT" },
    });
    await opened.end();
    await first;
    expect(await opened.registry.execute("pay", {}, dry)).toMatchObject({
      ok: true,
      output: { run: 1 },
      meta: { dryRun: true, replayOf: (await first).meta.callId },
    });
  });

  it("neither lists nor asks when the first call was lost", async () => {
    const opened = open();
    const unknown: unknown[] = [];
    opened.registry.on("outcome.unknown", (event) => unknown.push(event));
    take(opened);
    await opened.clock.advance(60_000);
    expect(await opened.registry.execute("pay", {}, dry)).toMatchObject({
      error: { code: "OUTCOME_UNKNOWN", effect: "unknown" },
    });
    expect(await opened.registry.outcomes.list()).toEqual([]);
    expect(unknown).toEqual([]);
  });
});

describe("a store that cannot be read", () => {
  const refused = {
    error: { code: "IDEMPOTENCY_UNAVAILABLE", effect: "none", retryable: true },
    meta: { warnings: [], replayOf: null },
  };

  it.each([
    ["throws", true],
    ["rejects", false],
  ])("refuses the call when it %s, and the handler is not entered", async (_how, isSync) => {
    const opened = open({}, (store) => ({
      ...toParts(store),
      read: () => {
        if (isSync) throw new Error("store is down");
        return Promise.reject(new Error("store is down"));
      },
    }));
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(refused);
    expect(opened.failures).toEqual([["idempotency", "store is down"]]);
    expect(opened.runs()).toBe(0);
    expect(opened.store.size).toBe(0);
    expect(opened.clock.pending).toBe(0);
    // A call without a key needs no store of keys.
    const keyless = opened.registry.execute("pay", {}, { principal });
    await opened.end();
    expect(await keyless).toMatchObject({ ok: true });
  });

  it("holds the call until its deadline when it hangs", async () => {
    const opened = open({}, (store, clock) =>
      createFaultInjector({ seed: 1, clock, hang: { rate: 1 } }).wrapMethods(store, ["read"]),
    );
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(1_000);
    expect(await call).toMatchObject({ error: { code: "TIMEOUT", effect: "none" } });
    expect(opened.clock.pending).toBe(0);
    expect(opened.store.size).toBe(0);
  });

  it("delays the call when it is slow", async () => {
    const opened = open({}, (store, clock) =>
      createFaultInjector({ seed: 1, clock, latency: { rate: 1, minMs: 300, maxMs: 300 } }).wrapMethods(store, [
        "read",
      ]),
    );
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(300);
    await opened.end();
    expect(await call).toMatchObject({ ok: true });
    const again = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(300);
    expect(await again).toMatchObject({ ok: true, output: { run: 1 } });
    expect(opened.clock.pending).toBe(0);
  });

  it("refuses a call that would have to wait when keys cannot be watched", async () => {
    const opened = open({}, (store) => ({
      ...toParts(store),
      watch: () => {
        throw new Error("no more channels");
      },
    }));
    take(opened);
    const rejections: unknown[] = [];
    const onRejection = (reason: unknown): void => void rejections.push(reason);
    process.on("unhandledRejection", onRejection);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(refused);
    await new Promise((resolve) => process.nextTick(resolve));
    process.off("unhandledRejection", onRejection);
    expect(rejections).toEqual([]);
    expect(opened.failures).toEqual([["idempotency", "no more channels"]]);
  });

  it("refuses the call when what is stored cannot be read", async () => {
    const opened = open();
    take(opened);
    opened.store.store(KEY, "other", "{", null);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(refused);
    expect(opened.failures).toHaveLength(1);
  });
});

describe("executeAll", () => {
  it("makes one call of two with one key, and both get its outcome in their places", async () => {
    const opened = open();
    const calls = [{}, "{}", { amount: 1 }].map((input) => ({ tool: "pay", input, idempotencyKey }));
    for (const concurrency of [8, 1]) {
      const outcomes = opened.registry.executeAll(calls, { principal, concurrency });
      await opened.end();
      expect(await outcomes).toMatchObject([
        { ok: true, output: { run: 1 } },
        { ok: true, output: { run: 1 } },
        { ok: false, error: { code: "IDEMPOTENCY_CONFLICT" } },
      ]);
    }
    expect(opened.runs()).toBe(1);
    expect(opened.clock.pending).toBe(0);
  });
});
