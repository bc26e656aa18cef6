// Deny by default (S-01): every route there is, asked by everybody there is. The table is made of the routes; a route without an
// access tag does not compile, and one whose tag says less than its answers fails here.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ROUTES } from "../../src/server/rest/index.ts";
import type { Access } from "../../src/server/http/index.ts";
import { openWorld, type Who, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** The least that each kind of caller is answered with where it may not come in; null: it may. */
const DENIED: Readonly<Record<Access, Readonly<Record<Who, 401 | 403 | null>>>> = {
  public: {
    none: null,
    bad: null,
    expired: null,
    revoked: null,
    guest: null,
    user: null,
    foreign: null,
    operator: null,
  },
  caller: { none: 401, bad: 401, expired: 401, revoked: 401, guest: null, user: null, foreign: null, operator: null },
  admin: { none: 401, bad: 401, expired: 401, revoked: 401, guest: 403, user: 403, foreign: null, operator: null },
  operator: { none: 401, bad: 401, expired: 401, revoked: 401, guest: 403, user: 403, foreign: 403, operator: null },
};

/** A path of the route, with parts that mean nothing. */
function toPath(path: string): string {
  return path.replace("{provider}", "openai").replace(/\{\w+\}/g, "nobody-knows");
}

describe.each(ROUTES.map((route) => [`${route.method} ${route.path}`, route] as const))("%s", (_name, route) => {
  it.each(Object.entries(DENIED[route.access]) as [Who, 401 | 403 | null][])(
    "answers %s with %s",
    async (who, expected) => {
      const { status, json, headers } = await world.ask(route.method, toPath(route.path), {
        who,
        ...(route.body !== null && { body: {} }),
      });
      if (expected === null) {
        expect([401, 403]).not.toContain(status);
        expect(status).toBeLessThan(500);
        return;
      }
      expect(status).toBe(expected);
      expect(json.code).toBe(expected === 401 ? "UNAUTHENTICATED" : "FORBIDDEN");
      expect(headers.has("www-authenticate")).toBe(expected === 401);
    },
  );
});

it("has routes of every kind, each once", () => {
  expect(new Set(ROUTES.map(({ access }) => access))).toEqual(new Set(Object.keys(DENIED)));
  expect(new Set(ROUTES.map(({ method, path }) => `${method} ${path}`)).size).toBe(ROUTES.length);
  expect(new Set(ROUTES.map(({ id }) => id)).size).toBe(ROUTES.length);
});

it("opens to everybody what is listed here, and nothing else", () => {
  expect(ROUTES.filter(({ access }) => access === "public").map(({ path }) => path)).toEqual([
    ...["/healthz", "/readyz", "/openapi.json", "/docs", "/.well-known/oauth-protected-resource"],
  ]);
});

describe("what belongs to another tenant", () => {
  it.each([
    ["GET", "/v1/principals/default/uma/quotas"],
    ["POST", "/v1/principals/default/uma/quotas/reset"],
    ["GET", "/v1/tenants/default/usage"],
  ])("%s %s is not there for a foreign admin", async (method, path) => {
    const { status } = await world.ask(method, path, { who: "foreign" });
    expect(status).toBe(404);
  });

  it("is answered like what does not exist: keys", async () => {
    const { json } = await world.ask("GET", "/v1/keys", { who: "operator" });
    const ofOthers = json.keys.find((key: { tenant: string }) => key.tenant === "default");
    const foreign = await world.ask("DELETE", `/v1/keys/${ofOthers.id}`, { who: "foreign" });
    const absent = await world.ask("DELETE", "/v1/keys/AAAAAAAAAAAA", { who: "foreign" });
    expect([foreign.status, foreign.json.code, foreign.json.detail]).toEqual([
      absent.status,
      absent.json.code,
      absent.json.detail,
    ]);
    expect(foreign.status).toBe(404);
  });

  it("makes no keys for other tenants, and lists none of theirs", async () => {
    expect(
      (await world.ask("POST", "/v1/keys", { who: "foreign", body: { principal: "x", tenant: "default" } })).status,
    ).toBe(404);
    const { json } = await world.ask("GET", "/v1/keys", { who: "foreign" });
    expect(new Set(json.keys.map((key: { tenant: string }) => key.tenant))).toEqual(new Set(["acme"]));
    expect((await world.ask("GET", "/v1/keys?tenant=default", { who: "foreign" })).json.keys).toEqual([]);
  });

  it("shows a foreign admin only the trail of its tenant", async () => {
    await world.ask("POST", "/v1/tools/test.echo/calls", { who: "foreign", body: {} });
    await world.ask("POST", "/v1/tools/test.echo/calls", { who: "user", body: {} });
    const { json } = await world.ask("GET", "/v1/audit?limit=500", { who: "foreign" });
    expect(json.records.length).toBeGreaterThan(0);
    expect(new Set(json.records.map(({ event }: { event: { tenant: string } }) => event.tenant))).toEqual(
      new Set(["acme"]),
    );
    expect((await world.ask("GET", "/v1/audit?tenant=default", { who: "foreign" })).json.records).toEqual([]);
  });
});
