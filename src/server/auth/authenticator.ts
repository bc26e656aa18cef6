// Who is calling: from the headers of a request to a principal, or to a refusal.
// INVARIANT: whatever goes wrong is a refusal, never the anonymous principal: see `authenticator.faults.test.ts`.
import type { PrincipalInput } from "../../call/principal.ts";
import type { Clock } from "../../kernel/clock.ts";
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import type { Keys } from "../../keys/index.ts";
import type { Egress } from "../../net/index.ts";
import type { IdentitySettings } from "./identity-settings.ts";
import type { ProtectedResourceMetadata } from "./resource-metadata.ts";

export interface RequestCredentials {
  /** Raw values of the Authorization header lines, in order (a duplicated header is refused). */
  readonly authorization: readonly string[];
  /** x-api-key header lines. */
  readonly apiKey: readonly string[];
  /** Remote address after trusted proxies. */
  readonly ip: string;
  /** Whether the URL's query had access_token/api_key: refused (tokens in URLs are logged). */
  readonly inQuery: boolean;
}

export type CredentialKind = "key" | "token" | "anonymous";

export interface Authenticated {
  readonly ok: true;
  readonly principal: PrincipalInput;
  readonly kind: CredentialKind;
  /** The id of a key, the issuer of a token, null for nobody. */
  readonly id: string | null;
  /** When the credential ends, epoch ms; null where that is not known. */
  readonly expiresAt: number | null;
}

export interface Refused {
  readonly ok: false;
  /** 401: bad or missing; 503: it could not be found out, because the keys of an issuer or the store of keys are out of reach. */
  readonly status: 401 | 503;
  /** A fixed text, which says nothing of why. */
  readonly message: string;
  /** The WWW-Authenticate header, with 401 only. */
  readonly challenge: string | null;
  /** For logs and metrics alone. */
  readonly reason: string;
}

export type Authentication = Authenticated | Refused;

export interface Authenticator {
  /** Who it is. A promise only where something has to be asked or verified. Never throws and never rejects: any fault is a refusal. */
  authenticate(credentials: RequestCredentials): MaybePromise<Authentication>;
  /** The document at `/.well-known/oauth-protected-resource` (RFC 9728); null when no issuers are configured. */
  metadata(): ProtectedResourceMetadata | null;
  /** Forgets everything. Later requests are refused with 503. */
  close(): void;
}

export interface AuthenticatorOptions {
  /** null: API keys are not accepted. */
  readonly keys: Pick<Keys, "verify"> | null;
  readonly identity: IdentitySettings;
  /** What the server is reached at from outside, such as `https://tools.example`; null when nobody said. */
  readonly publicUrl: string | null;
  readonly egress: Pick<Egress, "request">;
  readonly clock: Clock;
}

/** Creates what tells who is calling. */
export function createAuthenticator(_options: AuthenticatorOptions): Authenticator {
  throw new Error("not yet");
}
