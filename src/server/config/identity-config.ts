// Who callers are: whose tokens are believed, and what their claims mean.

export type TokenAlgorithm =
  | "EdDSA"
  | "Ed25519"
  | "ES256"
  | "ES384"
  | "ES512"
  | "PS256"
  | "PS384"
  | "PS512"
  | "RS256"
  | "RS384"
  | "RS512";

export interface IdentityConfig {
  /** Whether a caller without credentials is a GUEST. @default false: it is refused */
  readonly anonymous?: boolean;
  /** Whose tokens are believed. @default none: only API keys are */
  readonly issuers?: readonly IssuerConfig[];
  /** Accepted tokens that are remembered at once, 0 to 1,000,000. @default 10,000 */
  readonly cacheSize?: number;
}

export interface IssuerConfig {
  /** As the claim `iss` has it, to the character: an HTTPS URL, or an HTTP one of this machine. */
  readonly issuer: string;
  /** What the claim `aud` has to have, or one of several. @default `server.publicUrl` */
  readonly audience?: string | readonly string[];
  /** Where its keys are. @default what its metadata says (OpenID Connect Discovery, RFC 8414) */
  readonly jwksUri?: string;
  /** Of signatures; those of shared secrets are never accepted. @default EdDSA, Ed25519, ES256, ES384, PS256, RS256 */
  readonly algorithms?: readonly TokenAlgorithm[];
  /** Accepted values of the header `typ`. @default "at+jwt", "JWT" */
  readonly types?: readonly string[];
  /** How far its clock may be off, milliseconds, 0 to 300,000. @default 30,000 */
  readonly clockSkewMs?: number;
  /** Private networks in which it may be reached, or all of them. @default false */
  readonly allowPrivate?: boolean | readonly string[];
  /** What its claims mean. @default the subject is the principal, `scope` its scopes */
  readonly claims?: ClaimsConfig;
}

/** Where in the claims something is: JSON Pointers (RFC 6901), such as `/realm_access/roles`. */
export interface ClaimsConfig {
  /** @default "/sub" */
  readonly principal?: string;
  /** @default none: the tenant "default", or that of a rule */
  readonly tenant?: string;
  /** Tenants that its tokens may name. @default any */
  readonly tenants?: readonly string[];
  /** @default none: roles come from the rules alone */
  readonly roles?: string;
  /** @default "/scope" */
  readonly scopes?: string;
  /** What tokens get besides, by their claims. @default none */
  readonly rules?: readonly ClaimRuleConfig[];
}

export interface ClaimRuleConfig {
  /** Claims by pointer: each has the text, or one of the texts, or is a list that holds one. */
  readonly when: Readonly<Record<string, string | readonly string[]>>;
  /** @default none */
  readonly roles?: readonly string[];
  /** @default none */
  readonly scopes?: readonly string[];
  /** @default that of the claims */
  readonly tenant?: string;
}

/** `IdentityConfig` with every default filled in. */
export interface IdentitySettings {
  readonly anonymous: boolean;
  readonly issuers: readonly IssuerSettings[];
  readonly cacheSize: number;
}

export interface IssuerSettings {
  readonly issuer: string;
  /** At least one. */
  readonly audience: readonly string[];
  /** null: asked of the issuer's metadata. */
  readonly jwksUri: string | null;
  readonly algorithms: readonly TokenAlgorithm[];
  readonly types: readonly string[];
  readonly clockSkewMs: number;
  readonly allowPrivate: boolean | readonly string[];
  readonly claims: ClaimsSettings;
}

export interface ClaimsSettings {
  readonly principal: string;
  /** null: the default tenant, or that of a rule. */
  readonly tenant: string | null;
  /** null: any. */
  readonly tenants: readonly string[] | null;
  /** null: roles come from the rules alone. */
  readonly roles: string | null;
  readonly scopes: string;
  readonly rules: readonly ClaimRuleSettings[];
}

export interface ClaimRuleSettings {
  readonly when: Readonly<Record<string, readonly string[]>>;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly tenant: string | null;
}
