// Embed a registry in a Fastify app: the principal comes from the request's own authentication, never from the arguments,
// and an error's HTTP status comes from the error table.
import assert from "node:assert/strict";
import fastify, { type FastifyRequest } from "fastify";
import { createRegistry, defineTool, ERROR_CODES, type PrincipalInput, Role } from "toolyard";

const greet = defineTool({
  name: "greet",
  version: "1.0.0",
  description: "Greet somebody.",
  effect: "read",
  access: { roles: [Role.USER] },
  input: {
    type: "object",
    properties: { name: { type: "string", minLength: 1 } },
    required: ["name"],
    additionalProperties: false,
  },
  handler: ({ name }, { principal }) => ({ text: `Hello ${String(name)}, says ${principal.id}.` }),
});

const registry = createRegistry({
  tools: [greet],
  requirePrincipal: true,
  limits: [{ name: "three", per: ["principal"], capacity: 3, windowMs: 60_000, algorithm: "fixed-window" }],
});

// Stands for your own sessions or tokens.
const SESSIONS: ReadonlyMap<string, PrincipalInput> = new Map([["Bearer t1", { id: "ulla", roles: [Role.USER] }]]);

function toPrincipal(request: FastifyRequest): PrincipalInput | undefined {
  const known = SESSIONS.get(request.headers.authorization ?? "");
  return known && { ...known, ip: request.ip };
}

const app = fastify();
app.get("/tools", (request) => {
  const principal = toPrincipal(request);
  return principal === undefined ? [] : registry.list({ principal });
});
app.post<{ Params: { name: string } }>("/tools/:name", async (request, reply) => {
  const controller = new AbortController();
  // A client that hangs up cancels the handler; after an answer this does nothing.
  reply.raw.once("close", () => {
    controller.abort();
  });
  const principal = toPrincipal(request);
  const outcome = await registry.execute(request.params.name, request.body, {
    ...(principal && { principal }),
    signal: controller.signal,
  });
  if (outcome.ok) return { output: outcome.output };
  const { error } = outcome;
  if (error.retryAfterMs !== null) reply.header("retry-after", Math.ceil(error.retryAfterMs / 1_000));
  return reply.code(ERROR_CODES[error.code].status).send({ error });
});
app.addHook("onClose", () => registry.close());

const headers = { authorization: "Bearer t1" };
const call = (payload: object, withHeaders: Record<string, string> = headers) =>
  app.inject({ method: "POST", url: "/tools/greet", headers: withHeaders, payload });

const good = await call({ name: "Ada" });
assert.deepEqual([good.statusCode, good.json()], [200, { output: { text: "Hello Ada, says ulla." } }]);
assert.equal((await call({ name: "Ada" }, {})).statusCode, 401);
assert.equal((await call({ nam: "Ada" })).statusCode, 422);
assert.equal((await app.inject({ method: "GET", url: "/tools", headers })).json()[0].name, "greet");

// The refused calls above cost nothing: three may go through, the next has to wait.
assert.deepEqual([(await call({ name: "B" })).statusCode, (await call({ name: "C" })).statusCode], [200, 200]);
const limited = await call({ name: "D" });
assert.equal(limited.statusCode, 429);
assert(Number(limited.headers["retry-after"]) > 0);

await app.close();
console.log("embed-in-fastify: ok");
