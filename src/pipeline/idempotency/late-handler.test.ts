import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createRegistry } from "../../core/create-registry.ts";
import type { Registry, RegistryOptions } from "../../core/registry.ts";
import type { Outcome } from "../../call/outcome.ts";
import { ToolError } from "../../errors/tool-error.ts";
import type { IdempotencyStore } from "../../ports/idempotency-store.ts";
import { createMemoryIdempotencyStore, type MemoryIdempotencyStore } from "../../stores/memory/index.ts";
import { createManualClock, type ManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] }, timeoutMs: 1_000 } as const;
const keyed = { principal: { id: "u1" }, idempotencyKey: "k" };
const KEY = "default\0u1\0pay\0k";
const DAY = 86_400_000;
const LOST = { error: { code: "OUTCOME_UNKNOWN", effect: "unknown" } };

interface Opened {
  readonly registry: Registry;
  readonly clock: ManualClock;
  readonly store: MemoryIdempotencyStore;
  /** What listeners were told, in order. */
  readonly told: string[];
}

interface Options extends RegistryOptions {
  readonly keys?: (store: MemoryIdempotencyStore) => IdempotencyStore;
}

function open(tools: RegistryOptions["tools"], { keys, ...options }: Options = {}): Opened {
  const clock = createManualClock();
  const store = createMemoryIdempotencyStore({ clock });
  const registry = createRegistry({ tools: tools ?? [], clock, idempotencyStore: keys?.(store) ?? store, ...options });
  const told: string[] = [];
  registry.on("outcome.unknown", ({ code }) => told.push(`unknown ${code}`));
  registry.on("outcome.resolved", ({ effect, by }) => told.push(`resolved ${effect} ${by}`));
  registry.on("store.failed", ({ store: name, error }) => told.push(`failed ${name}: ${(error as Error).message}`));
  return { registry, clock, store, told };
}

describe("a handler that ends after its call was answered", () => {
  interface Late {
    readonly end: (output?: unknown) => void;
    readonly fail: (error: unknown) => void;
  }

  /** A call that ran out of time, and its handler, which still runs. */
  async function outlive(
    options: Options = {},
    output?: z.ZodType,
  ): Promise<Opened & Late & { readonly first: Outcome }> {
    let end = (_output?: unknown): void => {};
    let fail = (_error: unknown): void => {};
    const slow = defineTool({
      ...base,
      name: "pay",
      effect: "write",
      ...(output && { output }),
      handler: () =>
        new Promise((resolve, reject) => {
          end = resolve;
          fail = reject;
        }),
    });
    const opened = open([slow], options);
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(1_000);
    const first = await call;
    expect(first).toMatchObject(LOST);
    opened.told.length = 0;
    return { ...opened, end, fail, first };
  }

  /** Lets everything come to rest. */
  async function rest({ clock }: Opened): Promise<void> {
    for (let turn = 0; turn < 5; turn++) await clock.advance(0);
  }

  it("gives its output to the key", async () => {
    const late = await outlive();
    late.end({ n: 7 });
    await rest(late);
    expect(late.told).toEqual(["resolved applied handler"]);
    expect(await late.registry.outcomes.list()).toEqual([]);
    expect(await late.registry.execute("pay", {}, keyed)).toMatchObject({
      ok: true,
      output: { n: 7 },
      content: [],
      meta: { replayOf: late.first.meta.callId },
    });
    // From now on it is a known outcome, and expires as one.
    await late.clock.advance(DAY);
    expect(late.store.read(KEY)).toBeNull();
    expect(late.clock.pending).toBe(0);
  });

  it("gives the checked output, or says that it is lost when it does not fit", async () => {
    const output = z.object({ n: z.number(), m: z.number().default(2) });
    const fits = await outlive({}, output);
    fits.end({ n: 1, secret: "x" });
    await rest(fits);
    expect(await fits.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, output: { n: 1, m: 2 } });
    const misfits = await outlive({}, output);
    misfits.end({ n: "x" });
    await rest(misfits);
    expect(await misfits.registry.execute("pay", {}, keyed)).toMatchObject({
      error: { code: "OUTPUT_LOST", effect: "applied", retryable: false },
      meta: { replayOf: misfits.first.meta.callId },
    });
    expect(misfits.told).toEqual(["resolved applied handler"]);
  });

  it.each<[string, unknown, string[], object]>([
    [
      "had its effect",
      new ToolError("DONE", "x", { effect: "applied" }),
      ["resolved applied handler"],
      { error: { code: "OUTPUT_LOST" } },
    ],
    [
      "had no effect",
      new ToolError("NO", "x", { effect: "none" }),
      ["resolved none handler"],
      { meta: { replayOf: null } },
    ],
    ["does not know", new ToolError("NO", "x", { effect: "unknown" }), [], LOST],
    ["does not say", new ToolError("NO", "x"), [], LOST],
    ["is broken", new Error("x"), [], LOST],
  ])("says that it %s", async (_what, error, told, answer) => {
    const late = await outlive();
    late.fail(error);
    await rest(late);
    expect(late.told).toEqual(told);
    const again = late.registry.execute("pay", {}, keyed);
    await late.clock.advance(1_000);
    expect(await again).toMatchObject(answer);
  });

  it("says nothing when it is a generator that was cut short, which nobody will see the end of", async () => {
    let step = (): void => {};
    let isClosed = false;
    const generate = defineTool({
      ...base,
      name: "pay",
      effect: "write",
      async *handler() {
        try {
          for (let n = 0; ; n++) {
            await new Promise<void>((resolve) => (step = resolve));
            yield { type: "progress", fraction: n / 10 } as const;
          }
        } finally {
          isClosed = true;
        }
      },
    });
    const opened = open([generate]);
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(1_000);
    expect(await call).toMatchObject(LOST);
    step();
    await rest(opened);
    expect(isClosed).toBe(true);
    expect(opened.told).toEqual(["unknown OUTCOME_UNKNOWN"]);
    expect(await opened.registry.outcomes.list()).toHaveLength(1);
  });

  it("speaks for a generator that came to its own end", async () => {
    let step = (): void => {};
    const generate = defineTool({
      ...base,
      name: "pay",
      effect: "write",
      // oxlint-disable-next-line require-yield -- one that only returns
      async *handler() {
        await new Promise<void>((resolve) => (step = resolve));
        return { n: 3 };
      },
    });
    const opened = open([generate]);
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(1_000);
    await call;
    step();
    await rest(opened);
    expect(await opened.registry.execute("pay", {}, keyed)).toMatchObject({ ok: true, output: { n: 3 } });
  });

  it("does not speak for other attempts of its call when it says that nothing happened", async () => {
    const fails: ((error: unknown) => void)[] = [];
    const repeated = defineTool({
      ...base,
      name: "pay",
      effect: "write",
      idempotent: true,
      attemptTimeoutMs: 300,
      retry: { repeats: 1, baseMs: 1 },
      handler: () => new Promise((_, reject) => fails.push(reject)),
    });
    const opened = open([repeated]);
    const call = opened.registry.execute("pay", {}, keyed);
    await opened.clock.advance(1_000);
    expect(await call).toMatchObject({ ...LOST, meta: { attempts: 2 } });
    fails[1]?.(new ToolError("NO", "x", { effect: "none" }));
    await rest(opened);
    expect(await opened.registry.outcomes.list()).toHaveLength(1);
    fails[0]?.(new ToolError("DONE", "x", { effect: "applied" }));
    await rest(opened);
    expect(await opened.registry.outcomes.list()).toEqual([]);
    expect(opened.told).toEqual(["unknown OUTCOME_UNKNOWN", "resolved applied handler"]);
  });

  it("comes too late when the operator has spoken", async () => {
    const late = await outlive();
    await late.registry.outcomes.resolve(late.first.meta.callId, { effect: "applied", output: { n: 1 } });
    late.end({ n: 7 });
    await rest(late);
    expect(late.told).toEqual(["resolved applied operator"]);
    expect(await late.registry.execute("pay", {}, keyed)).toMatchObject({ output: { n: 1 } });
  });

  it("is told to the operator when its end cannot be kept, and its call stays listed", async () => {
    let isDown = false;
    const late = await outlive({
      keys: (store) => ({
        read: (key) => store.read(key),
        claim: (claim) => store.claim(claim),
        release: (...given) => store.release(...given),
        watch: (...given) => store.watch(...given),
        store: (...given) => {
          if (isDown) throw new Error("store is down");
          return store.store(...given);
        },
      }),
    });
    isDown = true;
    late.end({ n: 7 });
    await rest(late);
    expect(late.told).toEqual(["failed outcomes: store is down"]);
    expect(await late.registry.outcomes.list()).toMatchObject([{ id: late.first.meta.callId }]);
    isDown = false;
    expect(await late.registry.execute("pay", {}, keyed)).toMatchObject(LOST);
  });
});
