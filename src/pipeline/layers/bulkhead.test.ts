import { describe, expect, it } from "vitest";
import { createRegistry } from "../../core/create-registry.ts";
import type { CallOptions, RegistryOptions } from "../../core/registry.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { ToolProperties } from "../../tool/definition.ts";

const base = { version: "1.0.0", description: "For tests.", effect: "read", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };
const input = { type: "object", properties: { n: { type: "integer" } } };

/** Tools whose handlers note their argument and answer when told to, in the order in which they began. */
function open(tools: Readonly<Record<string, Partial<ToolProperties>>>, options: RegistryOptions = {}) {
  const clock = createManualClock();
  const began: unknown[] = [];
  const answers: ((value: unknown) => void)[] = [];
  const registry = createRegistry({
    tools: Object.entries(tools).map(([name, more]) =>
      defineTool({
        ...base,
        name,
        ...more,
        input,
        handler: (given) => {
          began.push((given as { n?: number }).n ?? name);
          return new Promise<unknown>((resolve) => answers.push(resolve));
        },
      }),
    ),
    clock,
    limits: [],
    retry: false,
    ...options,
  });
  const call = (ref: string, n?: number, given: CallOptions = {}) =>
    registry.execute(ref, n === undefined ? {} : { n }, { principal: user, ...given });
  /** Lets the oldest handler that still runs end. */
  const end = async (): Promise<void> => {
    answers.shift()?.("done");
    await clock.advance(0);
  };
  const bulkheads = async () => (await registry.health()).bulkheads;
  return { clock, registry, began, call, end, bulkheads };
}

describe("a bulkhead", () => {
  it("lets so many run, the others wait, first come first served", async () => {
    const { call, end, began, bulkheads, clock } = open({ t: { bulkhead: { max: 2, queue: 10 } } });
    const calls = [1, 2, 3, 4, 5].map((n) => call("t", n));
    await clock.advance(0);
    expect(began).toEqual([1, 2]);
    expect(await bulkheads()).toEqual([
      { scope: "tool", name: "t", version: "1.0.0", running: 2, waiting: 3, limit: 2 },
    ]);
    await end();
    expect(began).toEqual([1, 2, 3]);
    for (let left = 0; left < 4; left++) await end();
    expect(began).toEqual([1, 2, 3, 4, 5]);
    expect((await Promise.all(calls)).every(({ ok, meta }) => ok && meta.attempts === 1)).toBe(true);
    expect(await bulkheads()).toMatchObject([{ running: 0, waiting: 0 }]);
    expect(clock.pending).toBe(0);
  });

  it("sheds whom the queue has no room for, and says when to come again", async () => {
    const { call, end, clock } = open({ t: { bulkhead: { max: 1, queue: 2 } } });
    const calls = [call("t"), call("t"), call("t")];
    const shed = {
      ok: false,
      error: {
        code: "OVERLOADED",
        effect: "none",
        retryable: true,
        retryAfterMs: 1_000,
        details: { running: 1, waiting: 2 },
        message: "t is busy (running: 1, waiting: 2); try again in 1s.",
      },
      meta: { attempts: 0 },
    };
    expect(await call("t")).toMatchObject(shed);
    await clock.advance(300);
    for (let left = 0; left < 3; left++) await end();
    await Promise.all(calls);
    // From what was measured: 300 ms, then nothing twice; for three calls in one slot.
    const again = [call("t"), call("t"), call("t")];
    expect(await call("t")).toMatchObject({ error: { code: "OVERLOADED", retryAfterMs: 729 } });
    for (let left = 0; left < 3; left++) await end();
    await Promise.all(again);
  });

  it("may have no queue", async () => {
    const { call, end } = open({ t: { bulkhead: { max: 1, queue: 0 } } });
    const first = call("t");
    expect(await call("t")).toMatchObject({ error: { code: "OVERLOADED", details: { running: 1, waiting: 0 } } });
    await end();
    expect(await first).toMatchObject({ ok: true });
    const next = call("t");
    await end();
    expect(await next).toMatchObject({ ok: true });
  });

  it("lets those out of the line who leave, or whose time is over", async () => {
    const { call, end, began, bulkheads, clock } = open({ t: { bulkhead: { max: 1, queue: 3 } } });
    const caller = new AbortController();
    const first = call("t", 1);
    const leaving = call("t", 2, { signal: caller.signal });
    const hurried = call("t", 3, { timeoutMs: 100 });
    const last = call("t", 4);
    caller.abort();
    expect(await leaving).toMatchObject({ error: { code: "CANCELLED", effect: "none" }, meta: { attempts: 0 } });
    await clock.advance(100);
    expect(await hurried).toMatchObject({ error: { code: "TIMEOUT", effect: "none" }, meta: { attempts: 0 } });
    expect(await bulkheads()).toMatchObject([{ running: 1, waiting: 1 }]);
    await end();
    expect(began).toEqual([1, 4]);
    await end();
    expect(await Promise.all([first, last])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(clock.pending).toBe(0);
  });

  it("gives a slot on that was granted to somebody who leaves at that moment", async () => {
    const { call, end, began, bulkheads, clock } = open({ t: { bulkhead: { max: 1, queue: 3 } } });
    const caller = new AbortController();
    const calls = [call("t", 1), call("t", 2, { signal: caller.signal }), call("t", 3)];
    await clock.advance(0);
    const ending = end();
    caller.abort();
    await ending;
    await clock.advance(0);
    await end();
    await Promise.all(calls);
    expect(began).toEqual([1, 3]);
    expect(await bulkheads()).toMatchObject([{ running: 0, waiting: 0 }]);
  });

  it("has a slot free again when the handler has truly ended, not when its call was answered", async () => {
    const { call, end, clock, bulkheads } = open({ t: { timeoutMs: 100, bulkhead: { max: 1, queue: 0 } } });
    const first = call("t");
    await clock.advance(100);
    expect(await first).toMatchObject({ error: { code: "TIMEOUT" } });
    expect(await call("t")).toMatchObject({ error: { code: "OVERLOADED" } });
    expect(await bulkheads()).toMatchObject([{ running: 1 }]);
    await end();
    expect(await bulkheads()).toMatchObject([{ running: 0 }]);
  });

  it("counts each attempt of a call whose handlers are lost", async () => {
    const { call, end, clock, bulkheads } = open({
      t: { attemptTimeoutMs: 100, retry: { repeats: 2, baseMs: 1 }, bulkhead: { max: 2 } },
    });
    const outcome = call("t");
    await clock.advance(250);
    // Two attempts are lost, the third waits for one of them to end.
    expect(await bulkheads()).toMatchObject([{ running: 2, waiting: 1 }]);
    await end();
    expect(await bulkheads()).toMatchObject([{ running: 2, waiting: 0 }]);
    await end();
    await end();
    expect(await outcome).toMatchObject({ ok: true, meta: { attempts: 3 } });
    expect(await bulkheads()).toMatchObject([{ running: 0, waiting: 0 }]);
  });

  it("has the slot of an attempt back at once that was shed further in", async () => {
    const { call, end, clock, bulkheads } = open(
      { t: { attemptTimeoutMs: 100, retry: { repeats: 1, baseMs: 1 }, bulkhead: { max: 2 }, upstream: "crm" } },
      { upstreams: { crm: { bulkhead: { max: 1, queue: 0 } } } },
    );
    const outcome = call("t");
    await clock.advance(200);
    expect(await outcome).toMatchObject({ error: { code: "OVERLOADED" }, meta: { attempts: 1 } });
    // The first attempt is lost and holds its own slots, no others.
    expect(await bulkheads()).toMatchObject([
      { name: "crm", running: 1 },
      { name: "t", running: 1 },
    ]);
    await end();
    expect(await bulkheads()).toMatchObject([{ running: 0 }, { running: 0 }]);
  });

  it("counts a handler that a hook does not wait for", async () => {
    const hooks = {
      aroundAttempt: async (_: unknown, next: () => Promise<unknown>): Promise<unknown> => {
        void next();
        return "at once";
      },
    };
    const { call, end, bulkheads } = open({ t: { bulkhead: { max: 1, queue: 0 } } }, { hooks });
    expect(await call("t")).toMatchObject({ ok: true, output: "at once" });
    expect(await bulkheads()).toMatchObject([{ running: 1 }]);
    await end();
    expect(await bulkheads()).toMatchObject([{ running: 0 }]);
  });

  it("has its slots back at once from handlers that do not wait, whatever they throw", async () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    const results = [1, new Error("x"), proxy, null];
    const tool = defineTool({
      ...base,
      name: "t",
      bulkhead: { max: 1, queue: 0 },
      handler: () => {
        const result = results.shift();
        if (result === 1) return result;
        throw result;
      },
    });
    const registry = createRegistry({ tools: [tool], retry: false });
    const codes: unknown[] = [];
    for (let count = 0; count < 4; count++) {
      const outcome = await registry.execute(tool, {}, { principal: user });
      codes.push(outcome.ok ? outcome.output : outcome.error.code);
    }
    expect(codes).toEqual([1, "TOOL_FAILED", "TOOL_FAILED", "TOOL_FAILED"]);
    expect((await registry.health()).bulkheads).toMatchObject([{ running: 0 }]);
  });

  it("of an upstream is that of all its tools", async () => {
    const { call, end, began, bulkheads, clock } = open(
      { a: { upstream: "crm" }, b: { upstream: "crm" }, c: {} },
      { upstreams: { crm: { bulkhead: { max: 1, queue: 1 } } } },
    );
    const calls = [call("a"), call("b"), call("c")];
    await clock.advance(0);
    expect(began).toEqual(["a", "c"]);
    expect(await bulkheads()).toEqual([
      { scope: "upstream", name: "crm", version: null, running: 1, waiting: 1, limit: 1 },
    ]);
    expect(await call("b")).toMatchObject({
      error: {
        code: "OVERLOADED",
        message: "crm, which b uses, is busy (running: 1, waiting: 1); try again in 1s.",
      },
    });
    await end();
    await end();
    await end();
    expect(await Promise.all(calls)).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
    expect(began).toEqual(["a", "c", "b"]);
  });

  it("stands beside that of the upstream: the narrower one decides", async () => {
    const { call, end, began, bulkheads, clock } = open(
      { a: { upstream: "crm", bulkhead: { max: 1 } }, b: { upstream: "crm", bulkhead: { max: 5 } } },
      { upstreams: { crm: { bulkhead: { max: 2 } } } },
    );
    const calls = [call("a", 1), call("a", 2), call("b", 3), call("b", 4)];
    await clock.advance(0);
    expect(began).toEqual([1, 3]);
    expect(await bulkheads()).toMatchObject([
      { name: "crm", running: 2, waiting: 1 },
      { name: "a", running: 1, waiting: 1 },
      { name: "b", running: 2, waiting: 0 },
    ]);
    for (let left = 0; left < 4; left++) await end();
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
    expect((await bulkheads()).map(({ running }) => running)).toEqual([0, 0, 0]);
  });

  it("may find out by itself how many run", async () => {
    const { call, end, bulkheads, clock } = open({ t: { bulkhead: { max: 100, adaptive: true, min: 4, queue: 100 } } });
    const [before] = await bulkheads();
    expect(before?.limit).toBe(20);
    const calls = Array.from({ length: 100 }, (_, n) => call("t", n));
    await clock.advance(0);
    expect(await bulkheads()).toMatchObject([{ running: 20, waiting: 80 }]);
    for (let left = 0; left < 100; left++) await end();
    expect((await Promise.all(calls)).every(({ ok }) => ok)).toBe(true);
    expect(await bulkheads()).toMatchObject([{ running: 0, waiting: 0 }]);
  });
});
