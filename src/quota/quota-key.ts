// The keys under which stores keep quotas: `<tenant>\0<limit>\0<tool or nothing>\0<value of each scope>`. No part can hold
// a \0 (principals, tool names and limit names are checked), and a limit's name fixes how many values follow: so two
// different quotas never share a key. INVARIANT: "keeps different quotas under different keys" in quota-key.test.ts.
import type { Principal } from "../call/principal.ts";
import type { LimitScope } from "../tool/limit.ts";

const SEPARATOR = "\0";
// One quota for all that come without an address: an attacker who hides his must not get a fresh one.
const UNKNOWN_IP = "unknown";

/** What a limit's quotas are kept for. */
export interface KeyPattern {
  /** The limit's name. */
  readonly name: string;
  /** The tool, empty when the limit is shared over tools. */
  readonly tool: string;
  /** Without tenant and tool, which every key has in its own place. */
  readonly scopes: readonly LimitScope[];
}

/**
 * The key of a principal's quota.
 * @param role one that the principal holds directly, for a limit that is per role; otherwise null
 */
export function toQuotaKey({ name, tool, scopes }: KeyPattern, principal: Principal, role: string | null): string {
  let key = principal.tenant + SEPARATOR + name + SEPARATOR + tool;
  for (const scope of scopes) key += SEPARATOR + toScopeValue(scope, tool, principal, role);
  return key;
}

/** What distinguishes this quota from others of the same limit: `principal=u1, role=USER`. */
export function formatQuotaScope({ tool, scopes }: KeyPattern, principal: Principal, role: string | null): string {
  const parts = scopes.map((scope) => `${scope}=${toScopeValue(scope, tool, principal, role)}`);
  if (tool !== "") parts.unshift(`tool=${tool}`);
  return parts.length === 0 ? `tenant=${principal.tenant}` : parts.join(", ");
}

function toScopeValue(scope: LimitScope, tool: string, principal: Principal, role: string | null): string {
  switch (scope) {
    case "principal":
      return principal.id;
    case "role":
      return role ?? "";
    case "ip":
      return principal.ip ?? UNKNOWN_IP;
    case "tenant":
      return principal.tenant;
    case "tool":
      return tool;
  }
}
