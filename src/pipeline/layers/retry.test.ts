import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ToolContext } from "../../call/context.ts";
import type { CallEvent } from "../../call/event.ts";
import { createRegistry } from "../../core/create-registry.ts";
import type { CallOptions, RegistryOptions } from "../../core/registry.ts";
import { ToolError } from "../../errors/tool-error.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { ToolProperties } from "../../tool/definition.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };
const busy = (more: ConstructorParameters<typeof ToolError>[2] = {}): ToolError =>
  new ToolError("BUSY", "The system is busy.", { retryable: true, ...more });

type Run = (context: ToolContext, count: number) => unknown;

/** A registry with one tool `t`, which notes when it runs. What is drawn is always the middle. */
function open(run: Run, more: Partial<ToolProperties> = {}, options: RegistryOptions = {}) {
  const clock = createManualClock();
  const runs: number[] = [];
  const tool = defineTool({
    ...base,
    name: "t",
    effect: "read",
    ...more,
    handler: (_, context) => {
      runs.push(clock.monotonic());
      return run(context, runs.length);
    },
  });
  const registry = createRegistry({ tools: [tool], clock, random: { next: () => 0.5 }, limits: [], ...options });
  const call = (given: CallOptions = {}) => registry.execute("t", {}, { principal: user, ...given });
  /** The outcome, when nobody waits for anything but the clock. */
  const settle = async (given: CallOptions = {}) => {
    const outcome = call(given);
    await clock.advance(60_000);
    return outcome;
  };
  return { registry, clock, runs, call, settle };
}

const crash = (): never => {
  throw new Error("x");
};
/** A promise that never settles by itself. */
const never = (): Promise<never> => new Promise(() => {});
/** Settles when told to. */
function gate() {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  return { promise, open: resolve };
}

describe("what is repeated", () => {
  it.each<[string, Partial<ToolProperties>, string | undefined, number]>([
    ["reads", { effect: "read" }, undefined, 4],
    ["no writes", { effect: "write" }, undefined, 1],
    ["no writes with a key that the tool does not pass on", { effect: "write" }, "k", 1],
    ["idempotent writes", { effect: "write", idempotent: true }, undefined, 4],
    ["idempotent destruction", { effect: "destructive", idempotent: true }, undefined, 4],
    ["writes whose key is honoured", { effect: "write", honoursKeys: true }, "k", 4],
    ["no writes without a key, although one would be honoured", { effect: "write", honoursKeys: true }, undefined, 1],
    ["nothing of a destructive tool", {}, undefined, 1],
  ])("is %s", async (_, more, key, expected) => {
    const effect = more.effect ?? "destructive";
    const { settle, runs, registry, clock } = open(crash, { ...more, effect });
    const outcome = await settle(key === undefined ? {} : { idempotencyKey: key });
    expect(outcome).toMatchObject({ error: { code: "TOOL_FAILED" }, meta: { attempts: expected } });
    expect(runs).toHaveLength(expected);
    expect(registry.usage("t")).toMatchObject({ calls: 1, retries: expected - 1 });
    expect(clock.pending).toBe(0);
  });

  it.each<[string, Run, number]>([
    ["an exception", crash, 4],
    ["a rejection", () => Promise.reject(new Error("x")), 4],
    ["a refusal that may come out differently", () => Promise.reject(busy()), 4],
    ["a refusal that may not", () => Promise.reject(new ToolError("NOT_FOUND", "No.")), 1],
    ["an output that JSON cannot hold", () => Number.NaN, 1],
    ["an attempt that takes too long", never, 4],
  ])("is decided by what happened: %s", async (_, run, expected) => {
    const { settle, runs } = open(run, { attemptTimeoutMs: 1_000 });
    expect(await settle()).toMatchObject({ ok: false, meta: { attempts: expected } });
    expect(runs).toHaveLength(expected);
  });

  it("is what the tool says, or else the registry", async () => {
    const count = async (retry: ToolProperties["retry"], registry: RegistryOptions["retry"]): Promise<number> => {
      const { settle, runs } = open(crash, retry === undefined ? {} : { retry }, {
        ...(registry === undefined ? {} : { retry: registry }),
      });
      await settle();
      return runs.length;
    };
    expect(await count(undefined, { repeats: 1 })).toBe(2);
    expect(await count(undefined, false)).toBe(1);
    expect(await count({ repeats: 2 }, false)).toBe(3);
    expect(await count(false, { repeats: 5 })).toBe(1);
    expect(await count({ repeats: 0 }, undefined)).toBe(1);
  });

  it("ends with the first attempt that succeeds; handler and outcome count the attempts", async () => {
    const attempts: number[] = [];
    const { settle, registry } = open(({ attempt, callId }) => {
      attempts.push(attempt);
      if (attempt < 3) crash();
      return callId;
    });
    const outcome = await settle();
    expect(outcome).toMatchObject({ ok: true, output: outcome.meta.callId, meta: { attempts: 3, degraded: null } });
    expect(attempts).toEqual([1, 2, 3]);
    expect(registry.usage("t")).toMatchObject({ succeeded: 1, failed: 0, retries: 2 });
  });

  it("is nothing once a partial was delivered, because it would be delivered twice", async () => {
    for (const [type, expected] of [
      ["partial", 1],
      ["progress", 4],
    ] as const) {
      const { registry, runs, clock } = open(async function* () {
        yield type === "partial" ? { type, value: 1 } : { type, progress: 1 };
        crash();
      });
      const events: CallEvent[] = [];
      const reading = (async () => {
        for await (const event of registry.stream("t", {}, { principal: user })) events.push(event);
      })();
      await clock.advance(60_000);
      await reading;
      expect(runs, type).toHaveLength(expected);
      expect(events.map((event) => event.type)).toEqual([...Array.from({ length: expected }, () => type), "outcome"]);
    }
  });

  it("is nothing after the caller has left while the handler ran", async () => {
    const { call, clock, runs } = open(never);
    const caller = new AbortController();
    const outcome = call({ signal: caller.signal });
    await clock.advance(10);
    caller.abort();
    await clock.advance(60_000);
    expect(await outcome).toMatchObject({ error: { code: "CANCELLED" }, meta: { attempts: 1 } });
    expect(runs).toHaveLength(1);
  });

  it("is nothing after the caller has left between two attempts", async () => {
    for (const [more, expected] of [
      [{ effect: "read" }, { code: "CANCELLED", effect: "none" }],
      [
        { effect: "write", idempotent: true },
        { code: "OUTCOME_UNKNOWN", effect: "unknown" },
      ],
    ] as const) {
      const { call, clock, runs } = open(crash, { ...more, retry: { baseMs: 1_000 } });
      const caller = new AbortController();
      const outcome = call({ signal: caller.signal });
      await clock.advance(499);
      caller.abort();
      expect(await outcome).toMatchObject({ error: expected, meta: { attempts: 1 } });
      expect(runs).toHaveLength(1);
      expect(clock.pending).toBe(0);
    }
  });
});

describe("the time between attempts", () => {
  it("is drawn from nothing up to a bound that doubles and is capped", async () => {
    const drawn = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    const policy = fc.record({
      repeats: fc.integer({ min: 1, max: 10 }),
      baseMs: fc.integer({ min: 1, max: 1_000 }),
      capMs: fc.integer({ min: 1_000, max: 20_000 }),
    });
    await fc.assert(
      fc.asyncProperty(policy, fc.array(drawn, { minLength: 10, maxLength: 10 }), async (retry, draws) => {
        let next = 0;
        const random = { next: () => draws[next++] ?? 0 };
        const { call, clock, runs } = open(crash, { retry, timeoutMs: 86_400_000 }, { random });
        const outcome = call();
        await clock.advance(86_400_000);
        await outcome;
        expect(runs).toHaveLength(retry.repeats + 1);
        for (let repeat = 1; repeat < runs.length; repeat++) {
          const bound = Math.min(retry.capMs, retry.baseMs * 2 ** (repeat - 1));
          const waited = (runs[repeat] ?? 0) - (runs[repeat - 1] ?? 0);
          expect(waited).toBeCloseTo((draws[repeat - 1] ?? 0) * bound, 3);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("is never less than what the tool asks for", async () => {
    const { settle, runs } = open((_, count) => (count === 1 ? Promise.reject(busy({ retryAfterMs: 700 })) : count), {
      retry: { baseMs: 100 },
    });
    expect(await settle()).toMatchObject({ ok: true, output: 2 });
    expect(runs).toEqual([0, 750]);
  });

  it("is not waited for when the deadline comes first: the call fails at once", async () => {
    const { call, clock, runs } = open(() => Promise.reject(busy({ retryAfterMs: 700 })), { timeoutMs: 700 });
    expect(await call()).toMatchObject({
      error: { code: "TOOL_ERROR", toolCode: "BUSY", retryAfterMs: 700 },
      meta: { attempts: 1, durationMs: 0 },
    });
    expect(runs).toEqual([0]);
    expect(clock.pending).toBe(0);
    // The caller's own deadline counts as well.
    const patient = open(() => Promise.reject(busy({ retryAfterMs: 700 })), { timeoutMs: 10_000 });
    expect(await patient.call({ timeoutMs: 500 })).toMatchObject({ meta: { attempts: 1 } });
  });
});

describe("the budget", () => {
  it("keeps a sick system from being called much more often than without repeats", async () => {
    for (const together of [1, 50]) {
      const { call, clock, runs } = open(crash);
      for (let done = 0; done < 1_000; done += together) {
        const calls = Array.from({ length: together }, () => call());
        await clock.advance(1_000);
        await Promise.all(calls);
      }
      expect(runs.length).toBeGreaterThan(1_000);
      expect(runs.length / 1_000).toBeLessThanOrEqual(1.2);
    }
  });

  it("is shared by the versions of a tool, and by the tools of an upstream", async () => {
    const clock = createManualClock();
    const runs = new Map<string, number>();
    const crashing = (name: string, version: string, upstream?: string) =>
      defineTool({
        ...base,
        name,
        version,
        effect: "read",
        ...(upstream === undefined ? {} : { upstream }),
        handler: (_, { tool }) => {
          const key = `${tool.name}@${tool.version}`;
          runs.set(key, (runs.get(key) ?? 0) + 1);
          return crash();
        },
      });
    const tools = [
      crashing("a", "1.0.0", "crm"),
      crashing("a", "2.0.0"),
      crashing("b", "1.0.0", "crm"),
      crashing("c", "1.0.0", "erp"),
    ];
    const registry = createRegistry({ tools, clock, limits: [], upstreams: { crm: {}, erp: {} } });
    const attempts = async (ref: string): Promise<number> => {
      const outcome = registry.execute(ref, {}, { principal: user });
      await clock.advance(1_000);
      return (await outcome).meta.attempts;
    };
    expect(await attempts("a@1.0.0")).toBe(4);
    for (let call = 0; call < 20; call++) await attempts("a@1.0.0");
    expect(runs.get("a@1.0.0")).toBe(21 + 35);
    expect(await attempts("a@1.0.0")).toBe(1);
    expect(await attempts("a@2.0.0")).toBe(1);
    expect(await attempts("b")).toBe(1);
    expect(await attempts("c")).toBe(4);
    // Published anew under its name, a tool begins anew.
    await registry.unregister("a");
    await registry.register(crashing("a", "3.0.0"));
    expect(await attempts("a")).toBe(4);
  });

  it("comes back with calls that succeed", async () => {
    let sick = true;
    const { settle } = open(() => (sick ? crash() : 1));
    for (let call = 0; call < 20; call++) await settle();
    expect(await settle()).toMatchObject({ meta: { attempts: 1 } });
    sick = false;
    for (let call = 0; call < 14; call++) await settle();
    sick = true;
    expect(await settle()).toMatchObject({ meta: { attempts: 2 } });
  });

  it("pays nothing for a repeat that never ran", async () => {
    const { call, clock, settle } = open(crash);
    for (let count = 0; count < 100; count++) {
      const caller = new AbortController();
      const outcome = call({ signal: caller.signal });
      await clock.advance(1);
      caller.abort();
      expect(await outcome).toMatchObject({ error: { code: "CANCELLED" } });
    }
    expect(await settle()).toMatchObject({ meta: { attempts: 4 } });
  });
});

describe("the effect of several attempts", () => {
  const repeatable = { effect: "write", idempotent: true } as const;

  it("stays unknown when a later attempt is refused by the breaker that the first one opened", async () => {
    const { settle, runs, registry } = open(crash, { ...repeatable, breaker: { failures: 1 } });
    const outcome = await settle();
    expect(outcome).toMatchObject({ error: { code: "TOOL_FAILED", effect: "unknown" }, meta: { attempts: 1 } });
    expect(runs).toHaveLength(1);
    expect(await registry.outcomes.list()).toMatchObject([{ id: outcome.meta.callId }]);
  });

  it("stays applied when a later attempt is refused", async () => {
    const { settle, runs } = open(() => Promise.reject(busy({ effect: "applied" })), {
      ...repeatable,
      breaker: { failures: 1 },
    });
    expect(await settle()).toMatchObject({ error: { code: "TOOL_ERROR", effect: "applied" } });
    expect(runs).toHaveLength(1);
  });

  it("is that of the refusal when no attempt left one", async () => {
    const { settle } = open(() => Promise.reject(busy({ effect: "none" })), {
      ...repeatable,
      breaker: { failures: 1 },
    });
    expect(await settle()).toMatchObject({ error: { code: "BREAKER_OPEN", effect: "none" } });
  });

  it.each([
    ["none", { code: "TIMEOUT", effect: "none" }],
    ["applied", { code: "TIMEOUT", effect: "applied" }],
    ["unknown", { code: "OUTCOME_UNKNOWN", effect: "unknown" }],
  ] as const)("is %s when the last word was that, and the deadline comes in the queue", async (effect, expected) => {
    const { call, clock } = open((_, count) => (count === 1 ? Promise.reject(busy({ effect })) : never()), {
      ...repeatable,
      timeoutMs: 1_000,
      retry: { repeats: 1, baseMs: 100 },
      bulkhead: { max: 1, queue: 1 },
    });
    const first = call();
    await clock.advance(10);
    const other = call();
    await clock.advance(990);
    expect(await first).toMatchObject({ error: expected, meta: { attempts: 1 } });
    await clock.advance(10);
    expect(await other).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
  });

  it("is unknown when an attempt said nothing of it, whatever the last one says", async () => {
    const { settle } = open(
      (_, count) => (count === 1 ? crash() : Promise.reject(new ToolError("NO", "No.", { effect: "none" }))),
      repeatable,
    );
    expect(await settle()).toMatchObject({ error: { code: "TOOL_FAILED", effect: "unknown" }, meta: { attempts: 2 } });
  });
});

describe("an attempt", () => {
  it("leaves nothing attached when it fails", async () => {
    const { settle } = open(({ attach, attempt }) => {
      attach({ type: "text", text: `attempt ${attempt}` });
      return attempt < 3 ? crash() : 1;
    });
    expect(await settle()).toMatchObject({ content: [{ type: "text", text: "attempt 3" }] });
  });

  it("has its own deadline and signal, and what a lost one still does is nobody's", async () => {
    const signals: AbortSignal[] = [];
    const left: number[] = [];
    const late = gate();
    const { registry, clock, runs } = open(
      async ({ signal, remainingMs, attempt, attach, progress }) => {
        signals.push(signal);
        left.push(remainingMs());
        if (attempt > 1) {
          await late.promise;
          return `attempt ${attempt}`;
        }
        await new Promise((resolve) => {
          signal.addEventListener("abort", resolve);
        });
        // While the second attempt runs.
        await late.promise;
        attach({ type: "text", text: "too late" });
        progress({ message: "too late" });
        return "too late";
      },
      { attemptTimeoutMs: 100, timeoutMs: 10_000, retry: { baseMs: 20 } },
    );
    const events: CallEvent[] = [];
    const reading = (async () => {
      for await (const event of registry.stream("t", {}, { principal: user })) events.push(event);
    })();
    await clock.advance(150);
    late.open(null);
    await clock.advance(1);
    await reading;
    expect(runs).toEqual([0, 110]);
    expect(left).toEqual([100, 100]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(signals[0]?.reason).toMatchObject({ name: "TimeoutError" });
    expect(events).toMatchObject([
      { type: "outcome", outcome: { ok: true, output: "attempt 2", content: [], meta: { attempts: 2 } } },
    ]);
    expect(clock.pending).toBe(0);
  });

  it("ends the calls it made", async () => {
    const inner = defineTool({ ...base, name: "inner", effect: "read", handler: never });
    const inside: unknown[] = [];
    const { settle, registry } = open(
      async ({ call, attempt }) => {
        if (attempt === 2) return 2;
        inside.push(await call("inner", {}));
        return never();
      },
      { attemptTimeoutMs: 100 },
    );
    await registry.register(inner);
    expect(await settle()).toMatchObject({ ok: true, output: 2 });
    expect(inside).toMatchObject([{ error: { code: "TIMEOUT" }, meta: { durationMs: 100 } }]);
  });

  it("ends the calls it made when it fails before they do", async () => {
    const inner = defineTool({ ...base, name: "inner", effect: "read", handler: never });
    const { settle, registry } = open(({ call, attempt }) => {
      if (attempt === 2) return 2;
      void call("inner", {});
      return crash();
    });
    await registry.register(inner);
    expect(await settle()).toMatchObject({ ok: true, output: 2 });
    expect(registry.usage("inner")).toMatchObject({ errors: { CANCELLED: 1 }, maxMs: 0 });
  });

  it("holds the slots of its call until the lost handler has really ended", async () => {
    const ends = gate();
    const { call, clock } = open((_, count) => (count === 1 ? ends.promise : count), {
      attemptTimeoutMs: 100,
      concurrency: [{ per: [], max: 1 }],
    });
    const first = call();
    await clock.advance(1_000);
    expect(await first).toMatchObject({ ok: true, output: 2 });
    expect(await call()).toMatchObject({ error: { code: "OVERLOADED" }, meta: { attempts: 0 } });
    ends.open(null);
    await clock.advance(0);
    expect(await call()).toMatchObject({ ok: true, output: 3 });
  });

  it("is checked against the tool's output schema each time", async () => {
    const clock = createManualClock();
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "read",
      output: z.object({ n: z.number() }),
      handler: (_, { attempt }) => (attempt === 1 ? crash() : ({ n: "wrong" } as unknown as { n: number })),
    });
    const registry = createRegistry({ tools: [tool], clock });
    const outcome = registry.execute(tool, {}, { principal: user });
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ error: { code: "INVALID_OUTPUT" }, meta: { attempts: 2 } });
  });
});
