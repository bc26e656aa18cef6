// An authenticator with one issuer, whose documents a test writes.
import {
  type Authentication,
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  type ClaimSettings,
  type IdentitySettings,
  type IssuerSettings,
  type RequestCredentials,
} from "../../src/server/auth/index.ts";
import type { EgressRequest, EgressResponse } from "../../src/net/index.ts";
import { createManualClock, type ManualClock } from "../../src/testing/manual-clock.ts";
import { createSigner, type Signer } from "./signer.ts";

export const ISSUER = "https://id.example";
export const KEYS_URL = "https://id.example/keys";
export const AUDIENCE = "https://tools.example";

export const CLAIMS: ClaimSettings = {
  principal: "/sub",
  tenant: null,
  tenants: null,
  roles: "/roles",
  scopes: "/scope",
  rules: [],
};

/** What an issuer answers: a document, other text, a whole answer, or an error. */
export type Document = object | string | Error | (() => Promise<EgressResponse>);

export interface IssuerWorld {
  readonly clock: ManualClock;
  readonly signer: Signer;
  /** By URL; what is not there is a 404. */
  readonly documents: Map<string, Document>;
  /** URLs, in the order in which they were asked for. */
  readonly asked: string[];
  readonly requests: EgressRequest[];
  readonly authenticator: Authenticator;
  /** Claims that are accepted now. */
  claims(over?: Readonly<Record<string, unknown>>): Record<string, unknown>;
  /** A token that is accepted now, but for what is written over. */
  token(claims?: Readonly<Record<string, unknown>>, header?: Readonly<Record<string, unknown>>, by?: Signer): string;
  /** Presents a bearer. */
  present(token: string): Promise<Authentication>;
}

export function toIssuer(over: Partial<IssuerSettings> = {}): IssuerSettings {
  return {
    issuer: ISSUER,
    audience: [AUDIENCE],
    jwksUri: KEYS_URL,
    algorithms: ["ES256"],
    types: ["at+jwt"],
    clockSkewMs: 30_000,
    allowPrivate: false,
    claims: CLAIMS,
    ...over,
  };
}

export function toIdentity(
  issuer: Partial<IssuerSettings> = {},
  over: Partial<IdentitySettings> = {},
): IdentitySettings {
  return { anonymous: false, issuers: [toIssuer(issuer)], cacheSize: 1000, ...over };
}

/** What a request carries. */
export function toCredentials(over: Partial<RequestCredentials> = {}): RequestCredentials {
  return { authorization: [], apiKey: [], ip: "192.0.2.7", inQuery: false, ...over };
}

const shared = createSigner("ES256", "k1");

export function createIssuerWorld(options: Partial<AuthenticatorOptions> = {}, signer: Signer = shared): IssuerWorld {
  const clock = createManualClock();
  const documents = new Map<string, Document>([[KEYS_URL, { keys: [signer.jwk] }]]);
  const asked: string[] = [];
  const requests: EgressRequest[] = [];
  const egress = {
    async request(request: EgressRequest): Promise<EgressResponse> {
      asked.push(request.url);
      requests.push(request);
      const found = documents.get(request.url);
      if (found instanceof Error) throw found;
      if (typeof found === "function") return found();
      if (found === undefined) return toResponse("", { status: 404 });
      return toResponse(typeof found === "string" ? found : JSON.stringify(found));
    },
  };
  const authenticator = createAuthenticator({
    ...{ keys: null, identity: toIdentity(), publicUrl: AUDIENCE, egress, clock },
    ...options,
  });
  const claims = (over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => {
    const now = Math.floor(clock.now() / 1000);
    return { ...{ iss: ISSUER, aud: AUDIENCE, sub: "ada", iat: now, nbf: now, exp: now + 600 }, ...over };
  };
  return {
    ...{ clock, signer, documents, asked, requests, authenticator, claims },
    token: (over = {}, header = {}, by = signer) =>
      by.sign({ alg: by.algorithm, typ: "at+jwt", kid: by.keyId, ...header }, claims(over)),
    present: async (token) => authenticator.authenticate(toCredentials({ authorization: [`Bearer ${token}`] })),
  };
}

/** An answer of the egress. */
export function toResponse(body: string | Uint8Array, over: Partial<EgressResponse> = {}): EgressResponse {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  return { ...{ status: 200, headers: {}, body: bytes, url: KEYS_URL, redirected: false }, ...over };
}
