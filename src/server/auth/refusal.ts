// Why somebody is refused. The outside is told the status alone; the reason is a word for logs and metrics, from a closed set, and
// never has a byte of what was presented.

/** What the credential is, or what is wrong with it: answered with 401. */
export type BadCredential =
  | "missing"
  | "in_query"
  | "several"
  | "scheme"
  | "malformed"
  | "keys_off"
  | "key_malformed"
  | "key_unknown"
  | "key_expired"
  | "key_revoked"
  | "unknown_issuer"
  | "algorithm"
  | "type"
  | "critical_header"
  | "unknown_signing_key"
  | "weak_signing_key"
  | "signature"
  | "expired"
  | "claims"
  | "claim_principal"
  | "claim_tenant"
  | "claim_roles"
  | "claim_scopes"
  | "claim_rule"
  | "claim_limits";

/** What could not be found out: answered with 503. */
export type Unavailable = "issuer_unreachable" | "key_store" | "fault" | "closed";

/** A refusal before it has its text and its challenge. */
export type Refusal =
  | { readonly ok: false; readonly status: 401; readonly reason: BadCredential }
  | { readonly ok: false; readonly status: 503; readonly reason: Unavailable };

/** The credential is not accepted. */
export function refuse(reason: BadCredential): Refusal {
  return { ok: false, status: 401, reason };
}

/** Whether it is to be accepted could not be found out. */
export function refuseUnknown(reason: Unavailable): Refusal {
  return { ok: false, status: 503, reason };
}
