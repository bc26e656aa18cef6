// Protected resource metadata (RFC 9728, section 2): which issuers a client may get a token from.
import type { IdentitySettings } from "./identity-settings.ts";

export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly ["header"];
  readonly resource_name: string;
}

/** Where the document is served. */
export const METADATA_PATH = "/.well-known/oauth-protected-resource";

/** Where a client finds the document of the server at `publicUrl`. Throws when that is no URL. */
export function toMetadataUrl(publicUrl: string): string {
  const { origin, pathname } = new URL(publicUrl);
  return `${origin}${pathname.endsWith("/") ? pathname.slice(0, -1) : pathname}${METADATA_PATH}`;
}

/** The document; null without issuers, or when nobody said what the server is reached at. */
export function toMetadata(identity: IdentitySettings, publicUrl: string | null): ProtectedResourceMetadata | null {
  if (identity.issuers.length === 0 || publicUrl === null) return null;
  return Object.freeze({
    resource: publicUrl,
    authorization_servers: Object.freeze(identity.issuers.map(({ issuer }) => issuer)),
    bearer_methods_supported: Object.freeze(["header"] as const),
    resource_name: "Toolyard",
  });
}
