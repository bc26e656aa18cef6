// Tokens that are nearly right. Each mutant is signed anew where the signer could have signed it, so that the rule itself is met.
import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createIssuerWorld, AUDIENCE, ISSUER, KEYS_URL, toIdentity } from "../../../test/auth/issuer-world.ts";
import { createSigner, toBase64 } from "../../../test/auth/signer.ts";

const world = createIssuerWorld({ identity: toIdentity({}, { anonymous: true }) });
const { signer, clock } = world;
const HEADER = { alg: "ES256", typ: "at+jwt", kid: signer.keyId };
const NOW = Math.floor(clock.now() / 1000);
const CHALLENGE = `Bearer resource_metadata="${AUDIENCE}/.well-known/oauth-protected-resource", error="invalid_token"`;

function toRefused(reason: unknown = expect.any(String)): object {
  const message = "The credentials are missing or not accepted.";
  return { ok: false, status: 401, message, challenge: CHALLENGE, reason };
}

describe("a token", () => {
  it("is accepted when all of it holds", async () => {
    expect(await world.present(world.token({ roles: ["ADMIN"], scope: "a b" }))).toEqual({
      ok: true,
      principal: { id: "ada", tenant: "default", roles: ["ADMIN"], scopes: ["a", "b"], ip: "192.0.2.7" },
      kind: "token",
      id: ISSUER,
      expiresAt: (NOW + 600) * 1000,
    });
  });

  it.each([
    ["one audience of several", { aud: ["https://other.example", AUDIENCE] }, {}],
    ["an end within the skew", { exp: NOW - 29 }, {}],
    ["a beginning within the skew", { nbf: NOW + 30, iat: NOW + 30 }, {}],
    ["no beginning", { nbf: undefined, iat: undefined }, {}],
    ["a type in another case and with its tree", {}, { typ: "Application/AT+JWT" }],
    ["no key id where one key fits", {}, { kid: undefined }],
    [
      "keys of its own, which nobody looks at",
      {},
      { jku: "https://evil.example/keys", x5u: "https://evil.example/x", x5c: ["AA=="] },
    ],
  ])("may have %s", async (_name, claims, header) => {
    expect(await world.present(world.token(claims, header))).toMatchObject({ ok: true, principal: { id: "ada" } });
    expect(new Set(world.asked)).toEqual(new Set([KEYS_URL]));
  });

  it.each([
    ["another issuer", { iss: "https://id.example/" }, "unknown_issuer"],
    ["an issuer in another case", { iss: "https://ID.example" }, "unknown_issuer"],
    ["a name of Object's as issuer", { iss: "constructor" }, "unknown_issuer"],
    ["a list as issuer", { iss: [ISSUER] }, "malformed"],
    ["no issuer", { iss: undefined }, "malformed"],
    ["another audience", { aud: `${AUDIENCE}/` }, "claims"],
    ["no audience", { aud: undefined }, "claims"],
    ["an empty audience", { aud: [] }, "claims"],
    ["an audience within an object", { aud: { 0: AUDIENCE } }, "claims"],
    ["an audience in a list in a list", { aud: [[AUDIENCE]] }, "claims"],
    ["no end", { exp: undefined }, "claims"],
    ["an end as text", { exp: String(NOW + 600) }, "claims"],
    ["no end but null", { exp: null }, "claims"],
    ["an end beyond all dates", { exp: 1e15 }, "claims"],
    ["an end before the skew", { exp: NOW - 30 }, "expired"],
    ["a beginning after the skew", { nbf: NOW + 31 }, "claims"],
    ["a beginning as text", { nbf: String(NOW) }, "claims"],
    ["an issue after the skew", { iat: NOW + 31 }, "claims"],
    ["an issue as text", { iat: "0" }, "claims"],
    ["no subject", { sub: undefined }, "claim_principal"],
    ["a subject that is no text", { sub: 7 }, "claim_principal"],
    ["an empty subject", { sub: "" }, "claim_limits"],
    ["a subject with a separator", { sub: "a\u0000b" }, "claim_limits"],
    ["a guest's name", { sub: "anonymous" }, "claim_principal"],
    ["too many roles", { roles: Array.from({ length: 33 }, (_, index) => `R${index}`) }, "claim_limits"],
    ["too many scopes", { scope: Array.from({ length: 257 }, (_, index) => `s${index}`).join(" ") }, "claim_limits"],
    ["roles that are an object", { roles: { ADMIN: true } }, "claim_roles"],
    ["roles that are no texts", { roles: ["ADMIN", 1] }, "claim_roles"],
    ["scopes that are a number", { scope: 1 }, "claim_scopes"],
  ])("is refused with %s", async (_name, claims, reason) => {
    expect(await world.present(world.token(claims))).toEqual(toRefused(reason));
  });

  it("is refused with a number that no double holds as its end", async () => {
    const claims = JSON.stringify(world.claims()).replace(/"exp":\d+/, '"exp":1e999');
    expect(claims).toContain("1e999");
    expect(await world.present(signer.signTexts(JSON.stringify(HEADER), claims))).toEqual(toRefused("claims"));
  });

  it.each([
    ["no signature", { alg: "none" }, "algorithm"],
    ["no signature in another case", { alg: "nOnE" }, "algorithm"],
    ["a MAC", { alg: "HS256" }, "algorithm"],
    ["an algorithm that is not this issuer's", { alg: "RS256" }, "algorithm"],
    ["an algorithm in another case", { alg: "es256" }, "algorithm"],
    ["a blank before the algorithm", { alg: " ES256" }, "algorithm"],
    ["a list of algorithms", { alg: ["ES256"] }, "malformed"],
    ["no algorithm", { alg: undefined }, "malformed"],
    ["the type of an id token", { typ: "JWT" }, "type"],
    ["a type with a parameter", { typ: "at+jwt; a=b" }, "type"],
    ["no type", { typ: undefined }, "type"],
    ["a type that is no text", { typ: ["at+jwt"] }, "malformed"],
    ["an extension that must be understood", { crit: ["exp"], exp: NOW + 600 }, "critical_header"],
    ["an extension that some understand", { crit: ["b64"], b64: true }, "critical_header"],
    ["extensions that are none", { crit: [] }, "critical_header"],
    ["a payload that is not encoded", { b64: false }, "critical_header"],
    ["another key id", { kid: "k2" }, "unknown_signing_key"],
    ["a key id that is a path", { kid: "../../../../etc/passwd" }, "unknown_signing_key"],
    ["a key id that is a query", { kid: "k1' OR '1'='1" }, "unknown_signing_key"],
    ["a key id that is a place", { kid: "https://evil.example/keys" }, "unknown_signing_key"],
    ["a key id of Object's", { kid: "__proto__" }, "unknown_signing_key"],
    ["an empty key id", { kid: "" }, "unknown_signing_key"],
    ["a key id that is an index", { kid: 0 }, "malformed"],
    ["a boundless key id", { kid: "k".repeat(257) }, "malformed"],
  ])("is refused with %s in its header", async (_name, header, reason) => {
    expect(await world.present(world.token({}, header))).toEqual(toRefused(reason));
  });
});

describe("forged by hand", () => {
  const token = world.token();
  const [head = "", body = "", tail = ""] = token.split(".");
  const stranger = createSigner("ES256", signer.keyId);
  const mac = (secret: string | Buffer): string => {
    const input = `${toBase64(JSON.stringify({ ...HEADER, alg: "HS256" }))}.${body}`;
    return `${input}.${createHmac("sha256", secret).update(input).digest("base64url")}`;
  };
  const pem = signer.publicKey.export({ format: "pem", type: "spki" });
  const loose = tail.slice(0, -1) + String.fromCharCode(tail.charCodeAt(tail.length - 1) + 1);
  const raw = Buffer.from(tail, "base64url");

  it("has the token it starts from accepted", async () => {
    expect(await world.present(token)).toMatchObject({ ok: true });
  });

  it.each([
    ["signed by a stranger", world.token({}, {}, stranger), "signature"],
    [
      "signed by a stranger who sends the key along",
      world.token({}, { jwk: stranger.jwk, jku: "https://evil.example" }, stranger),
      "signature",
    ],
    ["a MAC with the public key as secret", mac(pem), "algorithm"],
    ["a MAC with the published key as secret", mac(JSON.stringify(signer.jwk)), "algorithm"],
    ["no signature", `${toBase64(JSON.stringify({ ...HEADER, alg: "none" }))}.${body}.`, "malformed"],
    ["no signature under its own algorithm", `${head}.${body}.`, "malformed"],
    ["two parts", `${head}.${body}`, "malformed"],
    ["four parts", `${token}.${tail}`, "malformed"],
    ["five parts", `${head}.a.a.a.a`, "malformed"],
    ["parts without a dot", token.replaceAll(".", ""), "malformed"],
    ["padding", `${token}==`, "malformed"],
    ["padding within", `${head}=.${body}.${tail}`, "malformed"],
    ["a blank within", `${head}.${body}. ${tail}`, "malformed"],
    ["a line end after it", `${token}\n`, "malformed"],
    ["loose bits in the signature", `${head}.${body}.${loose}`, "malformed"],
    ["the other alphabet", `${head}.${body}.${tail.slice(0, -4)}++//`, "malformed"],
    ["a signature of zeros", `${head}.${body}.${Buffer.alloc(64).toString("base64url")}`, "signature"],
    ["a signature that is too short", `${head}.${body}.${raw.subarray(0, 63).toString("base64url")}`, "signature"],
    [
      "a signature that goes on",
      `${head}.${body}.${Buffer.concat([raw, Buffer.alloc(3)]).toString("base64url")}`,
      "signature",
    ],
    [
      "the signature of another token",
      `${head}.${toBase64(JSON.stringify(world.claims({ sub: "eve" })))}.${tail}`,
      "signature",
    ],
    [
      "an encrypted token's header",
      signer.sign({ ...HEADER, alg: "ECDH-ES", enc: "A128GCM" }, world.claims()),
      "algorithm",
    ],
  ])("is refused: %s", async (_name, forged, reason) => {
    expect(await world.present(forged)).toEqual(toRefused(reason));
  });

  it.each([
    [
      "a member of the header twice",
      JSON.stringify(HEADER).replace("{", '{"alg":"none",'),
      JSON.stringify(world.claims()),
    ],
    ["a claim twice", JSON.stringify(HEADER), JSON.stringify(world.claims()).replace("{", '{"sub":"eve",')],
    [
      "a claim twice, once escaped",
      JSON.stringify(HEADER),
      JSON.stringify(world.claims()).replace("{", '{"\\u0073ub":"eve",'),
    ],
    ["a prototype", JSON.stringify(HEADER), JSON.stringify(world.claims()).replace("{", '{"__proto__":{"a":1},')],
    ["claims in a list", JSON.stringify(HEADER), JSON.stringify([world.claims()])],
    ["claims that are text", JSON.stringify(HEADER), '"claims"'],
    ["no claims", JSON.stringify(HEADER), "null"],
    ["a header that is a list", "[]", JSON.stringify(world.claims())],
    ["a byte order mark", JSON.stringify(HEADER), `\uFEFF${JSON.stringify(world.claims())}`],
    ["text after the claims", JSON.stringify(HEADER), `${JSON.stringify(world.claims())}x`],
    [
      "claims nested without end",
      JSON.stringify(HEADER),
      JSON.stringify(world.claims()).replace("{", `{"a":${"[".repeat(200)}${"]".repeat(200)},`),
    ],
  ])("is refused though signed: %s", async (_name, header, claims) => {
    expect(await world.present(signer.signTexts(header, claims))).toEqual(toRefused("malformed"));
  });

  it("is refused when larger than 8 KiB", async () => {
    const pad = (size: number): string => world.token({ pad: "x".repeat(size) });
    let size = 5700;
    while (pad(size + 1).length <= 8192) size++;
    expect(await world.present(pad(size))).toMatchObject({ ok: true });
    expect(await world.present(pad(size + 1))).toEqual(toRefused("malformed"));
  });

  it("is refused whichever character is another", async () => {
    const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_. =\u00E9";
    const at = fc.nat({ max: token.length - 1 });
    await fc.assert(
      fc.asyncProperty(at, fc.constantFrom(...letters.split("")), async (index, letter) => {
        fc.pre(token[index] !== letter);
        expect(await world.present(token.slice(0, index) + letter + token.slice(index + 1))).toEqual(toRefused());
      }),
      { numRuns: 400 },
    );
  });

  it("is refused whatever a claim or a member of the header is changed to", async () => {
    const good = { iss: ISSUER, aud: AUDIENCE, sub: "ada", exp: NOW + 600, alg: "ES256", typ: "at+jwt", kid: "k1" };
    const names = Object.keys(good) as (keyof typeof good)[];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 2 }), async (name, value) => {
        fc.pre(value !== good[name] && !isGood(name, value));
        const change = { [name]: value };
        const inHeader = name === "alg" || name === "typ" || name === "kid";
        expect(await world.present(inHeader ? world.token({}, change) : world.token(change))).toEqual(toRefused());
      }),
      { numRuns: 400 },
    );
  });
});

/** Whether a generated value is as good as what it stands in for. */
function isGood(name: string, value: unknown): boolean {
  if (name === "sub") return typeof value === "string" && /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,256}$/u.test(value);
  return name === "exp" && typeof value === "number" && value > NOW - 30 && value <= 8.64e12;
}

describe("signing keys", () => {
  it.each(["RS256", "EdDSA"])("may be of %s", async (algorithm) => {
    const other = createIssuerWorld(
      { identity: toIdentity({ algorithms: [algorithm as never] }) },
      createSigner(algorithm, "k"),
    );
    expect(await other.present(other.token())).toMatchObject({ ok: true });
    const forged = other.token({}, {}, createSigner(algorithm, "k"));
    expect(await other.present(forged)).toMatchObject({ ok: false, status: 401, reason: "signature" });
  });

  it("of RSA need 2,048 bits", async () => {
    const weak = createIssuerWorld(
      { identity: toIdentity({ algorithms: ["RS256"] }) },
      createSigner("RS256", "k", 1024),
    );
    expect(await weak.present(weak.token())).toMatchObject({ status: 401, reason: "weak_signing_key" });
  });

  it("are never secrets or private, whatever an issuer publishes", async () => {
    const other = createIssuerWorld({ identity: toIdentity({ algorithms: ["ES256", "RS256"] }) });
    const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
      "sign",
      "verify",
    ]);
    const { key_ops: _ops, ext: _ext, ...published } = await crypto.subtle.exportKey("jwk", privateKey);
    for (const jwk of [
      { kty: "oct", k: "AAAA", kid: "k1" },
      { ...published, kid: "k1" },
      { kty: "EC", kid: "k1" },
      {},
    ]) {
      other.documents.set(KEYS_URL, { keys: [jwk] });
      await other.clock.advance(600_000);
      expect(await other.present(other.token())).toMatchObject({ status: 401, reason: "unknown_signing_key" });
    }
  });

  it("are not tried in turn for a token that names none", async () => {
    world.documents.set(KEYS_URL, { keys: [signer.jwk, createSigner("ES256", "k2").jwk] });
    await world.clock.advance(600_000);
    expect(await world.present(world.token())).toMatchObject({ ok: true });
    expect(await world.present(world.token({}, { kid: undefined }))).toMatchObject({ reason: "unknown_signing_key" });
  });
});

describe("accepted tokens", () => {
  it("gives ten thousand tokens with one beginning each its own identity", async () => {
    const crowd = createIssuerWorld({ identity: toIdentity({}, { cacheSize: 20_000 }) });
    // The first claim is the padding, so that the tokens differ long after their first 200 characters.
    const claims = { pad: "x".repeat(200), ...crowd.claims(), sub: "" };
    const tokens = Array.from({ length: 10_000 }, (_, index) => {
      const id = `user-${index}`;
      return { id, token: crowd.signer.sign(HEADER, { ...claims, sub: id }) };
    });
    const beginnings = new Set(tokens.map(({ token }) => token.slice(0, 200)));
    expect(beginnings.size).toBe(1);
    for (let round = 0; round < 2; round++) {
      for (const { id, token } of tokens) {
        const answer = await crowd.present(token);
        if (!answer.ok || answer.principal.id !== id) expect.fail(`${id} became ${JSON.stringify(answer)}`);
      }
    }
    expect(crowd.asked).toEqual([KEYS_URL]);
  }, 60_000);

  it("are answered at once, for a minute", async () => {
    const fresh = createIssuerWorld();
    const token = fresh.token();
    const ask = (): unknown =>
      fresh.authenticator.authenticate({
        authorization: [`Bearer ${token}`],
        apiKey: [],
        ip: "192.0.2.8",
        inQuery: false,
      });
    expect(ask()).toBeInstanceOf(Promise);
    await fresh.present(token);
    expect(ask()).toMatchObject({ ok: true, principal: { id: "ada", ip: "192.0.2.8" } });
    await fresh.clock.advance(59_999);
    expect(ask()).toMatchObject({ ok: true });
    await fresh.clock.advance(1);
    expect(ask()).toBeInstanceOf(Promise);
  });

  it("are not believed beyond their end, nor when the wall clock is set on", async () => {
    const fresh = createIssuerWorld({ identity: toIdentity({ clockSkewMs: 0 }) });
    const now = Math.floor(fresh.clock.now() / 1000);
    const short = fresh.token({ exp: now + 10 });
    expect(await fresh.present(short)).toMatchObject({ ok: true });
    await fresh.clock.advance(10_000);
    expect(await fresh.present(short)).toMatchObject({ reason: "expired" });
    const long = fresh.token({ exp: now + 600 });
    expect(await fresh.present(long)).toMatchObject({ ok: true });
    fresh.clock.stepWall(600_000);
    expect(await fresh.present(long)).toMatchObject({ reason: "expired" });
  });

  it("may be none", async () => {
    const fresh = createIssuerWorld({ identity: toIdentity({}, { cacheSize: 0 }) });
    const token = fresh.token();
    for (let round = 0; round < 2; round++) expect(await fresh.present(token)).toMatchObject({ ok: true });
  });
});
