// What is kept out before any work is done for it (S-20 to S-24, S-27, S-80), and that the process lives on.
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openWorld, send, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld({
    config: {
      server: {
        ...{
          corsOrigins: ["https://console.example"],
          allowedHosts: ["tools.internal"],
          bodyBytes: 4_096,
          jsonDepth: 8,
        },
        ...{ headerBytes: 8_192, headersTimeoutMs: 400, requestTimeoutMs: 800 },
      },
    },
  });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** What a socket is answered that sent `text`, until the server closes it. */
function exchange(text: string, more: readonly string[] = []): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(world.url).port), "127.0.0.1");
    let answer = "";
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("close", () => {
      resolve(answer);
    });
    socket.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "ECONNRESET" || error.code === "EPIPE") resolve(answer);
      else reject(error);
    });
    socket.write(text);
    for (const part of more) socket.write(part);
  });
}

const host = (): string => new URL(world.url).host;
const head = (line: string, ...fields: string[]): string =>
  `${[line, `Host: ${host()}`, "Connection: close", ...fields].join("\r\n")}\r\n\r\n`;
const auth = (): string => `Authorization: ${world.headersOf("user")["authorization"] ?? ""}`;

describe("the host", () => {
  it.each(["evil.example", "127.0.0.1", "localhost:1", "tools.internal.evil.example"])(
    "refuses %s with 421",
    async (name) => {
      const answer = await exchange(`GET /v1/me HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n${auth()}\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 421 /);
      expect(answer).toContain('"code":"HOST_REFUSED"');
    },
  );

  it.each(["localhost", "LOCALHOST"])("takes %s with the port that is listened at", async (name) => {
    const { port } = new URL(world.url);
    expect(
      await exchange(`GET /v1/me HTTP/1.1\r\nHost: ${name}:${port}\r\nConnection: close\r\n${auth()}\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("takes names that were added", async () => {
    expect(
      await exchange(`GET /v1/me HTTP/1.1\r\nHost: tools.internal\r\nConnection: close\r\n${auth()}\r\n\r\n`),
    ).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("is not asked of whoever looks after the process", async () => {
    expect(await exchange("GET /healthz HTTP/1.1\r\nHost: 10.0.0.7:8321\r\nConnection: close\r\n\r\n")).toMatch(
      /^HTTP\/1\.1 200 /,
    );
  });

  it("is not what proxies say it is", async () => {
    const answer = await exchange(
      `GET /v1/me HTTP/1.1\r\nHost: evil.example\r\nX-Forwarded-Host: ${host()}\r\nConnection: close\r\n${auth()}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 421 /);
  });
});

describe("the origin", () => {
  it.each(["https://evil.example", "null", "http://127.0.0.1", "https://console.example.evil"])(
    "refuses %s",
    async (origin) => {
      const { status, json, headers } = await world.ask("GET", "/v1/me", { who: "user", headers: { origin } });
      expect([status, json.code]).toEqual([403, "ORIGIN_REFUSED"]);
      expect(headers.has("access-control-allow-origin")).toBe(false);
    },
  );

  it("lets pages of listed origins read answers, without credentials of the browser's", async () => {
    const { status, headers } = await world.ask("GET", "/v1/me", {
      who: "user",
      headers: { origin: "https://console.example" },
    });
    expect(status).toBe(200);
    expect(headers.get("access-control-allow-origin")).toBe("https://console.example");
    expect(headers.has("access-control-allow-credentials")).toBe(false);
    expect(headers.get("vary")).toContain("origin");
  });

  it("is answered before a request", async () => {
    const asked = { origin: "https://console.example", "access-control-request-method": "POST" };
    const good = await send(world.url, "OPTIONS", "/v1/tools/x/calls", { headers: asked });
    expect([good.status, good.headers.get("access-control-allow-origin")]).toEqual([204, "https://console.example"]);
    const bad = await send(world.url, "OPTIONS", "/v1/tools/x/calls", {
      headers: { ...asked, origin: "https://evil.example" },
    });
    expect(bad.status).toBe(403);
  });
});

describe("the content type", () => {
  const types = [
    "application/json\ta",
    "application/json ;charset=utf-8",
    "application/json; charset=latin1",
    "text/json",
    "application/json, text/plain",
    "application/jsonx",
    "multipart/form-data",
  ];
  it.each(types)("refuses %j with 415 (S-23)", async (type) => {
    const answer = await exchange(
      head("POST /v1/tools/test.echo/calls HTTP/1.1", auth(), `Content-Type: ${type}`, "Content-Length: 2") + "{}",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
  });

  it("refuses two of them, and a body that has none", async () => {
    const twice = await exchange(
      head(
        "POST /v1/tools/test.echo/calls HTTP/1.1",
        auth(),
        "Content-Type: application/json",
        "Content-Type: text/plain",
        "Content-Length: 2",
      ) + "{}",
    );
    expect(twice).toMatch(/^HTTP\/1\.1 400 /);
    const none = await exchange(head("POST /v1/tools/test.echo/calls HTTP/1.1", auth(), "Content-Length: 2") + "{}");
    expect(none).toMatch(/^HTTP\/1\.1 415 /);
  });

  it.each([
    "application/json",
    "Application/JSON",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
  ])("takes %j", async (type) => {
    const answer = await exchange(
      head("POST /v1/tools/test.echo/calls HTTP/1.1", auth(), `Content-Type: ${type}`, "Content-Length: 2") + "{}",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("refuses compressed bodies", async () => {
    const answer = await exchange(
      head(
        "POST /v1/tools/test.echo/calls HTTP/1.1",
        auth(),
        "Content-Type: application/json",
        "Content-Encoding: gzip",
        "Content-Length: 2",
      ) + "{}",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 415 /);
  });
});

describe("limits", () => {
  it("refuse a body that is too large, declared or not (S-24)", async () => {
    const large = JSON.stringify({ a: "x".repeat(5_000) });
    expect((await world.ask("POST", "/v1/tools/test.echo/calls", { who: "user", text: large })).status).toBe(413);
    const chunk = `${(2_048).toString(16)}\r\n${"x".repeat(2_048)}\r\n`;
    const answer = await exchange(
      head(
        "POST /v1/tools/test.echo/calls HTTP/1.1",
        auth(),
        "Content-Type: application/json",
        "Transfer-Encoding: chunked",
      ),
      [chunk, chunk, chunk, "0\r\n\r\n"],
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("refuse headers, URLs and parts of paths that are too long", async () => {
    expect(await exchange(head("GET /v1/me HTTP/1.1", `X-Long: ${"x".repeat(10_000)}`))).toMatch(/^HTTP\/1\.1 431 /);
    expect(await exchange(head(`GET /v1/tools/${"x".repeat(9_000)} HTTP/1.1`, auth()))).toMatch(
      /^HTTP\/1\.1 (431|414|400|404) /,
    );
    const { status } = await world.ask("GET", `/v1/tools/${"x".repeat(401)}`, { who: "user" });
    expect([400, 404, 414]).toContain(status);
  });

  it("refuse bodies for us that are too deep, and what is no UTF-8", async () => {
    const deep = await world.ask("POST", "/v1/stops", {
      who: "operator",
      text: `{"a":${"[".repeat(20)}${"]".repeat(20)}}`,
    });
    expect([deep.status, deep.json.code]).toEqual([400, "INVALID_JSON"]);
    const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
    const answer = await exchange(
      head(
        "POST /v1/tools/test.echo/calls HTTP/1.1",
        auth(),
        "Content-Type: application/json",
        `Content-Length: ${bytes.length}`,
      ) + bytes.toString("latin1"),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400) /);
    const response = await fetch(`${world.url}/v1/tools/test.echo/calls`, {
      method: "POST",
      headers: { ...world.headersOf("user"), "content-type": "application/json" },
      body: bytes,
    });
    expect(response.status).toBe(400);
  });

  it("hold for the arguments of tools as well", async () => {
    const deep = await world.ask("POST", "/v1/tools/test.echo/calls", {
      who: "user",
      text: `{"a":${"[".repeat(20)}${"]".repeat(20)}}`,
    });
    expect([deep.status, deep.json.code]).toEqual([400, "INVALID_JSON"]);
    expect(
      (await world.ask("POST", "/v1/tools/test.echo/calls", { who: "user", text: '{"a":[[[[1]]]]}' })).status,
    ).toBe(200);
  });

  it("close connections of clients that are slow with their headers, or with their body", async () => {
    const started = performance.now();
    const headers = await exchange("GET /v1/me HTTP/1.1\r\nHost:");
    expect(headers).toMatch(/^(HTTP\/1\.1 408 .*)?$/s);
    const body = await exchange(
      head("POST /v1/tools/test.echo/calls HTTP/1.1", auth(), "Content-Type: application/json", "Content-Length: 100") +
        "{",
    );
    expect(body).toMatch(/^(HTTP\/1\.1 408 .*)?$/s);
    // Within the limits and the interval in which they are looked after, however busy the machine is.
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe("credentials", () => {
  it.each(["access_token", "api_key", "token"])("are not taken from the URL: %s", async (name) => {
    const key = world.headersOf("user")["authorization"]?.slice(7) ?? "";
    expect((await world.ask("GET", `/v1/me?${name}=${key}`)).status).toBe(401);
    expect((await world.ask("GET", `/v1/me?${name}=x`, { who: "user" })).status).not.toBe(200);
  });

  it("are refused when they come twice, or in both ways", async () => {
    const key = world.headersOf("user")["authorization"]?.slice(7) ?? "";
    expect(await exchange(head("GET /v1/me HTTP/1.1", auth(), auth()))).toMatch(/^HTTP\/1\.1 401 /);
    expect(await exchange(head("GET /v1/me HTTP/1.1", auth(), `X-Api-Key: ${key}`))).toMatch(/^HTTP\/1\.1 401 /);
    expect(await exchange(head("GET /v1/me HTTP/1.1", `X-Api-Key: ${key}`))).toMatch(/^HTTP\/1\.1 200 /);
  });

  it("are nowhere in answers and in the log (S-03)", async () => {
    const key = "Bearer ty_live_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ABCDEFGHIJKLMNO";
    const { text } = await world.ask("GET", "/v1/me", { headers: { authorization: key } });
    expect(text).not.toContain("0123456789ABC");
    expect(world.log.join("\n")).not.toContain("0123456789ABC");
  });
});

describe("headers of the inside", () => {
  const spoofed = [
    "x-forwarded-for",
    "x-real-ip",
    "x-user-id",
    "x-tenant",
    "x-roles",
    "x-toolyard-principal",
    "forwarded",
    "x-original-url",
    "x-http-method-override",
  ];
  it.each(spoofed)("%s changes nothing (S-22)", async (name) => {
    const plain = await world.ask("GET", "/v1/me", { who: "user" });
    const { status, text } = await world.ask("GET", "/v1/me", { who: "user", headers: { [name]: "admin" } });
    expect([status, text]).toEqual([plain.status, plain.text]);
    expect((await world.ask("GET", "/v1/stops", { who: "user", headers: { [name]: "/healthz" } })).status).toBe(403);
  });
});

describe("what is no HTTP", () => {
  const raw: readonly [string, string][] = [
    ["noise", "\x16\x03\x01\x02\x00\x01\x00\x01"],
    ["no version", "GET /\r\n\r\n"],
    ["a bare line feed in a field", `GET / HTTP/1.1\nHost: x\n\n`],
    [
      "two lengths",
      "POST /v1/tools/test.echo/calls HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    ],
    [
      "a length and chunks",
      "POST /v1/tools/test.echo/calls HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["an odd coding", "POST /v1/tools/test.echo/calls HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n{}"],
    ["a negative length", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"],
    ["a chunk that is none", "POST /v1/me HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ["a space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"],
    ["a folded field", "GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n\r\n"],
    ["a null byte", "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["no host", "GET /v1/me HTTP/1.1\r\n\r\n"],
  ];
  it.each(raw)("%s gets a refusal, and no second chance on its connection (S-27)", async (_what, text) => {
    const answer = await exchange(text, ["GET /v1/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"]);
    expect(answer).not.toMatch(/HTTP\/1\.1 200/);
    expect([...answer.matchAll(/HTTP\/1\.1 \d{3} /g)].length).toBeLessThanOrEqual(2);
    expect((await world.ask("GET", "/healthz")).status).toBe(200);
  });
});

describe("every answer", () => {
  it.each(["/healthz", "/v1/me", "/nope", "/v1/tools/%zz", "/docs"])(
    "of %s has the fields that keep pages out",
    async (path) => {
      const { headers } = await world.ask("GET", path, { who: "user" });
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
      expect(headers.get("x-frame-options")).toBe("DENY");
      expect(headers.has("server")).toBe(false);
      expect(headers.has("x-powered-by")).toBe(false);
    },
  );

  it("to a method that a path does not take names those that it does", async () => {
    const { status, headers, json } = await world.ask("PUT", "/v1/tools", { who: "operator" });
    expect([status, json.code]).toEqual([405, "METHOD_NOT_ALLOWED"]);
    expect(headers.get("allow")).toBe("GET, POST");
  });
});

it("turns an address away that asks too much, and says when to come again", async () => {
  await using small = await openWorld({ config: { server: { ipLimit: { capacity: 40, windowMs: 3_600_000 } } } });
  const answers = await Promise.all(Array.from({ length: 60 }, () => small.ask("GET", "/v1/me", { who: "user" })));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused.length).toBeGreaterThan(19);
  expect(refused[0]?.json.code).toBe("RATE_LIMITED");
  expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
  expect((await small.ask("GET", "/healthz")).status).toBe(200);
});

it("keeps administration on a listener of its own, when it has one", async () => {
  await using split = await openWorld({ config: { server: { adminPort: 0 } } });
  const adminUrl = split.server.adminUrl ?? "";
  const headers = split.headersOf("operator");
  expect((await split.ask("GET", "/v1/stops", { who: "operator" })).status).toBe(404);
  expect((await send(adminUrl, "GET", "/v1/stops", { headers })).status).toBe(200);
  expect((await send(adminUrl, "POST", "/v1/tools/test.echo/calls", { headers, body: {} })).status).toBe(404);
  expect((await split.ask("POST", "/v1/tools/test.echo/calls", { who: "operator", body: {} })).status).toBe(200);
});

it("believes what proxies say of an address, and nobody else", async () => {
  const ipLimit = { capacity: 1, windowMs: 3_600_000 };
  const ask = (asked: World, address: string) =>
    send(asked.url, "GET", "/v1/nothing", { headers: { "x-forwarded-for": address } }).then(({ status }) => status);
  const config = { server: { trustedProxies: ["127.0.0.1"] } };
  await using behind = await openWorld({ config });
  await behind.server.reload(
    { config: { server: { port: 0, trustedProxies: ["127.0.0.1"], ipLimit } }, file: null, origins: new Map() },
    [],
  );
  expect([await ask(behind, "192.0.2.1"), await ask(behind, "192.0.2.2"), await ask(behind, "192.0.2.1")]).toEqual([
    404, 404, 429,
  ]);
  // What a client wrote in front of what the proxy added is not believed.
  expect(await ask(behind, "198.51.100.9, 192.0.2.2")).toBe(429);
  await using bare = await openWorld();
  await bare.server.reload({ config: { server: { port: 0, ipLimit } }, file: null, origins: new Map() }, []);
  expect([await ask(bare, "192.0.2.1"), await ask(bare, "192.0.2.2")]).toEqual([404, 429]);
});
