// Tokens of a real OpenID provider, its keys fetched over a real connection.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/kernel/clock.ts";
import { createEgress } from "../../src/net/index.ts";
import { type Authentication, createAuthenticator, type IssuerSettings } from "../../src/server/auth/index.ts";
import { createManualClock, type ManualClock } from "../../src/testing/manual-clock.ts";
import { CLAIMS, toCredentials, toIssuer } from "./issuer-world.ts";
import { RESOURCE, startProvider, type TestProvider } from "./provider.ts";

const COOLDOWN_MS = 30_000;
const FRESH_MS = 600_000;
const egress = createEgress();
let provider: TestProvider;

beforeAll(async () => {
  provider = await startProvider();
});
afterAll(async () => {
  await egress.close();
  await provider[Symbol.asyncDispose]();
});

interface World {
  /** Moves what is waited by; the provider's tokens are of today. */
  readonly clock: ManualClock;
  present(token: string): Promise<Authentication>;
}

function open(over: Partial<IssuerSettings> = {}): World {
  const clock = createManualClock();
  const rules = [{ when: { "/groups": ["staff"] }, roles: ["STAFF"], scopes: [], tenant: null }];
  const claims = { ...CLAIMS, tenant: "/org", roles: null, rules };
  const issuer = toIssuer({ issuer: provider.issuer, jwksUri: null, allowPrivate: ["127.0.0.1/32"], claims, ...over });
  const authenticator = createAuthenticator({
    keys: null,
    identity: { anonymous: true, issuers: [issuer], cacheSize: 0 },
    publicUrl: RESOURCE,
    egress,
    clock: { ...systemClock, monotonic: clock.monotonic },
  });
  return {
    clock,
    present: async (token) => authenticator.authenticate(toCredentials({ authorization: [`Bearer ${token}`] })),
  };
}

describe("a token of a provider", () => {
  it("is its client's", async () => {
    provider.asked.length = 0;
    const token = await provider.token();
    const world = open();
    expect(await world.present(token)).toEqual({
      ok: true,
      principal: {
        id: "robot",
        tenant: "acme",
        roles: ["STAFF"],
        scopes: ["tools:read", "tools:run"],
        ip: "192.0.2.7",
      },
      kind: "token",
      id: provider.issuer,
      expiresAt: expect.any(Number),
    });
    await world.present(token);
    expect(provider.asked).toEqual(["/token", "/.well-known/openid-configuration", "/jwks"]);
  });

  it("has the scopes that were asked for", async () => {
    expect(await open().present(await provider.token("tools:read"))).toMatchObject({
      principal: { scopes: ["tools:read"] },
    });
  });

  it("is refused when it is for another resource", async () => {
    const token = await provider.token("tools:read", "https://other.example");
    expect(await open().present(token)).toMatchObject({ ok: false, status: 401, reason: "claims" });
  });

  it("is refused when opaque, changed, or of an issuer that is written otherwise", async () => {
    const token = await provider.token();
    expect(await open().present("opaque-token")).toMatchObject({ ok: false, status: 401 });
    const [head, , tail] = token.split(".");
    const body = Buffer.from(JSON.stringify({ iss: provider.issuer, sub: "root" })).toString("base64url");
    expect(await open().present(`${head}.${body}.${tail}`)).toMatchObject({ status: 401, reason: "signature" });
    expect(await open({ issuer: `${provider.issuer}/` }).present(token)).toMatchObject({ reason: "unknown_issuer" });
  });

  it("cannot be looked at where the issuer may not be dialled", async () => {
    expect(await open({ allowPrivate: false }).present(await provider.token())).toMatchObject({
      ok: false,
      status: 503,
      reason: "issuer_unreachable",
    });
  });

  it("cannot be looked at where the metadata are another's", async () => {
    const token = await provider.token();
    // The same provider by another name: what it says of itself is its own name.
    const issuer = provider.issuer.replace("127.0.0.1", "localhost");
    const [head, body = "", tail] = token.split(".");
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as object;
    const renamed = Buffer.from(JSON.stringify({ ...claims, iss: issuer })).toString("base64url");
    provider.asked.length = 0;
    const answer = await open({ issuer, allowPrivate: true }).present(`${head}.${renamed}.${tail}`);
    expect(answer).toMatchObject({ ok: false, status: 503 });
    expect(provider.asked).toEqual(["/.well-known/openid-configuration"]);
  });
});

describe("a provider that changes", () => {
  it("signs with a new key, and then withdraws the old one", async () => {
    const world = open();
    const before = await provider.token();
    expect(await world.present(before)).toMatchObject({ ok: true });
    provider.rotate("second", true);
    const after = await provider.token();
    expect(await world.present(after)).toMatchObject({ ok: false, status: 401, reason: "unknown_signing_key" });
    await world.clock.advance(COOLDOWN_MS);
    expect(await world.present(after)).toMatchObject({ ok: true });
    expect(await world.present(before)).toMatchObject({ ok: true });
    provider.rotate("third", false);
    await world.clock.advance(FRESH_MS);
    expect(await world.present(before)).toMatchObject({ ok: false, status: 401, reason: "unknown_signing_key" });
    expect(await world.present(await provider.token())).toMatchObject({ ok: true });
  });

  it("goes away for an hour, and comes back", async () => {
    const world = open();
    const token = await provider.token();
    expect(await world.present(token)).toMatchObject({ ok: true });
    await provider.stop();
    try {
      await world.clock.advance(FRESH_MS);
      expect(await world.present(token)).toMatchObject({ ok: true });
      await world.clock.advance(5 * FRESH_MS);
      expect(await world.present(token)).toMatchObject({ ok: false, status: 503, reason: "issuer_unreachable" });
      expect(await open().present(token)).toMatchObject({ ok: false, status: 503 });
    } finally {
      await provider.start();
    }
    await world.clock.advance(COOLDOWN_MS);
    expect(await world.present(token)).toMatchObject({ ok: true });
  });
});
