// HTTP tools in a registry, against real servers, over two egresses.
import { afterAll, describe, expect, test } from "vitest";
import { createPrincipal, createRegistry, type Outcome } from "../../src/index.ts";
import { createEgress, type Egress } from "../../src/net/index.ts";
import { type HttpToolOptions, parseHttpTool, toHttpTool } from "../../src/sources/http/index.ts";
import { plainEgress } from "./plain-egress.ts";
import { type Answer, json, openUpstream, raw, type Upstream } from "./upstream.ts";

type Fields = Readonly<Record<string, unknown>>;

const principal = createPrincipal({ id: "ann", roles: ["USER"] });
const guarded = createEgress();
afterAll(() => guarded.close());
const allowPrivate = ["127.0.0.0/8"];

const input = {
  type: "object",
  properties: { id: { type: "string" }, note: { type: "string" }, count: { type: "integer" } },
  required: ["id"],
};

interface Run {
  readonly http?: Fields;
  readonly more?: Fields;
  readonly args?: unknown;
  readonly options?: Partial<HttpToolOptions>;
  readonly key?: string;
}

interface Ran {
  readonly outcome: Outcome;
  readonly upstream: Upstream;
  readonly listed: number;
}

async function run(egress: Pick<Egress, "request">, answer: Answer, what: Run = {}): Promise<Ran> {
  const { http = {}, more = {}, args = { id: "o_1" }, options = {}, key } = what;
  await using upstream = await openUpstream(answer);
  const definition = parseHttpTool({
    ...{ name: "orders.get", version: "1.0.0", description: "d", retry: false, input },
    access: { roles: ["USER"] },
    ...more,
    http: { method: "GET", url: `${upstream.origin}/v1/orders/{id}`, ...http },
  });
  const registry = createRegistry({ tools: [toHttpTool(definition, { egress, allowPrivate, ...options })] });
  const keyed = key === undefined ? {} : { idempotencyKey: key };
  const outcome = await registry.execute("orders.get", args, { principal, ...keyed });
  return { outcome, upstream, listed: (await registry.outcomes.list()).length };
}

const errorOf = ({ outcome }: Ran): Fields => (outcome.ok ? {} : (outcome.error as unknown as Fields));
const outputOf = ({ outcome }: Ran): unknown => (outcome.ok ? outcome.output : outcome.error);
const drop: Answer = (response) => {
  response.destroy();
};
const post = { http: { method: "POST" } };

describe.each([
  ["the plain egress", plainEgress],
  ["the guarded egress", guarded],
])("an HTTP tool over %s", (_name, egress) => {
  const exchange = (answer: Answer, what?: Run): Promise<Ran> => run(egress, answer, what);

  test("asks, and gives the answer as its output", async () => {
    const ran = await exchange(json({ total: 7 }), { args: { id: "a/b", note: "x y", count: 3 } });
    expect(outputOf(ran)).toEqual({ total: 7 });
    expect(ran.upstream.heard[0]).toMatchObject({
      ...{ method: "GET", target: "/v1/orders/a%2Fb?note=x%20y&count=3", body: "" },
    });
    expect(ran.upstream.heard[0]?.headers["accept"]).toBe("application/json");
  });

  test("sends JSON, forms and fixed headers", async () => {
    const args = { id: "o_1", note: "ü\n", count: 3 };
    const sent = await exchange(json({}), { http: { method: "PUT", headers: { "X-Shop": "eu" } }, args });
    expect(sent.upstream.heard[0]).toMatchObject({ method: "PUT", body: '{"note":"ü\\n","count":3}' });
    expect(sent.upstream.heard[0]?.headers).toMatchObject({ "x-shop": "eu", "content-type": "application/json" });
    const form = await exchange(json({}), { http: { method: "POST", body: "form" }, args });
    expect(form.upstream.heard[0]?.body).toBe("note=%C3%BC%0A&count=3");
  });

  test("keeps numbers exact on their way out and back", async () => {
    const answer = raw('{"id":9007199254740993,"list":[1e400,1.5]}', "application/json");
    const ran = await exchange(answer, {
      http: { method: "POST" },
      more: { exactNumbers: "bigint" },
      args: '{"id":"o","count":9007199254740993}',
    });
    expect(ran.upstream.heard[0]?.body).toBe('{"count":9007199254740993}');
    expect(outputOf(ran)).toEqual({ id: "9007199254740993", list: ["1e400", 1.5] });
  });

  test("refuses an argument before anything is sent", async () => {
    const ran = await exchange(json({}), { ...post, args: { id: "../admin" } });
    expect(errorOf(ran)).toMatchObject({ code: "TOOL_ERROR", toolCode: "INVALID_ARGUMENT", effect: "none" });
    expect(ran.upstream.heard).toEqual([]);
    expect(ran.listed).toBe(0);
  });

  test("takes the output from where the definition points", async () => {
    const answer = json({ data: { items: [{ n: 1 }] } });
    expect(outputOf(await exchange(answer, { http: { response: { pointer: "/data/items/0" } } }))).toEqual({ n: 1 });
    const missed = await exchange(answer, { http: { response: { pointer: "/data/constructor" } } });
    expect(errorOf(missed)).toMatchObject({
      ...{ toolCode: "BAD_ANSWER", message: "The upstream's answer has nothing where the tool's output should be." },
    });
  });

  test("gives text where the definition wants it, in the encoding it came in", async () => {
    const text = { http: { response: { text: true } } };
    expect(outputOf(await exchange(raw(Buffer.from([0xe9]), "text/plain; charset=iso-8859-1"), text))).toBe("é");
    expect(outputOf(await exchange(raw("{}", "application/json"), text))).toBe("{}");
    expect(outputOf(await exchange(raw("", "text/plain"), text))).toBe("");
  });

  test("has no output where there is no body", async () => {
    expect(outputOf(await exchange(raw("", null, 204)))).toBeNull();
    expect(outputOf(await exchange(json({ a: 1 }), { http: { method: "HEAD" } }))).toBeNull();
  });

  test.each([
    ["of another type", raw("<html>", "text/html"), 'is "text/html", expected JSON'],
    ["that is no JSON", raw("{a}", "application/json"), "is not JSON that is accepted (SYNTAX)"],
    ["with a key twice", raw('{"a":1,"a":2}', null), "is not JSON that is accepted (DUPLICATE_KEY)"],
    ["that pollutes", raw('{"__proto__":{"polluted":1}}', null), "is not JSON that is accepted (PROTO_KEY)"],
    ["that is too deep", raw("[".repeat(65) + "]".repeat(65), null), "is not JSON that is accepted (TOO_DEEP)"],
    ["that is no UTF-8", raw(Buffer.from([0x22, 0xff, 0x22]), "application/json"), "is no UTF-8"],
  ])("refuses an answer %s, and does not show it", async (_what, answer, problem) => {
    const read = errorOf(await exchange(answer));
    expect(read).toMatchObject({
      toolCode: "BAD_ANSWER",
      effect: "none",
      message: `The upstream's answer ${problem}.`,
    });
    expect(errorOf(await exchange(answer, post))).toMatchObject({ toolCode: "BAD_ANSWER", effect: "applied" });
    expect(({} as Fields)["polluted"]).toBeUndefined();
  });

  test.each([
    ["an image", raw("x", "image/png"), 'is "image/png", expected text'],
    ["an unknown encoding", raw("x", "text/plain; charset=none"), "is no text in the encoding it names"],
  ])("refuses %s where text is wanted", async (_what, answer, problem) => {
    const error = errorOf(await exchange(answer, { http: { response: { text: true } } }));
    expect(error["message"]).toBe(`The upstream's answer ${problem}.`);
  });

  test("takes vendor types of JSON, and answers that name none", async () => {
    expect(outputOf(await exchange(raw("[1]", "application/vnd.shop.v1+json; charset=utf-8")))).toEqual([1]);
    expect(outputOf(await exchange(raw("\ufeff[1]", null)))).toEqual([1]);
  });

  test("holds its output to its schema", async () => {
    const output = { type: "object", properties: { total: { type: "number" } }, required: ["total"] };
    const error = errorOf(await exchange(json({ total: "7" }), { more: { output } }));
    expect(error).toMatchObject({ code: "INVALID_OUTPUT", effect: "none" });
  });

  test("refuses an answer over its limit", async () => {
    const big = { response: { maxBytes: 100 } };
    const error = errorOf(await exchange(json("x".repeat(200)), { http: big }));
    expect(error).toMatchObject({ toolCode: "ANSWER_TOO_LARGE", retryable: false, effect: "none" });
    const ran = await exchange(json("x".repeat(200)), { http: { ...big, method: "POST" } });
    expect(errorOf(ran)).toMatchObject({ code: "OUTCOME_UNKNOWN", effect: "unknown" });
  });

  test("says what a status means, by the definition's rules first", async () => {
    const rules = { "409": { code: "TAKEN", message: "The slot is taken.", pointer: "/detail" } };
    const taken = await exchange(json({ detail: "by\u202e bob" }, 409), { http: { method: "POST", errors: rules } });
    expect(errorOf(taken)).toMatchObject({
      ...{ code: "TOOL_ERROR", toolCode: "TAKEN", message: "The slot is taken.", effect: "none", retryable: false },
      details: { status: 409, upstream: "by<U+202E> bob" },
    });
    expect(errorOf(await exchange(json({}, 404)))).toMatchObject({ toolCode: "NOT_FOUND", details: { status: 404 } });
  });

  test("passes on when to try again, as seconds and as a date", async () => {
    expect(errorOf(await exchange(json({}, 429, { "retry-after": "7" })))).toMatchObject({
      ...{ toolCode: "UPSTREAM_BUSY", retryable: true, retryAfterMs: 7_000 },
    });
    const at = "Fri, 01 Jan 2027 00:01:30 GMT";
    const clock = { now: () => Date.UTC(2027, 0, 1) } as unknown as NonNullable<HttpToolOptions["clock"]>;
    const dated = await exchange(json({}, 503, { "retry-after": at }), { options: { clock } });
    expect(errorOf(dated)).toMatchObject({ retryable: true, retryAfterMs: 90_000 });
  });

  test("does not know what a write has done whose answer was lost, and says so", async () => {
    for (const answer of [drop, json({}, 500), json({}, 502)]) {
      const ran = await exchange(answer, post);
      expect(errorOf(ran)).toMatchObject({ code: "OUTCOME_UNKNOWN", effect: "unknown", retryable: false });
      expect(ran.listed).toBe(1);
    }
  });

  test("may be tried again when it reads", async () => {
    expect(errorOf(await exchange(drop))).toMatchObject({
      toolCode: "UPSTREAM_FAILED",
      retryable: true,
      effect: "none",
    });
    let count = 0;
    const twice: Answer = (response, heard, request) => {
      (count++ === 0 ? drop : json({ n: 2 }))(response, heard, request);
    };
    const ran = await exchange(twice, { more: { retry: { repeats: 1, baseMs: 1, capMs: 1 } } });
    expect(outputOf(ran)).toEqual({ n: 2 });
    expect(ran.upstream.heard).toHaveLength(2);
  });

  test("is repeated after a failure of its upstream when it writes and is idempotent, and only then", async () => {
    const retry = { repeats: 1, baseMs: 1, capMs: 1 };
    const put = await exchange(json({}, 500), { http: { method: "PUT" }, more: { retry } });
    expect(put.upstream.heard).toHaveLength(2);
    expect(errorOf(put)).toMatchObject({ code: "OUTCOME_UNKNOWN", effect: "unknown" });
    const once = await exchange(json({}, 500), { ...post, more: { retry: undefined } });
    expect(once.upstream.heard).toHaveLength(1);
  });

  test("says that nothing has happened when nobody listens", async () => {
    const closed = await openUpstream(json({}));
    await closed[Symbol.asyncDispose]();
    const failures: unknown[] = [];
    const options: Partial<HttpToolOptions> = { onFailure: (failure) => failures.push(failure) };
    const ran = await exchange(json({}), { http: { method: "POST", url: `${closed.origin}/{id}` }, options });
    expect(errorOf(ran)).toMatchObject({ toolCode: "UPSTREAM_UNREACHABLE", retryable: true, effect: "none" });
    expect(ran.listed).toBe(0);
    expect(failures).toMatchObject([{ tool: "orders.get", version: "1.0.0", error: { code: "CONNECT_FAILED" } }]);
  });

  test("passes the idempotency key on, and is repeated with it", async () => {
    let count = 0;
    const once: Answer = (response, heard, request) => {
      (count++ === 0 ? drop : json({ ok: true }))(response, heard, request);
    };
    const http = { method: "POST", idempotencyKeyHeader: "Idempotency-Key" };
    const ran = await exchange(once, { http, more: { retry: { repeats: 1, baseMs: 1, capMs: 1 } }, key: "k-1" });
    expect(outputOf(ran)).toEqual({ ok: true });
    const keys = ran.upstream.heard.map(({ headers }) => headers["idempotency-key"]);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect(keys).toEqual([keys[0], keys[0]]);
    expect((await exchange(json({}), { http })).upstream.heard[0]?.headers["idempotency-key"]).toBeUndefined();
  });

  test("is cancelled with its call", async () => {
    const silent: Answer = () => {};
    const error = errorOf(await exchange(silent, { more: { timeoutMs: 100 } }));
    expect(error).toMatchObject({ code: "TIMEOUT", effect: "none" });
    const write = await exchange(silent, { http: { method: "POST" }, more: { timeoutMs: 100 } });
    expect(errorOf(write)).toMatchObject({ code: "OUTCOME_UNKNOWN", effect: "unknown" });
  });
});

test("an HTTP tool goes nowhere its operator did not permit", async () => {
  const ran = await run(guarded, json({}), { ...post, options: { allowPrivate: false } });
  expect(errorOf(ran)).toMatchObject({ toolCode: "UPSTREAM_NOT_ALLOWED", retryable: false, effect: "none" });
  expect(ran.upstream.heard).toEqual([]);
});

test("an HTTP tool takes no redirect for an answer", async () => {
  const away = json({}, 302, { location: "http://169.254.169.254/latest/meta-data" });
  expect(errorOf(await run(guarded, away))).toMatchObject({ toolCode: "UNEXPECTED_ANSWER", retryable: false });
});
