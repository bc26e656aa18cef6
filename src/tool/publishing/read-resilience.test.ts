import { describe, expect, it } from "vitest";
import { createRegistry } from "../../core/create-registry.ts";
import { publishTool } from "../publish.ts";
import type { ToolVersion } from "../tool-version.ts";

const GOOD = { name: "orders.get", version: "1.2.0", description: "For tests.", handler: () => 1 };
const WRITE = { effect: "write" } as const;
const READ = { effect: "read" } as const;

type More = Readonly<Record<string, unknown>>;

function version(more: More = {}): ToolVersion {
  const result = publishTool({ ...GOOD, ...more });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.tool.version;
}

/** Without what every path begins with. */
function problems(more: More): readonly string[] {
  const result = publishTool({ ...GOOD, ...more });
  return result.ok
    ? []
    : result.problems.map(({ path, message }) => `${path.replace(/^orders\.get@1\.2\.0: /, "")}: ${message}`);
}

describe("the policies of a definition", () => {
  it("are none unless it says so", () => {
    expect(version()).toMatchObject({
      upstream: null,
      attemptTimeoutMs: null,
      retry: null,
      breaker: null,
      bulkhead: null,
      cache: null,
      fallback: null,
      statusCheck: false,
      result: null,
    });
  });

  it("are filled in and frozen", () => {
    const run = (): number => 1;
    const published = version({
      ...READ,
      upstream: "crm",
      timeoutMs: 1_000,
      attemptTimeoutMs: 1_000,
      retry: { repeats: 1 },
      breaker: {},
      bulkhead: { max: 2 },
      cache: { ttlMs: 10 },
      fallback: { run },
      result: {},
    });
    expect(published).toMatchObject({
      upstream: "crm",
      attemptTimeoutMs: 1_000,
      retry: { repeats: 1, baseMs: 50, capMs: 20_000 },
      breaker: { kind: "consecutive", failures: 5, openMs: 30_000, maxOpenMs: 300_000, probes: 1 },
      bulkhead: { max: 2, queue: 2, adaptive: false, min: 1 },
      cache: { ttlMs: 10, staleWhileRevalidateMs: 0, staleIfErrorMs: 0, scope: "principal" },
      fallback: { kind: "function", reserveMs: 1_000 },
      result: { maxBytes: null, redactPaths: [], redactPatterns: [] },
    });
    for (const policy of [published.retry, published.cache, published.fallback, published.bulkhead]) {
      expect(Object.isFrozen(policy)).toBe(true);
    }
    expect(version({ retry: false }).retry).toMatchObject({ repeats: 0 });
    expect(version({ ...READ, fallback: { value: [] } }).fallback).toEqual({ kind: "value", value: [], reserveMs: 0 });
    expect(version({ fallback: { tool: "orders.cached", reserveMs: 5 } }).fallback).toEqual({
      kind: "tool",
      tool: "orders.cached",
      reserveMs: 5,
    });
  });

  it("are each in the digest, down to their members", () => {
    const variants: More[] = [
      READ,
      { ...READ, upstream: "crm" },
      { ...READ, upstream: "erp" },
      { ...READ, attemptTimeoutMs: 10 },
      { ...READ, attemptTimeoutMs: 11 },
      { ...READ, retry: false },
      { ...READ, retry: {} },
      { ...READ, retry: { repeats: 2 } },
      { ...READ, retry: { baseMs: 51 } },
      { ...READ, retry: { capMs: 1_000 } },
      { ...READ, breaker: {} },
      { ...READ, breaker: { failures: 6 } },
      { ...READ, breaker: { openMs: 1 } },
      { ...READ, breaker: { kind: "sampling" } },
      { ...READ, breaker: { kind: "sampling", ratio: 0.4 } },
      { ...READ, bulkhead: { max: 1 } },
      { ...READ, bulkhead: { max: 1, queue: 0 } },
      { ...READ, bulkhead: { max: 1, adaptive: true } },
      { ...READ, cache: { ttlMs: 1 } },
      { ...READ, cache: { ttlMs: 2 } },
      { ...READ, cache: { ttlMs: 1, staleIfErrorMs: 1 } },
      { ...READ, cache: { ttlMs: 1, staleWhileRevalidateMs: 1 } },
      { ...READ, cache: { ttlMs: 1, scope: "tenant" } },
      { ...READ, fallback: { value: 1 } },
      { ...READ, fallback: { value: 2 } },
      { ...READ, fallback: { run: () => 1 } },
      { ...READ, fallback: { run: () => 1, reserveMs: 5 } },
      { ...READ, fallback: { tool: "x" } },
      { ...READ, result: {} },
      { ...READ, result: { maxBytes: 2_048 } },
      { ...WRITE, honoursKeys: true },
      { ...WRITE, honoursKeys: true, status: () => ({ effect: "none" }) },
    ];
    expect(new Set(variants.map((more) => version(more).digest)).size).toBe(variants.length);
    // What is only written out is no other content.
    expect(version({ ...READ, retry: { repeats: 3, baseMs: 50 } }).digest).toBe(version({ ...READ, retry: {} }).digest);
  });

  it("are read once, whatever reading them again would give", () => {
    let reads = 0;
    const retry = {
      get repeats() {
        return ++reads;
      },
    };
    expect(version({ ...READ, retry }).retry).toMatchObject({ repeats: 1 });
    const throwing = {
      get ttlMs() {
        throw new Error("x");
      },
    };
    expect(problems({ ...READ, cache: throwing })).toEqual(["cache: cannot be read: the field throws"]);
  });

  it("that are misspelt are told what was meant", () => {
    expect(problems({ breakr: {} })).toEqual(["breakr: is not a known field; did you mean breaker?"]);
    expect(problems({ circuitBreaker: {} })).toEqual(["circuitBreaker: is not a known field; did you mean breaker?"]);
    expect(problems({ retries: 3 })).toEqual(["retries: is not a known field; did you mean retry?"]);
    expect(problems({ ...READ, cache: { tllMs: 5 } })).toEqual([
      "cache.tllMs: is not a known field; did you mean ttlMs?",
      "cache.ttlMs: is missing, expected an integer from 1 to 86,400,000 (milliseconds)",
    ]);
    expect(problems({ fallback: { tool: "x", reserveMS: 5 } })).toEqual([
      "fallback.reserveMS: is not a known field; did you mean reserveMs?",
    ]);
    expect(problems({ result: { maxByte: 5_000 } })).toEqual([
      "result.maxByte: is not a known field; did you mean maxBytes?",
    ]);
  });
});

describe("a contradiction is refused with both fields by name:", () => {
  it.each<[string, More, string]>([
    [
      "repeats of a write that would have its effect twice",
      { ...WRITE, retry: { repeats: 2 } },
      "retry: repeats 2 times, but effect is write, idempotent is false and honoursKeys is false: a repeat could have its effect twice; leave retry out, or say idempotent or honoursKeys if that is so",
    ],
    [
      "the same of a tool that does not say what it does",
      { retry: {} },
      "retry: repeats 3 times, but effect is destructive, idempotent is false and honoursKeys is false: a repeat could have its effect twice; leave retry out, or say idempotent or honoursKeys if that is so",
    ],
    [
      "an attempt longer than the call",
      { timeoutMs: 100, attemptTimeoutMs: 101 },
      "attemptTimeoutMs: is 101, more than timeoutMs (100), which all attempts share",
    ],
    [
      "a cache of a write",
      { ...WRITE, cache: { ttlMs: 1 } },
      "cache: is set, but effect is write: an answer from the cache would have no effect; only a tool with effect read may keep answers",
    ],
    [
      "a cache of a tool that does not say what it does",
      { cache: { ttlMs: 1 } },
      "cache: is set, but effect is destructive: an answer from the cache would have no effect; only a tool with effect read may keep answers",
    ],
    [
      "a status check without keys",
      { ...WRITE, status: () => ({ effect: "none" }) },
      "status: is set, but honoursKeys is false: a tool that does not pass the key on cannot be asked by it",
    ],
    [
      "a status check of a read",
      { ...READ, status: () => ({ effect: "none" }) },
      "status: is set, but effect is read: a reading call leaves nothing to ask about",
    ],
    [
      "two stand-ins",
      { fallback: { value: 1, tool: "x" } },
      "fallback: received value and tool, expected exactly one of value, run and tool",
    ],
    [
      "three",
      { fallback: { value: 1, run: () => 1, tool: "x" } },
      "fallback: received value and run and tool, expected exactly one of value, run and tool",
    ],
    ["none", { fallback: {} }, "fallback: received none of them, expected exactly one of value, run and tool"],
    [
      "time for what takes none",
      { fallback: { value: 1, reserveMs: 5 } },
      "fallback.reserveMs: is set beside value, which takes no time; leave it out",
    ],
    [
      "a bound of delays below their beginning",
      { ...READ, retry: { baseMs: 9, capMs: 8 } },
      "retry.capMs: is 8, less than baseMs (9); the first delay could not grow",
    ],
    [
      "a longest time below the first",
      { breaker: { openMs: 9, maxOpenMs: 8 } },
      "breaker.maxOpenMs: is 8, less than openMs (9), where it begins",
    ],
    [
      "a least over the most",
      { bulkhead: { max: 2, min: 3, adaptive: true } },
      "bulkhead.min: is 3, more than max (2)",
    ],
    [
      "a least of what does not move",
      { bulkhead: { max: 2, min: 1 } },
      "bulkhead.min: is set, but adaptive is not true; set both or none",
    ],
    [
      "fields of two kinds of breaker",
      { breaker: { failures: 3, ratio: 0.5 } },
      'breaker.ratio: is set, but kind is "consecutive"; say kind: "sampling" or leave it out',
    ],
  ])("%s", (_, more, expected) => {
    expect(problems(more)).toEqual([expected]);
  });

  it("what only looks like one is taken", () => {
    expect(problems({ ...WRITE, retry: false })).toEqual([]);
    expect(problems({ ...WRITE, retry: { repeats: 0 } })).toEqual([]);
    expect(problems({ ...WRITE, retry: { repeats: 2 }, idempotent: true })).toEqual([]);
    expect(problems({ ...WRITE, retry: { repeats: 2 }, honoursKeys: true })).toEqual([]);
    expect(problems({ timeoutMs: 100, attemptTimeoutMs: 100 })).toEqual([]);
    expect(problems({ attemptTimeoutMs: 50_000 })).toEqual([]);
    expect(problems({ ...READ, fallback: { value: null } })).toEqual([]);
    expect(problems({ fallback: { value: 1, run: undefined } })).toEqual([]);
  });
});

describe("a time", () => {
  it.each<[string, More]>([
    ["attemptTimeoutMs", { attemptTimeoutMs: -1 }],
    ["attemptTimeoutMs", { attemptTimeoutMs: 1.5 }],
    ["attemptTimeoutMs", { attemptTimeoutMs: Infinity }],
    ["cache.ttlMs", { ...READ, cache: { ttlMs: 0 } }],
    ["cache.ttlMs", { ...READ, cache: { ttlMs: "1m" } }],
    ["cache.staleWhileRevalidateMs", { ...READ, cache: { ttlMs: 1, staleWhileRevalidateMs: -1 } }],
    ["cache.staleIfErrorMs", { ...READ, cache: { ttlMs: 1, staleIfErrorMs: 86_400_001 } }],
    ["fallback.reserveMs", { fallback: { tool: "x", reserveMs: 0 } }],
    ["fallback.reserveMs", { fallback: { run: () => 1, reserveMs: 60_001 } }],
  ])("is a whole number of milliseconds: %s", (field, more) => {
    expect(problems(more)).toEqual([
      expect.stringMatching(new RegExp(`^${field}: received .+, expected an integer from .+ \\(milliseconds\\)$`)),
    ]);
  });
});

describe("a fallback", () => {
  it.each(["orders.get", "orders.get@1.2.0", "orders.get@^1", "orders.get@1", "orders.get@>=1", "orders.get@stable"])(
    "is not the version itself: %s",
    (tool) => {
      expect(problems({ fallback: { tool } })).toEqual([
        `fallback.tool: is ${tool}, which may be this very version; name another version, or another tool`,
      ]);
    },
  );

  it.each(["orders.get@1.1.0", "orders.get@^0.9", "orders.get@2", "orders.cached", "orders.cached@^1", "orders.get2"])(
    "may be another one: %s",
    (tool) => {
      expect(version({ fallback: { tool } }).fallback).toMatchObject({ kind: "tool", tool });
    },
  );

  it.each([5, null, "no name!", "orders.cached@", "", {}])("is a reference that can be read, not %j", (tool) => {
    expect(problems({ fallback: { tool } })).toEqual([expect.stringMatching(/^fallback\.tool: received /)]);
  });

  it("is a function, or a value that JSON can hold", () => {
    expect(problems({ fallback: { run: "x" } })).toEqual(['fallback.run: received string "x", expected a function']);
    expect(problems({ fallback: { value: new Map() } })).toEqual([
      expect.stringMatching(/^fallback\.value: is no JSON data: expected .+, received instance of Map$/),
    ]);
    expect(problems({ fallback: { value: () => 1 } })).toHaveLength(1);
    expect(problems({ fallback: 5 })).toEqual([
      expect.stringMatching(/^fallback: received number 5, expected an object/),
    ]);
  });

  it("is a value of our own: what the author does with it later changes nothing", () => {
    const value = { list: [1] };
    const published = version({ ...READ, fallback: { value } });
    value.list.push(2);
    expect(published.fallback).toMatchObject({ value: { list: [1] } });
    expect(Object.isFrozen((published.fallback as unknown as { value: { list: unknown } }).value.list)).toBe(true);
  });
});

describe("a scope, a status, a result", () => {
  it("are what they are", () => {
    expect(problems({ ...READ, cache: { ttlMs: 1, scope: "tenants" } })).toEqual([
      'cache.scope: received string "tenants", expected one of "principal", "tenant", "public"; did you mean "tenant"?',
    ]);
    expect(problems({ ...WRITE, honoursKeys: true, status: "x" })).toEqual([
      'status: received string "x", expected a function',
    ]);
    expect(version({ ...WRITE, honoursKeys: true, status: () => ({ effect: "none" }) }).statusCheck).toBe(true);
    expect(problems({ result: { maxBytes: 1_023 } })).toEqual([expect.stringMatching(/^result\.maxBytes: /)]);
    expect(problems({ result: { redactPaths: ["a..b"] } })).toEqual([
      expect.stringMatching(/^result\.redactPaths\[0\]: received string "a\.\.b", expected a path/),
    ]);
    expect(problems({ result: { redactPatterns: ["(", "a*"] } })).toEqual([
      expect.stringMatching(/^result\.redactPatterns\[0\]: /),
      expect.stringMatching(/^result\.redactPatterns\[1\]: .+ fits the empty text/),
    ]);
  });
});

describe("a registry", () => {
  const open = (more: More, upstreams?: More) => () =>
    createRegistry({
      tools: [{ name: "t", version: "1.0.0", definition: { ...GOOD, ...more } }],
      ...(upstreams === undefined ? {} : { upstreams: upstreams as never }),
    });

  it("refuses an upstream that it does not declare, with the nearest one", () => {
    expect(open({ upstream: "crn" }, { crm: {}, billing: {} })).toThrow(
      /orders\.get@1\.2\.0: upstream: received "crn", expected one of crm, billing; did you mean "crm"\?/,
    );
    expect(open({ upstream: "crm" })).toThrow(/upstream: received "crm", the registry declares no upstreams/);
    expect(open({ upstream: "crm" }, { crm: {} })).not.toThrow();
    expect(problems({ upstream: "" })).toEqual([expect.stringMatching(/^upstream: received string "", expected text/)]);
    expect(problems({ upstream: 5 })).toHaveLength(1);
  });

  it("keeps names that begin with its own for itself", () => {
    expect(open({ name: "toolyard.read_result" })).toThrow(
      /toolyard\.read_result: name: received "toolyard\.read_result"; names that begin with "toolyard\." are the registry's own/,
    );
    expect(open({ name: "toolyards.x" })).not.toThrow();
  });
});
