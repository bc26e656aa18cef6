import { describe, expect, it } from "vitest";
import { createIssuerWorld, AUDIENCE, ISSUER, toCredentials, toIdentity } from "../../../test/auth/issuer-world.ts";
import { createKeyText } from "../../keys/key-format.ts";
import type { KeyAnswer, KeyRefusalReason } from "../../keys/index.ts";
import { toInsufficientScope } from "./index.ts";

const KEY = createKeyText("test").text;
const TOKEN_MISSING = `Bearer resource_metadata="${AUDIENCE}/.well-known/oauth-protected-resource"`;
const TOKEN_INVALID = `${TOKEN_MISSING}, error="invalid_token"`;

/** Keys that know one. */
function knowing(key: string): { verify(presented: unknown): KeyAnswer } {
  return {
    verify: (presented) =>
      presented === key
        ? { ok: true, principal: { id: "robot", tenant: "acme", scopes: ["a"] }, keyId: "k" }
        : toRefusal("unknown"),
  };
}

function toRefusal(reason: KeyRefusalReason): KeyAnswer {
  return { ok: false, code: "UNAUTHENTICATED", message: "", reason, keyId: null };
}

describe("API keys", () => {
  const { authenticator } = createIssuerWorld({ keys: knowing(KEY) });

  it.each([
    ["a bearer", toCredentials({ authorization: [`Bearer ${KEY}`] })],
    ["a bearer in another case", toCredentials({ authorization: [`bEARER ${KEY}`] })],
    ["a key", toCredentials({ apiKey: [KEY] })],
  ])("are taken as %s, at once", (_name, credentials) => {
    expect(authenticator.authenticate(credentials)).toEqual({
      ok: true,
      principal: { id: "robot", tenant: "acme", scopes: ["a"], ip: "192.0.2.7" },
      kind: "key",
      id: "k",
      expiresAt: null,
    });
  });

  it.each(["malformed", "unknown", "expired", "revoked"] as const)("are refused alike when %s", async (reason) => {
    const { authenticator: refusing } = createIssuerWorld({
      keys: { verify: () => Promise.resolve(toRefusal(reason)) },
    });
    expect(await refusing.authenticate(toCredentials({ apiKey: [KEY] }))).toEqual({
      ok: false,
      status: 401,
      message: "The credentials are missing or not accepted.",
      challenge: TOKEN_MISSING,
      reason: `key_${reason}`,
    });
  });

  it("are refused where there are none", () => {
    expect(createIssuerWorld().authenticator.authenticate(toCredentials({ apiKey: [KEY] }))).toMatchObject({
      status: 401,
      reason: "keys_off",
    });
  });
});

describe("what a request presents", () => {
  const world = createIssuerWorld({ keys: knowing(KEY), identity: toIdentity({}, { anonymous: true }) });
  const token = world.token();

  it.each([
    ["a key twice", { apiKey: [KEY, KEY] }, "several", TOKEN_MISSING],
    ["a bearer twice", { authorization: [`Bearer ${KEY}`, `Bearer ${KEY}`] }, "several", TOKEN_MISSING],
    ["a key and a bearer", { authorization: [`Bearer ${token}`], apiKey: [KEY] }, "several", TOKEN_MISSING],
    ["a token in the query", { inQuery: true }, "in_query", TOKEN_MISSING],
    ["a key, and another in the query", { inQuery: true, apiKey: [KEY] }, "in_query", TOKEN_MISSING],
    ["another scheme", { authorization: ["Basic YTpi"] }, "scheme", TOKEN_MISSING],
    ["a bare key", { authorization: [KEY] }, "scheme", TOKEN_MISSING],
    ["nothing after the scheme", { authorization: ["Bearer"] }, "scheme", TOKEN_MISSING],
    ["an empty header", { authorization: [""] }, "scheme", TOKEN_MISSING],
    ["an empty key", { apiKey: [""] }, "malformed", TOKEN_MISSING],
    ["a token as a key", { apiKey: [token] }, "malformed", TOKEN_MISSING],
    ["an opaque token", { authorization: ["Bearer abc"] }, "malformed", TOKEN_INVALID],
    ["two lines in one", { authorization: [`Bearer ${token}, Bearer ${token}`] }, "malformed", TOKEN_INVALID],
    ["a blank after it", { authorization: [`Bearer ${token} `] }, "malformed", TOKEN_INVALID],
    ["a tab for a blank", { authorization: [`Bearer\t${token}`] }, "scheme", TOKEN_MISSING],
    [
      "a mistyped key",
      { authorization: [`Bearer ${KEY.slice(0, -1)}${KEY.endsWith("0") ? "1" : "0"}`] },
      "key_unknown",
      TOKEN_INVALID,
    ],
    ["a boundless token", { authorization: [`Bearer ${"a.b.c".padEnd(9000, "c")}`] }, "malformed", TOKEN_INVALID],
  ])("is refused: %s", async (_name, over, reason, challenge) => {
    const answer = await world.authenticator.authenticate(toCredentials(over));
    expect(answer).toMatchObject({ ok: false, status: 401, reason, challenge });
  });

  it("is nobody's without credentials, where nobody is let in", () => {
    expect(createIssuerWorld().authenticator.authenticate(toCredentials())).toMatchObject({
      status: 401,
      reason: "missing",
      challenge: TOKEN_MISSING,
    });
  });

  it("is a guest's without credentials, where guests are let in", () => {
    expect(world.authenticator.authenticate(toCredentials())).toEqual({
      ok: true,
      principal: { id: "anonymous", roles: ["GUEST"], ip: "192.0.2.7" },
      kind: "anonymous",
      id: null,
      expiresAt: null,
    });
  });

  it("is refused for good after closing", () => {
    const closing = createIssuerWorld({ keys: knowing(KEY), identity: toIdentity({}, { anonymous: true }) });
    closing.authenticator.close();
    for (const over of [{}, { apiKey: [KEY] }, { authorization: [`Bearer ${token}`] }]) {
      expect(closing.authenticator.authenticate(toCredentials(over))).toMatchObject({
        status: 503,
        reason: "closed",
        challenge: null,
      });
    }
  });
});

describe("challenges and metadata", () => {
  it("name no metadata where there are no issuers", () => {
    const { authenticator } = createIssuerWorld({ identity: toIdentity({}, { issuers: [] }) });
    expect(authenticator.authenticate(toCredentials())).toMatchObject({ challenge: 'Bearer realm="toolyard"' });
    expect(authenticator.metadata()).toBeNull();
  });

  it("name the issuers", () => {
    expect(createIssuerWorld().authenticator.metadata()).toEqual({
      resource: AUDIENCE,
      authorization_servers: [ISSUER],
      bearer_methods_supported: ["header"],
      resource_name: "Toolyard",
    });
    expect(createIssuerWorld({ publicUrl: null }).authenticator.metadata()).toBeNull();
  });

  it("stand below the path of the server", () => {
    const { authenticator } = createIssuerWorld({ publicUrl: "https://a.example/tools/" });
    expect(authenticator.authenticate(toCredentials())).toMatchObject({
      challenge: 'Bearer resource_metadata="https://a.example/tools/.well-known/oauth-protected-resource"',
    });
  });

  it("ask for all scopes at once, and for nothing that cannot stand in a header", () => {
    expect(toInsufficientScope(["tools:read", "offline_access", 'a"b', "x\r\ny", "tools:run"], AUDIENCE)).toBe(
      `${TOKEN_MISSING}, error="insufficient_scope", scope="tools:read tools:run"`,
    );
    expect(toInsufficientScope([])).toBe('Bearer error="insufficient_scope"');
  });
});

describe("settings that cannot be meant", () => {
  const issuer = toIdentity().issuers[0]!;
  it.each([
    ["an issuer twice", toIdentity({}, { issuers: [issuer, issuer] }), "twice"],
    ["a MAC", toIdentity({ algorithms: ["HS256" as never] }), "HS256"],
    ["no signature", toIdentity({ algorithms: ["none" as never] }), "none"],
    ["a pointer that is none", toIdentity({ claims: { ...issuer.claims, principal: "sub" } }), "sub"],
  ])("are refused at start: %s", (_name, identity, message) => {
    expect(() => createIssuerWorld({ identity })).toThrow(message);
  });
});
