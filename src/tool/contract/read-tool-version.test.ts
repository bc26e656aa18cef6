import { expect, test } from "vitest";
import { publishTool } from "../publish.ts";
import type { AnyDefinition } from "../definition.ts";
import { readToolVersion } from "./read-tool-version.ts";

const definition: AnyDefinition = {
  name: "orders.get",
  version: "1.2.0",
  description: "One order.",
  title: "Order",
  effect: "read",
  input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
  output: { type: "object" },
  examples: [{ id: "1" }],
  access: { roles: ["USER"], scopes: ["orders"] },
  limits: [{ per: ["principal"], capacity: 5, windowMs: 1_000 }],
  concurrency: [{ per: [], max: 3 }],
  timeoutMs: 5_000,
  attemptTimeoutMs: 1_000,
  exactNumbers: "text",
  upstream: "shop",
  retry: { repeats: 2 },
  breaker: { kind: "sampling" },
  bulkhead: { max: 4 },
  cache: { ttlMs: 1_000 },
  result: { redactPaths: ["customer"] },
  handler: () => null,
};

function publish(more: Partial<AnyDefinition> = {}) {
  const published = publishTool({ ...definition, ...more });
  if (!published.ok) throw new Error(JSON.stringify(published.problems));
  return published.tool.version;
}

const written: readonly (readonly [string, Partial<AnyDefinition>])[] = [
  ["every field", {}],
  ["a source", { source: { kind: "http", data: { url: "https://api.example.org" } } }],
  ["a fallback value", { fallback: { value: { id: null } } }],
  ["a fallback function", { fallback: { run: () => null, reserveMs: 500 } }],
  ["a fallback tool", { fallback: { tool: "orders.cached@^1" } }],
  ["an adaptive bulkhead", { bulkhead: { max: 4, adaptive: true, min: 2 } }],
  ["no retry", { retry: false }],
  ["a computed cost", { cost: () => 2 }],
  ["bytes of a result", { result: { maxBytes: 2_048 } }],
];

test.each(written)("reads back what was published with %s", (_name, more) => {
  const version = publish(more);
  expect(readToolVersion(JSON.parse(JSON.stringify(version)))).toEqual({ ok: true, version });
});

test("reads back a tool that honours keys and can say what became of a call", () => {
  const { retry: _retry, cache: _cache, ...rest } = definition;
  const version = publishTool({ ...rest, effect: "write", honoursKeys: true, status: () => ({ effect: "unknown" }) });
  expect(version.ok && readToolVersion(JSON.parse(JSON.stringify(version.tool.version)))).toEqual({
    ok: true,
    version: version.ok && version.tool.version,
  });
});

test("computes the digest again, and ignores the state of the version", () => {
  const version = publish();
  const described = { ...version, digest: "sha256:no", status: "active", deprecation: null, breakerState: null };
  expect(readToolVersion(described)).toEqual({ ok: true, version });
});

test("fills in what a file leaves out", () => {
  const read = readToolVersion({ name: "a.b", version: "1.0.0", description: "d", inputSchema: { type: "object" } });
  expect(read).toMatchObject({
    ok: true,
    version: { effect: "destructive", cost: 1, access: null, outputSchema: null },
  });
});

test("says what is wrong in the words of the file", () => {
  const read = readToolVersion({
    name: "a.b",
    version: "1",
    description: "d",
    inputShema: {},
    input: {},
    access: { rolls: [] },
  });
  expect(read.ok ? [] : read.problems.map(({ path, message }) => `${path}: ${message}`)).toEqual([
    "inputShema: is no field of a published definition; did you mean inputSchema?",
    "input: is no field of a published definition; did you mean inputSchema?",
    "inputSchema: is missing; toolyard tools --json prints definitions with it",
    expect.stringContaining("version"),
    expect.stringContaining("rolls"),
  ]);
});

test("names the schema of a file by its field", () => {
  const read = readToolVersion({ name: "a.b", version: "1.0.0", description: "d", inputSchema: { type: "objet" } });
  expect(read.ok ? "" : read.problems[0]?.path).toBe("a.b@1.0.0: inputSchema.type");
});

test.each([[null], ["text"], [[]], [7]])("refuses %j", (data) => {
  expect(readToolVersion(data)).toMatchObject({ ok: false, problems: [{ path: "definition" }] });
});
