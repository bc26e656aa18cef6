// Who is calling: from the headers of a request to a principal, or to a refusal.
// INVARIANT: whatever goes wrong is a refusal, never the anonymous principal: see `authenticator.faults.test.ts`.
import { createPrincipal, type PrincipalInput } from "../../call/principal.ts";
import type { Clock } from "../../kernel/clock.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import type { KeyAnswer, Keys } from "../../keys/index.ts";
import type { Egress } from "../../net/index.ts";
import type { AcceptedToken } from "./accepted-tokens.ts";
import { toChallenges } from "./challenge.ts";
import { ANONYMOUS } from "./claim-reader.ts";
import type { IdentitySettings } from "./identity-settings.ts";
import { type Credential, readCredential } from "./read-credential.ts";
import { type Refusal, refuse, refuseUnknown } from "./refusal.ts";
import { type ProtectedResourceMetadata, toMetadata, toMetadataUrl } from "./resource-metadata.ts";
import { createTokenVerifier } from "./token-verifier.ts";

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

const MESSAGES = {
  401: "The credentials are missing or not accepted.",
  503: "The credentials cannot be checked now. Try again later.",
} as const;

/** Creates what tells who is calling. Throws a TypeError for settings that cannot be meant. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { keys, identity, publicUrl, egress, clock } = options;
  const metadata = toMetadata(identity, publicUrl);
  const challenges = toChallenges(metadata === null ? null : toMetadataUrl(metadata.resource));
  const tokens = createTokenVerifier({ identity, egress, clock });
  const readKey = createKeyReader();
  let closed = false;

  const toRefused = ({ status, reason }: Refusal, isBearer: boolean): Refused => ({
    ...{ ok: false, status, message: MESSAGES[status], reason },
    challenge: status === 401 ? challenges[isBearer ? "invalid" : "missing"] : null,
  });
  const fault = toRefused(refuseUnknown("fault"), false);

  const identify = (credential: Credential, ip: string): MaybePromise<Authenticated | Refusal> => {
    switch (credential.kind) {
      case "none":
        return identity.anonymous ? toGuest(ip) : refuse("missing");
      case "bad":
        return credential.refusal;
      case "key":
        return keys === null ? refuse("keys_off") : verifyKey(keys, credential.text, ip, readKey);
      case "token":
        return after(tokens.verify(credential.text), (answer) => (answer.ok ? toBearer(answer, ip) : answer));
    }
  };

  return {
    authenticate(credentials) {
      try {
        if (closed) return toRefused(refuseUnknown("closed"), false);
        const credential = readCredential(credentials);
        const isBearer = credential.kind !== "none" && credential.isBearer;
        const answer = after(identify(credential, credentials.ip), (found) =>
          found.ok ? found : toRefused(found, isBearer),
        );
        return isPromiseLike(answer) ? Promise.resolve(answer).catch(() => fault) : answer;
      } catch {
        // Deny, whatever it was (OWASP ASVS 16.5.3): an attacker who can make us stumble is not let in for it.
        return fault;
      }
    },
    metadata: () => metadata,
    close() {
      closed = true;
      tokens.close();
    },
  };
}

type ReadKey = (answer: KeyAnswer, ip: string) => Authenticated | Refusal;

/** From what the keys say to who it is. The same key from the same address is the same object again: nothing about it is checked twice. */
function createKeyReader(): ReadKey {
  const known = new WeakMap<PrincipalInput, Authenticated>();
  return (answer, ip) => {
    if (!answer.ok) return refuse(`key_${answer.reason}`);
    const { principal: given, keyId: id } = answer;
    const before = known.get(given);
    if (before !== undefined && before.principal.ip === ip) return before;
    // Without roles of its own it is left to the registry, which knows the default.
    const principal = given.roles === undefined ? { ...given, ip } : createPrincipal({ ...given, ip });
    const found: Authenticated = { ok: true, principal, kind: "key", id, expiresAt: null };
    known.set(given, found);
    return found;
  };
}

function verifyKey(
  keys: Pick<Keys, "verify">,
  text: string,
  ip: string,
  read: ReadKey,
): MaybePromise<Authenticated | Refusal> {
  try {
    const answer = keys.verify(text);
    return isPromiseLike(answer)
      ? Promise.resolve(answer)
          .then((late) => read(late, ip))
          .catch(() => refuseUnknown("key_store"))
      : read(answer, ip);
  } catch {
    return refuseUnknown("key_store");
  }
}

function toBearer({ principal, issuer, expiresAt }: AcceptedToken, ip: string): Authenticated {
  return { ok: true, principal: { ...principal, ip }, kind: "token", id: issuer, expiresAt };
}

function toGuest(ip: string): Authenticated {
  return { ok: true, principal: { id: ANONYMOUS, roles: ["GUEST"], ip }, kind: "anonymous", id: null, expiresAt: null };
}

/** `toOther` of the value, at once where it is there. */
function after<T, R>(value: MaybePromise<T>, toOther: (value: T) => R): MaybePromise<R> {
  return isPromiseLike(value) ? value.then(toOther) : toOther(value);
}
