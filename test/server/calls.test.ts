// Calling tools over HTTP: exact arguments, refusals by the table, keys, streams, and clients that go away.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Answer, openWorld, send, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const call = (tool: string, more: Parameters<World["ask"]>[2] = {}) =>
  world.ask("POST", `/v1/tools/${encodeURIComponent(tool)}/calls`, { who: "user", body: {}, ...more });

describe("a call", () => {
  it("gives the output and what is known of the call", async () => {
    const { status, json, headers } = await call("test.echo", { body: { a: [1, { b: "ü" }] } });
    expect(status).toBe(200);
    expect(json.output).toEqual({ a: [1, { b: "ü" }] });
    expect(json.meta).toMatchObject({ tool: "test.echo", version: "1.0.0", attempts: 1, cached: null });
    expect(headers.get("x-request-id")).toMatch(/^req_/);
    expect(headers.get("ratelimit-policy")).toBe('"default";q=100000;w=3600');
    expect(headers.get("ratelimit")).toMatch(/^"default";r=\d+;t=\d+$/);
  });

  it("takes no body for no arguments", async () => {
    const { status } = await send(world.url, "POST", "/v1/tools/test.echo/calls", { headers: world.headersOf("user") });
    expect(status).toBe(200);
  });

  it("keeps numbers that JavaScript cannot hold (S-25)", async () => {
    const { text } = await call("test.echo", { text: '{"n":9007199254740993,"d":0.1,"e":1e400,"z":-0}' });
    expect(text).toContain("9007199254740993");
    expect(text).toContain("1e400");
  });

  it.each([
    ["a key that occurs twice", '{"a":1,"a":2}'],
    ["a __proto__ key", '{"__proto__":{"polluted":true}}'],
    ["an escaped __proto__ key", '{"\\u005f_proto__":{"polluted":true}}'],
    ["what is deep", `${"[".repeat(100)}${"]".repeat(100)}`],
    ["no JSON", "{a:1}"],
    ["half of it", '{"a":'],
    ["more than one", "{} {}"],
    ["a byte order mark", "\ufeff{}"],
  ])("refuses %s with 400", async (_what, text) => {
    const { status, json } = await call("test.echo", { text });
    expect([status, json.code]).toEqual([400, "INVALID_JSON"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it("says all that is wrong with arguments, each with its place", async () => {
    const { status, json, headers } = await call("test.add", { body: { by: "x", other: 1 } });
    expect(status).toBe(422);
    expect(headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
    expect(json).toMatchObject({
      code: "INVALID_INPUT",
      status: 422,
      effect: "none",
      type: "urn:toolyard:error:invalid_input",
    });
    expect(json.issues.map(({ path }: { path: unknown }) => path)).toEqual(expect.arrayContaining([["by"]]));
    expect(json.callId).toMatch(/^call_/);
  });

  it("hides tools that are not the caller's, and names near ones that are", async () => {
    const hidden = await call("test.admin");
    const absent = await call("test.nothere");
    expect([hidden.status, hidden.json.code]).toEqual([404, "UNKNOWN_TOOL"]);
    expect([absent.status, absent.json.code]).toEqual([404, "UNKNOWN_TOOL"]);
    expect((await call("test.ecko")).json.suggestions).toContain("test.echo");
    expect(JSON.stringify(hidden.json)).not.toContain("admins");
  });

  it("shows what a tool says on purpose, and nothing of what it throws (S-72)", async () => {
    const refused = await call("test.refuse");
    expect(refused.json).toMatchObject({
      status: 422,
      code: "TOOL_ERROR",
      toolCode: "NOT_TODAY",
      detail: "Come back tomorrow.",
    });
    const crashed = await call("test.crash");
    expect(crashed.json).toMatchObject({ status: 502, code: "TOOL_FAILED" });
    expect(crashed.text).not.toContain("secret-of-the-inside");
    expect(world.log.some((line) => line.includes("secret-of-the-inside"))).toBe(true);
  });

  it("is made once under a key, and refuses other arguments under it", async () => {
    const before = world.entered.get("test.add") ?? 0;
    const headers = { "idempotency-key": "once-1" };
    const first = await call("test.add", { body: { by: 2 }, headers });
    const again = await call("test.add", { body: { by: 2 }, headers });
    const other = await call("test.add", { body: { by: 3 }, headers });
    expect(again.json.output).toEqual(first.json.output);
    expect(again.json.meta.replayOf).toBe(first.json.meta.callId);
    expect([other.status, other.json.code]).toEqual([422, "IDEMPOTENCY_CONFLICT"]);
    expect(world.entered.get("test.add")).toBe(before + 1);
  });

  it("refuses a key that is none", async () => {
    const { status, json } = await call("test.add", {
      body: { by: 1 },
      headers: { "idempotency-key": "x".repeat(256) },
    });
    expect([status, json.code]).toEqual([400, "INVALID_OPTION"]);
  });

  it("goes through every check and touches nothing in a dry run", async () => {
    const before = world.entered.get("test.add") ?? 0;
    const { status, json } = await world.ask("POST", "/v1/tools/test.add/calls?dryRun=true", {
      who: "user",
      body: { by: 1 },
    });
    expect([status, json.output, json.meta.dryRun]).toEqual([200, null, true]);
    expect(world.entered.get("test.add") ?? 0).toBe(before);
  });

  it("refuses a parameter that is not known, and names the nearest", async () => {
    const { status, json } = await world.ask("POST", "/v1/tools/test.echo/calls?dryrun=true", {
      who: "user",
      body: {},
    });
    expect([status, json.code]).toEqual([400, "INVALID_REQUEST"]);
    expect(json.detail).toContain("dryRun");
  });

  it("refuses a version that is not the one that was seen", async () => {
    const { status, json } = await world.ask("POST", "/v1/tools/test.echo/calls?digest=sha256:0", {
      who: "user",
      body: {},
    });
    expect([status, json.code]).toEqual([409, "CONTRACT_CHANGED"]);
  });

  it("carries the ids of the client's own", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c";
    const { headers } = await call("test.echo", {
      headers: { "x-request-id": "mine-7", traceparent: `00-${trace}-b7ad6b7169203331-01` },
    });
    expect(headers.get("x-request-id")).toBe("mine-7");
    expect(headers.get("traceresponse")).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`));
    const bad = await call("test.echo", { headers: { "x-request-id": "a b\tc", traceparent: "00-zz" } });
    expect(bad.headers.get("x-request-id")).toMatch(/^req_/);
    expect(bad.headers.has("traceresponse")).toBe(false);
  });
});

describe("a stream", () => {
  it("gives progress and partials as they come, and the outcome last", async () => {
    const { headers, text } = await call("test.steps", { headers: { accept: "text/event-stream" } });
    expect(headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const events = text
      .trim()
      .split("\n\n")
      .map((block) => {
        const [event, data] = block.split("\n");
        return [event?.slice(7), JSON.parse(data?.slice(6) ?? "null")] as const;
      });
    expect(events.map(([event]) => event)).toEqual(["progress", "partial", "outcome"]);
    expect(events[0]?.[1]).toEqual({ fraction: 0.5, message: "half\nway" });
    expect(events[2]?.[1].output).toEqual({ done: true });
  });

  it("ends with an error that is one", async () => {
    const { status, text } = await call("test.refuse", { headers: { accept: "text/event-stream" } });
    expect(status).toBe(200);
    expect(text).toMatch(/^event: error\ndata: .*"code":"TOOL_ERROR"/);
  });
});

describe("a client that goes away", () => {
  it.each([
    ["before the answer", {}],
    ["from a stream", { accept: "text/event-stream" }],
  ])("%s cancels the call (R-16)", async (_when, headers) => {
    const before = world.aborted();
    const entered = world.entered.get("test.wait") ?? 0;
    const controller = new AbortController();
    const waiting = call("test.wait", { headers, signal: controller.signal }).catch((error: unknown) => error);
    await until(() => (world.entered.get("test.wait") ?? 0) > entered);
    controller.abort();
    await waiting;
    await until(() => world.aborted() > before);
    expect(world.aborted()).toBe(before + 1);
  });
});

describe("tools", () => {
  it("are listed as they may be called, page by page", async () => {
    const names: string[] = [];
    for (let after: string | null = ""; after !== null;) {
      const { json } = await world.ask("GET", `/v1/tools?limit=2${after === "" ? "" : `&after=${after}`}`, {
        who: "user",
      });
      names.push(...json.tools.map(({ name }: { name: string }) => name));
      after = json.next;
    }
    expect(names).toEqual(["test.add", "test.crash", "test.echo", "test.refuse", "test.steps", "test.wait"]);
  });

  it("are described with their schemas, and nothing of who else may", async () => {
    const { json } = await world.ask("GET", "/v1/tools/test.add@1", { who: "user" });
    expect(json.inputSchema.required).toEqual(["by"]);
    expect(json).not.toHaveProperty("access");
    expect(json).not.toHaveProperty("limits");
  });

  it("are not sent again to whoever has them", async () => {
    const first = await world.ask("GET", "/v1/tools", { who: "user" });
    const etag = first.headers.get("etag") ?? "";
    const again = await world.ask("GET", "/v1/tools", { who: "user", headers: { "if-none-match": etag } });
    expect([again.status, again.text]).toEqual([304, ""]);
    const others = await world.ask("GET", "/v1/tools", { who: "operator", headers: { "if-none-match": etag } });
    expect(others.status).toBe(200);
  });

  it("tell of their end in headers", async () => {
    const body = { message: "Use test.add.", sunsetAt: Date.UTC(2030, 0, 1), successor: "test.add@1" };
    expect((await world.ask("POST", "/v1/tools/test.refuse@1.0.0/deprecate", { who: "operator", body })).status).toBe(
      200,
    );
    const { headers } = await world.ask("GET", "/v1/tools/test.refuse", { who: "user" });
    expect(headers.get("deprecation")).toMatch(/^@\d+$/);
    expect(headers.get("sunset")).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
    expect(headers.get("link")).toBe('</v1/tools/test.add%401>; rel="successor-version"');
  });
});

describe("bindings", () => {
  const shapes: readonly [string, object, (result: Answer["json"]) => string][] = [
    [
      "openai",
      { output: [{ type: "function_call", call_id: "c1", name: "test_echo", arguments: '{"x":1}' }] },
      (result) => result.output,
    ],
    [
      "openai-chat",
      {
        choices: [
          {
            message: {
              role: "assistant",
              content: null,
              tool_calls: [{ id: "c1", type: "function", function: { name: "test_echo", arguments: '{"x":1}' } }],
            },
          },
        ],
      },
      (result) => result.content,
    ],
    [
      "anthropic",
      { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "test_echo", input: { x: 1 } }] },
      (result) => JSON.stringify(result.content),
    ],
    [
      "gemini",
      {
        candidates: [
          { content: { role: "model", parts: [{ functionCall: { id: "c1", name: "test_echo", args: { x: 1 } } }] } },
        ],
      },
      (result) => JSON.stringify(result),
    ],
  ];
  it.each(shapes)("give the caller's tools to %s and execute its calls", async (provider, response, read) => {
    const { status, json } = await world.ask("GET", `/v1/bindings/${provider}`, { who: "user" });
    expect(status).toBe(200);
    expect(json.report.map(({ tool }: { tool: string }) => tool)).toContain("test.echo");
    expect(JSON.stringify(json.tools)).not.toContain("admins");
    const run = await world.ask("POST", `/v1/bindings/${provider}`, { who: "user", body: response });
    expect(run.status).toBe(200);
    expect(run.json.results).toHaveLength(1);
    expect(read(run.json.results[0])).toContain("1");
    expect(run.json.messages.length).toBeGreaterThan(0);
  });

  it("refuse what is no response of a model, and a provider that is not known by its nearest", async () => {
    const { status, json } = await world.ask("POST", "/v1/bindings/openai", { who: "user", body: { nothing: 1 } });
    expect([status, json.code]).toEqual([400, "INVALID_OPTION"]);
    const unknown = await world.ask("GET", "/v1/bindings/antropic", { who: "user" });
    expect(unknown.status).toBe(400);
    expect(unknown.json.detail).toContain("anthropic");
  });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}
