// The WWW-Authenticate header: RFC 6750, section 3, and RFC 9728, section 5.1. It says what to do, never why somebody is refused.
import { toMetadataUrl } from "./resource-metadata.ts";

/** What may stand in `scope` (RFC 6749, section 3.3): nothing else gets into a header. */
const SCOPE = /^[\u0021\u0023-\u005B\u005D-\u007E]+$/;

export interface Challenges {
  /** For who presented no bearer token. */
  readonly missing: string;
  /** For who presented one that is not accepted. */
  readonly invalid: string;
}

/** The challenges of a server whose metadata is at `metadataUrl`; null when there is none. */
export function toChallenges(metadataUrl: string | null): Challenges {
  const where = metadataUrl === null ? 'realm="toolyard"' : `resource_metadata="${metadataUrl}"`;
  return { missing: `Bearer ${where}`, invalid: `Bearer ${where}, error="invalid_token"` };
}

/**
 * The header of a 403 for who lacks scopes. `scopes` are all that the operation needs, so that one more token is enough.
 * `publicUrl` as for the authenticator, where issuers are configured.
 */
export function toInsufficientScope(scopes: readonly string[], publicUrl: string | null = null): string {
  const where = publicUrl === null ? [] : [`resource_metadata="${toMetadataUrl(publicUrl)}"`];
  // Asking for a token that outlives the session is the client's decision.
  const asked = scopes.filter((scope) => SCOPE.test(scope) && scope !== "offline_access");
  const scope = asked.length === 0 ? [] : [`scope="${asked.join(" ")}"`];
  return `Bearer ${[...where, 'error="insufficient_scope"', ...scope].join(", ")}`;
}
