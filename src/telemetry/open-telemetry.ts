// OpenTelemetry for tool calls: one span and one measurement per call, through the API alone. Without an SDK the API's own
// stand-ins answer, which costs a call 0.2 µs. Neither arguments nor results nor principals become attributes.
import {
  type Attributes,
  context,
  INVALID_TRACEID,
  type MeterProvider,
  type Span,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  trace,
  type Tracer,
  type TracerProvider,
} from "@opentelemetry/api";
import { type Clock, systemClock } from "../kernel/clock.ts";
import type { HookCall, Hooks } from "../pipeline/hooks.ts";
import { createDurationRecorder, SCOPE } from "./call-duration.ts";

export interface OpenTelemetryOptions {
  /** @default the global one, also when it is registered later */
  readonly tracerProvider?: TracerProvider;
  /** @default the global one, also when it is registered later */
  readonly meterProvider?: MeterProvider;
  /** For tests. @default the system's */
  readonly clock?: Clock;
}

type Version = HookCall["tool"];

/** Refused calls without a span before one asks again whether somebody listens. */
const PROBE_EVERY = 100;

/** The span of a call's last attempt. */
interface Attempted {
  readonly span: Span;
  /** When the handler failed, epoch ms; null while it has not. */
  failedAt: number | null;
  /** Of the failure, if another attempt follows. */
  errorType: string;
}

/** What all calls of one version have in common. */
interface Described {
  readonly spanName: string;
  readonly options: SpanOptions;
  readonly attributes: Attributes;
  /** The same with each error code that occurred: as many as there are codes. */
  readonly failed: Map<string, Attributes>;
}

/**
 * Hooks for `createRegistry({ hooks })` that follow the GenAI semantic conventions for tool execution: a span
 * `execute_tool {name}` with `gen_ai.operation.name`, `gen_ai.tool.name`, `gen_ai.tool.call.id`,
 * `toolyard.tool.version`, and for a failure `error.type` with the error code; it is the active span while the handler
 * runs. And a histogram `toolyard.call.duration` in seconds by `gen_ai.tool.name` and `error.type`.
 *
 * A span covers an attempt: a call that is repeated has one for each, with `toolyard.call.attempt` from the second on. That
 * of a call that was refused before covers the call. Calls of tools that do not exist have neither. Throws a TypeError for a provider that cannot be one.
 */
export function createOpenTelemetryHooks(options: OpenTelemetryOptions = {}): Hooks {
  const { tracerProvider, meterProvider, clock = systemClock } = options;
  checkProvider("tracerProvider", tracerProvider, "getTracer");
  checkProvider("meterProvider", meterProvider, "getMeter");
  const tracer = (tracerProvider ?? trace).getTracer(SCOPE);
  const recordDuration = createDurationRecorder(meterProvider);
  const describe = createDescriber();
  const spans = new WeakMap<HookCall, Attempted>();

  // What the last span was begun for. Without an SDK a flood of refusals should not pay for spans that nobody gets;
  // attempts ask every time, so an SDK that is registered later is found by the first of them.
  let heard = true;
  let unheard = 0;

  /** The span of a call; null when nobody listens. */
  const begin = (call: HookCall, startedAt: number | null): Span | null => {
    const span = startSpan(tracer, call, describe(call.tool), startedAt);
    heard = span !== null;
    unheard = 0;
    return span;
  };

  return {
    aroundAttempt(call, next) {
      const span = begin(call, null);
      if (span === null) return next();
      if (call.attempt > 1) {
        span.setAttribute("toolyard.call.attempt", call.attempt);
        endRepeated(spans.get(call));
      }
      // An attempt that has not failed when the next one begins has lost its race with its deadline.
      const attempted: Attempted = { span, failedAt: null, errorType: "TIMEOUT" };
      spans.set(call, attempted);
      const work = context.with(trace.setSpan(context.active(), span), next);
      work.then(undefined, (error: unknown) => {
        attempted.failedAt = clock.now();
        attempted.errorType = error instanceof Error && error.name === "ToolError" ? "TOOL_ERROR" : "TOOL_FAILED";
      });
      return work;
    },
    onSettled(call, outcome) {
      const { durationMs } = outcome.meta;
      const code = outcome.ok ? null : outcome.error.code;
      const described = describe(call.tool);
      recordDuration(durationMs, code === null ? described.attributes : toFailedAttributes(described, code));
      // A call that succeeded was attempted: nobody listened to its span.
      const missed = code !== null && (heard || ++unheard >= PROBE_EVERY);
      const span = spans.get(call)?.span ?? (missed ? begin(call, clock.now() - durationMs) : null);
      if (span === null) return;
      if (code !== null) span.setAttribute("error.type", code).setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** A span, or null when nobody listens. */
function startSpan(
  tracer: Tracer,
  call: HookCall,
  { spanName, options }: Described,
  startedAt: number | null,
): Span | null {
  const span = tracer.startSpan(spanName, startedAt === null ? options : { ...options, startTime: startedAt });
  if (span.isRecording()) {
    span.setAttribute("gen_ai.tool.call.id", call.id);
    return span;
  }
  // One that a sampler left out has to be passed on all the same, or the spans below it would be sampled on their own.
  return span.spanContext().traceId === INVALID_TRACEID ? null : span;
}

/** An attempt that was not the last: it failed, and its end was when it did. */
function endRepeated(attempted: Attempted | undefined): void {
  if (attempted === undefined) return;
  const { span, failedAt, errorType } = attempted;
  span.setAttribute("error.type", errorType).setStatus({ code: SpanStatusCode.ERROR });
  if (failedAt === null) span.end();
  else span.end(failedAt);
}

function toFailedAttributes({ attributes, failed }: Described, code: string): Attributes {
  let found = failed.get(code);
  if (found === undefined) {
    found = { ...attributes, "error.type": code };
    failed.set(code, found);
  }
  return found;
}

function createDescriber(): (version: Version) => Described {
  const known = new WeakMap<Version, Described>();
  return (version) => {
    let described = known.get(version);
    if (described === undefined) {
      described = toDescribed(version);
      known.set(version, described);
    }
    return described;
  };
}

function toDescribed({ name, version }: Version): Described {
  const attributes = {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": name,
    "gen_ai.tool.type": "function",
    "toolyard.tool.version": version,
  };
  return {
    spanName: `execute_tool ${name}`,
    options: { kind: SpanKind.INTERNAL, attributes },
    attributes: { "gen_ai.tool.name": name },
    failed: new Map(),
  };
}

function checkProvider(option: string, provider: unknown, method: "getTracer" | "getMeter"): void {
  if (provider === undefined) return;
  const found: unknown = (provider as Record<string, unknown> | null)?.[method];
  if (typeof found === "function") return;
  const received = provider === null ? "null" : typeof provider;
  throw new TypeError(`${option}: received ${received}, expected a provider of OpenTelemetry, with ${method}()`);
}
