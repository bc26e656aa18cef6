import { describe, expect, it } from "vitest";
import type { ToolContext } from "../../call/context.ts";
import { createRegistry } from "../../core/create-registry.ts";
import type { CallOptions, RegistryEvents, RegistryOptions } from "../../core/registry.ts";
import { ToolError } from "../../errors/tool-error.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { AnyDefinition, ToolProperties } from "../../tool/definition.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };

type Run = (context: ToolContext) => unknown;
type More = Partial<ToolProperties> & Pick<AnyDefinition, "fallback">;

const crash = (): never => {
  throw new Error("x");
};
const never = (): Promise<never> => new Promise(() => {});

function open(tools: RegistryOptions["tools"], options: RegistryOptions = {}) {
  const clock = createManualClock();
  const registry = createRegistry({ tools: tools ?? [], clock, limits: [], retry: false, ...options });
  const changes: RegistryEvents["breaker.changed"][] = [];
  registry.on("breaker.changed", (change) => changes.push(change));
  const call = (ref: string, given: CallOptions = {}) => registry.execute(ref, {}, { principal: user, ...given });
  /** The code of the error, or "ok". */
  const ask = async (ref: string, given: CallOptions = {}): Promise<string> => {
    const outcome = await call(ref, given);
    return outcome.ok ? "ok" : outcome.error.code;
  };
  return { clock, registry, changes, call, ask };
}

/** A registry with one tool `t` that does what `next.run` says. */
function openOne(more: More, options: RegistryOptions = {}) {
  const next: { run: Run; runs: number } = { run: () => 1, runs: 0 };
  const tool = defineTool({
    ...base,
    name: "t",
    effect: "read",
    timeoutMs: 1_000,
    ...more,
    handler: (_, context) => {
      next.runs++;
      return next.run(context);
    },
  } as Parameters<typeof defineTool>[0]);
  return { ...open([tool], options), next, tool };
}

describe("a breaker", () => {
  it("opens after so many failures in a row, and refuses without running the handler", async () => {
    const { ask, call, next, clock } = openOne({ breaker: { failures: 3, openMs: 5_000 } });
    const script = [crash, crash, () => 1, crash, crash];
    for (const run of script) {
      next.run = run;
      await ask("t");
    }
    next.run = crash;
    expect(await ask("t")).toBe("TOOL_FAILED");
    await clock.advance(2_000);
    expect(await call("t")).toMatchObject({
      ok: false,
      error: {
        code: "BREAKER_OPEN",
        effect: "none",
        retryable: true,
        retryAfterMs: 3_000,
        message: "t failed too often and is left alone; try again in 3s.",
      },
      meta: { attempts: 0 },
    });
    expect(next.runs).toBe(6);
  });

  it("opens when too large a part of the latest calls failed", async () => {
    const { ask, next, clock } = openOne({
      breaker: { kind: "sampling", ratio: 0.5, windowMs: 10_000, minimumCalls: 4, openMs: 1_000 },
    });
    const play = async (script: string): Promise<string> => {
      for (const letter of script) {
        next.run = letter === "x" ? crash : () => 1;
        await ask("t");
      }
      next.run = () => 1;
      return ask("t");
    };
    expect(await play("xx")).toBe("ok");
    // What is older than the window says nothing.
    await clock.advance(20_000);
    expect(await play(".xx")).toBe("ok");
    await clock.advance(20_000);
    expect(await play(".x.x")).toBe("BREAKER_OPEN");
  });

  it("ends the repeating", async () => {
    const { call, next, clock } = openOne({ breaker: { failures: 2 }, retry: { repeats: 3 } });
    next.run = crash;
    const outcome = call("t");
    await clock.advance(10_000);
    expect(await outcome).toMatchObject({ error: { code: "BREAKER_OPEN" }, meta: { attempts: 2 } });
    expect(next.runs).toBe(2);
  });

  it("is that of one version", async () => {
    const version = (number: string, run: Run) =>
      defineTool({
        ...base,
        name: "t",
        version: number,
        effect: "read",
        breaker: { failures: 1, openMs: 1_000 },
        handler: run as () => unknown,
      });
    const { ask, registry, changes, clock } = open([version("1.0.0", crash), version("2.0.0", () => 2)]);
    expect(registry.versions("t").map(({ breakerState }) => breakerState)).toEqual(["closed", "closed"]);
    expect(await ask("t@1")).toBe("TOOL_FAILED");
    expect(await ask("t@1")).toBe("BREAKER_OPEN");
    expect(await ask("t@2")).toBe("ok");
    expect(registry.versions("t").map(({ version: number, breakerState }) => [number, breakerState])).toEqual([
      ["2.0.0", "closed"],
      ["1.0.0", "open"],
    ]);
    expect(registry.get("t@1")).toMatchObject({ breakerState: "open" });
    expect(registry.list()).toMatchObject([{ version: "2.0.0", breakerState: "closed" }]);
    expect(registry.usage("t").breaker).toBe("open");
    expect(registry.usage("t@2.0.0").breaker).toBe("closed");
    await clock.advance(1_000);
    expect(await ask("t@1")).toBe("TOOL_FAILED");
    const place = { scope: "tool", name: "t", version: "1.0.0" };
    expect(changes).toEqual(["open", "half-open", "open"].map((state) => ({ ...place, state })));
  });

  it("of an upstream is that of all its tools", async () => {
    const tool = (name: string, run: Run, upstream?: string) =>
      defineTool({
        ...base,
        name,
        effect: "read",
        ...(upstream === undefined ? {} : { upstream }),
        handler: run as () => unknown,
      });
    const { ask, call, registry, changes, clock } = open(
      [tool("a", crash, "crm"), tool("b", () => 2, "crm"), tool("c", () => 3)],
      { upstreams: { crm: { breaker: { failures: 1, openMs: 1_000 } } } },
    );
    expect(await ask("a")).toBe("TOOL_FAILED");
    expect(await call("b")).toMatchObject({
      error: {
        code: "BREAKER_OPEN",
        message: "crm, which b uses, failed too often and is left alone; try again in 1s.",
      },
    });
    expect(await ask("c")).toBe("ok");
    expect(registry.list().map(({ name, breakerState }) => [name, breakerState])).toEqual([
      ["a", "open"],
      ["b", "open"],
      ["c", null],
    ]);
    expect(registry.usage("b").breaker).toBe("open");
    expect(registry.usage("c").breaker).toBeNull();
    await clock.advance(1_000);
    expect(await ask("b")).toBe("ok");
    const place = { scope: "upstream", name: "crm", version: null };
    expect(changes).toEqual(["open", "half-open", "closed"].map((state) => ({ ...place, state })));
  });

  it("shows the worse of a tool's own state and its upstream's", async () => {
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "read",
      upstream: "crm",
      breaker: { failures: 1, openMs: 1_000 },
      handler: crash,
    });
    const { ask, registry, clock } = open([tool], {
      upstreams: { crm: { breaker: { failures: 2, openMs: 9_000 } } },
    });
    expect(registry.get("t")).toMatchObject({ breakerState: "closed" });
    await ask("t");
    expect(registry.get("t")).toMatchObject({ breakerState: "open" });
    await clock.advance(1_000);
    // The upstream opens now; the tool's own breaker is told nothing by that.
    await ask("t");
    await clock.advance(2_000);
    expect(await ask("t")).toBe("BREAKER_OPEN");
    expect(registry.get("t")).toMatchObject({ breakerState: "open" });
  });

  it("keeps its state when permissions or the status of the version change", async () => {
    const { ask, next, registry } = openOne({ breaker: { failures: 1 } });
    next.run = crash;
    await ask("t");
    next.run = () => 1;
    await registry.permissions.set("t", ["GUEST", "USER"]);
    expect(await ask("t")).toBe("BREAKER_OPEN");
    await registry.grants.add({ name: "g", tools: ["t"], roles: ["USER"] });
    await registry.deprecate("t@1.0.0", { message: "Old." });
    expect(await ask("t")).toBe("BREAKER_OPEN");
    expect(registry.get("t")).toMatchObject({ status: "deprecated", breakerState: "open" });
  });
});

describe("what counts as a failure", () => {
  it.each<[string, Run, boolean]>([
    ["an exception", crash, true],
    ["a rejection", () => Promise.reject(new Error("x")), true],
    ["an output that JSON cannot hold", () => Number.NaN, true],
    [
      "a refusal that may come out differently",
      () => Promise.reject(new ToolError("BUSY", "x", { retryable: true })),
      true,
    ],
    [
      "a refusal that may not: the tool works, and said no",
      () => Promise.reject(new ToolError("NOT_FOUND", "x")),
      false,
    ],
    ["an answer", () => 1, false],
  ])("is decided by what the handler does: %s", async (_, run, expected) => {
    const { ask, next } = openOne({ breaker: { failures: 1 } });
    next.run = run;
    await ask("t");
    expect((await ask("t")) === "BREAKER_OPEN").toBe(expected);
  });

  it("is not a refusal: it even ends a row of failures", async () => {
    const { ask, next } = openOne({ breaker: { failures: 2 } });
    for (const run of [crash, () => Promise.reject(new ToolError("NO", "No.")), crash]) {
      next.run = run;
      await ask("t");
    }
    expect(await ask("t")).toBe("TOOL_FAILED");
  });

  it("is a lost answer of a write", async () => {
    const { ask, next } = openOne({ effect: "write", breaker: { failures: 1 } });
    next.run = () => Promise.reject(Object.assign(new Error("x"), { code: "ECONNRESET" }));
    expect(await ask("t")).toBe("OUTCOME_UNKNOWN");
    expect(await ask("t")).toBe("BREAKER_OPEN");
  });

  const timeouts: [string, More, CallOptions, number, boolean][] = [
    ["the tool's own deadline", {}, {}, 1_000, true],
    ["a caller's deadline that is shorter", {}, { timeoutMs: 800 }, 800, false],
    ["a caller's deadline that is hardly shorter", {}, { timeoutMs: 990 }, 990, true],
    ["the deadline of one attempt", { attemptTimeoutMs: 100 }, {}, 100, true],
    ["that of an attempt, in a short call", { attemptTimeoutMs: 100 }, { timeoutMs: 500 }, 100, true],
    ["a call shorter than an attempt", { attemptTimeoutMs: 100 }, { timeoutMs: 50 }, 50, false],
    ["the time before a fallback", { fallback: { run: () => 1, reserveMs: 400 } }, {}, 600, true],
    ["the time before a long fallback", { fallback: { run: () => 1, reserveMs: 60_000 } }, {}, 500, true],
    [
      "a short one before a long fallback",
      { fallback: { run: () => 1, reserveMs: 60_000 } },
      { timeoutMs: 100 },
      50,
      false,
    ],
    ["a short one before a fallback", { fallback: { run: () => 1, reserveMs: 400 } }, { timeoutMs: 600 }, 300, false],
  ];
  it.each(timeouts)("is a handler that does not answer within %s: %#", async (_, more, options, afterMs, expected) => {
    const { ask, next, clock, changes } = openOne({ ...more, breaker: { failures: 1 } });
    next.run = never;
    const outcome = ask("t", options);
    await clock.advance(afterMs);
    expect(await outcome).toBe(more.fallback === undefined ? "TIMEOUT" : "ok");
    expect(changes.length === 1).toBe(expected);
  });

  it("is a deadline although the checks before the handler took a part of it", async () => {
    const clock = createManualClock();
    const hooks = { beforeAuthorize: () => clock.advance(5) };
    const { ask, next, changes } = openOne({ breaker: { failures: 1 } }, { clock, hooks });
    next.run = never;
    const outcome = ask("t");
    await clock.advance(0);
    await clock.advance(1_000);
    expect(await outcome).toBe("TIMEOUT");
    expect(changes).toHaveLength(1);
  });

  it("is a deadline that the tool has from the one that calls it", async () => {
    const { ask, next, clock, registry, changes } = openOne({ breaker: { failures: 1 } });
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const outer = defineTool({
      ...base,
      name: "outer",
      effect: "read",
      timeoutMs: 1_000,
      handler: async (_, { call }) => {
        await promise;
        return call("t", {});
      },
    });
    await registry.register(outer);
    next.run = never;
    const outcome = ask("outer");
    await clock.advance(10);
    resolve(null);
    await clock.advance(990);
    expect(await outcome).toBe("TIMEOUT");
    expect(changes).toMatchObject([{ name: "t", state: "open" }]);
  });

  it("is not a caller who leaves early, nor a call that was shed", async () => {
    const { ask, next, clock, changes } = openOne({ breaker: { failures: 1 }, bulkhead: { max: 1, queue: 1 } });
    next.run = never;
    const caller = new AbortController();
    const running = ask("t", { signal: caller.signal });
    const waiting = ask("t", { timeoutMs: 500 });
    expect(await ask("t")).toBe("OVERLOADED");
    await clock.advance(500);
    expect(await waiting).toBe("TIMEOUT");
    caller.abort();
    expect(await running).toBe("CANCELLED");
    expect(next.runs).toBe(1);
    expect(changes).toEqual([]);
  });
});

describe("an attempt that never began", () => {
  it("is not judged by the one before it", async () => {
    const { ask, next, clock, changes } = openOne({
      breaker: { failures: 3 },
      bulkhead: { max: 1, queue: 1 },
      retry: { repeats: 1, baseMs: 1 },
    });
    next.run = crash;
    const first = ask("t");
    next.run = never;
    const other = ask("t");
    await clock.advance(1_000);
    // The first has failed once, and waited for the other until its deadline; the other has failed by that.
    expect([await first, await other]).toEqual(["TIMEOUT", "TIMEOUT"]);
    expect(next.runs).toBe(2);
    expect(changes).toEqual([]);
  });
});

describe("a breaker that is open", () => {
  it("lets as many probes through as it says, and refuses the others until one has come back", async () => {
    const { ask, call, next, clock, changes, registry } = openOne({
      breaker: { failures: 1, openMs: 1_000, probes: 2 },
    });
    next.run = crash;
    await ask("t");
    await clock.advance(1_000);
    const answers: ((value: unknown) => void)[] = [];
    next.run = () => new Promise((resolve) => answers.push(resolve));
    const probes = [ask("t"), ask("t")];
    expect(await call("t")).toMatchObject({ error: { code: "BREAKER_OPEN", retryAfterMs: 1_000 } });
    expect(registry.get("t")).toMatchObject({ breakerState: "half-open" });
    expect(registry.usage("t").breaker).toBe("half-open");
    answers[0]?.(1);
    expect(await probes[0]).toBe("ok");
    next.run = () => 1;
    expect(await Promise.all([ask("t"), ask("t"), ask("t")])).toEqual(["ok", "ok", "ok"]);
    answers[1]?.(1);
    expect(await probes[1]).toBe("ok");
    expect(changes.map(({ state }) => state)).toEqual(["open", "half-open", "closed"]);
  });

  it("stays open twice as long after each probe that fails, up to its bound", async () => {
    const { call, next, clock } = openOne({ breaker: { failures: 1, openMs: 1_000, maxOpenMs: 3_000 } });
    next.run = crash;
    await call("t");
    for (const openMs of [1_000, 2_000, 3_000, 3_000]) {
      await clock.advance(openMs - 1);
      expect(await call("t")).toMatchObject({ error: { code: "BREAKER_OPEN", retryAfterMs: 1 } });
      await clock.advance(1);
      expect(await call("t")).toMatchObject({ error: { code: "TOOL_FAILED" } });
    }
  });

  it("takes no verdict from a probe that was cancelled or shed further in: the next call is one", async () => {
    const { ask, next, clock, changes } = openOne({
      breaker: { failures: 1, openMs: 1_000 },
      bulkhead: { max: 1, queue: 0 },
    });
    next.run = crash;
    await ask("t");
    await clock.advance(1_000);
    const answers: ((value: unknown) => void)[] = [];
    next.run = () => new Promise((resolve) => answers.push(resolve));
    const caller = new AbortController();
    const probe = ask("t", { signal: caller.signal });
    caller.abort();
    expect(await probe).toBe("CANCELLED");
    // The handler that was left goes on, and the next probe finds no room.
    expect(await ask("t")).toBe("OVERLOADED");
    answers[0]?.(1);
    await clock.advance(0);
    next.run = () => 1;
    expect(await ask("t")).toBe("ok");
    expect(changes.map(({ state }) => state)).toEqual(["open", "half-open", "closed"]);
  });

  it("gets its probe back whatever the handler throws", async () => {
    const { ask, next, clock } = openOne({ breaker: { failures: 1, openMs: 1_000, maxOpenMs: 1_000 } });
    const { proxy, revoke } = Proxy.revocable(new Error("x"), {});
    revoke();
    for (const thrown of [proxy, null, undefined, Symbol("x")]) {
      next.run = () => {
        throw thrown;
      };
      expect(await ask("t")).toBe("TOOL_FAILED");
      expect(await ask("t")).toBe("BREAKER_OPEN");
      await clock.advance(1_000);
    }
    next.run = () => 1;
    expect(await ask("t")).toBe("ok");
  });
});
