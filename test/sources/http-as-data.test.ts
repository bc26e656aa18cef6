// HTTP tools that nobody's code brings: published as data, stored, and made anew by their source after a restart.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { checkPlan, planImport, applyImport, readCatalogue, writeCatalogue } from "../../src/catalogue-file/index.ts";
import { readStored } from "../../src/core/catalogue/read-data.ts";
import { createPrincipal, createRegistry, openRegistry, type Registry, ToolyardError } from "../../src/index.ts";
import type { JsonValue } from "../../src/kernel/json.ts";
import { createEgress } from "../../src/net/index.ts";
import { openSecrets } from "../../src/secrets/index.ts";
import { createHttpSource, type HttpSourceOptions } from "../../src/sources/http/index.ts";
import { openSqliteStores } from "../../src/stores/sql/sqlite/index.ts";
import { publishTool } from "../../src/tool/publish.ts";
import { json, openUpstream } from "./upstream.ts";

type Fields = Readonly<Record<string, unknown>>;

const ann = createPrincipal({ id: "ann", roles: ["USER"] });
const egress = createEgress();
const secrets = await openSecrets({ env: { TOKEN: "t-17" } });
afterAll(() => egress.close());

const folders: string[] = [];
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true });
});

const toDir = (): string => {
  const dir = mkdtempSync(path.join(tmpdir(), "toolyard-data-"));
  folders.push(dir);
  return dir;
};

const definition = (origin: string, more: Fields = {}, http: Fields = {}): Fields => ({
  ...{ name: "orders.get", version: "1.0.0", description: "Look up an order.", access: { roles: ["USER"] } },
  input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
  ...{ retry: { repeats: 2 }, breaker: { failures: 3 }, bulkhead: { max: 4 }, result: { maxBytes: 2_000 } },
  ...{ cache: { ttlMs: 1_000 }, fallback: { value: { state: "unknown" } }, limits: [], tags: ["orders"] },
  ...more,
  http: { method: "GET", url: `${origin}/v1/orders/{id}`, ...http },
});

const source = (options: Partial<HttpSourceOptions> = {}) => ({
  http: createHttpSource({ egress, secrets, allowPrivate: ["127.0.0.0/8"], ...options }),
});

/** A process that brings no code. */
async function open(dir: string, options: Partial<HttpSourceOptions> | null = {}): Promise<Registry> {
  const stores = await openSqliteStores({ dir });
  return openRegistry({ stores, ...(options !== null && { sources: source(options) }) });
}

const call = async (registry: Registry, ref = "orders.get"): Promise<unknown> => {
  const outcome = await registry.execute(ref, { id: "o_1" }, { principal: ann });
  return outcome.ok ? outcome.output : outcome.error.code;
};

async function refusal(work: Promise<unknown>): Promise<readonly string[]> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ToolyardError);
  const { code, problems } = error as ToolyardError;
  return [code, ...problems.map(({ path: at, message }) => `${at} ${message}`)];
}

describe("an HTTP tool that is data", () => {
  test("is called after a restart that brings no code, under the same digest", async () => {
    await using upstream = await openUpstream(json({ state: "open" }));
    const dir = toDir();
    const first = await open(dir);
    const [published] = await first.publishData([definition(upstream.origin)], { reason: "as reviewed" });
    expect(await call(first)).toEqual({ state: "open" });
    await first.close();

    await using again = await open(dir);
    expect(again.life("orders.get")?.versions).toMatchObject([{ here: true, digest: published?.digest }]);
    expect(again.get("orders.get")).toMatchObject({
      digest: published?.digest,
      source: { kind: "http", data: { method: "GET", url: `${upstream.origin}/v1/orders/{id}` } },
    });
    expect(await call(again)).toEqual({ state: "open" });
    expect(upstream.heard.map(({ target }) => target)).toEqual(["/v1/orders/o_1", "/v1/orders/o_1"]);
    expect(await again.check()).toMatchObject({ ok: true });
    // The same again is no change.
    await again.publishData([definition(upstream.origin)]);
    expect(again.life("orders.get")?.revision).toBe(1);
  });

  test("has a digest that covers where it goes, and is pinned", async () => {
    const registry = createRegistry({ sources: source() });
    const publish = async (name: string, url: string): Promise<string | undefined> =>
      (await registry.publishData([definition(url, { name })]))[0]?.digest;
    expect(await publish("a", "https://api.example.org")).toBe(
      "sha256:18ccad2183eeeee0ee5003b9759a035d3565750fd4d0254f17e5b6188f5e2a69",
    );
    const other = createRegistry({ sources: source() });
    const [moved] = await other.publishData([definition("https://evil.example.org", { name: "a" })]);
    expect(moved?.digest).not.toBe(registry.get("a")?.digest);
  });

  test("cannot go elsewhere under the same version, whether it can be called or not", async () => {
    await using upstream = await openUpstream(json({ state: "open" }));
    const dir = toDir();
    const first = await open(dir);
    await first.publishData([definition(upstream.origin)]);
    const elsewhere = definition("https://evil.example.org");
    expect(await refusal(first.publishData([elsewhere]))).toMatchObject(["ALREADY_PUBLISHED", expect.anything()]);
    await first.unregister("orders.get");
    expect(await refusal(first.publishData([elsewhere]))).toMatchObject(["ALREADY_PUBLISHED", expect.anything()]);
    // A patch is enough for another address, and too little for arguments that are no longer taken.
    const [patched] = await first.publishData([{ ...elsewhere, version: "1.0.1" }]);
    expect(patched?.version).toBe("1.0.1");
    const input = { type: "object", properties: {} };
    const less = { ...definition(upstream.origin, { input, version: "1.0.2" }, { url: `${upstream.origin}/v1` }) };
    expect(await refusal(first.publishData([less]))).toMatchObject(["CONTRACT_BROKEN", expect.anything()]);
    await first.close();
    await using again = await open(dir);
    expect(again.life("orders.get")?.versions.map(({ version, here }) => [version, here])).toEqual([
      ["1.0.1", true],
      ["1.0.0", true],
    ]);
  });

  test("that cannot be used here keeps no other from starting, and is told", async () => {
    await using upstream = await openUpstream(json({ state: "open" }));
    const dir = toDir();
    const auth = { auth: { header: "Authorization", secret: "env:TOKEN", overHttp: true } };
    const first = await open(dir);
    await first.publishData([definition(upstream.origin), definition(upstream.origin, { name: "orders.put" }, auth)]);
    await first.close();

    await using again = await open(dir, { permitSecret: () => false });
    const told: unknown[] = [];
    again.on("tool.unusable", (event) => told.push(event));
    expect(await call(again)).toEqual({ state: "open" });
    expect(await call(again, "orders.put")).toBe("UNKNOWN_TOOL");
    expect(again.life("orders.put")?.versions).toMatchObject([{ here: false }]);
    expect(told).toMatchObject([{ name: "orders.put", version: "1.0.0", error: { code: "INVALID_DEFINITION" } }]);
    const { problems } = await again.check();
    expect(problems).toMatchObject([{ path: "orders.put@1.0.0" }]);
    expect(problems[0]?.message).toContain("env:TOKEN may not be sent to");
  });

  test("stays stored and uncallable where no source is known", async () => {
    await using upstream = await openUpstream(json({}));
    const dir = toDir();
    const first = await open(dir);
    await first.publishData([definition(upstream.origin)]);
    await first.close();
    await using again = await open(dir, null);
    expect(again.life("orders.get")?.versions).toMatchObject([{ here: false }]);
    expect(await refusal(again.publishData([]))).toEqual(["INVALID_OPTION"]);
  });

  test("goes through a catalogue file into another state, to the byte", async () => {
    await using upstream = await openUpstream(json({ state: "open" }));
    const [from, to] = [toDir(), toDir()];
    const first = await open(from);
    const [published] = await first.publishData([definition(upstream.origin)]);
    await first.close();

    const text = await exportText(from);
    expect(text).toContain("source: http");
    const { document } = readCatalogue(text, "c.yaml");
    const stores = await openSqliteStores({ dir: to });
    const change = { at: 0, by: null, reason: null };
    const plan = await planImport(stores, document, { prune: false, change });
    expect(await checkPlan(plan, { sources: source() })).toEqual([]);
    const refuse = (): never => {
      throw new Error("not here");
    };
    expect(await checkPlan(plan, { sources: { http: refuse } })).toMatchObject([
      {
        path: ["tools", "orders.get", "versions", "1.0.0", "definition"],
        message: "http cannot make a tool of it: not here",
      },
    ]);
    await applyImport(stores, plan, change);
    await stores.close();
    expect(await exportText(to)).toBe(text);

    await using second = await open(to);
    expect(second.get("orders.get")?.digest).toBe(published?.digest);
    expect(await call(second)).toEqual({ state: "open" });
  });
});

async function exportText(dir: string): Promise<string> {
  const stores = await openSqliteStores({ dir });
  let text = "";
  await writeCatalogue(stores, (piece) => {
    text += piece;
  });
  await stores.close();
  return text;
}

describe("a stored definition", () => {
  const url = "https://api.example.org";
  const sampling = { kind: "sampling", windowMs: 10_000, ratio: 0.5, minimumCalls: 10 };
  const output = { type: "object", properties: { state: { type: "string" } } };

  test.each<[string, Fields, Fields]>([
    [
      "with nothing but what it needs",
      { retry: undefined, breaker: undefined, bulkhead: undefined, result: undefined },
      {},
    ],
    [
      "with its title, category, examples and output",
      { title: "T", category: "c", examples: [{ id: "o" }], output },
      {},
    ],
    ["with limits of its own", { limits: [{ per: ["principal"], capacity: 5, windowMs: 1_000 }], cost: 0.5 }, {}],
    ["with concurrency", { concurrency: [{ per: ["tenant"], max: 3 }] }, {}],
    ["with deadlines", { timeoutMs: 5_000, attemptTimeoutMs: 2_000, retry: false }, {}],
    ["with a breaker that samples", { breaker: sampling }, {}],
    ["with an adaptive bulkhead", { bulkhead: { max: 8, adaptive: true, min: 2 } }, {}],
    ["with another tool that stands in", { fallback: { tool: "other", reserveMs: 500 } }, {}],
    ["with redactions", { result: { redactPaths: ["a.b"], redactPatterns: ["x+"] } }, {}],
    [
      "with access of every kind",
      { access: { roles: ["USER"], principals: ["u"], tenants: ["t"], scopes: ["s"] } },
      {},
    ],
    [
      "that writes and honours keys",
      { cache: undefined, exactNumbers: "bigint", upstream: "shop" },
      { method: "POST", idempotencyKeyHeader: "Idempotency-Key", errors: { "409": "TAKEN" }, headers: { "x-a": "1" } },
    ],
    ["with a secret", {}, { auth: { header: "Authorization", secret: "env:TOKEN" }, response: { pointer: "/data" } }],
  ])("%s is the same tool again", (_what, more, http) => {
    const make = source().http;
    const given = JSON.parse(JSON.stringify(definition(url, more, http))) as JsonValue;
    const published = publishTool(make(given).definition);
    if (!published.ok) throw new Error(JSON.stringify(published.problems));
    const { digest, ...stored } = published.tool.version;
    const read = readStored(stored as unknown as JsonValue, digest, new Map([["http", make]]));
    expect(read).toMatchObject({ ok: true, tool: { version: { digest } } });
  });

  test("that its source reads as another one is refused", () => {
    const make = source().http;
    const published = publishTool(make(definition(url) as JsonValue).definition);
    const stored = (published.ok ? published.tool.version : {}) as unknown as JsonValue;
    const other = `sha256:${"0".repeat(64)}`;
    const read = readStored(stored, other, new Map([["http", make]]));
    expect(read).toMatchObject({ ok: false, problems: [{ message: expect.stringContaining(other) as string }] });
    expect(readStored(stored, other, new Map())).toMatchObject({ ok: false });
    expect(readStored({ name: "a" }, other, new Map([["http", make]]))).toMatchObject({ ok: false });
    expect(readStored(null, other, new Map([["http", make]]))).toMatchObject({ ok: false });
  });
});

describe("publishing what a stranger sends", () => {
  const url = "https://api.example.org";
  const registry = createRegistry({ sources: source({ permitSecret: (_reference, origin) => origin === url }) });

  test("is all or nothing, and tells every problem with its place", async () => {
    const secret = { auth: { header: "Authorization", secret: "env:TOKEN" } };
    const given = [
      definition(url, { name: "good" }),
      definition(url, { name: "a" }, { methd: "GET" }),
      definition("https://evil.example", { name: "b" }, secret),
      { name: "c", version: "1.0.0", htpp: {} },
      definition(url, { name: "toolyard.d", access: { roles: ["NOBODY"] } }),
      null,
      { ...definition(url), handler: () => 1 },
    ];
    const [code, ...problems] = await refusal(registry.publishData(given));
    expect(code).toBe("INVALID_DEFINITION");
    expect(problems).toMatchObject([
      expect.stringMatching(/^definitions\[1\]: a@1\.0\.0: http\.methd is not a known field; did you mean method\?/),
      expect.stringMatching(/^definitions\[2\]: b@1\.0\.0: http\.auth\.secret env:TOKEN may not be sent to/),
      expect.stringMatching(/^definitions\[3\] has none of http, .*; did you mean http\?/),
      expect.stringMatching(/NOBODY/),
      expect.stringMatching(/registry's own/),
      expect.stringMatching(/^definitions\[5\] received null, expected an object with http$/),
      expect.stringMatching(/^definitions\[6\]: handler is not data/),
    ]);
    expect(registry.list()).toEqual([]);
  });

  test("is bounded", async () => {
    const many = Array.from({ length: 101 }, (_, index) => definition(url, { name: `t${index}` }));
    expect(await refusal(registry.publishData(many))).toEqual([
      "INVALID_DEFINITION",
      "definitions received 101 definitions, expected an array of at most 100",
    ]);
    expect(await refusal(registry.publishData({} as never))).toEqual([
      "INVALID_DEFINITION",
      "definitions received a object, expected an array of at most 100",
    ]);
    expect(await registry.publishData(many.slice(0, 100))).toHaveLength(100);
  });

  test("needs sources that are functions, under names that no field has", () => {
    const problems = (sources: unknown): readonly string[] => {
      try {
        createRegistry({ sources: sources as never });
      } catch (error) {
        return (error as ToolyardError).problems.map(({ path: at, message }) => `${at} ${message}`);
      }
      return [];
    };
    expect(problems({ http: 1, input: () => null, Code: () => null })).toMatchObject([
      "sources.http received 1, expected a function",
      expect.stringMatching(/^sources\.input is no name of a source/),
      expect.stringMatching(/^sources\.Code is no name of a source/),
    ]);
    expect(problems([])).toEqual(["sources received an array, expected functions by the names of sources"]);
  });
});
