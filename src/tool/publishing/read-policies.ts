// Policies that a tool and an upstream both have, checked and filled in. A policy that contradicts itself is reported
// with both of its fields: whoever wrote it meant one of them.
import {
  BREAKER_KINDS,
  type BulkheadPolicy,
  type Complete,
  type ConsecutiveBreaker,
  type RetryPolicy,
  type SamplingBreaker,
} from "../resilience.ts";
import type { FieldReader } from "./field-reader.ts";

const HOUR_MS = 3_600_000;
const MAX_CALLS = 1_000_000;
const SAMPLING_FIELDS = ["ratio", "windowMs", "minimumCalls"] as const;
const BREAKER_FIELDS = ["kind", "failures", ...SAMPLING_FIELDS, "openMs", "maxOpenMs", "probes"];

/** The defaults of `RetryPolicy`. */
export const RETRY_DEFAULTS: Complete<RetryPolicy> = Object.freeze({ repeats: 3, baseMs: 50, capMs: 20_000 });

/** The policy in `field`; undefined when there is none, or none that can be used. */
export function readRetry(reader: FieldReader, field: string): Complete<RetryPolicy> | undefined {
  const inner = reader.record(field, ["repeats", "baseMs", "capMs"], "{ repeats: 2 }");
  if (inner === undefined) return undefined;
  const repeats = inner.integer("repeats", 0, 10) ?? RETRY_DEFAULTS.repeats;
  const baseMs = inner.integer("baseMs", 1, 60_000, "milliseconds") ?? RETRY_DEFAULTS.baseMs;
  const capMs = inner.integer("capMs", 1, 600_000, "milliseconds") ?? Math.max(RETRY_DEFAULTS.capMs, baseMs);
  if (capMs < baseMs)
    inner.report("capMs", `is ${capMs}, less than baseMs (${baseMs}); the first delay could not grow`);
  return { repeats, baseMs, capMs };
}

/** The same for a breaker. */
export function readBreaker(
  reader: FieldReader,
  field: string,
): Complete<ConsecutiveBreaker> | Complete<SamplingBreaker> | undefined {
  const inner = reader.record(field, BREAKER_FIELDS, "{ failures: 5 }");
  if (inner === undefined) return undefined;
  const kind = inner.choice("kind", BREAKER_KINDS) ?? "consecutive";
  const times = readBreakerTimes(inner);
  if (kind === "consecutive") {
    for (const other of SAMPLING_FIELDS)
      if (inner.has(other))
        inner.report(other, 'is set, but kind is "consecutive"; say kind: "sampling" or leave it out');
    return { kind, failures: inner.integer("failures", 1, 10_000) ?? 5, ...times };
  }
  if (inner.has("failures"))
    inner.report("failures", 'is set, but kind is "sampling"; say kind: "consecutive" or leave it out');
  const ratio = inner.number("ratio", {
    accepts: (value) => value > 0 && value <= 1,
    expected: "a number over 0, up to 1",
  });
  return {
    kind,
    ratio: ratio ?? 0.5,
    windowMs: inner.integer("windowMs", 1_000, HOUR_MS, "milliseconds") ?? 10_000,
    minimumCalls: inner.integer("minimumCalls", 1, MAX_CALLS) ?? 20,
    ...times,
  };
}

function readBreakerTimes(inner: FieldReader): Pick<Complete<ConsecutiveBreaker>, "openMs" | "maxOpenMs" | "probes"> {
  const openMs = inner.integer("openMs", 1, HOUR_MS, "milliseconds") ?? 30_000;
  const maxOpenMs = inner.integer("maxOpenMs", 1, HOUR_MS, "milliseconds") ?? Math.max(300_000, openMs);
  if (maxOpenMs < openMs) inner.report("maxOpenMs", `is ${maxOpenMs}, less than openMs (${openMs}), where it begins`);
  return { openMs, maxOpenMs, probes: inner.integer("probes", 1, 100) ?? 1 };
}

/** The same for a bulkhead. */
export function readBulkhead(reader: FieldReader, field: string): Complete<BulkheadPolicy> | undefined {
  const inner = reader.record(field, ["max", "queue", "adaptive", "min"], "{ max: 16, queue: 32 }");
  if (inner === undefined) return undefined;
  if (!inner.has("max")) {
    const queue = inner.has("queue") ? ": queue says how many wait, max how many run" : "";
    inner.report("max", `is missing, expected an integer from 1 to 1,000,000${queue}`);
  }
  const max = inner.integer("max", 1, MAX_CALLS);
  const queue = readQueue(inner, max);
  return { max: max ?? 1, queue: queue ?? max ?? 1, ...readAdaptive(inner, max) };
}

function readAdaptive(inner: FieldReader, max: number | undefined): Pick<Complete<BulkheadPolicy>, "adaptive" | "min"> {
  const adaptive = inner.flag("adaptive") ?? false;
  const min = inner.integer("min", 1, MAX_CALLS) ?? 1;
  if (inner.has("min") && !adaptive) inner.report("min", "is set, but adaptive is not true; set both or none");
  if (max !== undefined && min > max) inner.report("min", `is ${min}, more than max (${max})`);
  return { adaptive, min };
}

function readQueue(inner: FieldReader, max: number | undefined): number | undefined {
  const beside = max === undefined ? "max" : `max (${max} running)`;
  return inner.number("queue", {
    accepts: (value) => Number.isSafeInteger(value) && value >= 0 && value <= MAX_CALLS,
    expected: `an integer from 0 to 1,000,000: beside ${beside} the queue has to have an end`,
  });
}
