// A new configuration for a server that runs: what applies at once, all of it or nothing, and what the trail says of it.
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Grant } from "../../src/index.ts";
import { diffConfig, type ToolyardConfig } from "../../src/server/config/index.ts";
import { createSigner } from "../auth/signer.ts";
import { openWorld, type World } from "./world.ts";

type Config = ToolyardConfig<never>;

const FIRST: Config = {
  defaultQuota: { capacity: 100_000, windowMs: 3_600_000 },
  server: { port: 0, ipLimit: false, drain: { lameDuckMs: 0, graceMs: 500 } },
};
const SERVER = FIRST.server ?? {};

let world: World;
let current: Config = FIRST;
beforeAll(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await reload(FIRST);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function reload(next: Config): Promise<void> {
  await world.server.reload({ config: next, file: null, origins: new Map() }, diffConfig(current, next));
  current = next;
}

const call = async (tool: string, who: "user" | "guest" = "user"): Promise<number> =>
  (await world.ask("POST", `/v1/tools/${tool}/calls`, { who, body: {} })).status;

/** As no page and no client of `fetch` may ask. */
function ask(headers: Readonly<Record<string, string>>): Promise<{ status: number; allowed: string | undefined }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${world.url}/v1/me`, { headers: { ...world.headersOf("user"), ...headers } }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode ?? 0, allowed: answer.headers["access-control-allow-origin"] });
    });
    asked.on("error", reject);
    asked.end();
  });
}

const CLERKS: Config = {
  ...FIRST,
  roles: { CLERK: {} },
  grants: [{ tools: ["test.admin"], roles: ["CLERK"] }],
  principals: [{ id: "uma", roles: ["USER", "CLERK"] }],
};

describe("what is declared", () => {
  it("lets somebody in who was not, and keeps them out again", async () => {
    expect(await call("test.admin")).toBe(404);
    await reload(CLERKS);
    expect(await call("test.admin")).toBe(200);
    expect(await call("test.admin", "guest")).toBe(404);
    await reload(FIRST);
    expect(await call("test.admin")).toBe(404);
  });

  it("limits calls, and makes no quota whole that it says nothing new of", async () => {
    const limits = [{ name: "few", per: ["principal"], capacity: 2, windowMs: 3_600_000 }] as const;
    await reload({ ...FIRST, limits });
    expect([await call("test.echo"), await call("test.echo"), await call("test.echo")]).toEqual([200, 200, 429]);
    await reload({ ...CLERKS, limits });
    expect(await call("test.echo")).toBe(429);
    const quotaOverrides = [{ principal: "uma", limit: "few", capacity: 4 }];
    await reload({ ...FIRST, limits, quotaOverrides });
    expect([await call("test.echo"), await call("test.echo"), await call("test.echo")]).toEqual([200, 200, 429]);
    await reload(FIRST);
    expect(await call("test.echo")).toBe(200);
  });

  it("shadows a role that is stored, which comes back when it goes", async () => {
    const { settings } = world.server.registry;
    await settings.set("role", "CLERK", { inherits: ["ADMIN"] });
    const stored = await settings.set("grant", "clerks", { tools: ["test.echo"], roles: ["CLERK"] });
    const principals = [{ id: "uma", roles: ["CLERK"] }];
    await reload({ ...FIRST, principals });
    expect(await call("test.admin")).toBe(200);
    await reload({ ...FIRST, principals, roles: { CLERK: {} } });
    expect(await settings.list("role")).toMatchObject([{ id: "CLERK", inForce: false }]);
    expect([await call("test.admin"), await call("test.echo")]).toEqual([404, 200]);
    await reload({ ...FIRST, principals });
    expect(await settings.list("role")).toMatchObject([{ id: "CLERK", inForce: true }]);
    expect(await call("test.admin")).toBe(200);
    await reload(FIRST);
    expect(await settings.remove("grant", stored.id)).toBe(true);
    expect(await settings.remove("role", "CLERK")).toBe(true);
  });
});

describe("tools over HTTP", () => {
  const upstream = createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end('{"data":1}');
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/`;
  });
  afterAll(() => {
    upstream.close();
  });
  const define = (name: string, description = "Asks.", more: object = {}): object => ({
    ...{ name, version: "1.0.0", description, access: { roles: ["USER"] }, input: { type: "object", properties: {} } },
    http: { method: "GET", url, ...more },
  });
  const egress = { allowPrivate: true };

  it("are published when they are new, and stay when they go", async () => {
    expect(await call("over.http")).toBe(404);
    await reload({ ...FIRST, egress, httpTools: [define("over.http")] });
    expect(await call("over.http")).toBe(200);
    await reload({ ...FIRST, egress, httpTools: [define("over.http"), define("over.http.too")] });
    expect([await call("over.http"), await call("over.http.too")]).toEqual([200, 200]);
    await reload({ ...FIRST, egress });
    expect(await call("over.http")).toBe(200);
    // What tools may ask is a matter of its own.
    await reload(FIRST);
    expect(await call("over.http")).toBe(422);
  });

  it("may name a role that comes with them", async () => {
    const tool = { ...define("over.http.clerk"), access: { roles: ["CLERK"] } };
    await expect(reload({ ...FIRST, egress, httpTools: [tool] })).rejects.toMatchObject({ code: "INVALID_DEFINITION" });
    await reload({ ...CLERKS, egress, httpTools: [tool] });
    expect(await call("over.http.clerk")).toBe(200);
    await expect(reload(FIRST)).rejects.toMatchObject({ code: "UNKNOWN_ROLE" });
    await world.server.registry.retire("over.http.clerk@1.0.0");
    await world.server.registry.unregister("over.http.clerk");
  });

  it.each<[what: string, code: string, tools: () => object[]]>([
    [
      "another definition under a version that is published",
      "ALREADY_PUBLISHED",
      () => [define("over.http", "Other.")],
    ],
    [
      "two that are none",
      "INVALID_DEFINITION",
      () => [{ ...define("bad.one"), effect: "x" }, define("bad.two", "", { method: "NO" })],
    ],
    [
      "a secret that may not be sent there",
      "INVALID_DEFINITION",
      () => [define("bad.three", "Asks.", { auth: { header: "Authorization", secret: "vault:crm" } })],
    ],
  ])("are refused with everything else: %s", async (_what, code, tools) => {
    await reload({ ...FIRST, egress, httpTools: [define("over.http")] });
    const next = { ...CLERKS, egress, httpTools: tools(), server: { ...SERVER, corsOrigins: ["https://a.example"] } };
    await expect(reload(next)).rejects.toMatchObject({ code });
    expect(await call("test.admin")).toBe(404);
    expect(await ask({ origin: "https://a.example" })).toMatchObject({ status: 403 });
    expect(world.server.registry.list().filter(({ name }) => name.startsWith("bad."))).toEqual([]);
  });
});

describe("the server's own settings", () => {
  it("lets pages of a new origin ask", async () => {
    expect(await ask({ origin: "https://a.example" })).toMatchObject({ status: 403 });
    await reload({ ...FIRST, server: { ...SERVER, corsOrigins: ["https://a.example"] } });
    expect(await ask({ origin: "https://a.example" })).toEqual({ status: 200, allowed: "https://a.example" });
  });

  it("has another name", async () => {
    expect(await ask({ host: "tools.internal" })).toMatchObject({ status: 421 });
    await reload({ ...FIRST, server: { ...SERVER, allowedHosts: ["tools.internal"] } });
    expect(await ask({ host: "tools.internal" })).toMatchObject({ status: 200 });
  });

  it("counts the requests of an address", async () => {
    const limited = { ...SERVER, ipLimit: { capacity: 2, windowMs: 3_600_000 } };
    await reload({ ...FIRST, server: limited });
    expect([(await ask({})).status, (await ask({})).status, (await ask({})).status]).toEqual([200, 200, 429]);
    await reload({ ...CLERKS, server: limited });
    expect((await ask({})).status).toBe(429);
    await reload(FIRST);
    expect((await ask({})).status).toBe(200);
  });

  it("takes whoever has no credentials", async () => {
    expect((await world.ask("GET", "/v1/me")).status).toBe(401);
    await reload({ ...FIRST, identity: { anonymous: true } });
    expect((await world.ask("GET", "/v1/me")).status).toBe(200);
  });

  it("believes an issuer, and believes it no more", async () => {
    const signer = createSigner("ES256", "k1");
    const issuer = createServer((_request, response) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [signer.jwk] }));
    });
    await new Promise<void>((resolve) => issuer.listen(0, "127.0.0.1", resolve));
    const name = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}`;
    const now = Math.floor(Date.now() / 1_000);
    const claims = { iss: name, aud: "https://tools.example", sub: "ada", iat: now, exp: now + 600 };
    const token = signer.sign({ alg: "ES256", typ: "at+jwt", kid: "k1" }, claims);
    const me = async () => (await world.ask("GET", "/v1/me", { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await me()).toBe(401);
    const issuers = [{ issuer: name, audience: "https://tools.example", jwksUri: `${name}/keys`, allowPrivate: true }];
    await reload({ ...FIRST, identity: { issuers } });
    expect(await me()).toBe(200);
    await reload(FIRST);
    expect(await me()).toBe(401);
    issuer.close();
  });

  it("leaves for the next start what takes one", async () => {
    const next: Config = {
      ...FIRST,
      ...{ defaultQuota: { capacity: 1, windowMs: 3_600_000 }, tools: [], timeoutMs: 1 },
      server: { ...SERVER, publicUrl: "https://other.example", corsOrigins: ["https://a.example"] },
    };
    await reload(next);
    expect([await call("test.echo"), await call("test.echo")]).toEqual([200, 200]);
    expect(await ask({ origin: "https://other.example" })).toMatchObject({ status: 403 });
    expect(await ask({ origin: "https://a.example" })).toMatchObject({ status: 200 });
  });
});

describe("a configuration that cannot be", () => {
  const GRANT: Grant = { tools: ["*"], roles: ["NOBODY"] };

  it.each<[what: string, code: string, bad: Config]>([
    ["a grant for a role that there is not", "UNKNOWN_ROLE", { grants: [GRANT] }],
    ["roles in a circle", "INVALID_OPTION", { roles: { A: { inherits: ["B"] }, B: { inherits: ["A"] } } }],
    ["a bad limit", "INVALID_OPTION", { limits: [{ name: "x", per: ["principal"], capacity: -1, windowMs: 1 }] }],
    ["an override of nothing", "UNKNOWN_LIMIT", { quotaOverrides: [{ principal: "uma", limit: "x", capacity: 1 }] }],
    ["a bad issuer", "INVALID_CONFIG", { identity: { anonymous: true, issuers: [{ issuer: "nonsense" }] } }],
    ["a bad network", "INVALID_CONFIG", { egress: { allowPrivate: ["nonsense"] } }],
  ])("changes nothing: %s", async (_what, code, bad) => {
    const server = { ...SERVER, corsOrigins: ["https://a.example"], ipLimit: { capacity: 1, windowMs: 60_000 } };
    const next = { ...CLERKS, identity: { anonymous: true }, server, ...bad };
    await expect(reload(next)).rejects.toMatchObject({ code });
    expect([await call("test.admin"), await call("test.echo")]).toEqual([404, 200]);
    expect(await ask({ origin: "https://a.example" })).toMatchObject({ status: 403 });
    expect((await world.ask("GET", "/v1/me")).status).toBe(401);
    expect(world.server.registry.grants.list()).toEqual([]);
  });
});

describe("the trail", () => {
  it("holds one record of a reload, with what differs and no secrets, and none of one that was refused", async () => {
    const read = async (): Promise<
      readonly { event: { details: { changes: { path: string; restart: boolean }[] } } }[]
    > => (await world.ask("GET", "/v1/audit?kind=config.reloaded&limit=500", { who: "operator" })).json.records;
    const before = (await read()).length;
    await expect(reload({ grants: [{ tools: [] }] })).rejects.toThrow();
    expect(await read()).toHaveLength(before);
    await reload({
      ...CLERKS,
      timeoutMs: 5_000,
      principals: [{ id: "uma", attributes: { password: "canary-77aa" } }],
      server: { ...SERVER, corsOrigins: ["https://a.example"] },
    });
    const records = await read();
    expect(records).toHaveLength(before + 1);
    const [record] = records;
    expect(record?.event.details).toMatchObject({ by: "server" });
    expect(record?.event.details.changes.map(({ path, restart }) => [path, restart])).toEqual([
      ["roles", false],
      ["grants", false],
      ["principals", false],
      ["timeoutMs", true],
      ["server.corsOrigins", false],
    ]);
    expect(JSON.stringify(records)).not.toContain("canary-77aa");
    const intents = await world.ask("GET", "/v1/audit?kind=act.intended&limit=500", { who: "operator" });
    expect(intents.text).not.toContain("canary-77aa");
    expect(intents.text).toContain("config.reloaded");
  });
});
