// What a request presents, by its form alone. More than one credential is refused: a proxy and we might each believe another one.
import { parseKey } from "../../keys/index.ts";
import type { RequestCredentials } from "./authenticator.ts";
import { type Refusal, refuse } from "./refusal.ts";

export type Credential =
  | { readonly kind: "none" }
  /** `isBearer`: in the Authorization header. */
  | { readonly kind: "key" | "token"; readonly text: string; readonly isBearer: boolean }
  | { readonly kind: "bad"; readonly refusal: Refusal; readonly isBearer: boolean };

const MAX_HEADER = 8300;
// RFC 6750, section 2.1; the scheme has no case (RFC 9110, section 11.1).
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;
const TOKEN = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}$/;

/** Reads the headers of a request. */
export function readCredential({ authorization, apiKey, inQuery }: RequestCredentials): Credential {
  if (inQuery) return bad(refuse("in_query"), false);
  const [header] = authorization;
  const [key] = apiKey;
  if (authorization.length + apiKey.length > 1) return bad(refuse("several"), false);
  if (header !== undefined) return readBearer(header);
  if (key === undefined) return { kind: "none" };
  return parseKey(key) === null ? bad(refuse("malformed"), false) : { kind: "key", text: key, isBearer: false };
}

function readBearer(header: string): Credential {
  if (header.length > MAX_HEADER) return bad(refuse("malformed"), true);
  const text = BEARER.exec(header)?.[1];
  if (text === undefined)
    return /^bearer /i.test(header) ? bad(refuse("malformed"), true) : bad(refuse("scheme"), false);
  if (parseKey(text) !== null) return { kind: "key", text, isBearer: true };
  return TOKEN.test(text) ? { kind: "token", text, isBearer: true } : bad(refuse("malformed"), true);
}

function bad(refusal: Refusal, isBearer: boolean): Credential {
  return { kind: "bad", refusal, isBearer };
}
