import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createMemoryAuditSink } from "../../audit/index.ts";
import type { ToolContext } from "../../call/context.ts";
import type { PrincipalInput } from "../../call/principal.ts";
import { createRegistry } from "../../core/create-registry.ts";
import type { CallOptions, RegistryOptions } from "../../core/registry.ts";
import { ToolError } from "../../errors/tool-error.ts";
import type { CacheStore } from "../../ports/cache-store.ts";
import { createMemoryCacheStore } from "../../stores/memory/index.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { AnyDefinition, ToolProperties } from "../../tool/definition.ts";

const base = { version: "1.0.0", description: "For tests.", effect: "read", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };
const input = { type: "object", properties: { id: { type: "string" } } };

type Run = (context: ToolContext, count: number) => unknown;
type More = Partial<ToolProperties> & Pick<AnyDefinition, "fallback">;

const never = (): Promise<never> => new Promise(() => {});
const busy = (): ToolError => new ToolError("BUSY", "x", { retryable: true });

function define(name: string, next: { run: Run; runs: number }, more: More) {
  return defineTool({
    ...base,
    name,
    timeoutMs: 1_000,
    ...more,
    input,
    handler: (_: unknown, context: ToolContext) => next.run(context, ++next.runs),
  } as never);
}

/** A registry with one tool `t` that does what `next.run` says, by default that gives the number of the run. */
function open(cache: NonNullable<ToolProperties["cache"]>, more: More = {}, options: RegistryOptions = {}) {
  const clock = createManualClock();
  const sink = createMemoryAuditSink();
  const next: { run: Run; runs: number } = { run: (_, count) => count, runs: 0 };
  const registry = createRegistry({
    tools: [define("t", next, { cache, ...more })],
    clock,
    audit: sink,
    limits: [],
    retry: false,
    ...options,
  });
  const call = (given: CallOptions = {}, received: unknown = {}) =>
    registry.execute("t", received, { principal: user, ...given });
  /** Output, where it came from, and why it is not the tool's own; or the code of the failure. */
  const ask = async (given: CallOptions = {}, received: unknown = {}): Promise<unknown> => {
    const outcome = await call(given, received);
    const { cached, degraded } = outcome.meta;
    if (!outcome.ok) return outcome.error.code;
    return degraded === null ? [outcome.output, cached] : [outcome.output, cached, degraded];
  };
  return { clock, sink, next, registry, call, ask };
}

/** A store whose operations are all promises. */
function slowly(store: CacheStore): CacheStore {
  return {
    get: async (key) => store.get(key),
    set: async (key, value, keepMs) => store.set(key, value, keepMs),
    clear: async () => store.clear(),
  };
}

describe("an answer", () => {
  it("is kept as long as it is fresh", async () => {
    const { ask, call, clock, next, registry, sink } = open({ ttlMs: 100 });
    expect(await ask()).toEqual([1, null]);
    await clock.advance(99);
    expect(await call()).toMatchObject({ ok: true, output: 1, meta: { cached: "fresh", attempts: 0, degraded: null } });
    await clock.advance(1);
    expect(await ask()).toEqual([2, null]);
    expect(next.runs).toBe(2);
    expect(registry.usage("t")).toMatchObject({ calls: 3, succeeded: 3, cached: 1 });
    expect(sink.events).toMatchObject([{ answeredBy: "tool" }, { answeredBy: "cache" }, { answeredBy: "tool" }]);
  });

  it("is not looked for by a dry run", async () => {
    const { ask, call, next } = open({ ttlMs: 100 });
    expect(await call({ dryRun: true })).toMatchObject({ ok: true });
    expect(await ask()).toEqual([1, null]);
    expect(next.runs).toBe(1);
  });

  it("is a copy for every caller, with its content", async () => {
    const { call, next } = open({ ttlMs: 100 });
    next.run = ({ attach }) => {
      attach({ type: "text", text: "part" });
      return { list: [1] };
    };
    for (let count = 0; count < 3; count++) {
      const outcome = await call();
      expect(outcome).toMatchObject({ output: { list: [1] }, content: [{ type: "text", text: "part" }] });
      if (outcome.ok) (outcome.output as { list: number[] }).list.push(9);
    }
    expect(next.runs).toBe(1);
  });

  it("is that of the arguments, as text or as data", async () => {
    const { ask, next } = open({ ttlMs: 100 });
    expect(await ask({}, '{ "id": "a" }')).toEqual([1, null]);
    expect(await ask({}, { id: "a" })).toEqual([1, "fresh"]);
    expect(await ask({}, { id: "b" })).toEqual([2, null]);
    expect(await ask({}, "{}")).toEqual([3, null]);
    expect(await ask({}, undefined)).toEqual([3, "fresh"]);
    expect(await ask({}, "")).toEqual([3, "fresh"]);
    const long = "x".repeat(10_000);
    expect(await ask({}, { id: long })).toEqual([4, null]);
    expect(await ask({}, { id: long })).toEqual([4, "fresh"]);
    expect(await ask({}, { id: `${long}x` })).toEqual([5, null]);
    expect(next.runs).toBe(5);
  });

  it("is that of what the handler got, although the caller has changed his arguments since", async () => {
    const { call, next } = open({ ttlMs: 100 }, {}, { hooks: { beforeAttempt: async () => {} } });
    next.run = (_, count) => count;
    const mutable = { id: "a" };
    const first = call({}, mutable);
    mutable.id = "b";
    expect(await first).toMatchObject({ output: 1 });
    expect(await call({}, { id: "b" })).toMatchObject({ output: 2, meta: { cached: null } });
  });

  it("is that of a number that no double holds", async () => {
    const exact = { type: "object", properties: { n: { type: "integer" } } };
    const tool = defineTool({
      ...base,
      name: "t",
      cache: { ttlMs: 100 },
      exactNumbers: "bigint",
      input: exact,
      handler: (given) => String((given as { n: bigint }).n),
    });
    const registry = createRegistry({ tools: [tool] });
    const output = async (text: string): Promise<unknown> => {
      const outcome = await registry.execute("t", text, { principal: user });
      return outcome.ok ? [outcome.output, outcome.meta.cached] : outcome.error.code;
    };
    expect(await output('{"n":9007199254740993}')).toEqual(["9007199254740993", null]);
    expect(await output('{"n":9007199254740992}')).toEqual(["9007199254740992", null]);
    expect(await output('{"n":9007199254740993}')).toEqual(["9007199254740993", "fresh"]);
  });

  it("is that of the exact definition, and of one tool", async () => {
    const { ask, registry, next } = open({ ttlMs: 100 });
    const other = { run: (() => "other") as Run, runs: 0 };
    await registry.register(define("t", other, { cache: { ttlMs: 100 }, version: "1.1.0" }));
    await registry.register(define("u", other, { cache: { ttlMs: 100 } }));
    next.run = () => "first";
    const output = async (ref: string): Promise<unknown> => {
      const outcome = await registry.execute(ref, {}, { principal: user });
      return outcome.ok && outcome.output;
    };
    expect([await output("t@1.0.0"), await output("t@1.1.0"), await output("u")]).toEqual(["first", "other", "other"]);
    expect(other.runs).toBe(2);
    // Published anew with the same content it is the same tool; with other content it is not.
    await registry.unregister("t@1.0.0");
    await registry.register(define("t", next, { cache: { ttlMs: 100 }, title: "Changed" }));
    next.run = () => "changed";
    expect(await output("t@1.0.0")).toBe("changed");
    expect(await ask()).toEqual(["other", "fresh"]);
  });

  it.each<["principal" | "tenant" | "public", readonly PrincipalInput[], number]>([
    ["principal", [{ id: "u1" }, { id: "u1", roles: ["USER"] }, { id: "u1", ip: "10.0.0.1" }], 1],
    ["principal", [{ id: "u1" }, { id: "u2" }], 2],
    [
      "principal",
      [
        { id: "u1", roles: ["USER", "GUEST"] },
        { id: "u1", roles: ["GUEST", "USER"] },
      ],
      1,
    ],
    ["principal", [{ id: "u1" }, { id: "u1", roles: ["USER", "GUEST"] }], 2],
    ["principal", [{ id: "u1" }, { id: "u1", scopes: ["s"] }], 2],
    ["principal", [{ id: "u1" }, { id: "u1", attributes: { team: "a" } }], 2],
    ["principal", [{ id: "u1" }, { id: "u1", tenant: "acme" }], 2],
    ["tenant", [{ id: "u1" }, { id: "u2", scopes: ["s"], attributes: { a: 1 } }], 1],
    ["tenant", [{ id: "u1" }, { id: "u1", tenant: "acme" }], 2],
    ["public", [{ id: "u1" }, { id: "u2", tenant: "acme", roles: ["USER", "GUEST"] }], 1],
  ])("of scope %s is shared as far as that: %j takes %d runs", async (scope, principals, runs) => {
    const { ask, next } = open({ ttlMs: 100, scope });
    for (const principal of principals) await ask({ principal });
    expect(next.runs).toBe(runs);
  });

  it("is not kept for a principal whose attributes cannot be told apart", async () => {
    const { ask, next } = open({ ttlMs: 100 });
    const attributes = { teams: new Map([["a", 1]]) } as never;
    const others = [{ teams: new Map([["b", 2]]) }, { n: Number.NaN }, { text: "\ud800" }] as never[];
    for (const given of [attributes, ...others]) await ask({ principal: { id: "u1", attributes: given } });
    expect(next.runs).toBe(4);
  });

  it("is not kept when it is no success, or not the tool's own", async () => {
    const { ask, next } = open({ ttlMs: 100 });
    next.run = (_, count) => {
      if (count === 1) throw new Error("x");
      if (count === 2) return Number.NaN;
      throw new ToolError("NOT_FOUND", "x");
    };
    expect([await ask(), await ask(), await ask()]).toEqual(["TOOL_FAILED", "INVALID_OUTPUT", "TOOL_ERROR"]);
    expect(next.runs).toBe(3);
    const replaced = open({ ttlMs: 100 }, { fallback: { value: 0 } });
    replaced.next.run = (_, count) => (count < 3 ? Promise.reject(new Error("x")) : count);
    const degraded = { by: "value", code: "TOOL_FAILED", sources: [] };
    expect(await replaced.ask()).toEqual([0, null, degraded]);
    expect(await replaced.ask()).toEqual([0, null, degraded]);
    expect(await replaced.ask()).toEqual([3, null]);
  });

  it("is not kept when what is attached to it cannot be", async () => {
    const { ask, next } = open({ ttlMs: 100 });
    next.run = ({ attach }, count) => {
      attach({ type: "text", text: 1n } as never);
      return count;
    };
    expect(await Promise.all([ask(), ask()])).toEqual([
      [1, null],
      [2, null],
    ]);
  });

  it("costs no slot of a bulkhead, and is given while a breaker is open", async () => {
    const { ask, next, clock } = open({ ttlMs: 10_000 }, { breaker: { failures: 1 }, bulkhead: { max: 1, queue: 0 } });
    expect(await ask({}, { id: "kept" })).toEqual([1, null]);
    next.run = never;
    const hanging = ask();
    expect(await ask({}, { id: "kept" })).toEqual([1, "fresh"]);
    await clock.advance(1_000);
    expect(await hanging).toBe("TIMEOUT");
    expect(await ask({}, { id: "kept" })).toEqual([1, "fresh"]);
    expect(await ask()).toBe("BREAKER_OPEN");
  });

  it("is paid for and authorised like any other", async () => {
    const { ask, registry } = open(
      { ttlMs: 1_000, scope: "public" },
      { limits: [{ per: ["principal"], capacity: 2, windowMs: 10_000 }] },
    );
    expect([await ask(), await ask(), await ask()]).toEqual([[1, null], [1, "fresh"], "QUOTA_EXCEEDED"]);
    await registry.permissions.set("t", ["ADMIN"]);
    expect(await ask({ principal: { id: "u2" } })).toBe("UNKNOWN_TOOL");
  });
});

describe("a stale answer", () => {
  const policy = { ttlMs: 100, staleWhileRevalidateMs: 200, staleIfErrorMs: 1_000 };

  it("is given while one new one is fetched behind its back", async () => {
    const { ask, clock, next } = open(policy);
    await ask();
    await clock.advance(101);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    next.run = () => promise;
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([
      [1, "stale"],
      [1, "stale"],
      [1, "stale"],
    ]);
    expect(next.runs).toBe(2);
    resolve("new");
    await clock.advance(0);
    expect(await ask()).toEqual(["new", "fresh"]);
    expect(next.runs).toBe(2);
    // After the time for that, the next call waits for a new one.
    await clock.advance(301);
    next.run = (_, count) => count;
    expect(await ask()).toEqual([3, null]);
  });

  it("is fetched anew although the caller has left, and closing waits for that", async () => {
    const { ask, clock, next, registry, sink } = open(policy);
    await ask();
    await clock.advance(101);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const signals: AbortSignal[] = [];
    next.run = ({ signal }) => {
      signals.push(signal);
      return promise;
    };
    const caller = new AbortController();
    expect(await ask({ signal: caller.signal, timeoutMs: 10 })).toEqual([1, "stale"]);
    caller.abort();
    await clock.advance(500);
    expect(signals[0]?.aborted).toBe(false);
    expect((await registry.health()).running).toBe(1);
    let closed = false;
    const closing = registry.close().then(() => (closed = true));
    await clock.advance(0);
    expect(closed).toBe(false);
    resolve("new");
    await closing;
    expect((await registry.health()).running).toBe(0);
    // The call, the one before it, and the fetch, which is a call of its own.
    expect(sink.events).toHaveLength(3);
    expect(clock.pending).toBe(0);
  });

  it("stays when fetching a new one fails, until it is too old", async () => {
    const { ask, clock, next } = open(policy);
    await ask();
    next.run = () => Promise.reject(new Error("x"));
    await clock.advance(150);
    expect([await ask(), await ask()]).toEqual([
      [1, "stale"],
      [1, "stale"],
    ]);
    await clock.advance(0);
    expect(next.runs).toBe(3);
    await clock.advance(949);
    expect(await ask()).toEqual([1, "stale", { by: "stale", code: "TOOL_FAILED", sources: [] }]);
    await clock.advance(2);
    expect(await ask()).toBe("TOOL_FAILED");
  });

  it("holds the slots of its call until the fetching handler has truly ended", async () => {
    const { ask, clock, next } = open(policy, { concurrency: [{ per: [], max: 1 }] });
    await ask();
    await clock.advance(101);
    const { promise, resolve } = Promise.withResolvers<unknown>();
    next.run = () => promise;
    expect(await ask()).toEqual([1, "stale"]);
    expect(await ask()).toBe("OVERLOADED");
    // Its deadline has passed, and it goes on all the same.
    await clock.advance(2_000);
    expect(await ask()).toBe("OVERLOADED");
    resolve(1);
    await clock.advance(0);
    next.run = () => "free";
    expect(await ask()).toEqual(["free", null]);
  });

  it("is given when the tool fails, and says why", async () => {
    const { ask, clock, next, registry, sink } = open({ ttlMs: 100, staleIfErrorMs: 10_000 });
    await ask();
    await clock.advance(101);
    const failures: [Run, string][] = [
      [() => Promise.reject(new Error("x")), "TOOL_FAILED"],
      [() => Promise.reject(busy()), "TOOL_ERROR"],
      [() => Number.NaN, "INVALID_OUTPUT"],
      [never, "TIMEOUT"],
    ];
    for (const [run, code] of failures) {
      next.run = run;
      const answer = ask();
      await clock.advance(1_000);
      expect(await answer).toEqual([1, "stale", { by: "stale", code, sources: [] }]);
    }
    expect(registry.usage("t")).toMatchObject({ succeeded: 5, cached: 4, degraded: 4 });
    expect(sink.events.at(-1)).toMatchObject({ answeredBy: "cache" });
    next.run = () => Promise.reject(new ToolError("NOT_FOUND", "No."));
    expect(await ask()).toBe("TOOL_ERROR");
  });

  it("is given by an open breaker, and not after a fallback has answered", async () => {
    const broken = open({ ttlMs: 100, staleIfErrorMs: 10_000 }, { breaker: { failures: 1 } });
    await broken.ask();
    broken.next.run = () => Promise.reject(new Error("x"));
    await broken.clock.advance(101);
    expect(await broken.ask()).toEqual([1, "stale", { by: "stale", code: "TOOL_FAILED", sources: [] }]);
    expect(await broken.ask()).toEqual([1, "stale", { by: "stale", code: "BREAKER_OPEN", sources: [] }]);
    const replaced = open({ ttlMs: 100, staleIfErrorMs: 10_000 }, { fallback: { value: 0 } });
    await replaced.ask();
    replaced.next.run = () => Promise.reject(new Error("x"));
    await replaced.clock.advance(101);
    expect(await replaced.ask()).toEqual([0, null, { by: "value", code: "TOOL_FAILED", sources: [] }]);
  });

  it("is nothing for a caller who leaves, or has had a partial", async () => {
    const { ask, clock, next, registry } = open({ ttlMs: 100, staleIfErrorMs: 10_000 });
    await ask();
    await clock.advance(101);
    next.run = never;
    const caller = new AbortController();
    const leaving = ask({ signal: caller.signal });
    await clock.advance(1);
    caller.abort();
    expect(await leaving).toBe("CANCELLED");
    next.run = async function* () {
      yield { type: "partial", value: 1 };
      throw new Error("x");
    };
    const events: unknown[] = [];
    for await (const event of registry.stream("t", {}, { principal: user })) events.push(event);
    expect(events).toMatchObject([
      { type: "partial" },
      { type: "outcome", outcome: { ok: false, error: { code: "TOOL_FAILED" } } },
    ]);
  });
});

describe("calls that want the same at the same time", () => {
  it("share one run", async () => {
    const { ask, clock, next } = open({ ttlMs: 100 });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    next.run = ({ attach }) => {
      attach({ type: "text", text: "part" });
      return promise;
    };
    const calls = [ask(), ask(), ask()];
    const other = ask({}, { id: "other" });
    await clock.advance(0);
    expect(next.runs).toBe(2);
    resolve({ list: [] });
    expect(await Promise.all(calls)).toEqual([
      [{ list: [] }, null],
      [{ list: [] }, "fresh"],
      [{ list: [] }, "fresh"],
    ]);
    await other;
  });

  it("share a failure, each under its own name", async () => {
    const { call, clock, next } = open({ ttlMs: 100 });
    const { promise, reject } = Promise.withResolvers<unknown>();
    next.run = () => promise;
    const calls = [call(), call()];
    await clock.advance(50);
    reject(new ToolError("BUSY", "x", { retryable: true, retryAfterMs: 7, details: { queue: 3 } }));
    const outcomes = await Promise.all(calls);
    const error = { code: "TOOL_ERROR", toolCode: "BUSY", retryAfterMs: 7, details: { queue: 3 }, effect: "none" };
    expect(outcomes).toMatchObject([
      { error, meta: { attempts: 1, durationMs: 50 } },
      { error, meta: { attempts: 0, durationMs: 50 } },
    ]);
    expect(new Set(outcomes.map(({ meta }) => meta.callId)).size).toBe(2);
    expect(next.runs).toBe(1);
  });

  it("share an answer that stands in, and what it stands in for", async () => {
    const { ask, next } = open({ ttlMs: 100 }, { fallback: { value: 0 } });
    next.run = () => Promise.reject(new Error("x"));
    const degraded = { by: "value", code: "TOOL_FAILED", sources: [] };
    expect(await Promise.all([ask(), ask()])).toEqual([
      [0, null, degraded],
      [0, "fresh", degraded],
    ]);
    expect(next.runs).toBe(1);
  });

  it("go on with another one in the lead when the first one leaves", async () => {
    const { ask, clock, next } = open({ ttlMs: 100 });
    const answers: ((value: unknown) => void)[] = [];
    next.run = () => new Promise((resolve) => answers.push(resolve));
    const caller = new AbortController();
    const leader = ask({ signal: caller.signal });
    const others = [ask(), ask()];
    await clock.advance(10);
    expect(next.runs).toBe(1);
    caller.abort();
    expect(await leader).toBe("CANCELLED");
    await clock.advance(0);
    expect(next.runs).toBe(2);
    answers[1]?.("second");
    expect(await Promise.all(others)).toEqual([
      ["second", null],
      ["second", "fresh"],
    ]);
  });

  it.each<[string, More, unknown]>([
    ["fails by its own short time", {}, "TIMEOUT"],
    [
      "is answered by a stand-in for want of time",
      { fallback: { value: 0 } },
      [0, null, { by: "value", code: "TIMEOUT", sources: [] }],
    ],
    [
      "fails for want of time although a stand-in had a part of it",
      { fallback: { run: () => Promise.reject(new Error("x")) } },
      "TIMEOUT",
    ],
  ])("go on when the first one %s", async (_, more, expected) => {
    const { ask, clock, next } = open({ ttlMs: 100 }, more);
    next.run = (_context, count) => (count === 1 ? never() : count);
    const hurried = ask({ timeoutMs: 50 });
    const patient = ask();
    await clock.advance(50);
    expect(await hurried).toEqual(expected);
    expect(await patient).toEqual([2, null]);
  });

  it("that came later go on when the first one has had all of the tool's time", async () => {
    const { ask, clock, next } = open({ ttlMs: 100 });
    next.run = (_, count) => (count === 1 ? never() : count);
    const first = ask();
    await clock.advance(900);
    const later = ask();
    await clock.advance(100);
    expect(await first).toBe("TIMEOUT");
    expect(await later).toEqual([2, null]);
  });

  it("wait no longer than their own time, and leave when they are cancelled", async () => {
    const { ask, clock, next } = open({ ttlMs: 100 });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    next.run = () => promise;
    const leader = ask();
    const caller = new AbortController();
    const hurried = ask({ timeoutMs: 30 });
    const leaving = ask({ signal: caller.signal });
    await clock.advance(30);
    expect(await hurried).toBe("TIMEOUT");
    caller.abort();
    expect(await leaving).toBe("CANCELLED");
    resolve("late");
    expect(await leader).toEqual(["late", null]);
    expect(next.runs).toBe(1);
    expect(clock.pending).toBe(0);
  });

  it("each get their turn when what the first one meets says nothing about the tool", async () => {
    const { ask, clock, next } = open({ ttlMs: 100 }, { bulkhead: { max: 1, queue: 0 } });
    next.run = never;
    const running = ask({}, { id: "other" });
    expect(await Promise.all([ask(), ask(), ask()])).toEqual(["OVERLOADED", "OVERLOADED", "OVERLOADED"]);
    await clock.advance(1_000);
    await running;
  });

  it("do not wait for themselves when a handler calls its own tool", async () => {
    const { ask, clock, next } = open({ ttlMs: 100 });
    next.run = async ({ call }, count) => {
      if (count === 3) return "innermost";
      const inner = await call("t", {});
      return inner.ok ? inner.output : inner.error.code;
    };
    expect(await ask()).toEqual(["innermost", null]);
    expect(next.runs).toBe(3);
    expect(await ask()).toEqual(["innermost", "fresh"]);
    expect(clock.pending).toBe(0);
  });
});

describe("a cache", () => {
  const policy = { ttlMs: 100, staleWhileRevalidateMs: 100, staleIfErrorMs: 1_000 };
  const failing = new Error("the cache is down");
  const stores: [string, CacheStore][] = [
    ["throws", { get: () => fail(), set: () => fail(), clear: () => fail() }],
    [
      "rejects",
      {
        get: () => Promise.reject(failing),
        set: () => Promise.reject(failing),
        clear: () => Promise.reject(failing),
      },
    ],
    ["never answers", { get: never, set: never, clear: never }],
    ["gives what is not JSON", { get: () => ({ value: "{", ageMs: 0 }), set: () => {}, clear: () => {} }],
    ["gives what is no answer", { get: () => ({ value: "7", ageMs: 0 }), set: () => {}, clear: () => {} }],
    ["gives an old one that is none", { get: () => ({ value: "", ageMs: 150 }), set: () => {}, clear: () => {} }],
  ];
  function fail(): never {
    throw failing;
  }

  it.each(stores)("that %s is one that has nothing", async (_, cacheStore) => {
    const { ask, clock, next } = open(policy, {}, { cacheStore });
    const answer = async (given: CallOptions = {}): Promise<unknown> => {
      const asked = ask(given);
      await clock.advance(250);
      return asked;
    };
    expect(await answer()).toEqual([1, null]);
    expect(await answer()).toEqual([2, null]);
    next.run = () => Promise.reject(new Error("x"));
    expect(await answer()).toBe("TOOL_FAILED");
    next.run = () => "in a short call";
    expect(await answer({ timeoutMs: 100 })).toEqual(["in a short call", null]);
    expect(clock.pending).toBe(0);
  });

  it("that never answers still lets calls share a run, and leave", async () => {
    const { ask, clock, next } = open(policy, { timeoutMs: 10_000 }, { cacheStore: stores[2]?.[1] as CacheStore });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    next.run = () => promise;
    const caller = new AbortController();
    const leaving = ask({ signal: caller.signal });
    const others = [ask(), ask()];
    await clock.advance(999);
    expect(next.runs).toBe(0);
    caller.abort();
    expect(await leaving).toBe("CANCELLED");
    await clock.advance(1);
    expect(next.runs).toBe(1);
    resolve("one");
    expect(await Promise.all(others)).toEqual([
      ["one", null],
      ["one", "fresh"],
    ]);
    expect(clock.pending).toBe(0);
  });

  it("may answer later, as one in another process does", async () => {
    const clock = createManualClock();
    const cacheStore = slowly(createMemoryCacheStore({ clock }));
    const { ask, next } = open(policy, {}, { cacheStore, clock });
    expect(await Promise.all([ask(), ask()])).toEqual([
      [1, null],
      [1, "fresh"],
    ]);
    expect(await ask()).toEqual([1, "fresh"]);
    await clock.advance(101);
    expect(await ask()).toEqual([1, "stale"]);
    await clock.advance(0);
    expect(await ask()).toEqual([2, "fresh"]);
    next.run = () => Promise.reject(new Error("x"));
    await clock.advance(500);
    expect(await ask()).toEqual([2, "stale", { by: "stale", code: "TOOL_FAILED", sources: [] }]);
    expect(clock.pending).toBe(0);
  });

  it("keeps what the output schema made of the answer", async () => {
    let runs = 0;
    const tool = defineTool({
      ...base,
      name: "t",
      cache: { ttlMs: 100 },
      output: z.object({ n: z.number(), unit: z.string().default("EUR") }),
      handler: () => {
        runs++;
        return { n: 1 };
      },
    });
    const registry = createRegistry({ tools: [tool] });
    for (let count = 0; count < 3; count++) {
      const outcome = await registry.execute(tool, {}, { principal: user });
      expect(outcome).toMatchObject({ ok: true, output: { n: 1, unit: "EUR" } });
    }
    expect(runs).toBe(1);
  });
});
