// From the claims of a verified token to who it is and what it may. A claim that is not of the type it has to be is a refusal: no
// default stands in for what an issuer said wrongly.
import { createPrincipal, DEFAULT_TENANT } from "../../call/principal.ts";
import { follow, isJsonPointer, toKeys } from "../../kernel/json-pointer.ts";
import type { ClaimRule, ClaimSettings } from "./identity-settings.ts";
import { type BadCredential, type Refusal, refuse } from "./refusal.ts";

/** Checked: `createPrincipal` takes it. */
export interface TokenPrincipal {
  readonly id: string;
  readonly tenant: string;
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}

export type ClaimReader = (claims: unknown) => { readonly ok: true; readonly principal: TokenPrincipal } | Refusal;

/** Whoever has no credentials. A token may not name itself so. */
export const ANONYMOUS = "anonymous";

interface CompiledRule {
  /** Each: where in the claims, and which texts will do. */
  readonly conditions: readonly (readonly [readonly string[], readonly string[]])[];
  readonly gives: ClaimRule;
}

/** Makes settings ready for every token. Throws a TypeError when a pointer is none. */
export function compileClaims(settings: ClaimSettings): ClaimReader {
  const principalAt = compilePointer(settings.principal);
  const tenantAt = settings.tenant === null ? null : compilePointer(settings.tenant);
  const rolesAt = settings.roles === null ? null : compilePointer(settings.roles);
  const scopesAt = compilePointer(settings.scopes);
  const rules = settings.rules.map(compileRule);

  return (claims) => {
    const id = follow(claims, principalAt);
    if (typeof id !== "string" || id === ANONYMOUS) return refuse("claim_principal");
    const matching = findRules(rules, claims);
    if (matching === null) return refuse("claim_rule");
    const tenant = decideTenant(settings, tenantAt === null ? undefined : follow(claims, tenantAt), matching);
    if (tenant === null) return refuse("claim_tenant");
    const roles = rolesAt === null ? [] : readTexts(follow(claims, rolesAt));
    if (roles === null) return refuse("claim_roles");
    const scopes = readScopes(follow(claims, scopesAt));
    if (scopes === null) return refuse("claim_scopes");
    return toPrincipal({
      ...{ id, tenant },
      roles: union(
        roles,
        matching.map((rule) => rule.roles),
      ),
      scopes: union(
        scopes,
        matching.map((rule) => rule.scopes),
      ),
    });
  };
}

function compilePointer(pointer: string): readonly string[] {
  if (isJsonPointer(pointer)) return toKeys(pointer);
  throw new TypeError(`claims: received ${JSON.stringify(pointer)}, expected a JSON Pointer such as /sub`);
}

function compileRule(rule: ClaimRule): CompiledRule {
  const conditions = Object.entries(rule.when).map(([pointer, texts]) => [compilePointer(pointer), texts] as const);
  return { conditions, gives: rule };
}

/** The rules that hold; null when a claim that one asks for is no text and no list of texts. */
function findRules(rules: readonly CompiledRule[], claims: unknown): readonly ClaimRule[] | null {
  const matching: ClaimRule[] = [];
  for (const { conditions, gives } of rules) {
    let holds = true;
    for (const [keys, wanted] of conditions) {
      const texts = readTexts(follow(claims, keys));
      if (texts === null) return null;
      holds &&= texts.some((text) => wanted.includes(text));
    }
    if (holds) matching.push(gives);
  }
  return matching;
}

/** Where it belongs; null when that is not one allowed place. */
function decideTenant(settings: ClaimSettings, claim: unknown, matching: readonly ClaimRule[]): string | null {
  if (claim !== undefined && typeof claim !== "string") return null;
  const named = new Set(matching.map((rule) => rule.tenant).filter((tenant) => tenant !== null));
  if (claim !== undefined) named.add(claim);
  if (named.size > 1) return null;
  const [tenant = settings.tenant === null ? DEFAULT_TENANT : null] = named;
  if (tenant === null) return null;
  return settings.tenants === null || settings.tenants.includes(tenant) ? tenant : null;
}

/** A text or a list of texts; none when there is no such claim; null for anything else. */
function readTexts(claim: unknown): readonly string[] | null {
  if (claim === undefined) return [];
  if (typeof claim === "string") return [claim];
  return Array.isArray(claim) && claim.every((entry) => typeof entry === "string") ? claim : null;
}

/** A text is a list with spaces between (RFC 8693, section 4.2). */
function readScopes(claim: unknown): readonly string[] | null {
  return typeof claim === "string" ? claim.split(" ").filter((scope) => scope !== "") : readTexts(claim);
}

function union(first: readonly string[], others: readonly (readonly string[])[]): readonly string[] {
  return [...new Set([...first, ...others.flat()])];
}

function toPrincipal(input: TokenPrincipal): ReturnType<ClaimReader> {
  const problem = findProblem(input);
  return problem === null ? { ok: true, principal: Object.freeze(input) } : refuse(problem);
}

/** What the registry would throw at: too many of something, or a text that cannot stand in a key. */
function findProblem(input: TokenPrincipal): BadCredential | null {
  try {
    createPrincipal(input);
    return null;
  } catch {
    return "claim_limits";
  }
}
