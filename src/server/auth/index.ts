// Who is calling: what other folders of the server may know of it.
export {
  type Authenticated,
  type Authentication,
  type Authenticator,
  type AuthenticatorOptions,
  createAuthenticator,
  type CredentialKind,
  type Refused,
  type RequestCredentials,
} from "./authenticator.ts";
export { toInsufficientScope } from "./challenge.ts";
export type { ClaimPointer, ClaimRule, ClaimSettings, IdentitySettings, IssuerSettings } from "./identity-settings.ts";
export { METADATA_PATH, type ProtectedResourceMetadata } from "./resource-metadata.ts";
