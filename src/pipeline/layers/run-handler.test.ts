import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ToolContext } from "../../call/context.ts";
import { createRegistry } from "../../core/create-registry.ts";
import type { CallOptions, RegistryEvents, RegistryOptions } from "../../core/registry.ts";
import { ToolError } from "../../errors/tool-error.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { AnyDefinition, ToolProperties } from "../../tool/definition.ts";
import type { Hooks } from "../hooks.ts";

const base = { version: "1.0.0", description: "For tests.", effect: "read", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };

type More = Partial<ToolProperties> & Pick<AnyDefinition, "output">;

const never = (): Promise<never> => new Promise(() => {});

function open(run: (context: ToolContext) => unknown, more: More = {}, options: RegistryOptions = {}) {
  const clock = createManualClock();
  const tool = defineTool({
    ...base,
    name: "t",
    timeoutMs: 1_000,
    ...more,
    handler: (_: unknown, context: ToolContext) => run(context),
  } as never);
  const registry = createRegistry({ tools: [tool], clock, retry: false, ...options });
  const failed: RegistryEvents["tool.failed"][] = [];
  registry.on("tool.failed", (event) => failed.push(event));
  const call = (given: CallOptions = {}) => registry.execute("t", {}, { principal: user, ...given });
  return { clock, registry, failed, call };
}

/** What throws whatever is read of it. */
function unreadable(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

describe("a handler that throws", () => {
  it("is masked; the operator hears of it under the call's id", async () => {
    const error = new Error("password=hunter2");
    const { call, failed } = open(() => Promise.reject(error));
    const outcome = await call();
    const { callId } = outcome.meta;
    expect(outcome).toMatchObject({
      error: { code: "TOOL_FAILED", message: `The tool failed. Quote ${callId} to its operator.`, effect: "none" },
    });
    expect(failed).toEqual([{ callId, tool: "t", version: "1.0.0", error }]);
  });

  it("is heard when it refuses on purpose, with everything it says", async () => {
    const { call, failed } = open(() => {
      throw new ToolError("BUSY", "Come back.", { retryAfterMs: 5, effect: "applied", details: { queue: 1 } });
    });
    expect(await call()).toMatchObject({
      error: {
        code: "TOOL_ERROR",
        toolCode: "BUSY",
        message: "Come back.",
        retryable: true,
        retryAfterMs: 5,
        effect: "applied",
        details: { queue: 1 },
      },
    });
    expect(failed).toEqual([]);
  });

  it.each<[string, () => unknown]>([
    ["throws what cannot be read", () => unreadable()],
    [
      "throws a ToolError that cannot be read",
      () =>
        Object.defineProperty(new ToolError("X", "x"), "message", {
          get() {
            throw new Error("x");
          },
        }),
    ],
    ["throws nothing", () => undefined],
    ["throws a symbol", () => Symbol("x")],
  ])("is masked when it %s, at once or later, read or write", async (_, make) => {
    for (const effect of ["read", "write"] as const) {
      for (const run of [
        () => {
          throw make();
        },
        () => Promise.reject(make()),
      ]) {
        const { call, failed, registry } = open(run, { effect, concurrency: [{ per: [], max: 1 }] });
        for (let count = 0; count < 2; count++) {
          expect(await call()).toMatchObject({ error: { code: "TOOL_FAILED" } });
        }
        expect(failed).toHaveLength(2);
        expect((await registry.health()).running).toBe(0);
      }
    }
  });

  it("is masked when what it returns cannot even be asked whether it is a promise", async () => {
    const answer = Object.defineProperty({}, "then", {
      get() {
        throw new Error("x");
      },
    });
    expect(await open(() => answer).call()).toMatchObject({ error: { code: "TOOL_FAILED", effect: "none" } });
    expect(await open(() => unreadable()).call()).toMatchObject({ error: { code: "TOOL_FAILED" } });
  });
});

describe("a handler that has lost its race", () => {
  it("is nobody's any more: neither what it gives nor what it throws", async () => {
    for (const settle of ["resolve", "reject"] as const) {
      const answer = Promise.withResolvers<unknown>();
      const { call, clock, failed } = open(() => answer.promise);
      const outcome = call();
      await clock.advance(1_000);
      expect(await outcome).toMatchObject({ error: { code: "TIMEOUT" }, meta: { attempts: 1 } });
      answer[settle](new Error("late"));
      await clock.advance(0);
      expect(failed).toEqual([]);
    }
  });

  it("is told so by its signal, with the reason", async () => {
    const reasons: unknown[] = [];
    const { call, clock } = open(({ signal }) => {
      signal.addEventListener("abort", () => reasons.push(signal.reason));
      return never();
    });
    const caller = new AbortController();
    const cancelled = call({ signal: caller.signal });
    const late = call();
    await clock.advance(1);
    caller.abort("enough");
    await clock.advance(1_000);
    await Promise.all([cancelled, late]);
    expect(reasons).toMatchObject(["enough", { name: "TimeoutError" }]);
  });

  it("is stopped between two steps when it is a generator, and cleans up", async () => {
    const seen: string[] = [];
    const pause = Promise.withResolvers<unknown>();
    const { call, clock } = open(
      async function* () {
        try {
          seen.push("began");
          await pause.promise;
          yield { type: "progress" };
          seen.push("went on");
          return "never";
        } finally {
          seen.push("cleaned up");
        }
      },
      { attemptTimeoutMs: 100 },
    );
    const outcome = call();
    await clock.advance(100);
    expect(await outcome).toMatchObject({ error: { code: "TIMEOUT" } });
    pause.resolve(null);
    await clock.advance(0);
    expect(seen).toEqual(["began", "cleaned up"]);
  });
});

describe("an output", () => {
  it("is what the handler returns, what its promise gives, or what its generator returns", async () => {
    const generator = async function* () {
      yield { type: "progress" };
      return 3;
    };
    for (const run of [() => 3, async () => 3, generator]) {
      expect(await open(run).call()).toMatchObject({ ok: true, output: 3, meta: { attempts: 1 } });
    }
  });

  it("is checked no longer than the call may last; of a write it is known that it has happened", async () => {
    const output = z.number().refine(() => never());
    for (const [effect, expected] of [
      ["read", "none"],
      ["write", "applied"],
    ] as const) {
      for (const run of [() => 1, async () => 1]) {
        const { call, clock } = open(run, { effect, output });
        const outcome = call();
        await clock.advance(1_000);
        expect(await outcome).toMatchObject({ error: { code: "TIMEOUT", effect: expected } });
        expect(clock.pending).toBe(0);
      }
    }
  });
});

describe("hooks around an attempt", () => {
  it("see each one, the first hook outermost, and may replace what comes back", async () => {
    const seen: string[] = [];
    const hook = (name: string): Hooks => ({
      async aroundAttempt({ attempt }, next) {
        seen.push(`${name} ${attempt} in`);
        try {
          return `${name}(${String(await next())})`;
        } finally {
          seen.push(`${name} ${attempt} out`);
        }
      },
    });
    const { call, clock } = open(
      ({ attempt }) => {
        if (attempt === 1) throw new Error("x");
        return attempt;
      },
      { retry: { repeats: 1 } },
      { hooks: [hook("a"), hook("b")] },
    );
    const outcome = call();
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ ok: true, output: "a(b(2))" });
    expect(seen).toEqual(["a 1 in", "b 1 in", "b 1 out", "a 1 out", "a 2 in", "b 2 in", "b 2 out", "a 2 out"]);
  });

  it("end with the attempt, and run the handler once", async () => {
    let runs = 0;
    const hooks: Hooks = {
      async aroundAttempt(_, next) {
        await next();
        return next();
      },
    };
    const { call, failed } = open(() => ++runs, {}, { hooks });
    expect(await call()).toMatchObject({ error: { code: "TOOL_FAILED" } });
    expect(String(failed[0]?.error)).toContain("runs the handler once");
    expect(runs).toBe(1);
    const hanging = open(() => 1, { attemptTimeoutMs: 100 }, { hooks: { aroundAttempt: never } });
    const outcome = hanging.call();
    await hanging.clock.advance(100);
    expect(await outcome).toMatchObject({ error: { code: "TIMEOUT" }, meta: { durationMs: 100 } });
  });
});

describe("a handler", () => {
  it.each(["before its layers", "in its layers"])("is not entered when the time was over %s", async (where) => {
    let runs = 0;
    let blockedMs = 0;
    const time = createManualClock();
    const clock = { ...time, monotonic: () => time.monotonic() + blockedMs };
    // It holds the event loop, so that no timer can say so.
    const block = (): null => {
      blockedMs += 2_000;
      return null;
    };
    const options: RegistryOptions =
      where === "in its layers"
        ? { cacheStore: { get: async () => block(), set: () => {}, clear: () => {} } }
        : { hooks: { beforeAttempt: () => void block() } };
    const { call } = open(() => ++runs, { cache: { ttlMs: 1 } }, { clock, ...options });
    expect(await call()).toMatchObject({ error: { code: "TIMEOUT", effect: "none" }, meta: { attempts: 0 } });
    expect(runs).toBe(0);
  });

  it.each([
    ["the deadline", "OUTCOME_UNKNOWN"],
    ["the caller", "OUTCOME_UNKNOWN"],
  ] as const)("that writes and is cut off by %s leaves its effect unknown", async (what, code) => {
    const { call, clock, registry } = open(never, { effect: "write" });
    const caller = new AbortController();
    const outcome = call({ signal: caller.signal });
    await clock.advance(what === "the caller" ? 1 : 1_000);
    caller.abort();
    expect(await outcome).toMatchObject({ error: { code, effect: "unknown", retryable: false } });
    expect(await registry.outcomes.list()).toHaveLength(1);
  });

  it("that writes and ends after its call was answered says itself what it did", async () => {
    const answer = Promise.withResolvers<unknown>();
    const { call, clock, registry } = open(() => answer.promise, { effect: "write" });
    const outcome = call({ idempotencyKey: "k" });
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
    expect(await registry.outcomes.list()).toMatchObject([{ tool: "t", id: (await outcome).meta.callId }]);
    expect(await call({ idempotencyKey: "k" })).toMatchObject({ error: { code: "OUTCOME_UNKNOWN" } });
    answer.resolve({ done: true });
    await clock.advance(0);
    await clock.advance(0);
    expect(await registry.outcomes.list()).toEqual([]);
    expect(await call({ idempotencyKey: "k" })).toMatchObject({ ok: true, output: { done: true } });
  });

  it("that writes runs once for each key of a principal", async () => {
    let runs = 0;
    const { call, registry } = open(async () => ({ n: ++runs }), {
      effect: "write",
      input: { type: "object" },
    } as More);
    const [first, second] = await Promise.all([call({ idempotencyKey: "k" }), call({ idempotencyKey: "k" })]);
    expect([first, second]).toMatchObject([
      { ok: true, output: { n: 1 }, meta: { replayOf: null, attempts: 1 } },
      { ok: true, output: { n: 1 }, meta: { replayOf: first?.meta.callId, attempts: 0 } },
    ]);
    expect(await registry.execute("t", { x: 1 }, { principal: user, idempotencyKey: "k" })).toMatchObject({
      error: { code: "IDEMPOTENCY_CONFLICT" },
    });
    expect(await call({ idempotencyKey: "k", principal: { id: "u2" } })).toMatchObject({ ok: true, output: { n: 2 } });
  });
});
