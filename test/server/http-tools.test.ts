// Tools as data over HTTP: published by an operator, called by others, there again after a restart, and never sent a secret or a
// request that the operator of the server has not allowed (S-30, S-31, S-36).
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ToolyardConfig } from "../../src/server/config/index.ts";
import { openWorld, send } from "./world.ts";

let upstream: Server;
let origin: string;
let seen: { readonly url: string; readonly authorization: string | undefined }[];
let dir: string;

beforeEach(async () => {
  seen = [];
  upstream = createServer((request, response) => {
    seen.push({ url: request.url ?? "", authorization: request.headers.authorization });
    response.setHeader("content-type", "application/json");
    response.end('{"data":{"state":"paid"}}');
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  dir = await mkdtemp(join(tmpdir(), "toolyard-http-tools-"));
});
afterEach(async () => {
  upstream.close();
  await rm(dir, { recursive: true, force: true });
});

const define = (more: object = {}, http: object = {}): object => ({
  ...{ name: "orders.get", version: "1.0.0", description: "Look up an order.", access: { roles: ["USER"] } },
  input: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
  ...more,
  http: { method: "GET", url: `${origin}/v1/orders/{id}`, response: { pointer: "/data" }, ...http },
});

const open = (egress: ToolyardConfig["egress"], more: object = {}) =>
  openWorld({ dir, config: { egress, ...more } as unknown as ToolyardConfig<never> });

describe("a tool that is published over HTTP", () => {
  it("is called by others, and there again after a restart", async () => {
    let headers: Readonly<Record<string, string>>;
    {
      await using world = await open({ allowPrivate: ["127.0.0.0/8"] });
      const published = await world.ask("POST", "/v1/tools?reason=new", {
        who: "operator",
        body: { tools: [define()] },
      });
      expect([published.status, published.json.tools[0].name]).toEqual([201, "orders.get"]);
      headers = world.headersOf("user");
      const { json } = await world.ask("POST", "/v1/tools/orders.get/calls", {
        who: "user",
        body: { id: "o_1?x=1#y" },
      });
      expect(json.output).toEqual({ state: "paid" });
      expect(seen.at(-1)?.url).toBe("/v1/orders/o_1%3Fx%3D1%23y");
      const sent = seen.length;
      const climbing = { who: "user", body: { id: "../admin" } } as const;
      expect((await world.ask("POST", "/v1/tools/orders.get/calls", climbing)).status).toBeGreaterThanOrEqual(400);
      expect(seen.length).toBe(sent);
      const shown = await world.ask("GET", "/v1/tools/orders.get", { who: "user" });
      expect(shown.text).not.toContain(origin);
    }
    const { startServer } = await import("../../src/server/index.ts");
    const { systemClock } = await import("../../src/kernel/clock.ts");
    const quiet = (): void => {};
    const again = await startServer({
      resolved: {
        config: { egress: { allowPrivate: ["127.0.0.0/8"] }, server: { port: 0, drain: { lameDuckMs: 0 } } },
        file: null,
        origins: new Map(),
      },
      place: { dir, postgres: null, masterKey: null, pepper: null },
      ...{ env: {}, clock: systemClock, version: "0.0.0", log: { info: quiet, warn: quiet, error: quiet } },
    });
    const { status, json } = await send(again.url, "POST", "/v1/tools/orders.get/calls", {
      headers,
      body: { id: "o_2" },
    });
    expect([status, json.output]).toEqual([200, { state: "paid" }]);
    await again.stop();
  });

  it("reaches no private network unless the server's operator allows it (S-31)", async () => {
    await using world = await open({});
    await world.ask("POST", "/v1/tools", { who: "operator", body: { tools: [define()] } });
    const { status, json } = await world.ask("POST", "/v1/tools/orders.get/calls", {
      who: "user",
      body: { id: "o_1" },
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(json.code).toMatch(/^TOOL_/);
    expect(seen).toEqual([]);
  });

  it("is refused whole when one of several is wrong, and says what", async () => {
    await using world = await open({});
    const tools = [define(), define({ name: "orders.bad" }, { method: "FETCH" })];
    const { status, json } = await world.ask("POST", "/v1/tools", { who: "operator", body: { tools } });
    expect([status, json.code]).toEqual([422, "INVALID_DEFINITION"]);
    expect(JSON.stringify(json.problems)).toContain("http.method");
    expect((await world.ask("GET", "/v1/tools/orders.get/life", { who: "operator" })).status).toBe(404);
  });

  it.each(["command", "args", "env", "handler"])("takes no code and no commands: %s (S-40)", async (field) => {
    await using world = await open({});
    const tools = [define({ [field]: "touch /tmp/owned" })];
    expect((await world.ask("POST", "/v1/tools", { who: "operator", body: { tools } })).status).toBe(422);
  });
});

describe("a secret", () => {
  const auth = { header: "Authorization", secret: "env:ORDERS_TOKEN" };

  it("is sent nowhere but where the server's operator said (S-36)", async () => {
    await using world = await open({
      allowPrivate: true,
      secrets: { "env:ORDERS_TOKEN": ["https://api.example.org"] },
    });
    const { status, json } = await world.ask("POST", "/v1/tools", {
      who: "operator",
      body: { tools: [define({}, { auth })] },
    });
    expect([status, json.code]).toEqual([422, "INVALID_DEFINITION"]);
    expect(json.detail).toContain("may not be sent");
    expect(seen).toEqual([]);
  });
});

describe("a tool in the configuration", () => {
  it("is a tool like any other", async () => {
    await using world = await open({ allowPrivate: true }, { httpTools: [define()] });
    const { json } = await world.ask("POST", "/v1/tools/orders.get/calls", { who: "user", body: { id: "o_3" } });
    expect(json.output).toEqual({ state: "paid" });
  });

  it("keeps a server from starting when it is wrong, by its place", async () => {
    await expect(open({}, { httpTools: [define({}, { url: "ftp://x/{id}" })] })).rejects.toThrow(
      /httpTools\[0\].*http\.url/s,
    );
  });
});
