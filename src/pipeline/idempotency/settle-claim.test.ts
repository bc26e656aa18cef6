import { describe, expect, it } from "vitest";
import { createMemoryAuditSink } from "../../audit/index.ts";
import { createRegistry } from "../../core/create-registry.ts";
import type { Registry, RegistryOptions } from "../../core/registry.ts";
import type { Outcome } from "../../call/outcome.ts";
import { ToolError } from "../../errors/tool-error.ts";
import type { IdempotencyStore } from "../../ports/idempotency-store.ts";
import type { OutcomeStore } from "../../ports/outcome-store.ts";
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
import { toList, toParts } from "../../../test/store-parts.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] }, timeoutMs: 1_000 } as const;
const principal = { id: "u1" };
const keyed = { principal, idempotencyKey: "k" };
const KEY = "default\0u1\0pay\0k";
const DAY = 86_400_000;
const LOST = { error: { code: "OUTCOME_UNKNOWN", effect: "unknown" } };
const NOT_REMEMBERED = { meta: { warnings: [{ code: "NOT_REMEMBERED", sunsetAt: null }] } };

interface Opened {
  readonly registry: Registry;
  readonly clock: ManualClock;
  readonly store: MemoryIdempotencyStore;
  readonly list: MemoryOutcomeStore;
  /** What listeners and stores were told, in order. */
  readonly told: string[];
}

interface Options extends RegistryOptions {
  readonly keys?: (store: MemoryIdempotencyStore, clock: ManualClock) => IdempotencyStore;
  readonly lines?: (list: MemoryOutcomeStore, clock: ManualClock) => OutcomeStore;
}

function open(tools: RegistryOptions["tools"], { keys, lines, ...options }: Options = {}): Opened {
  const clock = createManualClock();
  const store = createMemoryIdempotencyStore({ clock });
  const list = createMemoryOutcomeStore();
  const registry = createRegistry({
    tools: tools ?? [],
    clock,
    idempotencyStore: keys?.(store, clock) ?? store,
    outcomeStore: lines?.(list, clock) ?? list,
    ...options,
  });
  const told: string[] = [];
  registry.on("outcome.unknown", ({ code }) => told.push(`unknown ${code}`));
  registry.on("outcome.resolved", ({ effect, by }) => told.push(`resolved ${effect} ${by}`));
  registry.on("store.failed", ({ store: name, error }) => told.push(`failed ${name}: ${(error as Error).message}`));
  return { registry, clock, store, list, told };
}

/** A tool that writes and does at once what it is told. */
function toTool(handler: () => unknown, effect: "read" | "write" = "write") {
  return defineTool({ ...base, name: "pay", effect, retry: false, handler });
}

const one = toTool(() => ({ n: 1 }));
const lose = toTool(() => {
  throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
});

function withFault(operation: "store" | "release", fault: Omit<FaultOptions, "seed" | "clock">): Options {
  return { keys: (store, clock) => createFaultInjector({ seed: 1, clock, ...fault }).wrapMethods(store, [operation]) };
}

const always = { rate: 1 };

describe("what is kept under a key", () => {
  it("is the outcome of a call whose handler was entered, as long as the registry says", async () => {
    const opened = open([one], { idempotencyKeepMs: 5_000 });
    await opened.registry.execute(one, {}, keyed);
    await opened.clock.advance(4_999);
    expect(await opened.registry.execute(one, {}, keyed)).toMatchObject({ ok: true, meta: { attempts: 0 } });
    await opened.clock.advance(1);
    expect(await opened.registry.execute(one, {}, keyed)).toMatchObject({ ok: true, meta: { replayOf: null } });
  });

  it("is kept for 24 hours when the registry says nothing", async () => {
    const opened = open([one]);
    await opened.registry.execute(one, {}, keyed);
    await opened.clock.advance(DAY - 1);
    expect(opened.store.read(KEY)).toMatchObject({ state: "stored" });
    await opened.clock.advance(1);
    expect(opened.store.read(KEY)).toBeNull();
  });

  it("is what the call came to before hooks changed it, and hooks see it again", async () => {
    const seen: Outcome[] = [];
    const opened = open([one], {
      hooks: {
        afterOutcome: (_, outcome) => {
          seen.push(outcome);
          return { ok: true, output: seen.length, content: [], meta: outcome.meta };
        },
      },
    });
    expect(await opened.registry.execute(one, {}, keyed)).toMatchObject({ output: 1 });
    expect(await opened.registry.execute(one, {}, keyed)).toMatchObject({ output: 2, meta: { attempts: 0 } });
    expect(seen).toMatchObject([{ output: { n: 1 } }, { output: { n: 1 } }]);
  });

  it("is nothing in a dry run, and nothing of a call without a key", async () => {
    const opened = open([one]);
    await opened.registry.execute(one, {}, { ...keyed, dryRun: true });
    await opened.registry.execute(one, {}, { principal });
    expect(opened.store.size).toBe(0);
  });

  it.each([
    ["fails", { error: always }, 0],
    ["hangs", { hang: always }, 5_000],
  ])("is missed with a warning when the store %s, and then the outcome is not known", async (_how, fault, waitMs) => {
    const sink = createMemoryAuditSink();
    const opened = open([one], { ...withFault("store", fault), audit: sink });
    const call = opened.registry.execute(one, {}, keyed);
    await opened.clock.advance(waitMs);
    expect(await call).toMatchObject({ ok: true, output: { n: 1 }, ...NOT_REMEMBERED });
    expect(opened.told).toHaveLength(1);
    expect(opened.told[0]).toMatch(/^failed idempotency: /);
    expect(sink.events).toMatchObject([{ type: "call.succeeded", effect: "applied" }]);
    expect(opened.clock.pending).toBe(0);
    // As long as the call could be under way, others wait for it.
    const soon = opened.registry.execute(one, {}, keyed);
    await opened.clock.advance(1_000);
    expect(await soon).toMatchObject({ error: { code: "IDEMPOTENCY_IN_FLIGHT" } });
    await opened.clock.advance(60_000);
    expect(await opened.registry.execute(one, {}, keyed)).toMatchObject(LOST);
    expect(await opened.registry.outcomes.list()).toMatchObject([{ id: (await call).meta.callId }]);
  });

  it("is there although the store lost its answer", async () => {
    const opened = open([one], withFault("store", { dropAfterCommit: always }));
    expect(await opened.registry.execute(one, {}, keyed)).toMatchObject({ ok: true, ...NOT_REMEMBERED });
    expect(await opened.registry.execute(one, {}, keyed)).toMatchObject({ ok: true, output: { n: 1 } });
  });

  it("holds the answer while the store is slow, up to five seconds", async () => {
    for (const [delayMs, warnings] of [
      [4_999, []],
      [5_001, [{ code: "NOT_REMEMBERED" }]],
    ] as const) {
      const opened = open([one], withFault("store", { latency: { rate: 1, minMs: delayMs, maxMs: delayMs } }));
      let answered = false;
      const call = opened.registry.execute(one, {}, keyed).then((outcome) => {
        answered = true;
        return outcome;
      });
      await opened.clock.advance(4_000);
      expect(answered).toBe(false);
      await opened.clock.advance(1_001);
      expect(await call).toMatchObject({ ok: true, meta: { warnings } });
      // What comes late is kept all the same.
      expect(opened.store.read(KEY)).toMatchObject({ state: "stored" });
      expect(opened.clock.pending).toBe(0);
    }
  });

  it("is missed with a warning when the key is somebody else's by now", async () => {
    const opened = open([
      toTool(() => {
        const { store } = opened;
        const owner = store.read(KEY)?.owner ?? "";
        store.release(KEY, owner);
        store.claim({ key: KEY, owner: "other", version: "1.0.0", argumentsDigest: "", leaseMs: 1_000 });
        return 1;
      }),
    ]);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, ...NOT_REMEMBERED });
    expect(opened.store.read(KEY)).toMatchObject({ owner: "other", state: "running" });
  });
});

describe("what is listed", () => {
  it("is a call of a tool that writes whose effect nobody knows of, with a key or without", async () => {
    const opened = open([lose]);
    const at = opened.clock.now();
    const withKey = await opened.registry.execute(lose, {}, keyed);
    const without = await opened.registry.execute(lose, {}, { principal: { id: "u2", tenant: "acme" } });
    expect(withKey).toMatchObject(LOST);
    const line = { tool: "pay", version: "1.0.0", code: "OUTCOME_UNKNOWN", at };
    expect(await opened.registry.outcomes.list()).toEqual([
      { ...line, id: withKey.meta.callId, tenant: "default", principal: "u1", idempotencyKey: "k" },
      { ...line, id: without.meta.callId, tenant: "acme", principal: "u2", idempotencyKey: null },
    ]);
    expect(opened.told).toEqual(["unknown OUTCOME_UNKNOWN", "unknown OUTCOME_UNKNOWN"]);
    await opened.clock.advance(30 * DAY);
    expect(await opened.registry.execute(lose, {}, keyed)).toMatchObject({
      ...LOST,
      meta: { replayOf: withKey.meta.callId },
    });
    expect(await opened.registry.outcomes.list()).toHaveLength(2);
  });

  it.each<[string, () => unknown, "read" | "write", string | null]>([
    ["a write that throws", () => Promise.reject(new Error("x")), "write", "TOOL_FAILED"],
    [
      "a write that loses its answer",
      () => Promise.reject(new DOMException("x", "AbortError")),
      "write",
      "OUTCOME_UNKNOWN",
    ],
    ["a write that succeeds", () => 1, "write", null],
    [
      "a write that refuses and does not say what it did",
      () => Promise.reject(new ToolError("NO", "No.")),
      "write",
      null,
    ],
    [
      "a write that refuses before its effect",
      () => Promise.reject(new ToolError("NO", "No.", { effect: "none" })),
      "write",
      null,
    ],
    ["a write whose output cannot be used", () => () => 1, "write", null],
    ["a read that throws", () => Promise.reject(new Error("x")), "read", null],
    ["a read that loses its answer", () => Promise.reject(new DOMException("x", "AbortError")), "read", null],
  ])("or is not: %s", async (_what, handler, effect, code) => {
    const tool = toTool(handler, effect);
    const opened = open([tool]);
    await opened.registry.execute(tool, {}, keyed);
    expect((await opened.registry.outcomes.list()).map((line) => line.code)).toEqual(code === null ? [] : [code]);
    expect(opened.store.read(KEY)).toMatchObject({ state: "stored" });
  });

  it("is listed before its key is settled, so that a crash between the two is seen", async () => {
    const steps: string[] = [];
    const opened = open([lose], {
      keys: (store) => ({
        ...toParts(store),
        store: (...given) => {
          steps.push("store");
          return store.store(...given);
        },
      }),
      lines: (list) => ({
        ...toList(list),
        add: (outcome) => {
          steps.push("add");
          list.add(outcome);
        },
      }),
    });
    await opened.registry.execute(lose, {}, keyed);
    expect(steps).toEqual(["add", "store"]);
  });

  it.each([
    ["fails", { error: always }, 0],
    ["hangs", { hang: always }, 5_000],
  ])("is told to the operator although the list %s, and the key is settled", async (_how, fault, waitMs) => {
    const opened = open([lose], {
      lines: (list, clock) => createFaultInjector({ seed: 1, clock, ...fault }).wrapMethods(list, ["add"]),
    });
    const call = opened.registry.execute(lose, {}, keyed);
    await opened.clock.advance(waitMs);
    expect(await call).toMatchObject({ ...LOST, meta: { warnings: [] } });
    expect(opened.told[0]).toMatch(/^failed outcomes: /);
    expect(opened.told[1]).toBe("unknown OUTCOME_UNKNOWN");
    expect(opened.store.read(KEY)).toMatchObject({ state: "stored" });
    expect(opened.clock.pending).toBe(0);
  });
});
