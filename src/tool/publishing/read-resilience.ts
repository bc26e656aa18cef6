// The policies of a tool about failing, checked against one another and against its effect. What contradicts itself is
// refused here, with both fields by name: at a call it would be too late, and silently dropping one would be a lie.
import semver from "semver";
import { copyJson } from "../schema/copy-json.ts";
import { describeValue } from "../schema/describe-value.ts";
import { compilePattern } from "../schema/pattern.ts";
import { parseToolRef, type ToolRef } from "../tool-ref.ts";
import { EFFECT_DEFAULTS, isRepeatable } from "../effect.ts";
import {
  CACHE_SCOPES,
  type CachePolicy,
  type Complete,
  type FallbackData,
  type ResilienceFields,
  type RetryPolicy,
} from "../resilience.ts";
import type { JsonValue } from "../../kernel/json.ts";
import type { FieldReader } from "./field-reader.ts";
import type { DataFields } from "./read-fields.ts";
import { readBreaker, readBulkhead, readRetry, RETRY_DEFAULTS } from "./read-policies.ts";

/** The fields of a definition that are policies about failing. */
export const RESILIENCE_FIELDS = [
  "upstream",
  "attemptTimeoutMs",
  "retry",
  "breaker",
  "bulkhead",
  "cache",
  "fallback",
  "status",
  "result",
] as const;

const DAY_MS = 86_400_000;
const FALLBACK_KINDS = ["value", "run", "tool"] as const;
const DEFAULT_RESERVE_MS = 1_000;
const MAX_RESULT_BYTES = 16_777_216;
const COPY_RULES = { maxDepth: 64, instances: "refuse", bigints: false } as const;
const NO_TEXTS: readonly string[] = Object.freeze([]);

type Fields = Readonly<Record<string, unknown>>;

/** Reads the policies of `fields` for a version with these other fields; problems go to the reader. */
export function readResilience(reader: FieldReader, fields: Fields, data: DataFields): ResilienceFields {
  return {
    upstream: reader.text("upstream", 64) ?? null,
    attemptTimeoutMs: readAttemptTimeout(reader, data),
    retry: readOwnRetry(reader, fields["retry"], data),
    breaker: readBreaker(reader, "breaker") ?? null,
    bulkhead: readBulkhead(reader, "bulkhead") ?? null,
    cache: readCache(reader, data),
    fallback: readFallback(reader, fields["fallback"], data),
    statusCheck: readStatus(reader, fields["status"], data),
    result: readResult(reader),
  };
}

function readAttemptTimeout(reader: FieldReader, { timeoutMs }: DataFields): number | null {
  const attemptMs = reader.integer("attemptTimeoutMs", 1, DAY_MS, "milliseconds") ?? null;
  if (attemptMs !== null && timeoutMs !== null && attemptMs > timeoutMs)
    reader.report("attemptTimeoutMs", `is ${attemptMs}, more than timeoutMs (${timeoutMs}), which all attempts share`);
  return attemptMs;
}

function readOwnRetry(reader: FieldReader, retry: unknown, data: DataFields): Complete<RetryPolicy> | null {
  if (retry === false) return { ...RETRY_DEFAULTS, repeats: 0 };
  const policy = readRetry(reader, "retry") ?? null;
  if (policy !== null && policy.repeats > 0 && !isRepeatable(data, true)) {
    const message =
      `repeats ${policy.repeats} times, but effect is ${data.effect}, idempotent is false and honoursKeys is false: ` +
      "a repeat could have its effect twice; leave retry out, or say idempotent or honoursKeys if that is so";
    reader.report("retry", message);
  }
  return policy;
}

function readCache(reader: FieldReader, { effect }: DataFields): Complete<CachePolicy> | null {
  const inner = reader.record(
    "cache",
    ["ttlMs", "staleWhileRevalidateMs", "staleIfErrorMs", "scope"],
    "{ ttlMs: 30_000 }",
  );
  if (inner === undefined) return null;
  if (!EFFECT_DEFAULTS[effect].cacheable)
    reader.report(
      "cache",
      `is set, but effect is ${effect}: an answer from the cache would have no effect; only a tool with effect read may keep answers`,
    );
  if (!inner.has("ttlMs")) inner.report("ttlMs", "is missing, expected an integer from 1 to 86,400,000 (milliseconds)");
  return {
    ttlMs: inner.integer("ttlMs", 1, DAY_MS, "milliseconds") ?? 1,
    staleWhileRevalidateMs: inner.integer("staleWhileRevalidateMs", 0, DAY_MS, "milliseconds") ?? 0,
    staleIfErrorMs: inner.integer("staleIfErrorMs", 0, DAY_MS, "milliseconds") ?? 0,
    scope: inner.choice("scope", CACHE_SCOPES) ?? "principal",
  };
}

function readFallback(reader: FieldReader, value: unknown, own: DataFields): FallbackData | null {
  const inner = reader.record(
    "fallback",
    [...FALLBACK_KINDS, "reserveMs"],
    '{ value: [] } or { tool: "orders.cached" }',
  );
  if (inner === undefined) return null;
  const fallback = value as Fields;
  const given = FALLBACK_KINDS.filter((kind) => inner.has(kind));
  const [kind] = given;
  if (kind === undefined || given.length > 1) {
    const received = kind === undefined ? "none of them" : given.join(" and ");
    reader.report("fallback", `received ${received}, expected exactly one of value, run and tool`);
    return null;
  }
  const reserveMs = inner.integer("reserveMs", 1, 60_000, "milliseconds") ?? DEFAULT_RESERVE_MS;
  switch (kind) {
    case "value":
      if (inner.has("reserveMs")) inner.report("reserveMs", "is set beside value, which takes no time; leave it out");
      return { kind: "value", value: readValue(inner, fallback["value"]), reserveMs: 0 };
    case "run":
      if (typeof fallback["run"] !== "function")
        inner.report("run", `received ${describeValue(fallback["run"])}, expected a function`);
      return { kind: "function", reserveMs };
    case "tool":
      return { kind: "tool", tool: readTarget(inner, fallback["tool"], own), reserveMs };
  }
}

function readValue(inner: FieldReader, value: unknown): JsonValue {
  const copied = copyJson(value, COPY_RULES);
  if (copied.ok) return copied.value as JsonValue;
  const [issue] = copied.issues;
  inner.report("value", `is no JSON data: expected ${issue?.expected ?? "JSON"}, received ${issue?.received ?? "?"}`);
  return null;
}

function readTarget(inner: FieldReader, ref: unknown, { name, version }: DataFields): string {
  const parsed = typeof ref === "string" ? parseToolRef(ref) : null;
  if (parsed === null || !parsed.ok) {
    const why = parsed === null ? 'expected a reference such as "orders.cached@^1"' : parsed.message;
    inner.report("tool", `received ${describeValue(ref)}: ${why}`);
    return "";
  }
  if (parsed.ref.name === name && mayBe(parsed.ref, version))
    inner.report("tool", `is ${String(ref)}, which may be this very version; name another version, or another tool`);
  return ref as string;
}

function mayBe(ref: ToolRef, version: string): boolean {
  if (ref.kind === "exact") return ref.version === version;
  return ref.kind !== "range" || semver.satisfies(version, ref.range, { includePrerelease: true });
}

function readStatus(reader: FieldReader, status: unknown, { effect, honoursKeys }: DataFields): boolean {
  if (status === undefined) return false;
  if (typeof status !== "function") reader.report("status", `received ${describeValue(status)}, expected a function`);
  if (effect === "read")
    reader.report("status", "is set, but effect is read: a reading call leaves nothing to ask about");
  else if (!honoursKeys)
    reader.report(
      "status",
      "is set, but honoursKeys is false: a tool that does not pass the key on cannot be asked by it",
    );
  return true;
}

function readResult(reader: FieldReader): ResilienceFields["result"] {
  const inner = reader.record("result", ["maxBytes", "redactPaths", "redactPatterns"], "{ maxBytes: 65_536 }");
  if (inner === undefined) return null;
  const redactPaths = inner.texts("redactPaths", 64, 256) ?? NO_TEXTS;
  redactPaths.forEach((path, index) => {
    if (path.split(".").includes(""))
      inner.report(`redactPaths[${index}]`, `received ${describeValue(path)}, expected a path such as "items.*.price"`);
  });
  const redactPatterns = inner.texts("redactPatterns", 32, 1_024) ?? NO_TEXTS;
  redactPatterns.forEach((pattern, index) => {
    const compiled = compilePattern(pattern);
    if (!compiled.ok) inner.report(`redactPatterns[${index}]`, compiled.reason);
    else if (compiled.matcher.test(""))
      inner.report(
        `redactPatterns[${index}]`,
        `received ${describeValue(pattern)}, which fits the empty text and so everything`,
      );
  });
  return { maxBytes: inner.integer("maxBytes", 1_024, MAX_RESULT_BYTES, "bytes") ?? null, redactPaths, redactPatterns };
}
