import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { createClient, type ClientOptions, ToolyardClientError } from "../../src/client/index.ts";
import { createManualClock } from "../../src/testing/index.ts";
import { answer, openFakeServer, refuse, type Reply } from "./fake-server.ts";

const KEY = "ty_test_verysecret";

async function open(reply: Reply, options: Partial<ClientOptions> = {}) {
  const server = await openFakeServer(reply);
  const client = createClient({ url: server.url, key: KEY, ...options });
  return { server, client, asked: server.asked, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function toError(promise: Promise<unknown>): Promise<ToolyardClientError> {
  const error: unknown = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof ToolyardClientError)) throw new Error(`expected a refusal, got ${inspect(error)}`);
  return error;
}

describe("what is sent", () => {
  it("has parameters in the path, the query and the headers, and the key in a header only", async () => {
    await using world = await open((response) => answer(response, 200, { output: 1, meta: {} }));
    const outcome = await world.client.callTool({
      ...{ ref: "orders/get@^1 ?#", dryRun: true, timeoutMs: 50, idempotencyKey: "once", body: { id: 7 } },
      headers: { traceparent: "00-1-1-01", authorization: "mine" },
    });
    expect(outcome).toEqual({ output: 1, meta: {} });
    expect(world.asked).toMatchObject([
      {
        method: "POST",
        url: "/v1/tools/orders%2Fget%40%5E1%20%3F%23/calls?dryRun=true&timeoutMs=50",
        headers: {
          ...{ authorization: `Bearer ${KEY}`, "idempotency-key": "once", traceparent: "00-1-1-01" },
          "content-type": "application/json",
        },
        body: '{"id":7}',
      },
    ]);
  });

  it("goes below the path of the address", async () => {
    await using world = await open((response) => answer(response, 200, {}));
    await createClient({ url: `${world.server.url}/tools/` }).getCaller();
    expect(world.asked).toMatchObject([{ url: "/tools/v1/me" }]);
    expect(world.asked[0]?.headers.authorization).toBeUndefined();
  });

  it.each([".", "..", ""])("asks for nothing else by a name that is %j", async (ref) => {
    await using world = await open((response) => answer(response, 200, {}));
    await expect(world.client.getTool({ ref })).rejects.toThrow(TypeError);
    expect(world.asked).toEqual([]);
  });

  it("refuses parameters that the operation does not have", async () => {
    await using world = await open((response) => answer(response, 200, {}));
    await expect(world.client.listTools({ categry: "x" } as never)).rejects.toThrow(
      'listTools: received "categry", expected category, tag,',
    );
    await expect(world.client.listTools({ category: {} } as never)).rejects.toThrow(TypeError);
    expect(world.asked).toEqual([]);
  });

  it("asks for the key before every request", async () => {
    const keys = ["first", "second"];
    await using world = await open((response) => answer(response, 200, {}), { key: async () => keys.shift() ?? "" });
    await world.client.getCaller();
    await world.client.getCaller();
    expect(world.asked.map(({ headers }) => headers.authorization)).toEqual(["Bearer first", "Bearer second"]);
    expect(await toError(world.client.getCaller())).toMatchObject({ code: "KEY_UNAVAILABLE" });
  });
});

describe("the key", () => {
  it("is in no error and in nothing that is shown of the client", async () => {
    await using world = await open((response) => refuse(response, 403, "FORBIDDEN"));
    const refused = await toError(world.client.getHealth());
    const lost = await toError(createClient({ url: "http://127.0.0.1:1", key: KEY }).getHealth());
    for (const shown of [refused, lost, world.client]) {
      expect(inspect(shown, { depth: 20, showHidden: true })).not.toContain(KEY);
      expect(JSON.stringify(shown)).not.toContain(KEY);
    }
  });

  it("is not repeated when it cannot be sent", () => {
    for (const key of [`${KEY}\n`, `${KEY} x`, ""]) {
      const make = (): unknown => createClient({ url: "http://127.0.0.1", key });
      expect(make).toThrow(/^key: expected an API key or a token: visible ASCII characters, at least one$/);
    }
  });

  it("does not follow where the server leads", async () => {
    await using other = await open((response) => answer(response, 200, {}));
    await using world = await open((response) => {
      response.writeHead(307, { location: `${other.server.url}/v1/me` });
      response.end();
    });
    expect(await toError(world.client.getCaller())).toMatchObject({ code: "REDIRECT_REFUSED", status: 307 });
    expect(other.asked).toEqual([]);
  });
});

it.each(["ftp://x", "x", "http://user:word@x", "http://x/?token=1", "http://x/#a"])("takes no address %s", (url) => {
  expect(() => createClient({ url })).toThrow(/^url: expected/);
});

it.each([{ retries: 3 }, { retries: -1 }, { timeoutMs: 0 }, { maxBytes: 0.5 }])("takes no option %j", (options) => {
  expect(() => createClient({ url: "http://x", ...options })).toThrow(TypeError);
});

describe("a refusal", () => {
  it("is thrown with what the server said", async () => {
    await using world = await open((response) =>
      refuse(response, 422, "INVALID_INPUT", { issues: [], requestId: "r" }),
    );
    const error = await toError(world.client.callTool({ ref: "a.b", body: {} }));
    expect(error).toMatchObject({
      ...{ operation: "callTool", code: "INVALID_INPUT", status: 422, retryAfterMs: null },
      problem: { code: "INVALID_INPUT", detail: "It is so.", requestId: "r" },
      message: "callTool: INVALID_INPUT: It is so.",
    });
  });

  it("is one also with the status 202", async () => {
    await using world = await open((response) => refuse(response, 202, "APPROVAL_PENDING"));
    expect(await toError(world.client.callTool({ ref: "a.b" }))).toMatchObject({
      code: "APPROVAL_PENDING",
      status: 202,
    });
  });

  it("of somebody in between is told by its status", async () => {
    await using world = await open((response) => answer(response, 502, "<html>", { "content-type": "text/html" }));
    expect(await toError(world.client.getCaller())).toMatchObject({
      ...{ code: "UNEXPECTED_ANSWER", status: 502, problem: null },
    });
  });

  it("is what comes of JSON that is none", async () => {
    await using world = await open((response) => answer(response, 200, "{"));
    expect(await toError(world.client.getCaller())).toMatchObject({ code: "UNEXPECTED_ANSWER", status: 200 });
  });
});

describe("what comes back", () => {
  it("is undefined for nothing, and text for a page", async () => {
    await using world = await open((response, { url }) => {
      if (url === "/docs") answer(response, 200, "<p>", { "content-type": "text/html" });
      else {
        response.writeHead(204);
        response.end();
      }
    });
    expect(await world.client.getDocs()).toBe("<p>");
    expect(await world.client.removeGrant({ id: "x", ifMatch: '"3"' })).toBeUndefined();
    expect(world.asked[1]?.headers["if-match"]).toBe('"3"');
  });

  it("is read to its limit and no further", async () => {
    await using world = await open((response) => answer(response, 200, JSON.stringify("x".repeat(98))), {
      maxBytes: 100,
    });
    expect(await world.client.getCaller()).toHaveLength(98);
    await using larger = await open((response) => answer(response, 200, JSON.stringify("x".repeat(99))), {
      maxBytes: 100,
    });
    expect(await toError(larger.client.getCaller())).toMatchObject({ code: "ANSWER_TOO_LARGE" });
  });

  it("is waited for until the time is over", async () => {
    const clock = createManualClock();
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    await using world = await open(() => arrive(), { clock, timeoutMs: 1_000 });
    const error = toError(world.client.getCaller());
    await arrived;
    await clock.advance(1_000);
    expect(await error).toMatchObject({ code: "CLIENT_TIMEOUT", status: null });
  });

  it("is given up when the caller's signal says so, with its reason", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    await using world = await open(() => stop.abort(reason));
    await expect(world.client.getCaller({ signal: stop.signal })).rejects.toBe(reason);
    await expect(world.client.getCaller({ signal: stop.signal })).rejects.toBe(reason);
    expect(world.asked).toHaveLength(1);
  });
});

describe("sending again", () => {
  const twice: Reply = (response, _asked, index) => {
    if (index < 2) refuse(response, index === 0 ? 503 : 429, "SERVER_BUSY", { retryable: true, retryAfterMs: 1 });
    else answer(response, 200, { output: 1, meta: {} });
  };

  it("happens twice for reads and for calls with a key of their own", async () => {
    await using reads = await open(twice);
    await reads.client.getCaller();
    expect(reads.asked).toHaveLength(3);
    await using calls = await open(twice);
    await calls.client.callTool({ ref: "a.b", idempotencyKey: "k" });
    expect(calls.asked.map(({ headers }) => headers["idempotency-key"])).toEqual(["k", "k", "k"]);
  });

  it.each([
    ["a call without a key of its own", (client: ReturnType<typeof createClient>) => client.callTool({ ref: "a.b" })],
    ["a change", (client: ReturnType<typeof createClient>) => client.removeGrant({ id: "x" })],
  ])("does not happen for %s", async (_name, ask) => {
    await using world = await open(twice);
    expect(await toError(ask(world.client))).toMatchObject({ status: 503, retryAfterMs: 1 });
    expect(world.asked).toHaveLength(1);
  });

  it.each([
    ["the server does not say when", 503, {}],
    ["the server says that it is of no use", 503, { retryable: false, retryAfterMs: 1 }],
    ["the wait would be too long", 503, { retryAfterMs: 40_000 }],
    ["the status is another", 500, { retryAfterMs: 1 }],
  ])("does not happen when %s", async (_name, status, more) => {
    await using world = await open((response) => refuse(response, status, "X", more));
    await toError(world.client.getCaller());
    expect(world.asked).toHaveLength(1);
  });

  it("happens at most as often as was asked for, and never more than twice", async () => {
    const always: Reply = (response) => refuse(response, 429, "RATE_LIMITED", { retryAfterMs: 1 });
    await using never = await open(always, { retries: 0 });
    await toError(never.client.getCaller());
    await using usual = await open(always);
    await toError(usual.client.getCaller());
    expect([never.asked.length, usual.asked.length]).toEqual([1, 3]);
  });

  it("reads `Retry-After` in seconds and as a date", async () => {
    const clock = createManualClock(Date.UTC(2026, 0, 1));
    await using world = await open(
      (response, _asked, index) =>
        answer(response, 503, "", { "retry-after": ["2", "Thu, 01 Jan 2026 00:00:05 GMT", "soon"][index] }),
      { clock, retries: 0 },
    );
    const waits = [];
    for (let index = 0; index < 3; index++) waits.push((await toError(world.client.getCaller())).retryAfterMs);
    expect(waits).toEqual([2_000, 5_000, null]);
  });
});

describe("streaming", () => {
  const send = (response: Parameters<Reply>[0], ...pieces: readonly string[]): void => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const piece of pieces) response.write(piece);
  };
  const OUTCOME = 'event: outcome\ndata: {"output":1,"meta":{}}\n\n';

  async function collect(events: AsyncIterable<unknown>): Promise<unknown[]> {
    const list = [];
    for await (const event of events) list.push(event);
    return list;
  }

  it("yields events as they come, however they are cut, and ends with the outcome", async () => {
    await using world = await open((response) => {
      const text = `: hello\r\nevent: progress\r\ndata: {"fraction":0.5,\r\ndata:"message":"hälfte"}\r\n\r\nevent: later\ndata: {}\n\nid: 3\nevent:partial\rdata: {"value":"x"}\r\r${OUTCOME}`;
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const byte of Buffer.from(text)) response.write(Buffer.from([byte]));
      response.end();
    });
    expect(await collect(world.client.streamTool({ ref: "a.b", body: { a: 1 } }))).toEqual([
      { event: "progress", data: { fraction: 0.5, message: "hälfte" } },
      { event: "partial", data: { value: "x" } },
      { event: "outcome", data: { output: 1, meta: {} } },
    ]);
    expect(world.asked).toMatchObject([
      { body: '{"a":1}', headers: { accept: expect.stringContaining("text/event-stream") } },
    ]);
  });

  it("throws the refusal that comes in place of the outcome, or of the stream", async () => {
    const problem = JSON.stringify({ code: "TOOL_FAILED", detail: "It broke.", status: 502 });
    await using late = await open((response) => send(response, `event: error\ndata: ${problem}\n\n`));
    expect(await toError(collect(late.client.streamTool({ ref: "a.b" })))).toMatchObject({
      code: "TOOL_FAILED",
      status: 502,
    });
    await using early = await open((response) => refuse(response, 404, "UNKNOWN_TOOL"));
    expect(await toError(collect(early.client.streamTool({ ref: "a.b" })))).toMatchObject({ code: "UNKNOWN_TOOL" });
  });

  it("throws when the events end before the outcome", async () => {
    await using world = await open((response) => {
      send(response, "event: progress\ndata: {}\n\n", OUTCOME.slice(0, -2));
      response.end();
    });
    expect(await toError(collect(world.client.streamTool({ ref: "a.b" })))).toMatchObject({
      code: "UNEXPECTED_ANSWER",
    });
  });

  it("keeps no more of an event than its limit", async () => {
    const lines = "data: xxxxxxxxx\n".repeat(8);
    for (const pieces of [[`data: ${"x".repeat(200)}`], [lines], ["data: x", "x".repeat(200)]]) {
      await using world = await open((response) => send(response, ...pieces), { maxBytes: 100 });
      expect(await toError(collect(world.client.streamTool({ ref: "a.b" })))).toMatchObject({
        code: "ANSWER_TOO_LARGE",
      });
    }
  });

  it("ends the call when it is left", async () => {
    const onClose = vi.fn<() => void>();
    let close = (): void => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    await using world = await open((response) => {
      response.on("close", () => {
        onClose();
        close();
      });
      send(response, "event: progress\ndata: {}\n\n");
    });
    for await (const { event } of world.client.streamTool({ ref: "a.b" })) {
      expect(event).toBe("progress");
      break;
    }
    await closed;
    expect(onClose).toHaveBeenCalledOnce();
  });

  it("waits only for what comes, not for who reads", async () => {
    const clock = createManualClock();
    let finish = (): void => {};
    const reply: Reply = (response) => {
      send(response, "event: progress\ndata: {}\n\n");
      finish = () => response.end(OUTCOME);
    };
    await using world = await open(reply, { clock, timeoutMs: 1_000 });
    const events = world.client.streamTool({ ref: "a.b" });
    expect((await events.next()).value).toEqual({ event: "progress", data: {} });
    await clock.advance(5_000);
    finish();
    expect((await events.next()).value).toEqual({ event: "outcome", data: { output: 1, meta: {} } });
    expect(await events.next()).toEqual({ done: true, value: undefined });
    expect(clock.pending).toBe(0);
  });

  it("waits no longer than its time for what does not come", async () => {
    const clock = createManualClock();
    await using world = await open((response) => send(response, "event: progress\ndata: {}\n\n"), {
      ...{ clock, timeoutMs: 1_000 },
    });
    const events = world.client.streamTool({ ref: "a.b" });
    await events.next();
    const next = toError(events.next());
    await clock.advance(999);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect(await next).toMatchObject({ code: "CLIENT_TIMEOUT" });
  });
});
