// Protected resource metadata (RFC 9728, section 2): which issuers a client may get a token from.
export interface ProtectedResourceMetadata {
  readonly resource: string;
  readonly authorization_servers: readonly string[];
  readonly bearer_methods_supported: readonly ["header"];
  readonly resource_name: string;
}
