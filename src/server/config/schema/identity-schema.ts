// `identity`: whose tokens are believed, and what their claims mean.
import { z } from "zod";
import { isJsonPointer } from "../../../kernel/json-pointer.ts";
import type {
  ClaimRuleConfig,
  ClaimRuleSettings,
  ClaimsSettings,
  ClaimsConfig,
  IdentityConfig,
  IdentitySettings,
  IssuerConfig,
  TokenAlgorithm,
} from "../identity-config.ts";
import { isSafeUrl } from "./addresses.ts";
import { flag, integer, members, meta, networks, text, texts, textThat } from "./members.ts";

/** Signatures under a private key alone: whoever checks one cannot make one. */
const ALGORITHMS: readonly [TokenAlgorithm, ...TokenAlgorithm[]] = [
  ...(["EdDSA", "Ed25519", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"] as const),
  ...(["RS256", "RS384", "RS512"] as const),
];

const pointer = textThat(isJsonPointer, "a JSON Pointer such as /realm_access/roles");
const oneOrMore = z.union([text, z.array(text).min(1)]).meta({ accepts: "a text, or an array of texts" });
const url = textThat(isSafeUrl, "an HTTPS URL, or an HTTP one of this machine");

const rule = members<ClaimRuleConfig>()({
  when: meta(z.record(pointer, oneOrMore), {
    description: "Claims by pointer: each has the text, or one of the texts, or is a list that holds one.",
    accepts: 'an object such as { "/groups": "support" }',
    fallback: "required",
  }),
  roles: meta(texts().default([]), { description: "Roles that such tokens get." }),
  scopes: meta(texts().default([]), { description: "Scopes that such tokens get." }),
  tenant: meta(text.optional(), { description: "Tenant of such tokens.", fallback: "that of the claims" }),
});

const claims = members<ClaimsConfig>()({
  principal: meta(pointer.default("/sub"), { description: "Where the id of the principal is." }),
  tenant: meta(pointer.optional(), {
    description: "Where its tenant is.",
    fallback: 'none: "default", or that of a rule',
  }),
  tenants: meta(texts().optional(), { description: "Tenants that its tokens may name.", fallback: "any" }),
  roles: meta(pointer.optional(), {
    description: "Where its roles are.",
    fallback: "none: the rules alone give roles",
  }),
  scopes: meta(pointer.default("/scope"), { description: "Where its scopes are." }),
  rules: meta(z.array(rule).default([]), {
    description: "What tokens get besides, by their claims.",
    accepts: "an array of { when, roles?, scopes?, tenant? }",
  }),
});

const issuer = members<IssuerConfig>()({
  issuer: meta(url, { description: "As the claim `iss` has it, to the character.", fallback: "required" }),
  audience: meta(oneOrMore.optional(), {
    description: "What the claim `aud` has to have, or one of several.",
    fallback: "`server.publicUrl`",
  }),
  jwksUri: meta(url.optional(), { description: "Where its keys are.", fallback: "what its metadata says" }),
  algorithms: meta(
    z.array(z.enum(ALGORITHMS)).min(1).default(["EdDSA", "Ed25519", "ES256", "ES384", "PS256", "RS256"]),
    { description: "Of signatures. Those of shared secrets are never accepted." },
  ),
  types: meta(z.array(text).min(1).meta({ accepts: "an array of texts" }).default(["at+jwt", "JWT"]), {
    description: "Accepted values of the header `typ`.",
  }),
  clockSkewMs: meta(integer(0, 300_000).default(30_000), {
    description: "How far its clock may be off, milliseconds.",
  }),
  allowPrivate: meta(networks.default(false), {
    description: "Private networks in which it may be reached, or all of them.",
  }),
  claims: meta(claims.prefault({}), { description: "What its claims mean." }),
});

const identity = members<IdentityConfig>()({
  anonymous: meta(flag.default(false), { description: "Whether a caller without credentials is a GUEST." }),
  issuers: meta(z.array(issuer).default([]), {
    description: "Whose tokens are believed, besides API keys.",
    accepts: "an array of issuers",
  }),
  cacheSize: meta(integer(0, 1_000_000).default(10_000), {
    description: "Accepted tokens that are remembered at once.",
  }),
});

export const IDENTITY_SCHEMA: z.ZodType<unknown, IdentityConfig> = identity;

/**
 * Every default filled in; `publicUrl` is the audience of issuers that name none. Throws a ZodError for what `IDENTITY_SCHEMA`
 * refuses.
 */
export function toIdentity(config: IdentityConfig, publicUrl: string | null): IdentitySettings {
  const { issuers, ...same } = identity.parse(config);
  return {
    ...same,
    issuers: issuers.map(({ audience = publicUrl ?? [], jwksUri = null, claims: says, ...rest }) => ({
      ...rest,
      audience: toList(audience),
      jwksUri,
      claims: toClaims(says),
    })),
  };
}

function toClaims(says: z.output<typeof claims>): ClaimsSettings {
  const { tenant, tenants, roles, rules } = says;
  return {
    ...says,
    tenant: tenant ?? null,
    tenants: tenants ?? null,
    roles: roles ?? null,
    rules: rules.map(toRule),
  };
}

function toRule({ when, tenant, ...same }: z.output<typeof rule>): ClaimRuleSettings {
  const entries = Object.entries(when).map(([key, value]) => [key, toList(value)] as const);
  return { ...same, tenant: tenant ?? null, when: Object.fromEntries(entries) };
}

function toList(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}
