// Something breaks at every place where something can. The answer is a refusal, and nobody becomes a guest, though guests are let in.
import { describe, expect, it } from "vitest";
import {
  createIssuerWorld,
  ISSUER,
  KEYS_URL,
  toCredentials,
  toIdentity,
  toResponse,
} from "../../../test/auth/issuer-world.ts";
import type { Clock } from "../../kernel/clock.ts";
import { createKeyText } from "../../keys/key-format.ts";
import type { KeyAnswer } from "../../keys/index.ts";
import { EgressError, type EgressCode, type EgressResponse } from "../../net/index.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import type { RequestCredentials } from "./index.ts";

const guests = { anonymous: true };
const KEY = createKeyText("test").text;

/** What somebody is told when it cannot be found out. */
const UNKNOWN = {
  ...{ ok: false, status: 503, challenge: null },
  message: "The credentials cannot be checked now. Try again later.",
  reason: expect.stringMatching(/^(?:issuer_unreachable|key_store|fault)$/),
};
/** Either that, or that they are not accepted. */
const REFUSED = {
  ok: false,
  status: expect.toBeOneOf([401, 503]),
  message: expect.stringMatching(/^The credentials /),
};

const fail = (): never => {
  throw new Error("gone");
};

const CODES: readonly EgressCode[] = [
  ...(["REFUSED_URL", "REFUSED_ADDRESS", "RESOLVE_FAILED", "CONNECT_FAILED", "TLS_FAILED", "TIMEOUT"] as const),
  ...(["CANCELLED", "TOO_LARGE", "BAD_RESPONSE", "CONNECTION_LOST", "TOO_MANY_REDIRECTS"] as const),
];

/** How a request to an issuer goes wrong. */
const BREAKS: readonly (readonly [string, () => Promise<EgressResponse>])[] = [
  ...CODES.map((code) => [code, () => Promise.reject(new EgressError(code, "broken"))] as const),
  ["a thrown error", fail],
  ["a rejection with nothing", () => Promise.reject(undefined)],
  ["no answer", () => Promise.resolve(undefined as unknown as EgressResponse)],
  ["an answer without a body", () => Promise.resolve({ status: 200 } as EgressResponse)],
  ...[204, 301, 307, 400, 401, 403, 404, 429, 500, 503].map(
    (status) => [`status ${status}`, () => Promise.resolve(toResponse("{}", { status }))] as const,
  ),
];

describe.each(BREAKS)("an issuer that ends in %s", (_name, breaks) => {
  it("refuses when its keys are asked for", async () => {
    const world = createIssuerWorld({ identity: toIdentity({}, guests) });
    world.documents.set(KEYS_URL, breaks);
    expect(await world.present(world.token())).toEqual(UNKNOWN);
  });

  it.each([0, 1, 2])("refuses when its request %i fails", async (failing) => {
    const world = createIssuerWorld({ identity: toIdentity({ jwksUri: null }, guests) });
    const places = ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];
    const metadata = { issuer: ISSUER, jwks_uri: KEYS_URL };
    if (failing !== 0) world.documents.set(`${ISSUER}${places[failing - 1]}`, metadata);
    world.documents.set(failing === 2 ? KEYS_URL : `${ISSUER}${places[failing]}`, breaks);
    if (failing === 1) world.documents.delete(KEYS_URL);
    expect(await world.present(world.token())).toEqual(UNKNOWN);
  });
});

describe("API keys that cannot be looked up", () => {
  const answer = (value: unknown): KeyAnswer => value as KeyAnswer;
  it.each<[string, () => KeyAnswer | PromiseLike<KeyAnswer>]>([
    ["throws", fail],
    [
      "throws nothing",
      () => {
        throw undefined;
      },
    ],
    ["rejects", () => Promise.reject(new Error("gone"))],
    ["answers nothing", () => answer(undefined)],
    ["answers nothing later", () => Promise.resolve(answer(null))],
    [
      "throws when waited for",
      () => ({
        then: fail,
      }),
    ],
    [
      "answers what throws when read",
      () =>
        answer(
          new Proxy(
            {},
            {
              get: fail,
            },
          ),
        ),
    ],
    [
      "answers a principal that throws",
      () => ({
        ok: true,
        keyId: "k",
        principal: new Proxy(
          { id: "a" },
          {
            ownKeys: fail,
          },
        ),
      }),
    ],
  ])("refuse when the store %s", async (_name, verify) => {
    const { authenticator } = createIssuerWorld({ keys: { verify }, identity: toIdentity({}, guests) });
    for (const over of [{ apiKey: [KEY] }, { authorization: [`Bearer ${KEY}`] }]) {
      expect(await authenticator.authenticate(toCredentials(over))).toEqual({ ...UNKNOWN, reason: "key_store" });
    }
  });
});

describe("a clock", () => {
  const steady = createManualClock();
  it.each<[string, Partial<Clock>]>([
    ["that throws", { now: fail }],
    ["that throws where it never steps", { monotonic: fail }],
    ["without a number", { now: () => Number.NaN }],
    ["at the end of time", { now: () => Number.POSITIVE_INFINITY }],
    ["before all time", { now: () => Number.NEGATIVE_INFINITY }],
    ["in the year 1970", { now: () => 0 }],
    ["in the far future", { now: () => 8.64e15 }],
    ["that gives text", { now: () => "0" as unknown as number }],
  ])("%s lets nobody in", async (_name, over) => {
    const world = createIssuerWorld({ identity: toIdentity({}, guests), clock: { ...steady, ...over } });
    expect(await world.present(world.token())).toMatchObject(REFUSED);
    expect(await world.present(world.token())).toMatchObject(REFUSED);
  });

  it("that breaks later does not keep a token accepted", async () => {
    const clock = createManualClock();
    let now = clock.now;
    const broken = { ...clock, now: () => now() };
    const world = createIssuerWorld({ identity: toIdentity({}, guests), clock: broken });
    const token = world.token();
    expect(await world.present(token)).toMatchObject({ ok: true });
    now = () => Number.NaN;
    expect(await world.present(token)).toEqual(UNKNOWN);
    now = fail;
    expect(await world.present(token)).toEqual(UNKNOWN);
  });
});

describe("headers that are no headers", () => {
  it.each<[string, unknown]>([
    ["nothing", undefined],
    ["null", null],
    ["an empty object", {}],
    ["numbers", { authorization: [1], apiKey: [], ip: "192.0.2.7", inQuery: false }],
    ["null for a header", { authorization: [null], apiKey: [], ip: "192.0.2.7", inQuery: false }],
    ["null for a key", { authorization: [], apiKey: [null], ip: "192.0.2.7", inQuery: false }],
    [
      "what throws when read",
      new Proxy(
        {},
        {
          get: fail,
        },
      ),
    ],
  ])("let nobody in: %s", async (_name, credentials) => {
    const { authenticator } = createIssuerWorld({ identity: toIdentity({}, guests) });
    expect(await authenticator.authenticate(credentials as RequestCredentials)).toMatchObject(REFUSED);
  });
});
