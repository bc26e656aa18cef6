import { describe, expect, it } from "vitest";
import { createRegistry } from "../../core/create-registry.ts";
import type { Registry, RegistryOptions } from "../../core/registry.ts";
import type { Outcome } from "../../call/outcome.ts";
import type { IdempotencyStore } from "../../ports/idempotency-store.ts";
import type { OutcomeStore } from "../../ports/outcome-store.ts";
import {
  createMemoryIdempotencyStore,
  createMemoryOutcomeStore,
  type MemoryIdempotencyStore,
  type MemoryOutcomeStore,
} from "../../stores/memory/index.ts";
import { createFaultInjector } from "../../testing/fault-injector.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import type { ToolProperties } from "../../tool/definition.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { EffectReport, StatusCheck } from "../../tool/resilience.ts";
import { toArgumentsDigest } from "./record.ts";
import { toList, toParts } from "../../../test/store-parts.ts";

const base = { description: "For tests.", access: { roles: ["USER"] }, timeoutMs: 1_000 } as const;
const principal = { id: "u1" };
const keyed = { principal, idempotencyKey: "k" };
const KEY = "default\0u1\0pay\0k";
const LOST = { ok: false, error: { code: "OUTCOME_UNKNOWN", effect: "unknown", retryable: false } };

type Kind = Pick<ToolProperties, "effect" | "idempotent" | "honoursKeys"> & { readonly status?: StatusCheck };

interface Opened {
  readonly registry: Registry;
  readonly clock: ManualClock;
  readonly store: MemoryIdempotencyStore;
  readonly list: MemoryOutcomeStore;
  /** Names and ids of what listeners were told. */
  readonly told: string[];
  runs(): number;
}

interface Options extends RegistryOptions {
  readonly keys?: (store: MemoryIdempotencyStore) => IdempotencyStore;
  readonly lines?: (list: MemoryOutcomeStore, clock: ManualClock) => OutcomeStore;
}

/** A registry with `pay`, a tool of that kind. */
function open(kind: Kind, { keys, lines, ...options }: Options = {}): Opened {
  const clock = createManualClock();
  const store = createMemoryIdempotencyStore({ clock });
  const list = createMemoryOutcomeStore();
  let runs = 0;
  const handler = async (): Promise<{ run: number }> => ({ run: ++runs });
  const registry = createRegistry({
    tools: [defineTool({ ...base, name: "pay", version: "1.0.0", ...kind, handler })],
    clock,
    idempotencyStore: keys?.(store) ?? store,
    outcomeStore: lines?.(list, clock) ?? list,
    ...options,
  });
  const told: string[] = [];
  registry.on("outcome.unknown", ({ id, code }) => told.push(`unknown ${id} ${code}`));
  registry.on("outcome.resolved", ({ outcome, effect, by }) => told.push(`resolved ${outcome.id} ${effect} ${by}`));
  registry.on("store.failed", ({ store: name }) => told.push(`failed ${name}`));
  return { registry, clock, store, list, told, runs: () => runs };
}

/** A call of somebody whose process ended while it had the key. */
async function loseOwner({ store, clock }: Opened, version = "1.0.0"): Promise<void> {
  store.claim({ key: KEY, owner: "lost", version, argumentsDigest: toArgumentsDigest({}), leaseMs: 1_000 });
  await clock.advance(1_000);
}

/** A call that was answered with OUTCOME_UNKNOWN; listed, unless whoever stored it ended before. */
async function loseAnswer(opened: Opened, isListed = true): Promise<Outcome> {
  const { registry, store, list, told } = opened;
  const outcome: Outcome = {
    ...(await registry.execute("pay", {}, { principal, dryRun: true })),
    ...LOST,
    error: {
      ...LOST.error,
      message: "Lost.",
      retryAfterMs: null,
      issues: [],
      toolCode: null,
      suggestions: [],
      details: undefined,
    },
  } as Outcome;
  const lost = { ...outcome, meta: { ...outcome.meta, callId: "lost", dryRun: false } };
  store.claim({ key: KEY, owner: "lost", version: "1.0.0", argumentsDigest: toArgumentsDigest({}), leaseMs: 1_000 });
  store.store(KEY, "lost", JSON.stringify(lost), null);
  if (isListed)
    list.add({
      id: "lost",
      tenant: "default",
      principal: "u1",
      tool: "pay",
      version: "1.0.0",
      code: "TIMEOUT",
      at: 0,
      idempotencyKey: "k",
    });
  told.length = 0;
  return lost;
}

const WRITE: Kind = { effect: "write" };
const IDEMPOTENT: Kind = { effect: "write", idempotent: true };
const HONOURING: Kind = { effect: "write", honoursKeys: true };
const toAsked = (report: EffectReport): Kind => ({ ...HONOURING, status: () => report });

describe("a key whose owner is gone", () => {
  it("says that the outcome is not known, lists it once, and does not expire", async () => {
    const opened = open(WRITE);
    await loseOwner(opened);
    const first = await opened.registry.execute("pay", {}, keyed);
    expect(first).toMatchObject({ ...LOST, meta: { replayOf: null, attempts: 0 } });
    const at = opened.clock.now();
    await opened.clock.advance(30 * 86_400_000);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(LOST);
    expect(await opened.registry.execute("pay", { a: 1 }, keyed)).toMatchObject({
      error: { code: "IDEMPOTENCY_CONFLICT" },
    });
    expect(await opened.registry.outcomes.list()).toEqual([
      {
        id: "lost",
        tenant: "default",
        principal: "u1",
        tool: "pay",
        version: "1.0.0",
        code: "OUTCOME_UNKNOWN",
        at,
        idempotencyKey: "k",
      },
    ]);
    expect(opened.told).toEqual(["unknown lost OUTCOME_UNKNOWN"]);
    expect(opened.runs()).toBe(0);
    expect(opened.clock.pending).toBe(0);
  });

  it.each([
    ["only reads", { effect: "read" } as const],
    ["is idempotent", IDEMPOTENT],
    ["honours keys", HONOURING],
    ["honours keys, and cannot say either", toAsked({ effect: "unknown" })],
  ])("is free again when its tool %s", async (_what, kind) => {
    const opened = open(kind);
    await loseOwner(opened);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, output: { run: 1 } });
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, output: { run: 1 } });
    expect(opened.told).toEqual([]);
  });

  it.each([
    ["the version that ran had one effect each time", WRITE, IDEMPOTENT, "1.0.0"],
    ["the version that would run has one effect each time", IDEMPOTENT, WRITE, "1.0.0"],
    ["the version that ran is not published any more", IDEMPOTENT, IDEMPOTENT, "0.9.0"],
  ])("stays taken when %s", async (_why, kind, next, version) => {
    const opened = open(kind);
    await opened.registry.register(defineTool({ ...base, name: "pay", version: "2.0.0", ...next, handler: () => 2 }));
    await loseOwner(opened, version);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(LOST);
    expect(await opened.registry.outcomes.list()).toMatchObject([{ id: "lost", version }]);
  });

  it("is free for one of two that find it, and the other gets the outcome", async () => {
    const opened = open(IDEMPOTENT, {
      keys: (store) => ({
        ...toParts(store),
        read: async (key) => store.read(key),
        release: async (...given) => store.release(...given),
      }),
    });
    await loseOwner(opened);
    const calls = [1, 2].map(() => opened.registry.execute("pay", {}, keyed));
    await opened.clock.advance(0);
    expect(await Promise.all(calls)).toMatchObject([
      { ok: true, output: { run: 1 } },
      { ok: true, output: { run: 1 } },
    ]);
    expect(opened.told).toEqual([]);
  });

  it.each([
    [
      { effect: "applied", output: { run: 7 } } as const,
      { ok: true, output: { run: 7 }, meta: { replayOf: "lost" } },
      0,
    ],
    [{ effect: "applied" } as const, { ok: false, error: { code: "OUTPUT_LOST", effect: "applied" } }, 0],
    [{ effect: "none" } as const, { ok: true, output: { run: 1 }, meta: { replayOf: null } }, 1],
  ])("is what the tool says it is: %o", async (report, answer, runs) => {
    const opened = open(toAsked(report));
    await loseOwner(opened);
    for (let call = 0; call < 2; call++) {
      expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(call === 0 ? answer : { ok: answer.ok });
    }
    expect(opened.runs()).toBe(runs);
    expect(opened.told).toEqual(["unknown lost OUTCOME_UNKNOWN", `resolved lost ${report.effect} status`]);
    expect(await opened.registry.outcomes.list()).toEqual([]);
    expect(opened.clock.pending).toBe(0);
  });

  it("tells the truth when it cannot be listed, and is listed when it can", async () => {
    const opened = open(WRITE, {
      lines: (list, clock) => createFaultInjector({ seed: 1, clock, error: { rate: 1 } }).wrapMethods(list, ["add"]),
    });
    await loseOwner(opened);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(LOST);
    expect(opened.told).toEqual(["failed outcomes"]);
  });

  it("tells the truth although the list hangs", async () => {
    const opened = open(WRITE, {
      lines: (list, clock) => createFaultInjector({ seed: 1, clock, hang: { rate: 1 } }).wrapMethods(list, ["get"]),
    });
    await loseOwner(opened);
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(5_000);
    expect(await call).toMatchObject(LOST);
    expect(opened.told).toEqual(["failed outcomes"]);
    expect(opened.clock.pending).toBe(0);
  });

  it("is not left listed by a call that finds it when it has just been resolved", async () => {
    const opened = open(WRITE, {
      lines: (list) => ({
        ...toList(list),
        // Between the reading of the record and its listing.
        get: (id) => {
          opened.store.store(KEY, "lost", JSON.stringify(known), 1_000);
          return list.get(id);
        },
      }),
    });
    const known = await opened.registry.execute("pay", {}, { principal });
    await loseOwner(opened);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, output: { run: 1 } });
    expect(opened.list.list({})).toHaveLength(0);
    expect(opened.told).toEqual([]);
  });
});

describe("a stored outcome that is not known", () => {
  it("is given again, and listed when it is not", async () => {
    const opened = open(WRITE);
    const lost = await loseAnswer(opened, false);
    const again = await opened.registry.execute("pay", {}, keyed);
    expect(again).toMatchObject({ ...LOST, meta: { replayOf: "lost" } });
    expect(!again.ok && !lost.ok && again.error).toEqual(!lost.ok && lost.error);
    await opened.registry.execute("pay", {}, keyed);
    expect(opened.told).toEqual(["unknown lost OUTCOME_UNKNOWN"]);
    expect(await opened.registry.outcomes.list()).toMatchObject([{ id: "lost" }]);
  });

  it.each([
    ["is idempotent", IDEMPOTENT],
    ["honours keys", HONOURING],
    ["cannot say", toAsked({ effect: "unknown" })],
  ])("is given again although its tool %s: nobody has said that the call is over", async (_what, kind) => {
    const opened = open(kind);
    await loseAnswer(opened);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(LOST);
    expect(opened.runs()).toBe(0);
    expect(opened.list.list({})).toHaveLength(1);
  });

  it.each([
    [{ effect: "applied", output: { run: 7 } } as const, { ok: true, output: { run: 7 }, meta: { replayOf: "lost" } }],
    [{ effect: "none" } as const, { ok: true, output: { run: 1 }, meta: { replayOf: null } }],
  ])("is what the tool says it is: %o", async (report, answer) => {
    const opened = open(toAsked(report));
    await loseAnswer(opened, false);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(answer);
    expect(opened.list.list({})).toHaveLength(0);
    expect(opened.told).toEqual(["unknown lost OUTCOME_UNKNOWN", `resolved lost ${report.effect} status`]);
  });

  it("is given at the deadline when the tool does not say", async () => {
    const signals: AbortSignal[] = [];
    const opened = open({
      ...HONOURING,
      status: (_key, { signal }) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    });
    await loseAnswer(opened);
    const call = opened.registry.execute("pay", {}, { ...keyed, timeoutMs: 400 });
    await opened.clock.advance(400);
    expect(await call).toMatchObject({ ...LOST, meta: { replayOf: "lost" } });
    // The question goes on for as long as the tool may take.
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await opened.clock.advance(600);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(opened.clock.pending).toBe(0);
  });

  it("is given to who leaves while the tool is asked, and the next call asks again", async () => {
    const questions: ((report: EffectReport) => void)[] = [];
    const opened = open({ ...HONOURING, status: () => new Promise((resolve) => questions.push(resolve)) });
    await loseAnswer(opened);
    const controller = new AbortController();
    const first = opened.registry.execute("pay", {}, { ...keyed, signal: controller.signal });
    await opened.clock.advance(10);
    controller.abort();
    expect(await first).toMatchObject(LOST);
    const second = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(10);
    for (const answer of questions) answer({ effect: "applied", output: { run: 9 } });
    expect(await second).toMatchObject({ ok: true, output: { run: 9 } });
    expect(questions).toHaveLength(2);
    expect(opened.clock.pending).toBe(0);
  });

  it("is asked about once by one call, whatever the answer changes", async () => {
    let asked = 0;
    const opened = open(
      {
        ...HONOURING,
        status: () => {
          asked++;
          return { effect: "none" };
        },
      },
      // A store that takes no notice.
      { keys: (store) => ({ ...toParts(store), release: () => false }) },
    );
    await loseAnswer(opened);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject(LOST);
    expect(asked).toBe(1);
  });
});

describe("waiting for a key", () => {
  it("is bounded for each principal, and those over the bound are told at once", async () => {
    const opened = open(WRITE, { limits: [], concurrency: [] });
    opened.store.claim({
      key: KEY,
      owner: "other",
      version: "1.0.0",
      argumentsDigest: toArgumentsDigest({}),
      leaseMs: 60_000,
    });
    const calls = Array.from({ length: 256 }, () => opened.registry.execute("pay", {}, keyed));
    await opened.clock.advance(0);
    const busy = await opened.registry.execute("pay", {}, keyed);
    expect(busy).toMatchObject({ error: { code: "IDEMPOTENCY_IN_FLIGHT", retryable: true } });
    opened.store.release(KEY, "other");
    await opened.clock.advance(0);
    const outcomes = await Promise.all(calls);
    expect(new Set(outcomes.map((outcome) => outcome.ok && JSON.stringify(outcome.output)))).toEqual(
      new Set(['{"run":1}']),
    );
    expect(opened.clock.pending).toBe(0);
  });

  it("has its place back when keys cannot be watched", async () => {
    let isBroken = true;
    const opened = open(WRITE, {
      limits: [],
      keys: (store) => ({
        ...toParts(store),
        watch: (...given) => {
          if (isBroken) throw new Error("no more channels");
          return store.watch(...given);
        },
      }),
    });
    opened.store.claim({
      key: KEY,
      owner: "other",
      version: "1.0.0",
      argumentsDigest: toArgumentsDigest({}),
      leaseMs: 60_000,
    });
    for (let call = 0; call < 300; call++) {
      expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({
        error: { code: "IDEMPOTENCY_UNAVAILABLE" },
      });
    }
    isBroken = false;
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(10);
    opened.store.release(KEY, "other");
    await opened.clock.advance(0);
    expect(await call).toMatchObject({ ok: true });
  });
});
