// Tenants: what is another's is answered like what is not there (S-15), for every route that names something in its path or its query; and
// answers never cross callers (S-11), whatever ids they have in common. The table is made of the routes: one that names something new
// has to say here what of it could be another tenant's.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AnyTool, defineTool, Role, ToolError } from "../../src/index.ts";
import { toStep } from "../../src/server/problems/schema-steps.ts";
import { ROUTES, type RestRoute } from "../../src/server/rest/index.ts";
import { ask, type FuzzAnswer, type FuzzRequest } from "./fuzz-client.ts";
import { act, lost, toRoute } from "./fuzz-world.ts";
import { openWorld, send, type World } from "./world.ts";

const base = { version: "1.0.0", category: "test", effect: "read", input: { type: "object" } } as const;
const access = { roles: [Role.USER] };
const tools = [
  lost,
  defineTool({
    ...{ ...base, name: "own.ledger", description: "Of one tenant." },
    access: { roles: [Role.USER, Role.ADMIN], tenants: ["default"] },
    handler: () => ({ secret: "of default" }),
  }),
  defineTool({
    ...{ ...base, access, name: "test.kept", description: "Is kept for each.", cache: { ttlMs: 60_000 } },
    handler: (_input, { principal }) => ({ for: `canary-${principal.id}-` }),
  }),
  defineTool({
    ...{ ...base, access, name: "test.blame", description: "Says who asked." },
    handler(input) {
      throw new ToolError("NOT_YOU", `Not for ${JSON.stringify(input)}.`);
    },
  }),
  defineTool({
    ...{ ...base, access, name: "test.slow", description: "Gives back what it gets, bit by bit." },
    async *handler(input) {
      yield { type: "partial", value: input };
      await Promise.resolve();
      return input;
    },
  }),
  defineTool({
    ...{ ...base, access, effect: "write", name: "test.once", description: "Does it once for each key." },
    handler: (input) => input,
  }),
] as unknown as readonly AnyTool[];

let world: World;
/** What is there, of the tenant `default`, by what routes call it; and the same of nobody. */
interface Named {
  readonly theirs: string;
  readonly absent: string;
}
let things: Readonly<Record<"tool" | "key" | "outcome" | "tenant" | "principal" | "role" | "limit" | "call", Named>>;

beforeAll(async () => {
  world = await openWorld({ tools, config: { server: { shedding: false } } });
  const call = await ask(world, toRoute("callTool"), "user", {
    params: { ref: "test.lost" },
    body: {},
    headers: { "idempotency-key": "theirs" },
  });
  const [outcome] = await world.server.registry.outcomes.list({ tenant: "default" });
  const made = await act(world, "createKey", { body: { principal: "una", roles: ["USER"] } });
  const key = (made.json as { description: { id: string } }).description.id;
  await act(world, "setRole", { params: { id: "CLERK" }, body: {} });
  things = {
    tool: { theirs: "own.ledger", absent: "own.nobody" },
    key: { theirs: key, absent: "A".repeat(key.length) },
    outcome: { theirs: outcome?.id ?? "", absent: "call_AAAAAAAAAAAA_0" },
    tenant: { theirs: "default", absent: "nowhere" },
    principal: { theirs: "uma", absent: "ono" },
    role: { theirs: "CLERK", absent: "NOONE" },
    limit: { theirs: "default", absent: "nothing" },
    call: { theirs: (call.json as { callId: string }).callId, absent: "call_BBBBBBBBBBBB_0" },
  };
  expect(outcome?.tenant).toBe("default");
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

type Thing = keyof typeof things;

/** What each parameter of a path names; `shared`: nothing that belongs to anybody. */
function toThing({ tag, id }: RestRoute, param: string): Thing | "shared" {
  if (param === "ref" || param === "name") return "tool";
  if (param === "tenant") return "tenant";
  if (param === "limit") return "limit";
  if (["provider", "channel"].includes(param)) return "shared";
  if (tag === "keys") return "key";
  if (tag === "outcomes") return "outcome";
  if (tag === "quotas" || id.endsWith("Principal")) return "principal";
  if (tag === "settings") return "role";
  throw new Error(`say here what {${param}} of ${id} names`);
}

const SHARED: Readonly<Record<string, string>> = { provider: "openai", channel: "stable" };
/** Bodies that would be accepted, were there anything to be done. */
const BODIES: Readonly<Record<string, unknown>> = {
  callTool: {},
  resolveOutcome: { effect: "none" },
  rotateKey: {},
  deprecateVersion: { message: "Soon." },
  setChannel: { version: "1.0.0" },
  setDefault: { target: "1.0.0" },
  startRollout: { kind: "canary" },
  overrideQuota: { capacity: 5 },
  setRole: {},
  setGrant: { tools: ["*"] },
  setLimit: { per: ["tool"], capacity: 5, windowMs: 1_000 },
  setPermission: { roles: [] },
  setPrincipal: { disabled: true },
};

/** All of an answer that could tell somebody something, with what was asked for under one name. */
function toTold({ status, headers, text }: FuzzAnswer, asked: readonly string[]): object {
  const { date: _date, "x-request-id": id, "content-length": _length, ...fields } = headers;
  let told = text.replaceAll(String(id), "ID").replace(/call_[\w-]+/g, "CALL");
  for (const name of asked) told = told.replaceAll(name, "NAME");
  told = told.replace(/"(?:durationMs|resetsAt)":[\d.]+/g, "");
  // Seconds of a quota that is whole anyway: the clock's, not an answer's.
  const limits = String(fields["ratelimit"]).replace(/;t=\d+/g, "");
  return { status, fields: { ...fields, ratelimit: limits }, told };
}

async function expectAlike(
  route: RestRoute,
  theirs: FuzzRequest,
  absent: FuzzRequest,
  names: string[],
): Promise<number> {
  const of = await ask(world, route, "foreign", theirs);
  const none = await ask(world, route, "foreign", absent);
  expect(toTold(of, names), route.id).toEqual(toTold(none, names));
  return of.status;
}

const paramsOf = (route: RestRoute): string[] => Object.keys(toStep(route.params).shape ?? {});
const WITH_PARAMS = ROUTES.filter((route) => paramsOf(route).some((name) => SHARED[name] === undefined));

describe("what another tenant has, to an admin", () => {
  it.each(WITH_PARAMS.map((route) => [`${route.method} ${route.path}`, route] as const))(
    "is not there: %s (S-15)",
    async (_name, route) => {
      const before = await world.server.registry.outcomes.list({});
      const request = (which: "theirs" | "absent"): FuzzRequest => {
        const params = paramsOf(route).map((name) => {
          const thing = toThing(route, name);
          return [name, thing === "shared" ? (SHARED[name] ?? "") : things[thing][which]] as const;
        });
        const body = BODIES[route.id];
        const query = route.id === "explainAccess" ? { principal: "uma" } : {};
        return { params: Object.fromEntries(params), query, ...(body !== undefined && { body }) };
      };
      const { theirs, absent } = { theirs: request("theirs"), absent: request("absent") };
      const names = [theirs, absent].flatMap(({ params = {} }) => Object.values(params));
      const status = await expectAlike(route, theirs, absent, names);
      expect([403, 404]).toContain(status);
      // Operators alone may; to all others it is all the same, and they are told no more than that.
      if (status === 403) expect(route.access).toBe("operator");
      expect(await world.server.registry.outcomes.list({})).toEqual(before);
    },
  );

  const ASKED: readonly [string, string, Thing][] = [
    ["listKeys", "tenant", "tenant"],
    ["listKeys", "principal", "principal"],
    ["searchAudit", "tenant", "tenant"],
    ["searchAudit", "principal", "principal"],
    ["searchAudit", "callId", "call"],
    ["listOutcomes", "tenant", "tenant"],
    ["listOutcomes", "tool", "tool"],
    ["getOwnQuotas", "tool", "tool"],
    ["getBinding", "tools", "tool"],
  ];
  it.each(ASKED)("is not there for a question either: %s?%s= (S-15)", async (id, name, thing) => {
    const { theirs, absent } = things[thing];
    const params = { provider: "openai" };
    const toRequest = (value: string): FuzzRequest => ({ params, query: { [name]: value } });
    const status = await expectAlike(toRoute(id), toRequest(theirs), toRequest(absent), [theirs, absent]);
    expect([200, 404]).toContain(status);
  });

  const TOLD: readonly [string, string][] = [
    ["searchAudit", "tool"],
    ["getOwnUsage", "tool"],
  ];
  it.each(TOLD)("is not there for whoever has tried to call it: %s?%s= (S-15)", async (id, name) => {
    const { theirs, absent } = things.tool;
    for (const ref of [theirs, absent]) await ask(world, toRoute("callTool"), "foreign", { params: { ref }, body: {} });
    const answers = [theirs, absent].map((value) => ask(world, toRoute(id), "foreign", { query: { [name]: value } }));
    const [of, none] = await Promise.all(answers);
    const toShape = (answer: FuzzAnswer | undefined): string =>
      (answer?.text ?? "").replace(/"(?:writer|seq|at|hash|prev|callId|durationMs|tool)":(?:"[^"]*"|[\d.]+)/g, "");
    expect(toShape(of)).toBe(toShape(none));
  });

  it("cannot be made for another tenant: keys", async () => {
    const toRequest = (tenant: string): FuzzRequest => ({ body: { principal: "eve", tenant } });
    const status = await expectAlike(toRoute("createKey"), toRequest("default"), toRequest("nowhere"), []);
    expect(status).toBe(404);
    const { json } = await world.ask("GET", "/v1/keys?principal=eve", { who: "operator" });
    expect(json.keys).toEqual([]);
  });

  it("is in no list", async () => {
    const lists = [
      "/v1/keys",
      "/v1/outcomes",
      "/v1/audit?limit=500",
      "/v1/tools?status=any",
      "/v1/usage",
      "/v1/bindings/openai",
    ];
    const own = await world.ask("GET", "/v1/tools?status=any", { who: "user" });
    expect(own.text).toContain("own.ledger");
    for (const path of lists) {
      const { status, text } = await world.ask("GET", path, { who: "foreign" });
      expect(status).toBe(200);
      for (const { theirs } of [things.key, things.call]) expect(text, path).not.toContain(theirs);
      if (!path.includes("audit") && !path.includes("usage")) expect(text, path).not.toContain(things.tool.theirs);
      expect(text, path).not.toContain('"tenant":"default"');
    }
  });

  it("is told apart from what is absent by its own tenant: the questions above are not the same for everybody", async () => {
    const toQuotas = (id: string): FuzzRequest => ({ params: { tenant: "default", id } });
    expect((await ask(world, toRoute("getQuotas"), "operator", toQuotas("uma"))).status).toBe(200);
    const { params } = { params: { id: things.key.theirs } };
    expect((await ask(world, toRoute("rotateKey"), "operator", { params, body: {} })).status).toBe(201);
    expect(
      (await ask(world, toRoute("checkOutcome"), "operator", { params: { id: things.outcome.theirs } })).status,
    ).toBe(200);
    expect((await ask(world, toRoute("callTool"), "user", { params: { ref: "own.ledger" }, body: {} })).status).toBe(
      200,
    );
    expect(
      (await world.ask("GET", `/v1/audit?callId=${things.call.theirs}`, { who: "operator" })).json.records,
    ).not.toEqual([]);
  });
});

const CLIENTS = 20;
const CALLS = 10_000;
const WORKERS_EACH = 1;
const CANARY = /canary-([\w-]+?)-(?=["\\ .])/g;

interface Client {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
}

async function makeClients(): Promise<readonly Client[]> {
  return Promise.all(
    Array.from({ length: CLIENTS }, async (_, at) => {
      // Two tenants have principals of the same ids.
      const tenant = at % 2 === 0 ? "default" : "acme";
      const principal = `p${at >> 1}`;
      const { json } = await act(world, "createKey", { body: { principal, tenant, roles: ["USER"] } });
      const { key } = json as { key: string };
      return {
        name: `${tenant}-${principal}`,
        headers: { authorization: `Bearer ${key}`, "x-request-id": "the-same" },
      };
    }),
  );
}

/** One of the ways to be answered; the body has the client's canary wherever there is one. */
function toCall(client: Client, turn: number): Parameters<typeof send> {
  const canary = `canary-${client.name}-`;
  const post = (tool: string, headers: object = {}): Parameters<typeof send> => [
    ...([world.url, "POST", `/v1/tools/${tool}/calls`] as const),
    { body: { canary }, headers: { ...client.headers, ...headers } },
  ];
  switch (turn % 8) {
    case 0:
      return post("test.echo");
    case 1:
      return post("test.slow", { accept: "text/event-stream" });
    case 2:
      return post("test.blame");
    case 3:
      return post("test.once", { "idempotency-key": `k-${turn % 64}` });
    case 4:
      return [
        ...([world.url, "POST", "/v1/bindings/openai"] as const),
        {
          headers: client.headers,
          body: {
            output: [
              { type: "function_call", call_id: "c1", name: "test_echo", arguments: JSON.stringify({ canary }) },
            ],
          },
        },
      ];
    case 5:
      return post("test.nothing");
    case 6:
      return post("test.echo", { traceparent: `00-${"1".repeat(32)}-${"2".repeat(16)}-01` });
    default:
      return [world.url, "GET", "/v1/me", { headers: client.headers }];
  }
}

describe("answers", () => {
  it("never cross callers, whatever ids they have in common (S-11)", async () => {
    const clients = await makeClients();
    const foreign: string[] = [];
    const seen = { answers: 0, own: 0, kinds: new Set<string>() };
    const work = async (client: Client, from: number): Promise<void> => {
      for (let turn = from; turn < CALLS / CLIENTS; turn += WORKERS_EACH) {
        const { status, text, headers } = await send(...toCall(client, turn));
        seen.answers++;
        // On a busy machine the trail may be late, and then nothing is done: a refusal like others.
        if (status !== 503) seen.kinds.add(`${turn % 8} ${status}`);
        else expect(text).toMatch(/"code":"(?:AUDIT|IDEMPOTENCY)_UNAVAILABLE"/);
        if (headers.get("x-request-id") !== "the-same") foreign.push(`the id ${headers.get("x-request-id")}`);
        for (const [, name] of text.matchAll(CANARY)) {
          if (name === client.name) seen.own++;
          else foreign.push(`${client.name} got that of ${name}: ${text.slice(0, 200)}`);
        }
        const [tenant = "", id] = client.name.split("-");
        if (turn % 8 === 7 && !text.includes(`"id":"${id}","tenant":"${tenant}"`)) foreign.push(text);
      }
    };
    const workers = Array.from({ length: WORKERS_EACH }, (_, from) => from);
    await Promise.all(clients.flatMap((client) => workers.map((from) => work(client, from))));
    expect(foreign).toEqual([]);
    expect(seen.answers).toBe(CALLS);
    // All but the unknown tool and the question who one is have the canary in their answers, streams twice.
    expect(seen.own).toBeGreaterThan((CALLS * 5) / 8);
    expect([...seen.kinds].sort()).toEqual(["0 200", "1 200", "2 422", "3 200", "4 200", "5 404", "6 200", "7 200"]);
  }, 120_000);

  it("that are kept are kept for each principal of each tenant (S-13)", async () => {
    const ids = ["default-p0", "acme-p0", "default-p1"];
    const keys = await Promise.all(
      ids.map(async (name) => {
        const [tenant, principal] = name.split("-");
        const { json } = await act(world, "createKey", {
          body: { principal: `${principal}-of-${tenant}`, tenant, roles: ["USER"] },
        });
        return [`${principal}-of-${tenant}`, (json as { key: string }).key] as const;
      }),
    );
    for (let round = 0; round < 3; round++)
      for (const [id, key] of keys) {
        const headers = { authorization: `Bearer ${key}` };
        const { json } = await send(world.url, "POST", "/v1/tools/test.kept/calls", { headers, body: {} });
        expect(json.output).toEqual({ for: `canary-${id}-` });
      }
  });
});
