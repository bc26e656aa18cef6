// Whose tokens are believed, and what their claims mean: what the configuration makes of itself, by the names used here.
export type {
  ClaimRuleSettings as ClaimRule,
  ClaimsSettings as ClaimSettings,
  IdentitySettings,
  IssuerSettings,
} from "../config/index.ts";

/** A JSON Pointer (RFC 6901) into the claims of a token, such as `/realm_access/roles`. */
export type ClaimPointer = string;
