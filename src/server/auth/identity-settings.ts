// Whose tokens are believed, and what their claims mean. Read by `server/config` from the configuration file.

/** A JSON Pointer (RFC 6901) into the claims of a token, such as `/realm_access/roles`. */
export type ClaimPointer = string;

/** What a token is given when its claims say what `when` says. */
export interface ClaimRule {
  /** Each claim has one of these texts, or is a list that holds one. */
  readonly when: Readonly<Record<ClaimPointer, string | readonly string[]>>;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
  readonly tenant: string | null;
}

export interface ClaimSettings {
  /** Who it is, usually `/sub`. */
  readonly principal: ClaimPointer;
  /** null: the default tenant, or that of a rule. */
  readonly tenant: ClaimPointer | null;
  /** Tenants that tokens of this issuer may name; null: any. */
  readonly tenants: readonly string[] | null;
  /** null: roles come from the rules alone. */
  readonly roles: ClaimPointer | null;
  /** Usually `/scope`. */
  readonly scopes: ClaimPointer;
  readonly rules: readonly ClaimRule[];
}

export interface IssuerSettings {
  /** As the claim `iss` has it, to the character. */
  readonly issuer: string;
  /** The claim `aud` has one of these. */
  readonly audience: readonly string[];
  /** Where its keys are; null: asked of the issuer's metadata. */
  readonly jwksUri: string | null;
  /** Of signatures, such as `ES256`. */
  readonly algorithms: readonly string[];
  /** Of the header `typ`, such as `at+jwt`. */
  readonly types: readonly string[];
  /** For `exp`, `nbf` and `iat`. */
  readonly clockSkewMs: number;
  /** Private addresses that the issuer may be at, as for the egress. */
  readonly allowPrivate: boolean | readonly string[];
  readonly claims: ClaimSettings;
}

export interface IdentitySettings {
  /** Whether a request without credentials is a guest's. */
  readonly anonymous: boolean;
  readonly issuers: readonly IssuerSettings[];
  /** Accepted tokens that are remembered at once, at most. */
  readonly cacheSize: number;
}
