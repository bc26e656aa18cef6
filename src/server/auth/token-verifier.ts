// Whether a signed token is believed: RFC 7519 and 9068, with the rules of RFC 8725. What the token says of itself chooses an issuer
// and one of its keys; algorithms, types and places of keys are the configuration's. `jku`, `jwk`, `x5u` and `x5c` are never looked at.
import { errors, jwtVerify, type CryptoKey } from "jose";
import { toDigest } from "../../kernel/canonical-json.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Egress } from "../../net/index.ts";
import { type AcceptedToken, createAcceptedTokens } from "./accepted-tokens.ts";
import { type ClaimReader, compileClaims } from "./claim-reader.ts";
import type { IdentitySettings, IssuerSettings } from "./identity-settings.ts";
import { createIssuerKeys, type IssuerKeys } from "./issuer-keys.ts";
import { parseToken, type ParsedToken, toMediaType } from "./parse-token.ts";
import { type BadCredential, type Refusal, refuse } from "./refusal.ts";

export interface TokenVerifier {
  /** Whose token it is. Rejects only on a fault of ours. */
  verify(text: string): MaybePromise<AcceptedToken | Refusal>;
  close(): void;
}

export interface TokenVerifierOptions {
  readonly identity: IdentitySettings;
  readonly egress: Pick<Egress, "request">;
  readonly clock: Clock;
}

interface Issuer {
  readonly settings: IssuerSettings;
  readonly algorithms: ReadonlySet<string>;
  readonly types: ReadonlySet<string>;
  readonly keys: IssuerKeys;
  readonly read: ClaimReader;
}

// Signatures that a public key verifies. A MAC's key is a secret: with a public key for it everybody could sign (alg confusion).
const SIGNATURES = new Set(
  ["RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519 ML-DSA-44 ML-DSA-65 ML-DSA-87"].flatMap(
    (names) => names.split(" "),
  ),
);
/** What a Date can hold, in seconds. */
const MAX_SECONDS = 8_640_000_000_000;

/** Creates it. Throws a TypeError for settings that cannot be meant. */
export function createTokenVerifier({ identity, egress, clock }: TokenVerifierOptions): TokenVerifier {
  const issuers = new Map<string, Issuer>();
  for (const settings of identity.issuers) {
    if (issuers.has(settings.issuer)) throw new TypeError(`identity: the issuer ${settings.issuer} is there twice`);
    issuers.set(settings.issuer, compileIssuer(settings, egress, clock));
  }
  const accepted = createAcceptedTokens(identity.cacheSize, toDigest(identity), clock);

  const look = async (text: string): Promise<AcceptedToken | Refusal> => {
    const token = parseToken(text);
    if (token === null) return refuse("malformed");
    const issuer = issuers.get(token.issuer);
    if (issuer === undefined) return refuse("unknown_issuer");
    const problem = checkHeader(token, issuer);
    if (problem !== null) return refuse(problem);
    const found = await issuer.keys.find(token);
    if (!found.ok) return found;
    const wrong = await checkToken(token, issuer.settings, found.key, clock);
    if (wrong !== null) return refuse(wrong);
    const who = issuer.read(token.claims);
    if (!who.ok) return who;
    const expiresAt = Math.floor((token.claims["exp"] as number) * 1000);
    const believed: AcceptedToken = { ok: true, principal: who.principal, issuer: token.issuer, expiresAt };
    accepted.set(text, believed);
    return believed;
  };

  return {
    verify: (text) => accepted.get(text) ?? look(text),
    close() {
      accepted.clear();
      for (const { keys } of issuers.values()) keys.close();
    },
  };
}

function compileIssuer(settings: IssuerSettings, egress: Pick<Egress, "request">, clock: Clock): Issuer {
  const symmetric = settings.algorithms.find((algorithm) => !SIGNATURES.has(algorithm));
  if (symmetric !== undefined) {
    throw new TypeError(
      `identity: received the algorithm ${JSON.stringify(symmetric)}, expected signatures such as ES256`,
    );
  }
  return {
    settings,
    algorithms: new Set(settings.algorithms),
    types: new Set(settings.types.map(toMediaType)),
    keys: createIssuerKeys(settings, egress, clock),
    read: compileClaims(settings.claims),
  };
}

/** What of the header rules the token out before any key is asked for. */
function checkHeader(token: ParsedToken, { algorithms, types }: Issuer): BadCredential | null {
  if (token.critical) return "critical_header";
  if (!algorithms.has(token.algorithm)) return "algorithm";
  return token.type !== null && types.has(token.type) ? null : "type";
}

/** What is wrong with the signature, or with a claim that every token has. Rejects on what is no fault of the token. */
async function checkToken(
  { text, algorithm, claims }: ParsedToken,
  { issuer, audience, clockSkewMs }: IssuerSettings,
  key: CryptoKey,
  clock: Clock,
): Promise<BadCredential | null> {
  const now = clock.now();
  try {
    await jwtVerify(text, key, {
      algorithms: [algorithm],
      issuer,
      audience: [...audience],
      requiredClaims: ["exp"],
      clockTolerance: clockSkewMs / 1000,
      currentDate: new Date(now),
    });
  } catch (error) {
    return toProblem(error);
  }
  const { exp, iat } = claims;
  // `1e999` is a number too, and would never expire.
  if (typeof exp !== "number" || !(Math.abs(exp) <= MAX_SECONDS)) return "claims";
  const isIssued = iat === undefined || (typeof iat === "number" && iat * 1000 <= now + clockSkewMs);
  return isIssued ? null : "claims";
}

function toProblem(error: unknown): BadCredential {
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  if (error instanceof errors.JWTExpired) return "expired";
  if (error instanceof errors.JOSEError) return "claims";
  throw error;
}
