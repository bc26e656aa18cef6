import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Attributes,
  type Context,
  context,
  type MeterProvider,
  metrics,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  type SpanOptions,
  type SpanStatus,
  SpanStatusCode,
  trace,
  type TracerProvider,
} from "@opentelemetry/api";
import { afterEach, describe, expect, it } from "vitest";
import { createRegistry, defineTool, type HookCall, type Outcome, ToolError } from "../index.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createOpenTelemetryHooks } from "./open-telemetry.ts";

interface Recorded {
  readonly name: string;
  readonly options: SpanOptions;
  readonly parent: string | undefined;
  readonly attributes: Attributes;
  status: SpanStatus | null;
  ended: number;
}

/** Keeps what is written to its spans; those of a sampler that leaves all out are not recording. */
function createTracing(sampled = true): { provider: TracerProvider; spans: Recorded[]; started: SpanContext[] } {
  const spans: Recorded[] = [];
  const started: SpanContext[] = [];
  const startSpan = (name: string, options: SpanOptions = {}, from: Context = context.active()): Span => {
    const spanContext: SpanContext = {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: String(started.length + 1).padStart(16, "0"),
      traceFlags: sampled ? 1 : 0,
    };
    started.push(spanContext);
    const recorded: Recorded = {
      name,
      options,
      parent: trace.getSpanContext(from)?.spanId,
      attributes: { ...options.attributes },
      status: null,
      ended: 0,
    };
    spans.push(recorded);
    const span = {
      spanContext: () => spanContext,
      isRecording: () => sampled,
      setAttribute(key: string, value: string) {
        recorded.attributes[key] = value;
        return span;
      },
      setStatus(status: SpanStatus) {
        recorded.status = status;
        return span;
      },
      end() {
        recorded.ended++;
      },
    } as unknown as Span;
    return span;
  };
  return { provider: { getTracer: () => ({ startSpan }) } as unknown as TracerProvider, spans, started };
}

interface Measured {
  readonly name: string;
  readonly unit: string | undefined;
  readonly value: number;
  readonly attributes: Attributes | undefined;
}

function createMeasuring(): { provider: MeterProvider; measured: Measured[]; instruments: string[] } {
  const measured: Measured[] = [];
  const instruments: string[] = [];
  const createHistogram = (name: string, options?: { unit?: string }) => {
    instruments.push(name);
    return {
      record(value: number, attributes?: Attributes) {
        measured.push({ name, unit: options?.unit, value, attributes });
      },
    };
  };
  return { provider: { getMeter: () => ({ createHistogram }) } as unknown as MeterProvider, measured, instruments };
}

/** What an SDK brings along so that the active span follows an async handler. */
function followAsync(): void {
  const storage = new AsyncLocalStorage<Context>();
  context.setGlobalContextManager({
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active, run, self, ...rest) => storage.run(active, () => run.apply(self, rest)),
    bind: (_, target) => target,
    enable() {
      return this;
    },
    disable() {
      return this;
    },
  });
}

const base = {
  version: "1.2.0",
  description: "Says what it is told.",
  effect: "read",
  access: { roles: ["USER"] },
} as const;

function open(hooks: ReturnType<typeof createOpenTelemetryHooks>, seen: (SpanContext | undefined)[] = []) {
  return createRegistry({
    hooks,
    tools: [
      defineTool({
        ...base,
        name: "echo",
        input: { type: "object" },
        handler: async (input) => {
          await Promise.resolve();
          seen.push(trace.getSpanContext(context.active()));
          return input;
        },
      }),
      defineTool({ ...base, name: "outer", handler: (_, { call }) => call("echo", {}) }),
      defineTool({
        ...base,
        name: "fail",
        handler: () => {
          throw new ToolError("NO", "No.");
        },
      }),
      defineTool({ ...base, name: "closed", access: { roles: ["ADMIN"] }, handler: () => 1 }),
    ],
  });
}

const principal = { id: "u1", roles: ["USER"] };

afterEach(() => {
  context.disable();
  trace.disable();
  metrics.disable();
});

describe("createOpenTelemetryHooks", () => {
  it("makes a span for each attempt of a call that is repeated, each ended once with what became of it", async () => {
    const { provider, spans } = createTracing();
    const clock = createManualClock();
    let runs = 0;
    const flaky = defineTool({
      ...base,
      name: "flaky",
      attemptTimeoutMs: 100,
      handler: () => {
        runs++;
        if (runs === 1) throw new Error("down");
        if (runs === 2) throw new ToolError("BUSY", "Busy.", { retryable: true });
        if (runs === 3) return new Promise<never>(() => {});
        return runs;
      },
    });
    const registry = createRegistry({
      tools: [flaky],
      clock,
      hooks: createOpenTelemetryHooks({ tracerProvider: provider, clock }),
    });
    const running = registry.execute(flaky, {}, { principal });
    await clock.advance(5_000);
    expect(await running).toMatchObject({ ok: true, output: 4, meta: { attempts: 4 } });
    expect(
      spans.map(({ attributes, status, ended }) => [
        attributes["toolyard.call.attempt"],
        attributes["error.type"],
        status?.code,
        ended,
      ]),
    ).toEqual([
      [undefined, "TOOL_FAILED", SpanStatusCode.ERROR, 1],
      [2, "TOOL_ERROR", SpanStatusCode.ERROR, 1],
      [3, "TIMEOUT", SpanStatusCode.ERROR, 1],
      [4, undefined, undefined, 1],
    ]);
  });

  it("makes one span for a call, by the conventions, without arguments", async () => {
    const { provider, spans } = createTracing();
    const registry = open(createOpenTelemetryHooks({ tracerProvider: provider }));
    const { meta } = await registry.execute("echo", { secret: "canary" }, { principal });
    expect(spans).toEqual([
      {
        name: "execute_tool echo",
        options: expect.objectContaining({ kind: 0 }),
        parent: undefined,
        attributes: {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "echo",
          "gen_ai.tool.type": "function",
          "gen_ai.tool.call.id": meta.callId,
          "toolyard.tool.version": "1.2.0",
        },
        status: null,
        ended: 1,
      },
    ]);
    expect(JSON.stringify(spans)).not.toContain("canary");
  });

  it("marks the span of a failed call with the error code", async () => {
    const { provider, spans } = createTracing();
    await open(createOpenTelemetryHooks({ tracerProvider: provider })).execute("fail", {}, { principal });
    expect(spans).toMatchObject([
      { attributes: { "error.type": "TOOL_ERROR" }, status: { code: SpanStatusCode.ERROR }, ended: 1 },
    ]);
  });

  it("gives a call that was refused before its handler a span that covers it", async () => {
    const { provider, spans } = createTracing();
    const registry = open(createOpenTelemetryHooks({ tracerProvider: provider }));
    await registry.execute("closed", {}, { principal });
    expect(spans).toMatchObject([{ name: "execute_tool closed", status: { code: SpanStatusCode.ERROR }, ended: 1 }]);
  });

  it("dates the span of a refused call back to when the call began", () => {
    const { provider, spans } = createTracing();
    const clock = createManualClock();
    const { onSettled } = createOpenTelemetryHooks({ tracerProvider: provider, clock });
    const call = { id: "c1", tool: { name: "closed", version: "1.0.0" } } as HookCall;
    const outcome = { ok: false, error: { code: "OVERLOADED" }, meta: { durationMs: 250 } } as Outcome;
    void onSettled?.(call, outcome);
    expect(spans[0]?.options.startTime).toBe(clock.now() - 250);
  });

  it("makes its span the active one while the handler runs, and so the parent of calls that the handler makes", async () => {
    followAsync();
    const { provider, spans, started } = createTracing();
    const seen: (SpanContext | undefined)[] = [];
    const registry = open(createOpenTelemetryHooks({ tracerProvider: provider }), seen);
    await registry.execute("outer", {}, { principal });
    expect(spans.map(({ name, parent }) => [name, parent])).toEqual([
      ["execute_tool outer", undefined],
      ["execute_tool echo", started[0]?.spanId],
    ]);
    expect(seen).toEqual([started[1]]);
  });

  it("passes a span on that a sampler left out, and writes nothing to it", async () => {
    followAsync();
    const { provider, spans, started } = createTracing(false);
    const seen: (SpanContext | undefined)[] = [];
    await open(createOpenTelemetryHooks({ tracerProvider: provider }), seen).execute("echo", {}, { principal });
    expect(seen).toEqual([started[0]]);
    expect(spans.map(({ attributes, options }) => [attributes, options.attributes])).toEqual([
      [spans[0]?.options.attributes, spans[0]?.options.attributes],
    ]);
  });

  it("measures every call in seconds, by tool and error code", async () => {
    const { provider, measured, instruments } = createMeasuring();
    const registry = open(createOpenTelemetryHooks({ meterProvider: provider }));
    const outcomes = await registry.executeAll([{ tool: "echo", input: {} }, { tool: "closed" }], {
      principal,
      concurrency: 1,
    });
    const [ok, refused] = outcomes.map(({ meta }) => meta.durationMs / 1_000);
    expect(instruments).toEqual(["toolyard.call.duration"]);
    expect(measured).toEqual([
      { name: "toolyard.call.duration", unit: "s", value: ok, attributes: { "gen_ai.tool.name": "echo" } },
      {
        name: "toolyard.call.duration",
        unit: "s",
        value: refused,
        attributes: {
          "gen_ai.tool.name": "closed",
          "error.type": outcomes[1]?.ok === false ? outcomes[1].error.code : "",
        },
      },
    ]);
  });

  it("works without an SDK, and finds one that is registered later", async () => {
    const registry = open(createOpenTelemetryHooks());
    expect((await registry.execute("echo", {}, { principal })).ok).toBe(true);
    const tracing = createTracing();
    const measuring = createMeasuring();
    trace.setGlobalTracerProvider(tracing.provider);
    metrics.setGlobalMeterProvider(measuring.provider);
    await registry.execute("echo", {}, { principal });
    expect(tracing.spans).toHaveLength(1);
    expect(measuring.measured).toHaveLength(1);
  });

  it("leaves no span in a dry run", async () => {
    const { provider, started } = createTracing();
    await open(createOpenTelemetryHooks({ tracerProvider: provider })).execute("echo", {}, { principal, dryRun: true });
    expect(started).toEqual([]);
  });

  it.each([
    [{ tracerProvider: {} }, "tracerProvider: received object, expected a provider of OpenTelemetry, with getTracer()"],
    [{ meterProvider: null }, "meterProvider: received null"],
  ])("refuses %j", (options, expected) => {
    expect(() => createOpenTelemetryHooks(options as never)).toThrow(expected);
  });
});
