// Every route, asked everything: what its schemas take, what they do not, and strings that have broken something somewhere (S-20, S-24,
// S-26, S-71, S-72). Whatever is asked is answered in time, by the table, without a word about the inside; what is refused has
// changed nothing; what is accepted is answered as the route says. The tables are made of the routes: a new one is asked like the rest.
import fc from "fast-check";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { toStep } from "../../src/server/problems/schema-steps.ts";
import { ROUTES, type RestRoute } from "../../src/server/rest/index.ts";
import { type Hints, toArbitrary, toMutants } from "./fuzz-arbitraries.ts";
import { ask, askRaw, expectAnswer, expectSound, type FuzzAnswer, type FuzzRequest } from "./fuzz-client.ts";
import { toTarget, toText } from "./fuzz-client.ts";
import { MALFORMED, NAUGHTY } from "./fuzz-strings.ts";
import {
  act,
  EMPTY,
  isChanging,
  openFuzzWorld,
  toAccepted,
  toDefinition,
  toRoute,
  toState,
  undo,
} from "./fuzz-world.ts";
import type { Who, World } from "./world.ts";

/** `TOOLYARD_FUZZ=10` asks ten times as much: for a night. */
const MORE = Number(process.env["TOOLYARD_FUZZ"] ?? "1");
const VALID_RUNS = 6 * MORE;
const MUTANT_RUNS = 12 * MORE;
const RUNS_OF_OTHERS = 2 * MORE;
/** Of the odd strings, at each place of each route; others of them at the next place. */
const STRINGS_EACH = Math.min(NAUGHTY.length, 8 * MORE);
/** How often each route has to have said yes at least, or all of this shows nothing. */
const LEAST_ACCEPTED = 3;

let world: World;
/** What the state was after the last thing that was accepted. */
let state = "";
const accepted = new Map<string, number>();

beforeAll(async () => {
  world = await openFuzzWorld();
  await act(world, "publishTools", { body: { tools: [toDefinition("fuzz.pool")] } });
  await act(world, "publishTools", { body: { tools: [toDefinition("fuzz.pool", "1.1.0")], staged: true } });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
afterEach(async () => {
  await undo(world);
});

const CALLED = ["test.echo", "test.add@1", "test.refuse", "test.steps", "test.echo@^1", "test.nothing"];
const KNOWN: Readonly<Record<string, readonly unknown[]>> = {
  name: ["fuzz.pool", "test.nothing"],
  provider: ["openai", "openai-chat", "anthropic", "gemini"],
  tenant: ["default", "acme", "nobody"],
  tenants: ["acme", "nobody"],
  roles: [["USER"], ["GUEST", "USER"], []],
  inherits: [["USER"], ["NOBODY"]],
  channel: ["stable", "beta"],
  version: ["1.0.0", "1.1.0", "9.9.9"],
  target: ["1.0.0", "stable"],
  limit: ["default", "5"],
  id: ["uma", "gus", "sales"],
  successor: ["fuzz.pool@1.0.0"],
};

/** Acts are done to tools of this test alone: the others are called until the end. */
function toHints({ tag }: RestRoute): Hints {
  return (name) => {
    if (name === "ref") return tag === "catalogue" ? ["fuzz.pool@1.0.0", "fuzz.pool@1.1.0", "fuzz.none@1.0.0"] : CALLED;
    if (name === "tools")
      return tag === "catalogue" ? [[toDefinition("fuzz.pool")], [toDefinition("fuzz.x")]] : undefined;
    return Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  };
}

type Fields = Record<string, string>;

function toFields(value: unknown): Fields {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      typeof member === "string" ? member : (JSON.stringify(member) ?? ""),
    ]),
  );
}

function toRequests(
  route: RestRoute,
  base: FuzzRequest,
): { readonly valid: fc.Arbitrary<FuzzRequest>; readonly mutants: fc.Arbitrary<FuzzRequest> } {
  const hints = toHints(route);
  const { body } = route;
  const parts = {
    params: toArbitrary(route.params, hints).map(toFields),
    query: toArbitrary(route.query, hints).map(toFields),
    ...(body !== null && { body: body === "raw" ? fc.jsonValue({ maxDepth: 3 }) : toArbitrary(body, hints) }),
  };
  const valid = fc.record(parts) as fc.Arbitrary<FuzzRequest>;
  const known = fc.oneof(valid, fc.constant({ params: {}, query: {}, ...base }));
  const wrong = (part: "params" | "query" | "body"): fc.Arbitrary<FuzzRequest> =>
    known.chain((request) =>
      toMutants(fc.constant(request[part] ?? {})).map((value) => ({
        ...request,
        [part]: part === "body" ? value : toFields(value),
      })),
    );
  return {
    valid,
    mutants: fc.oneof(wrong("query"), wrong("params"), ...(body === null ? [] : [wrong("body"), wrong("body")])),
  };
}

function tell(route: RestRoute, who: Who, request: FuzzRequest): string {
  const head = Object.keys(request.headers ?? {}).length > 0 ? ` ${JSON.stringify(request.headers)}` : "";
  return `${who}: ${route.method} ${toTarget(route, request).slice(0, 400)}${head} ${(toText(request) ?? "").slice(0, 400)}`;
}

/** Asks, and holds the answer to all that holds for every answer. */
async function fuzz(route: RestRoute, request: FuzzRequest, who: Who = "operator"): Promise<FuzzAnswer> {
  const told = tell(route, who, request);
  const answer = await ask(world, route, who, request);
  expectSound(route, answer, told);
  if (answer.status < 400) {
    if (who === "operator") accepted.set(route.id, (accepted.get(route.id) ?? 0) + 1);
    expectAnswer(route, answer, told);
  }
  return answer;
}

/** As `fuzz`; a refusal has changed nothing. */
async function fuzzState(route: RestRoute, request: FuzzRequest, who: Who = "operator"): Promise<FuzzAnswer> {
  const answer = await fuzz(route, request, who);
  if (!isChanging(route)) return answer;
  const now = await toState(world);
  if (answer.status >= 400) expect(now, tell(route, who, request)).toBe(state);
  state = now;
  return answer;
}

const TABLE = ROUTES.map((route) => [route.id, route] as const);

describe.each(TABLE)("%s", (_id, route) => {
  it("accepts what it is there for", async () => {
    for (let run = 0; run < LEAST_ACCEPTED; run++) {
      const request = await toAccepted(world, route);
      const { status, text } = await fuzz(route, request);
      if (EMPTY.has(route.id)) expect([200, 404]).toContain(status);
      else expect(status, `${tell(route, "operator", request)} ${text}`).toBeLessThan(300);
      await undo(world);
    }
  });

  it("answers what fits its schemas, and what nearly does; a refusal changes nothing", async () => {
    const { valid, mutants } = toRequests(route, await toAccepted(world, route));
    state = await toState(world);
    const property = fc.asyncProperty(valid, async (request) => {
      await fuzzState(route, request);
    });
    await fc.assert(property, { numRuns: VALID_RUNS, endOnFailure: true });
    const mutated = fc.asyncProperty(mutants, async (request) => {
      await fuzzState(route, request);
    });
    await fc.assert(mutated, { numRuns: MUTANT_RUNS, endOnFailure: true });
  });
});

const CHANGING = TABLE.filter(([, route]) => isChanging(route));

describe.each(CHANGING)("%s, asked by others", (_id, route) => {
  it("changes nothing when it refuses them", async () => {
    const base = await toAccepted(world, route);
    const { valid, mutants } = toRequests(route, base);
    state = await toState(world);
    for (const who of ["none", "guest", "user", "foreign"] as const) {
      await fuzzState(route, base, who);
      const property = fc.asyncProperty(fc.oneof(valid, mutants), async (request) => {
        await fuzzState(route, request, who);
      });
      await fc.assert(property, { numRuns: RUNS_OF_OTHERS, endOnFailure: true });
    }
  });
});

let turn = 0;
function nextStrings(): readonly string[] {
  const start = turn;
  turn = (turn + STRINGS_EACH) % NAUGHTY.length;
  return Array.from({ length: STRINGS_EACH }, (_, at) => NAUGHTY[(start + at) % NAUGHTY.length] ?? "");
}

/** Each place of a request of the route with a string in it. */
function listPlaces(route: RestRoute, base: FuzzRequest): ((text: string) => FuzzRequest)[] {
  const inFields = (part: "params" | "query", schema: RestRoute["params"]): ((text: string) => FuzzRequest)[] =>
    Object.keys(toStep(schema).shape ?? {}).map((name) => (text) => ({
      ...base,
      [part]: { ...base[part], [name]: text },
    }));
  return [
    ...inFields("params", route.params),
    ...inFields("query", route.query),
    (text) => ({ ...base, query: { ...base.query, [text]: text } }),
    ...(route.body === null ? [] : listBodies(route, base)),
  ];
}

function listBodies(route: RestRoute, base: FuzzRequest): ((text: string) => FuzzRequest)[] {
  const body = (base.body ?? {}) as Record<string, unknown>;
  const shape = route.body === null || route.body === "raw" ? {} : (toStep(route.body).shape ?? {});
  const names = new Set([...Object.keys(shape), ...Object.keys(body)]);
  const inside = JSON.stringify(body);
  const leaves = [...inside.matchAll(/:"(?:[^"\\]|\\.)*"/g)];
  return [
    (text) => ({ ...base, body: text }),
    // Written out: an object of ours would take `__proto__` for its prototype.
    (text) => ({ ...base, text: `{${JSON.stringify(text)}:${JSON.stringify(text)}}` }),
    ...[...names].map((name) => (text: string) => ({ ...base, body: { ...body, [name]: text } })),
    ...[...names].map((name) => (text: string) => ({ ...base, body: { ...body, [name]: [text] } })),
    ...leaves.map(({ index, 0: { length } }) => (text: string) => ({
      ...base,
      text: `${inside.slice(0, index + 1)}${JSON.stringify(text)}${inside.slice(index + length)}`,
    })),
  ];
}

describe.each(TABLE)("%s, with odd strings", (_id, route) => {
  it("answers them at every place; refusals have changed nothing", async () => {
    const base = await toAccepted(world, route);
    state = await toState(world);
    for (const toRequest of listPlaces(route, base)) {
      for (const text of nextStrings()) {
        const { status } = await fuzz(route, toRequest(text));
        if (status < 400 && isChanging(route)) state = await toState(world);
      }
      if (isChanging(route)) expect(await toState(world)).toBe(state);
    }
    expect((await ask(world, toRoute("getLiveness"), "none", {})).status).toBe(200);
  });
});

describe.each(TABLE.filter(([, { body }]) => body !== null))("%s, with what is no JSON", (_id, route) => {
  it("refuses it, and changes nothing", async () => {
    const base = await toAccepted(world, route);
    state = await toState(world);
    for (const text of MALFORMED) {
      const { status } = await fuzz(route, { ...base, text });
      expect(status, text.slice(0, 80)).toBeGreaterThanOrEqual(400);
      expect(status, text.slice(0, 80)).toBeLessThan(500);
    }
    expect(await toState(world)).toBe(state);
  });
});

const HEADERS = [
  ...["accept", "authorization", "content-type", "idempotency-key", "if-match", "if-none-match", "host", "origin"],
  ...[
    "traceparent",
    "x-api-key",
    "x-request-id",
    "x-forwarded-for",
    "cookie",
    "expect",
    "transfer-encoding",
    "__proto__",
  ],
];
const HEADED = ["callTool", "listTools", "setRole"];

describe.each(HEADERS)("the field %s", (name) => {
  it("may say anything", async () => {
    const asked = HEADED.map(toRoute).map(async (route, place) => {
      const request = await toAccepted(world, route);
      // Each string is said to one of the routes.
      for (const text of NAUGHTY.filter((_text, at) => at % HEADED.length === place)) {
        const answer = await askRaw(world, toBytes(route, request, [name, text]));
        if (answer !== null) expectSound(route, answer, `${name}: ${JSON.stringify(text)} at ${route.id}`);
      }
    });
    await Promise.all(asked);
    expect((await ask(world, toRoute("getLiveness"), "none", {})).status).toBe(200);
  });
});

/** The request with one more field, which may be no HTTP. */
function toBytes(route: RestRoute, request: FuzzRequest, [name, text]: readonly [string, string]): Buffer {
  const body = toText(request) ?? "";
  const fields: Fields = {
    ...{ host: new URL(world.url).host, connection: "close", ...world.headersOf("operator") },
    ...(body !== "" && { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) }),
  };
  const others = Object.entries(fields).filter(([field]) => field !== name);
  const lines = [...others, [name, text]].map(([field, value]) => `${field}: ${value}`);
  return Buffer.from(`${route.method} ${toTarget(route, request)} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`);
}

it("answers odd strings in a path as they are", async () => {
  const route = toRoute("getTool");
  const { host } = new URL(world.url);
  for (const text of NAUGHTY) {
    const { authorization = "" } = world.headersOf("operator");
    const head = `GET /v1/tools/${text} HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${authorization}\r\nconnection: close\r\n\r\n`;
    const answer = await askRaw(world, Buffer.from(head));
    if (answer !== null) expectSound(route, answer, JSON.stringify(text));
  }
  expect((await ask(world, toRoute("getLiveness"), "none", {})).status).toBe(200);
});

it("was accepted by every route, often enough for all of this to show something", () => {
  const rare = ROUTES.filter(({ id }) => !EMPTY.has(id) && (accepted.get(id) ?? 0) < LEAST_ACCEPTED);
  expect(rare.map(({ id }) => id)).toEqual([]);
});

it("has left nobody shut out, nothing on prototypes, and no fault in the log", async () => {
  expect((await ask(world, toRoute("callTool"), "user", { params: { ref: "test.echo" }, body: {} })).status).toBe(200);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(world.log.filter((line) => line.startsWith("fault"))).toEqual([]);
});
