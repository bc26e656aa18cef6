import { describe, expect, it } from "vitest";
import { createIssuerWorld, ISSUER, KEYS_URL, toIdentity, toResponse } from "../../../test/auth/issuer-world.ts";
import { createSigner } from "../../../test/auth/signer.ts";
import type { EgressResponse } from "../../net/index.ts";
import { COOLDOWN_MS, FRESH_MS, GRACE_MS, RETRY_MS } from "./issuer-keys.ts";

const CONFIGURATION = `${ISSUER}/.well-known/openid-configuration`;
const SERVER = `${ISSUER}/.well-known/oauth-authorization-server`;
const GONE = { ok: false, status: 503, reason: "issuer_unreachable", challenge: null };
const old = createSigner("ES256", "k1");
const next = createSigner("ES256", "k2");
// Nothing is remembered of tokens, so that each is looked at.
const identity = toIdentity({}, { cacheSize: 0 });

describe("keys of an issuer", () => {
  it("are asked for with limits, once for all who wait", async () => {
    const world = createIssuerWorld({ identity }, old);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => world.present(world.token({ sub: `u${index}` }))),
    );
    expect(answers.every(({ ok }) => ok)).toBe(true);
    expect(world.requests).toEqual([
      {
        method: "GET",
        url: KEYS_URL,
        headers: { accept: "application/json" },
        timeoutMs: 5000,
        maxBytes: 262_144,
        signal: expect.any(AbortSignal),
        allowPrivate: false,
        pool: { tenant: "", upstream: ISSUER, credential: "" },
      },
    ]);
  });

  it("are asked for again when old, and those withdrawn are no longer believed", async () => {
    const world = createIssuerWorld({ identity }, old);
    await world.present(world.token());
    await world.clock.advance(FRESH_MS - 1);
    await world.present(world.token());
    expect(world.asked).toHaveLength(1);
    world.documents.set(KEYS_URL, { keys: [next.jwk] });
    await world.clock.advance(1);
    expect(await world.present(world.token())).toMatchObject({ status: 401, reason: "unknown_signing_key" });
    expect(world.asked).toHaveLength(2);
    expect(await world.present(world.token({}, {}, next))).toMatchObject({ ok: true });
  });

  it("are asked for again when a token names a new one", async () => {
    const world = createIssuerWorld({ identity }, old);
    await world.present(world.token());
    world.documents.set(KEYS_URL, { keys: [old.jwk, next.jwk] });
    await world.clock.advance(COOLDOWN_MS);
    const answers = await Promise.all([1, 2, 3].map(() => world.present(world.token({}, {}, next))));
    expect(answers.map(({ ok }) => ok)).toEqual([true, true, true]);
    expect(world.asked).toHaveLength(2);
    expect(await world.present(world.token())).toMatchObject({ ok: true });
  });

  it("asks once for unknown key ids", async () => {
    const world = createIssuerWorld({ identity }, old);
    await world.present(world.token());
    await world.clock.advance(COOLDOWN_MS);
    for (let index = 0; index < 50; index++) {
      expect(await world.present(world.token({}, { kid: `stranger-${index}` }))).toMatchObject({ status: 401 });
    }
    expect(world.asked).toHaveLength(2);
    await world.clock.advance(COOLDOWN_MS - 1);
    await world.present(world.token({}, { kid: "again" }));
    expect(world.asked).toHaveLength(2);
    await world.clock.advance(1);
    await world.present(world.token({}, { kid: "again" }));
    expect(world.asked).toHaveLength(3);
  });

  it("are asked for by nobody whose token names no configured issuer, type or algorithm", async () => {
    const world = createIssuerWorld({ identity }, old);
    await world.present(world.token({ iss: "https://evil.example" }));
    await world.present(world.token({}, { typ: "JWT" }));
    await world.present(world.token({}, { alg: "RS256" }));
    expect(world.asked).toEqual([]);
  });
});

describe("an issuer that cannot be asked", () => {
  it("leaves nobody let in when it never answered, and is asked again soon", async () => {
    const world = createIssuerWorld({ identity }, old);
    world.documents.set(KEYS_URL, new Error("down"));
    for (let index = 0; index < 5; index++) expect(await world.present(world.token())).toMatchObject(GONE);
    expect(world.asked).toHaveLength(1);
    world.documents.set(KEYS_URL, { keys: [old.jwk] });
    await world.clock.advance(RETRY_MS);
    expect(await world.present(world.token())).toMatchObject({ ok: true });
  });

  it("has the keys that it gave believed for an hour, and asked for once per cooldown", async () => {
    const world = createIssuerWorld({ identity }, old);
    await world.present(world.token());
    world.documents.set(KEYS_URL, new Error("down"));
    await world.clock.advance(FRESH_MS);
    for (let index = 0; index < 5; index++) expect(await world.present(world.token())).toMatchObject({ ok: true });
    expect(world.asked).toHaveLength(2);
    // Whether the key is new or made up cannot be found out.
    expect(await world.present(world.token({}, {}, next))).toMatchObject(GONE);
    await world.clock.advance(GRACE_MS - FRESH_MS - 1);
    expect(await world.present(world.token())).toMatchObject({ ok: true });
    expect(world.asked).toHaveLength(3);
    await world.clock.advance(1);
    expect(await world.present(world.token())).toMatchObject(GONE);
    world.documents.set(KEYS_URL, { keys: [old.jwk] });
    await world.clock.advance(COOLDOWN_MS);
    expect(await world.present(world.token())).toMatchObject({ ok: true });
  });

  const fitting = JSON.stringify({ keys: [old.jwk] });
  it.each<[string, string | (() => Promise<EgressResponse>)]>([
    ["an error with the keys", () => Promise.resolve(toResponse(fitting, { status: 500 }))],
    ["a redirect", () => Promise.resolve(toResponse(fitting, { status: 302 }))],
    ["what was redirected to", () => Promise.resolve(toResponse(fitting, { redirected: true }))],
    ["no JSON", "<html>"],
    ["a list", "[]"],
    ["no set", "{}"],
    ["keys that are no list", '{"keys":{}}'],
    ["keys that are no objects", '{"keys":[1]}'],
    ["a member twice", fitting.replace("{", '{"keys":[],')],
    ["too many keys", JSON.stringify({ keys: Array.from({ length: 129 }, () => old.jwk) })],
    ["bytes that are no text", () => Promise.resolve(toResponse(new Uint8Array([0x7b, 0xff, 0x7d])))],
  ])("is one that answers with %s", async (_name, document) => {
    const world = createIssuerWorld({ identity }, old);
    world.documents.set(KEYS_URL, document);
    expect(await world.present(world.token())).toMatchObject(GONE);
  });

  it("is given up when closed", async () => {
    const world = createIssuerWorld({ identity }, old);
    await world.present(world.token());
    expect(world.requests[0]?.signal?.aborted).toBe(false);
    world.authenticator.close();
    expect(world.requests[0]?.signal?.aborted).toBe(true);
  });
});

describe("where the keys are", () => {
  const discovering = toIdentity({ jwksUri: null }, { cacheSize: 0 });

  it("is asked once an hour", async () => {
    const world = createIssuerWorld({ identity: discovering }, old);
    world.documents.set(CONFIGURATION, { issuer: ISSUER, jwks_uri: KEYS_URL });
    for (let index = 0; index < 6; index++) {
      expect(await world.present(world.token())).toMatchObject({ ok: true });
      await world.clock.advance(FRESH_MS);
    }
    expect(world.asked.filter((url) => url === CONFIGURATION)).toHaveLength(1);
    await world.present(world.token());
    expect(world.asked.filter((url) => url === CONFIGURATION)).toHaveLength(2);
  });

  it("is asked of an authorization server that has no OpenID configuration", async () => {
    const world = createIssuerWorld({ identity: discovering }, old);
    world.documents.set(SERVER, { issuer: ISSUER, jwks_uri: KEYS_URL });
    expect(await world.present(world.token())).toMatchObject({ ok: true });
    expect(world.asked).toEqual([CONFIGURATION, SERVER, KEYS_URL]);
  });

  it.each([
    [
      "https://id.example/realms/a",
      "https://id.example/realms/a/.well-known/openid-configuration",
      "https://id.example/.well-known/oauth-authorization-server/realms/a",
    ],
    [
      "https://id.example/realms/a/",
      "https://id.example/realms/a/.well-known/openid-configuration",
      "https://id.example/.well-known/oauth-authorization-server/realms/a",
    ],
    ["https://id.example/", CONFIGURATION, SERVER],
  ])("is below the path of %s", async (issuer, ...urls) => {
    const world = createIssuerWorld({ identity: toIdentity({ issuer, jwksUri: null }) }, old);
    await world.present(world.token({ iss: issuer }));
    expect(world.asked).toEqual(urls);
  });

  it("is asked again when the keys are not there any more", async () => {
    const world = createIssuerWorld({ identity: discovering }, old);
    world.documents.set(CONFIGURATION, { issuer: ISSUER, jwks_uri: KEYS_URL });
    await world.present(world.token());
    world.documents.delete(KEYS_URL);
    world.documents.set(CONFIGURATION, { issuer: ISSUER, jwks_uri: "https://keys.example/new" });
    world.documents.set("https://keys.example/new", { keys: [old.jwk, next.jwk] });
    await world.clock.advance(FRESH_MS);
    expect(await world.present(world.token())).toMatchObject({ ok: true });
    await world.clock.advance(COOLDOWN_MS);
    expect(await world.present(world.token({}, {}, next))).toMatchObject({ ok: true });
  });

  it.each([
    ["another issuer", { issuer: `${ISSUER}/`, jwks_uri: KEYS_URL }],
    ["no issuer", { jwks_uri: KEYS_URL }],
    ["no keys", { issuer: ISSUER }],
    ["keys that are no URL", { issuer: ISSUER, jwks_uri: "/keys" }],
    ["keys without TLS", { issuer: ISSUER, jwks_uri: KEYS_URL.replace("https", "http") }],
    ["keys in a file", { issuer: ISSUER, jwks_uri: "file:///etc/passwd" }],
  ])("is believed from nobody who names %s", async (_name, document) => {
    const world = createIssuerWorld({ identity: discovering }, old);
    world.documents.set(CONFIGURATION, document);
    world.documents.set(SERVER, { issuer: ISSUER, jwks_uri: KEYS_URL });
    expect(await world.present(world.token())).toMatchObject(GONE);
    expect(world.asked).toEqual([CONFIGURATION]);
  });

  it("is not asked of the second place when the first is out of reach", async () => {
    const world = createIssuerWorld({ identity: discovering }, old);
    world.documents.set(CONFIGURATION, new Error("down"));
    expect(await world.present(world.token())).toMatchObject(GONE);
    expect(world.asked).toEqual([CONFIGURATION]);
  });
});
