import { describe, expect, it } from "vitest";
import { z } from "zod";
import { createMemoryAuditSink } from "../../audit/index.ts";
import type { ToolContext } from "../../call/context.ts";
import type { CallEvent } from "../../call/event.ts";
import { createRegistry } from "../../core/create-registry.ts";
import type { CallOptions, RegistryEvents, RegistryOptions } from "../../core/registry.ts";
import { ToolError } from "../../errors/tool-error.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { defineTool } from "../../tool/define-tool.ts";
import type { AnyTool, AnyDefinition, ToolProperties } from "../../tool/definition.ts";

const base = { version: "1.0.0", description: "For tests.", access: { roles: ["USER"] } } as const;
const user = { id: "u1" };

type More = Partial<ToolProperties> & Pick<AnyDefinition, "fallback" | "output">;

const crash = (): never => {
  throw new Error("x");
};
const never = (): Promise<never> => new Promise(() => {});

function define(name: string, run: (context: ToolContext) => unknown, more: More = {}): AnyTool<unknown> {
  const handler = (_: unknown, context: ToolContext): unknown => run(context);
  return defineTool({ ...base, name, effect: "read", timeoutMs: 1_000, ...more, handler } as never);
}

function open(tools: readonly AnyTool<unknown>[], options: RegistryOptions = {}) {
  const clock = createManualClock();
  const sink = createMemoryAuditSink();
  const registry = createRegistry({ tools, clock, audit: sink, limits: [], retry: false, ...options });
  const failed: RegistryEvents["fallback.failed"][] = [];
  registry.on("fallback.failed", (event) => failed.push(event));
  const call = (ref = "t", given: CallOptions = {}) => registry.execute(ref, {}, { principal: user, ...given });
  return { clock, registry, sink, failed, call };
}

describe("a value", () => {
  it("answers when the tool fails, and the outcome says so", async () => {
    const value = { total: 0, items: [] as string[] };
    const { call, registry, sink } = open([define("t", crash, { fallback: { value } })]);
    const outcome = await call();
    expect(outcome).toMatchObject({
      ok: true,
      output: value,
      content: [],
      meta: { attempts: 1, cached: null, degraded: { by: "value", code: "TOOL_FAILED" } },
    });
    // Everybody gets a copy of his own.
    if (outcome.ok) (outcome.output as typeof value).items.push("mine");
    expect(await call()).toMatchObject({ output: value });
    expect(registry.usage("t")).toMatchObject({ calls: 2, succeeded: 2, degraded: 2 });
    expect(sink.events).toMatchObject([
      { answeredBy: "fallback", effect: "none" },
      { answeredBy: "fallback", effect: "none" },
    ]);
  });

  it("leaves an answer of the tool's own alone", async () => {
    const { call } = open([define("t", () => 1, { fallback: { value: 0 } })]);
    expect(await call()).toMatchObject({ output: 1, meta: { degraded: null } });
  });

  it("is there at the deadline itself, the caller's too", async () => {
    const { call, clock } = open([define("t", never, { fallback: { value: null } })]);
    const outcome = call();
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({
      ok: true,
      output: null,
      meta: { durationMs: 1_000, degraded: { by: "value", code: "TIMEOUT" } },
    });
    const hurried = call("t", { timeoutMs: 20 });
    await clock.advance(20);
    expect(await hurried).toMatchObject({ ok: true, meta: { durationMs: 20 } });
    expect(clock.pending).toBe(0);
  });

  it("is there at the deadline although the schema checks it in its own time", async () => {
    const slow = z.object({ n: z.number().refine(async (n) => Promise.resolve(n >= 0)) });
    const { call, clock } = open([define("t", never, { output: slow, fallback: { value: { n: 0 } } })]);
    const outcome = call();
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ ok: true, output: { n: 0 } });
    expect(clock.pending).toBe(0);
  });

  it("does not hold the call when that check never ends", async () => {
    const hanging = z.object({ n: z.number().refine(() => never()) });
    const { call, clock, failed } = open([
      define("t", never, { output: hanging, fallback: { value: { n: 0 } } }),
      define("u", crash, { output: hanging, fallback: { value: { n: 0 } } }),
    ]);
    const outcomes = [call("t"), call("u")];
    await clock.advance(10_000);
    expect(await Promise.all(outcomes)).toMatchObject([
      { error: { code: "TIMEOUT" } },
      { error: { code: "TOOL_FAILED" } },
    ]);
    expect(failed).toHaveLength(2);
  });

  it.each<[string, () => unknown, string | null]>([
    ["an exception", crash, "TOOL_FAILED"],
    ["a wrong output", () => Number.NaN, "INVALID_OUTPUT"],
    [
      "a refusal that may come out differently",
      () => Promise.reject(new ToolError("BUSY", "x", { retryable: true })),
      "TOOL_ERROR",
    ],
    ["no refusal that may not: that is the answer", () => Promise.reject(new ToolError("NOT_FOUND", "x")), null],
    [
      "no failure that has had an effect",
      () => Promise.reject(new ToolError("X", "x", { retryable: true, effect: "applied" })),
      null,
    ],
  ])("stands in for %s", async (_, run, code) => {
    const { call } = open([define("t", run, { fallback: { value: 0 } })]);
    const outcome = await call();
    expect(outcome.ok).toBe(code !== null);
    expect(outcome.meta.degraded).toEqual(code === null ? null : { by: "value", code, sources: [] });
  });

  it("stands in for an open breaker and a full bulkhead", async () => {
    const { call, clock } = open([
      define("t", crash, { breaker: { failures: 1 }, fallback: { value: 0 } }),
      define("u", never, { bulkhead: { max: 1, queue: 0 }, fallback: { value: 0 } }),
    ]);
    await call();
    expect(await call()).toMatchObject({ ok: true, meta: { attempts: 0, degraded: { code: "BREAKER_OPEN" } } });
    const first = call("u");
    expect(await call("u")).toMatchObject({ ok: true, meta: { degraded: { code: "OVERLOADED" } } });
    await clock.advance(1_000);
    await first;
  });

  it("comes after the last attempt", async () => {
    const { call, clock } = open([define("t", crash, { retry: { repeats: 2 }, fallback: { value: 0 } })]);
    const outcome = call();
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ ok: true, output: 0, meta: { attempts: 3 } });
  });

  it("does not stand in for a caller who has left", async () => {
    const { call, clock } = open([define("t", never, { fallback: { value: 0 } })]);
    const caller = new AbortController();
    const outcome = call("t", { signal: caller.signal });
    await clock.advance(1);
    caller.abort();
    expect(await outcome).toMatchObject({ error: { code: "CANCELLED" } });
  });

  it("is nothing after a partial was delivered: the caller has begun to read another answer", async () => {
    const { registry } = open([
      define(
        "t",
        async function* () {
          yield { type: "partial", value: 1 };
          crash();
        },
        { fallback: { value: 0 } },
      ),
    ]);
    const events: CallEvent[] = [];
    for await (const event of registry.stream("t", {}, { principal: user })) events.push(event);
    expect(events).toMatchObject([{ type: "partial" }, { type: "outcome", outcome: { ok: false } }]);
  });

  it("has to fit the output schema", async () => {
    const { call, failed } = open([
      define("t", crash, { output: z.object({ n: z.number() }), fallback: { value: { n: "x" } } }),
    ]);
    const outcome = await call();
    expect(outcome).toMatchObject({ error: { code: "TOOL_FAILED" }, meta: { degraded: null } });
    expect(failed).toMatchObject([{ callId: outcome.meta.callId, tool: "t", version: "1.0.0" }]);
    expect(String(failed[0]?.error)).toContain("output schema");
  });

  it("gets what the output schema fills in", async () => {
    const output = z.object({ n: z.number().default(7) });
    const { call } = open([define("t", crash, { output, fallback: { value: {} } })]);
    expect(await call()).toMatchObject({ output: { n: 7 } });
  });
});

describe("a write", () => {
  const write = { effect: "write", fallback: { value: "in its place" } } as const;

  it.each<[string, () => unknown, string]>([
    ["throws", crash, "TOOL_FAILED"],
    ["lost its connection", () => Promise.reject(Object.assign(new Error("x"), { code: "EPIPE" })), "OUTCOME_UNKNOWN"],
    ["gives a wrong output", () => Number.NaN, "INVALID_OUTPUT"],
    [
      "refuses without a word of its effect",
      () => Promise.reject(new ToolError("X", "x", { retryable: true })),
      "TOOL_ERROR",
    ],
  ])("is never replaced once it may have had its effect: it %s", async (_, run, code) => {
    const { call } = open([define("t", run, write)]);
    expect(await call()).toMatchObject({ ok: false, error: { code }, meta: { degraded: null } });
  });

  it("is never replaced when it did not answer in time", async () => {
    const { call, clock } = open([define("t", never, write)]);
    const outcome = call();
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ error: { code: "OUTCOME_UNKNOWN", effect: "unknown" } });
  });

  it("is never replaced when an earlier attempt had its effect, and a later one was refused", async () => {
    const applied = (): unknown => Promise.reject(new ToolError("X", "x", { retryable: true, effect: "applied" }));
    for (const run of [crash, applied]) {
      const more = { ...write, idempotent: true, retry: { repeats: 1 }, breaker: { failures: 1 } };
      const { call, clock } = open([define("t", run, more)]);
      const outcome = call();
      await clock.advance(1_000);
      expect(await outcome).toMatchObject({ ok: false, meta: { degraded: null } });
    }
  });

  it("is replaced when it says that nothing has happened, or was not begun", async () => {
    const busy = (): unknown => Promise.reject(new ToolError("X", "x", { retryable: true, effect: "none" }));
    const { call, sink } = open([define("t", busy, { ...write, breaker: { failures: 1 } })]);
    expect(await call()).toMatchObject({ ok: true, meta: { degraded: { code: "TOOL_ERROR" } } });
    expect(await call()).toMatchObject({ ok: true, meta: { degraded: { code: "BREAKER_OPEN" } } });
    expect(sink.events).toMatchObject([{ effect: "none" }, { effect: "none" }]);
  });
});

describe("a function", () => {
  it("gets the input, a context of its own and the reason", async () => {
    const seen: unknown[] = [];
    const clock = createManualClock();
    const tool = defineTool({
      ...base,
      name: "t",
      effect: "read",
      input: z.object({ n: z.number().default(2) }),
      fallback: {
        run: ({ n }, { attempt, callId, principal, attach, tool: { name } }, reason) => {
          seen.push(n, attempt, callId, principal.id, name, reason);
          attach({ type: "text", text: "from the function" });
          return "stand-in";
        },
      },
      handler: (_, { attach }) => {
        attach({ type: "text", text: "from the handler" });
        return crash();
      },
    });
    const registry = createRegistry({ tools: [tool], clock, retry: false });
    const outcome = await registry.execute(tool, {}, { principal: user });
    expect(outcome).toMatchObject({
      ok: true,
      output: "stand-in",
      content: [{ type: "text", text: "from the function" }],
      meta: { degraded: { by: "function", code: "TOOL_FAILED" } },
    });
    const { callId } = outcome.meta;
    const message = `The tool failed. Quote ${callId} to its operator.`;
    expect(seen).toEqual([2, 0, callId, "u1", "t", { code: "TOOL_FAILED", message }]);
  });

  it.each([
    [1_000, undefined, 1_000, 500],
    [1_000, 400, 1_000, 600],
    [1_000, 60_000, 1_000, 500],
    [1_000, 400, 200, 100],
    [30_000, undefined, 30_000, 29_000],
  ])(
    "has time kept back for it: of %d ms, with reserveMs %s, in a call of %d ms it begins after %d",
    async (timeoutMs, reserveMs, callMs, expected) => {
      const began: number[] = [];
      const left: number[] = [];
      let lost: AbortSignal | undefined;
      const aborted: unknown[] = [];
      const { call, clock } = open([
        define(
          "t",
          ({ signal }) => {
            lost = signal;
            return never();
          },
          {
            timeoutMs,
            fallback: {
              ...(reserveMs === undefined ? {} : { reserveMs }),
              run: async (_, { remainingMs, signal }) => {
                began.push(clock.monotonic());
                left.push(remainingMs());
                aborted.push(lost?.aborted, signal.aborted);
                return "in time";
              },
            },
          },
        ),
      ]);
      const outcome = call("t", { timeoutMs: callMs });
      await clock.advance(callMs);
      expect(await outcome).toMatchObject({ ok: true, output: "in time", meta: { durationMs: expected } });
      expect(began).toEqual([expected]);
      expect(left).toEqual([callMs - expected]);
      expect(aborted).toEqual([true, false]);
      expect(clock.pending).toBe(0);
    },
  );

  it("has the whole rest of the call when the tool fails early", async () => {
    const { call } = open([define("t", crash, { fallback: { run: (_, { remainingMs }) => remainingMs() } })]);
    expect(await call()).toMatchObject({ output: 1_000 });
  });

  it("that fails, or does not answer, leaves the tool's own failure, and the operator hears of it", async () => {
    const { call, clock, failed, registry } = open([
      define("t", crash, { fallback: { run: () => Promise.reject(new Error("worse")) } }),
      define("u", crash, { fallback: { run: crash } }),
      define("v", never, { fallback: { run: never } }),
    ]);
    const hanging = call("v");
    expect(await call("t")).toMatchObject({ error: { code: "TOOL_FAILED" }, meta: { degraded: null } });
    expect(await call("u")).toMatchObject({ error: { code: "TOOL_FAILED" } });
    await clock.advance(1_000);
    expect(await hanging).toMatchObject({ error: { code: "TIMEOUT" }, meta: { durationMs: 1_000 } });
    expect(failed.map(({ tool }) => tool)).toEqual(["t", "u", "v"]);
    expect(failed.map(({ error }) => String(error))).toEqual([
      "Error: worse",
      "Error: x",
      "Error: it gave no answer before the call ended",
    ]);
    expect(registry.usage("v")).toMatchObject({ degraded: 0, maxMs: 1_000 });
  });

  it("ends with the caller, and holds the slots of the call until it has truly ended", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const { call, clock } = open([
      define("t", crash, { concurrency: [{ per: [], max: 1 }], fallback: { run: () => promise } }),
    ]);
    const caller = new AbortController();
    const outcome = call("t", { signal: caller.signal });
    await clock.advance(1);
    caller.abort();
    expect(await outcome).toMatchObject({ error: { code: "TOOL_FAILED" } });
    expect(await call()).toMatchObject({ error: { code: "OVERLOADED" } });
    resolve(1);
    await clock.advance(0);
    expect(await call()).toMatchObject({ ok: true });
  });

  it("may call other tools, which end with it", async () => {
    const { call, clock, registry } = open([
      define("t", crash, { fallback: { run: async (_, context) => (await context.call("u", {})).meta.durationMs } }),
      define("u", never),
    ]);
    const outcome = call();
    await clock.advance(1_000);
    await outcome;
    expect(registry.usage("u")).toMatchObject({ calls: 1, errors: { TIMEOUT: 1 } });
    expect(clock.pending).toBe(0);
  });
});

describe("another tool", () => {
  const standIn = (more: More = {}): AnyTool<unknown> =>
    define(
      "u",
      ({ attach }) => {
        attach({ type: "text", text: "from u" });
        return "from u";
      },
      more,
    );
  const replaced = (more: More = {}): AnyTool<unknown> => define("t", crash, { fallback: { tool: "u" }, ...more });

  it("gets the same arguments and answers with everything it has", async () => {
    const input = z.object({ n: z.number() });
    const tools = [
      defineTool({ ...base, name: "t", effect: "read", input, fallback: { tool: "u@^1" }, handler: crash }),
      defineTool({ ...base, name: "u", effect: "read", input, handler: ({ n }) => n + 1 }),
    ];
    const { registry } = open(tools);
    expect(await registry.execute("t", '{"n":1}', { principal: user })).toMatchObject({ ok: true, output: 2 });
    const { call } = open([replaced(), standIn()]);
    expect(await call()).toMatchObject({
      ok: true,
      output: "from u",
      content: [{ type: "text", text: "from u" }],
      meta: { tool: "t", degraded: { by: "tool", code: "TOOL_FAILED" } },
    });
  });

  it("is metered and audited as a call of its own, made by the first", async () => {
    const { call, registry, sink } = open([replaced(), standIn()]);
    const { callId } = (await call()).meta;
    expect(registry.usage("t")).toMatchObject({ calls: 1, succeeded: 1, degraded: 1 });
    expect(registry.usage("u")).toMatchObject({ calls: 1, succeeded: 1, degraded: 0 });
    expect(sink.events).toMatchObject([
      { tool: "u", parentCallId: callId, answeredBy: "tool" },
      { tool: "t", callId, answeredBy: "fallback" },
    ]);
  });

  it.each<[string, More, string]>([
    ["may not be seen by the principal", { access: { roles: ["ADMIN"] } }, "UNKNOWN_TOOL"],
    [
      "has no quota left",
      { limits: [{ per: ["principal"], capacity: 1, windowMs: 1_000 }], cost: 1 } as More,
      "QUOTA_EXCEEDED",
    ],
    ["fails as well", { retry: false, output: z.string().regex(/^x/) }, "INVALID_OUTPUT"],
  ])("leaves the tool's own failure when it %s", async (_, more, code) => {
    const { call, failed } = open([replaced(), standIn(more)]);
    if (code === "QUOTA_EXCEEDED") await call("u");
    const outcome = await call();
    expect(outcome).toMatchObject({ ok: false, error: { code: "TOOL_FAILED" } });
    expect(failed).toHaveLength(1);
    expect(String(failed[0]?.error)).toContain(`u: ${code}`);
    // What the operator is told is not for the caller, who may not even know that there is such a tool.
    expect(JSON.stringify(outcome)).not.toContain('"u"');
  });

  it("is a tool that does not exist: the failure stays", async () => {
    const { call, failed } = open([replaced()]);
    expect(await call()).toMatchObject({ error: { code: "TOOL_FAILED" } });
    expect(String(failed[0]?.error)).toContain("UNKNOWN_TOOL");
  });

  it("has to fit the output schema of the tool it stands in for", async () => {
    const { call, failed } = open([replaced({ output: z.number() }), standIn()]);
    expect(await call()).toMatchObject({ error: { code: "TOOL_FAILED" } });
    expect(failed).toHaveLength(1);
  });

  it("is cut off with the call, and gets what time was kept back", async () => {
    const { call, clock, failed, registry } = open([
      define("t", never, { fallback: { tool: "u", reserveMs: 300 } }),
      define("u", ({ remainingMs }) => (remainingMs() === 300 ? never() : 1)),
    ]);
    const outcome = call();
    await clock.advance(1_000);
    expect(await outcome).toMatchObject({ error: { code: "TIMEOUT" }, meta: { durationMs: 1_000 } });
    expect(failed).toHaveLength(1);
    expect(registry.usage("u")).toMatchObject({ errors: { TIMEOUT: 1 }, maxMs: 300 });
    expect(clock.pending).toBe(0);
  });

  it("may be another version of the same one, and a circle of them ends where it closes", async () => {
    const v1 = define("t", () => "old", { version: "1.0.0" });
    const v2 = define("t", crash, { version: "2.0.0", fallback: { tool: "t@^1" } });
    expect(await open([v1, v2]).call("t@2")).toMatchObject({ ok: true, output: "old" });
    const { call, failed, registry } = open([
      define("a", crash, { fallback: { tool: "b" } }),
      define("b", crash, { fallback: { tool: "a" } }),
    ]);
    expect(await call("a")).toMatchObject({ error: { code: "TOOL_FAILED" } });
    expect(failed.map(({ tool, error }) => [tool, (error as Error).message])).toEqual([
      ["b", "a stands in for itself by way of other tools"],
      ["a", expect.stringMatching(/^b: TOOL_FAILED/)],
    ]);
    expect(registry.usage("a").calls).toBe(1);
    expect(await registry.check()).toMatchObject({
      ok: false,
      problems: [
        { path: "a@1.0.0: fallback.tool", message: expect.stringContaining("leads back to the tool itself: a, b, a") },
        { path: "b@1.0.0: fallback.tool" },
      ],
    });
  });
});
