// Under what an answer is kept: the scope the tool declares, its exact definition, and the arguments.
// INVARIANT: two calls have one key only if the tool says that they may share an answer: test/property/cache-scopes.test.ts.
import type { Principal } from "../call/principal.ts";
import { toCanonicalJson, toDigest } from "../kernel/canonical-json.ts";
import { copyJson } from "../tool/schema/copy-json.ts";
import type { CacheScope } from "../tool/resilience.ts";
import type { ToolVersion } from "../tool/tool-version.ts";
import { toReceivedData } from "./received-data.ts";

// A longer text is replaced by its digest: a key should not weigh more than what is kept under it.
const MAX_PLAIN = 128;
const ATTRIBUTE_RULES = { maxDepth: 64, instances: "refuse", bigints: false } as const;
const scopes = new WeakMap<Principal, string>();

/** Arguments as they were received, and what the tool's schema made of them. */
export interface CachedArguments {
  readonly received: unknown;
  readonly input: unknown;
}

/** The key; null when arguments or attributes are no plain JSON data, and the answer is not kept. */
export function toCacheKey(
  version: ToolVersion,
  scope: CacheScope,
  principal: Principal,
  given: CachedArguments,
): string | null {
  try {
    const who = toScopeKey(scope, principal);
    if (who === null) return null;
    const canonical = toArgumentsText(given);
    const what = canonical.length <= MAX_PLAIN ? canonical : toDigest(canonical);
    return `${who}\0${version.digest}\0${what}`;
  } catch {
    return null;
  }
}

/**
 * Both: what a schema gives need not be JSON, and what was received belongs to the caller, who may have changed it since it
 * was read. Canonical JSON holds no NUL, so one text is never two.
 */
function toArgumentsText({ received, input }: CachedArguments): string {
  const asReceived = toCanonicalJson(toReceivedData(received));
  let asRead: string;
  try {
    asRead = toCanonicalJson(input);
  } catch (error) {
    // A BigInt, say. Text at least nobody can change.
    if (typeof received === "string") return asReceived;
    throw error;
  }
  return asRead === asReceived ? asReceived : `${asReceived}\0${asRead}`;
}

function toScopeKey(scope: CacheScope, principal: Principal): string | null {
  switch (scope) {
    // No tenant is called "": a tenant's name has a character at least.
    case "public":
      return "\0public";
    case "tenant":
      return `${principal.tenant}\0tenant`;
    case "principal":
      return toPrincipalKey(principal);
  }
}

/** Who asks, as they are: with another role or attribute the same person may get another answer. */
function toPrincipalKey(principal: Principal): string | null {
  let key = scopes.get(principal);
  if (key === undefined) {
    const { tenant, id, roles, scopes: given, attributes } = principal;
    // A Map among the attributes would be written as {}, and two that differ would be one.
    const copied = copyJson(attributes, ATTRIBUTE_RULES);
    if (!copied.ok) return null;
    key = `${tenant}\0principal\0${toDigest([id, [...roles].sort(), [...given].sort(), copied.value])}`;
    scopes.set(principal, key);
  }
  return key;
}
