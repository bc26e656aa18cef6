// The secret of an HTTP tool reaches its upstream and nobody else: not a model, a caller, the trail, an event or an error, also when
// the upstream repeats it, and no other origin.
import { afterAll, describe, expect, test } from "vitest";
import { createMemoryAuditSink, createPrincipal, createRegistry, ToolyardError } from "../../src/index.ts";
import { createEgress, type EgressRequest } from "../../src/net/index.ts";
import { openSecrets } from "../../src/secrets/index.ts";
import { type HttpToolOptions, parseHttpTool, toHttpTool } from "../../src/sources/http/index.ts";
import { findCanaries } from "../secrets/canary-forms.ts";
import { type Answer, openUpstream } from "./upstream.ts";

type Fields = Readonly<Record<string, unknown>>;

const CANARY = 'cnry/7Qe+Zk"4w\\&x=(9d2f)';
const principal = createPrincipal({ id: "ann", roles: ["USER"] });
const egress = createEgress();
afterAll(() => egress.close());
const secrets = await openSecrets({ env: { TOKEN: CANARY, ODD: "line\nbreak", SHORT: "abc" } });
const common = { egress, secrets, allowPrivate: ["127.0.0.0/8"] };

const definition = (url: string, more: Fields = {}): Fields => ({
  ...{ name: "orders.get", version: "1.0.0", description: "d", access: { roles: ["USER"] }, retry: false },
  input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
  http: { method: "POST", url, auth: { header: "Authorization", secret: "env:TOKEN" }, ...more },
});

/** Repeats all that it was sent, its headers as they are and decoded. */
const echo =
  (status: number): Answer =>
  (response, { headers, target, body }) => {
    const basic = Buffer.from((headers["authorization"] ?? "").replace("Basic ", ""), "base64").toString();
    const said = {
      headers,
      target,
      body,
      basic,
      [String(headers["authorization"])]: 1,
      decoded: decodeURIComponent(target),
    };
    response.writeHead(status, { "content-type": "application/json", "x-echo": "1" });
    response.end(JSON.stringify({ ...said, detail: JSON.stringify(said) }));
  };

async function run(answer: Answer, http: Fields, options: Partial<HttpToolOptions> = {}) {
  await using upstream = await openUpstream(answer);
  const failures: unknown[] = [];
  const audit = createMemoryAuditSink();
  const onFailure = (failure: unknown): void => {
    failures.push(failure);
  };
  const tool = toHttpTool(parseHttpTool(definition(`${upstream.origin}/{id}`, http)), {
    ...common,
    onFailure,
    ...options,
  });
  const registry = createRegistry({ tools: [tool], audit });
  registry.on("tool.failed", onFailure);
  const outcome = await registry.execute("orders.get", { id: "o_1" }, { principal });
  const inspected = failures.map((failure) =>
    JSON.stringify(failure, (_key, value: unknown) =>
      value instanceof Error ? `${value.stack} ${String(value.cause)}` : value,
    ),
  );
  const places = new Map(
    Object.entries({
      outcome,
      events: audit.events,
      failures: inspected,
      tool: tool.definition,
      listed: await registry.outcomes.list(),
    }).map(([place, value]) => [place, Buffer.from(JSON.stringify(value))]),
  );
  return { outcome, heard: upstream.heard, places };
}

const canaries = [CANARY, Buffer.from(`shop:${CANARY}`).toString("base64")].map((text) => ({
  what: "token",
  bytes: Buffer.from(text),
}));

describe("the secret of a tool", () => {
  test.each([
    ["a header", { header: "X-Key" }, (heard: Fields) => heard["x-key"], CANARY],
    [
      "a header with a scheme",
      { header: "Authorization" },
      (heard: Fields) => heard["authorization"],
      `Bearer ${CANARY}`,
    ],
    [
      "Basic",
      { basic: "shop" },
      (heard: Fields) => heard["authorization"],
      `Basic ${Buffer.from(`shop:${CANARY}`).toString("base64")}`,
    ],
  ])("goes into %s, and nowhere else", async (_where, way, read, expected) => {
    for (const status of [200, 409, 500]) {
      const http = { auth: { ...way, secret: "env:TOKEN" }, errors: { "409": { code: "TAKEN", pointer: "/detail" } } };
      const { outcome, heard, places } = await run(echo(status), http);
      expect(read(heard[0]?.headers ?? {})).toBe(expected);
      expect(outcome.ok).toBe(status === 200);
      expect(findCanaries(canaries, places)).toEqual([]);
    }
  });

  test("goes into the query, and nowhere else", async () => {
    for (const status of [200, 409, 500]) {
      const { heard, places } = await run(echo(status), { auth: { query: "key", secret: "env:TOKEN" } });
      expect(new URL(heard[0]?.target ?? "", "http://a.example").searchParams.get("key")).toBe(CANARY);
      expect(findCanaries(canaries, places)).toEqual([]);
    }
  });

  test("is taken out of an answer that repeats it", async () => {
    const { outcome } = await run(echo(200), { response: { pointer: "/headers" } });
    expect(outcome.ok ? outcome.output : null).toMatchObject({ authorization: "Bearer [secret]" });
    const text: Answer = (response, { headers }) => {
      response.writeHead(200, { "content-type": "text/plain" }).end(`you sent ${headers["authorization"]}`);
    };
    const asText = await run(text, { response: { text: true } });
    expect(asText.outcome.ok ? asText.outcome.output : null).toBe("you sent Bearer [secret]");
  });

  test("is not looked for when it is so short that it is in every text", async () => {
    const { outcome } = await run(echo(200), {
      auth: { header: "X-Key", secret: "env:SHORT" },
      response: { pointer: "/headers/x-key" },
    });
    expect(outcome.ok ? outcome.output : null).toBe("abc");
  });

  test.each([
    ["there is none", "env:TOKN", /SECRET_UNUSABLE|the secret env:TOKN cannot be used: the variable is not set/],
    [
      "it fits into no header",
      "env:ODD",
      /the secret env:ODD cannot be used: as a header's value it holds a character/,
    ],
  ])("is told by its reference, and to the operator alone, when %s", async (_what, secret, expected) => {
    const { outcome, heard, places } = await run(echo(200), { auth: { header: "X-Key", secret } });
    const error = outcome.ok ? null : outcome.error;
    expect(error).toMatchObject({ toolCode: "CREDENTIAL_UNUSABLE", effect: "none", retryable: false });
    expect(error?.message).not.toContain("env:");
    expect(heard).toEqual([]);
    expect(String(places.get("failures"))).toMatch(expected);
  });

  test("is bound to the origin of the tool", async () => {
    const asked: EgressRequest[] = [];
    const spy: HttpToolOptions["egress"] = {
      request(request) {
        asked.push(request);
        return egress.request(request);
      },
    };
    const { heard } = await run(echo(200), {}, { egress: spy });
    expect(heard).toHaveLength(1);
    const [request] = asked;
    expect(request?.credential?.origin).toBe(new URL(request?.url ?? "").origin);
    expect(Object.keys(request?.headers ?? {})).not.toContain("authorization");
    expect(request?.pool).toEqual({
      tenant: "default",
      upstream: new URL(request?.url ?? "").origin,
      credential: "env:TOKEN",
    });
  });

  test("is resolved for each call", async () => {
    let count = 0;
    const changing: HttpToolOptions["secrets"] = {
      async resolve(reference, options) {
        count++;
        return secrets.resolve(reference, options);
      },
    };
    await run(echo(200), {}, { secrets: changing });
    expect(count).toBe(1);
  });
});

describe("a tool is not made", () => {
  const url = "https://evil.example/{id}";
  const faultOf = (data: Fields, options: unknown): ToolyardError => {
    try {
      toHttpTool(parseHttpTool(data), options as HttpToolOptions);
    } catch (error) {
      if (error instanceof ToolyardError) return error;
    }
    throw new Error("it was made");
  };

  test("when its secret may not go to its origin", () => {
    const asked: unknown[] = [];
    const permitSecret = (...pair: unknown[]): boolean => asked.push(pair) === 0;
    const { code, message } = faultOf(definition(url), { ...common, permitSecret });
    expect(code).toBe("INVALID_DEFINITION");
    expect(message).toBe(
      "orders.get@1.0.0: http.auth.secret: env:TOKEN may not be sent to https://evil.example; its operator says where it may",
    );
    expect(asked).toEqual([["env:TOKEN", "https://evil.example"]]);
  });

  test.each([
    ["no egress", {}, "httpTool.egress: expected an egress, such as createEgress() gives"],
    ["no options", undefined, "httpTool: received undefined, expected an object of options"],
    ["no secrets", { egress }, "httpTool.secrets: expected secrets, such as openSecrets() gives: orders.get has auth"],
    [
      "an option that is none",
      { ...common, allowPrivat: true },
      'httpTool.allowPrivat: there is no such option; did you mean "allowPrivate"?',
    ],
  ])("with %s", (_what, options, expected) => {
    const { code, message } = faultOf(definition(url), options);
    expect(code).toBe("INVALID_OPTION");
    expect(message).toContain(expected);
  });

  test("of data that was not checked, unless it passes", () => {
    const loose = { ...definition(url), htpp: 1 } as unknown as Parameters<typeof toHttpTool>[0];
    expect(() => toHttpTool(loose, common)).toThrow(/htpp: is not a known field; did you mean http\?/);
  });
});
