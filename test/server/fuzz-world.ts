// One server to be asked everything: what there is in it, how to ask so that a route says yes, and how to undo what was done.
import { type AnyTool, defineTool, Role } from "../../src/index.ts";
import { ROUTES, type RestRoute } from "../../src/server/rest/index.ts";
import { ask, type FuzzAnswer, type FuzzRequest } from "./fuzz-client.ts";
import { openWorld, type World } from "./world.ts";

const KINDS = ["role", "grant", "limit", "permission", "principal"] as const;
const METHODS_THAT_READ = new Set(["GET"]);

export function isChanging({ method }: RestRoute): boolean {
  return !METHODS_THAT_READ.has(method);
}

export function toRoute(id: string): RestRoute {
  const found = ROUTES.find((route) => route.id === id);
  if (found === undefined) throw new Error(`there is no route ${id}`);
  return found;
}

/** Its handler breaks after it may have done something: its outcome is unknown. */
export const lost: AnyTool = defineTool({
  ...{ name: "test.lost", version: "1.0.0", description: "Loses its answer.", category: "test", effect: "write" },
  ...{ access: { roles: [Role.USER] }, retry: false, input: { type: "object" } },
  honoursKeys: true,
  status: () => ({ effect: "unknown" }),
  handler() {
    throw Object.assign(new Error("gone"), { code: "ECONNRESET" });
  },
} as never);

export function openFuzzWorld(): Promise<World> {
  return openWorld({
    tools: [lost],
    config: {
      defaultQuota: { capacity: 10_000_000, windowMs: 3_600_000 },
      server: { shedding: false },
    },
  });
}

let count = 0;
/** A tool that is data; nothing listens where it asks. */
export function toDefinition(name: string, version = "1.0.0"): object {
  return {
    ...{ name, version, description: "Asks nobody.", category: "test", effect: "read", access: { roles: ["USER"] } },
    input: { type: "object", properties: { id: { type: "string" } }, required: ["id"], additionalProperties: false },
    http: { method: "GET", url: "https://upstream.invalid/v1/{id}" },
  };
}

/** Sends as the operator, and fails unless it is accepted. */
export async function act(world: World, id: string, request: FuzzRequest = {}): Promise<FuzzAnswer> {
  const answer = await ask(world, toRoute(id), "operator", request);
  if (answer.status >= 300) throw new Error(`${id} ${JSON.stringify(request)}: ${answer.text}`);
  return answer;
}

async function publish(world: World, version = "1.0.0", name = `fuzz.t${count++}`, staged = false): Promise<string> {
  await act(world, "publishTools", { body: { tools: [toDefinition(name, version)], staged } });
  return name;
}

async function stage(world: World): Promise<{ readonly name: string; readonly ref: string }> {
  const name = await publish(world);
  await publish(world, "1.1.0", name, true);
  return { name, ref: `${name}@1.1.0` };
}

async function roll(world: World): Promise<string> {
  const { name, ref } = await stage(world);
  await act(world, "startRollout", { params: { ref }, body: { kind: "canary", percent: 50 } });
  return name;
}

async function makeKey(world: World): Promise<string> {
  const { json } = await act(world, "createKey", { body: { principal: `p${count++}`, roles: ["USER"] } });
  return (json as { description: { id: string } }).description.id;
}

async function lose(world: World): Promise<string> {
  await ask(world, toRoute("callTool"), "user", {
    params: { ref: "test.lost" },
    body: {},
    headers: { "idempotency-key": `lost-${count++}` },
  });
  const found = await world.server.registry.outcomes.list({ tool: "test.lost" });
  const id = found.at(-1)?.id;
  if (id === undefined) throw new Error("nothing is lost");
  return id;
}

const NAMED = { params: { ref: "test.echo" } };
const UMA = { tenant: "default", id: "uma" };
const SET = { effect: "allow", tools: ["fuzz.*"], roles: ["USER"] };
const SETTINGS: Readonly<Record<string, { readonly params: Record<string, string>; readonly body: object }>> = {
  Role: { params: { id: "CLERK" }, body: { inherits: ["USER"], description: "Sells." } },
  Grant: { params: { id: "sales" }, body: SET },
  Limit: { params: { id: "wide" }, body: { per: ["tenant"], capacity: 1e6, windowMs: 60_000 } },
  Permission: { params: { id: "test.admin" }, body: { roles: ["ADMIN"] } },
  Principal: { params: { tenant: "acme", id: "zoe" }, body: { roles: ["USER"], disabled: false } },
};

async function setOne(world: World, word: string): Promise<FuzzRequest> {
  const { params = {}, body } = SETTINGS[word] ?? {};
  await act(world, `set${word}`, { params, body });
  return { params };
}

async function overrideOne(world: World): Promise<FuzzRequest> {
  const params = { ...UMA, limit: "default" };
  await act(world, "overrideQuota", { params, body: { capacity: 5_000_000 } });
  return { params };
}

/** How to ask each route so that it says yes. Routes that need nothing are not here. */
const SCENES: Readonly<Record<string, (world: World) => Promise<FuzzRequest> | FuzzRequest>> = {
  getTool: () => NAMED,
  explainAccess: () => ({ ...NAMED, query: { principal: "uma", roles: "USER" } }),
  listVersions: () => ({ params: { name: "test.echo" } }),
  getLife: () => ({ params: { name: "test.echo" } }),
  callTool: () => ({ ...NAMED, body: { a: 1 } }),
  getBinding: () => ({ params: { provider: "gemini" } }),
  runBinding: () => ({
    params: { provider: "anthropic" },
    body: { role: "assistant", content: [{ type: "tool_use", id: "c1", name: "test_echo", input: { x: 1 } }] },
  }),
  publishTools: () => ({ body: { tools: [toDefinition(`fuzz.t${count++}`)] } }),
  activateVersion: async (world) => ({ params: { ref: (await stage(world)).ref } }),
  deprecateVersion: async (world) => ({ params: { ref: `${await publish(world)}@1.0.0` }, body: { message: "Soon." } }),
  retireVersion: async (world) => ({ params: { ref: `${await publish(world)}@1.0.0` } }),
  async restoreVersion(world) {
    const params = { ref: `${await publish(world)}@1.0.0` };
    await act(world, "retireVersion", { params });
    return { params };
  },
  deleteVersion: async (world) => ({ params: { ref: (await stage(world)).ref } }),
  setChannel: async (world) => ({
    params: { name: await publish(world), channel: "stable" },
    body: { version: "1.0.0" },
  }),
  async clearChannel(world) {
    const params = { name: await publish(world), channel: "stable" };
    await act(world, "setChannel", { params, body: { version: "1.0.0" } });
    return { params };
  },
  setDefault: async (world) => ({ params: { name: await publish(world) }, body: { target: "1.0.0" } }),
  async clearDefault(world) {
    const params = { name: await publish(world) };
    await act(world, "setDefault", { params, body: { target: "1.0.0" } });
    return { params };
  },
  startRollout: async (world) => ({
    params: { ref: (await stage(world)).ref },
    body: { kind: "canary", percent: 10, tenants: ["acme"], principals: [{ id: "uma" }] },
  }),
  promoteRollout: async (world) => ({ params: { name: await roll(world) } }),
  rollbackRollout: async (world) => ({ params: { name: await roll(world) } }),
  stopRollout: async (world) => ({ params: { name: await roll(world) } }),
  resolveOutcome: async (world) => ({ params: { id: await lose(world) }, body: { effect: "none" } }),
  checkOutcome: async (world) => ({ params: { id: await lose(world) } }),
  getQuotas: () => ({ params: UMA, query: { tool: "test.echo" } }),
  resetQuotas: () => ({ params: UMA }),
  overrideQuota: () => ({ params: { ...UMA, limit: "default" }, body: { capacity: 5_000_000 } }),
  clearOverride: overrideOne,
  getTenantUsage: () => ({ params: { tenant: "acme" }, query: { by: "tool", grain: "hour" } }),
  createKey: () => ({ body: { principal: `p${count++}`, roles: ["GUEST"], lifetimeMs: 60_000 } }),
  rotateKey: async (world) => ({ params: { id: await makeKey(world) }, body: {} }),
  revokeKey: async (world) => ({ params: { id: await makeKey(world) } }),
  stopCalls: () => ({ body: { scope: { kind: "tenant", tenant: "nobody" }, reason: "An exercise." } }),
  async resumeCalls(world) {
    await act(world, "stopCalls", { body: { scope: { kind: "tenant", tenant: "acme" }, reason: "An exercise." } });
    return { query: { tenant: "acme" } };
  },
  ...Object.fromEntries(
    Object.entries(SETTINGS).flatMap(([word, request]) => [
      [`set${word}`, () => request],
      [`remove${word}`, (world: World) => setOne(world, word)],
    ]),
  ),
};

/** A request that the route accepts, with all that has to be there for it. */
export async function toAccepted(world: World, { id }: RestRoute): Promise<FuzzRequest> {
  return (await SCENES[id]?.(world)) ?? {};
}

/** Routes that may have nothing to give in this world, and then say so. */
export const EMPTY: ReadonlySet<string> = new Set(["getResourceMetadata"]);

/** All that operators can change, as text: of two equal ones nothing was changed in between. What time alone changes is left out. */
export async function toState({ server: { registry }, ...world }: World): Promise<string> {
  const names = [...new Set(registry.list({ status: "any" }).map(({ name }) => name))];
  const settings = await Promise.all(KINDS.map((kind) => registry.settings.list(kind)));
  const keys = await ask(world as World, toRoute("listKeys"), "operator", { query: { limit: "1000" } });
  const listed = (keys.json as { keys: readonly object[] }).keys;
  return JSON.stringify({
    lives: names.map((name) => registry.life(name)),
    settings,
    keys: listed.map((key) => ({ ...key, lastUsedAt: null, status: null })),
    stops: registry.stops.list(),
    outcomes: await registry.outcomes.list({ limit: 1_000 }),
    overrides: registry.quotas.overrides(),
    rollouts: registry.rollouts.list(),
  });
}

/** Takes back what shuts others out, so that what comes next is asked of a server that still says yes. */
export async function undo({ server: { registry } }: World): Promise<void> {
  for (const { scope } of registry.stops.list()) await registry.stops.resume(scope);
  // Grants and limits first: they stand on roles.
  for (const kind of ["grant", "limit", "permission", "principal", "role"] as const)
    for (const { id } of await registry.settings.list(kind)) await registry.settings.remove(kind, id);
  for (const { tenant, principal, limit } of registry.quotas.overrides())
    await registry.quotas.override({ tenant, id: principal }, limit, null);
}
