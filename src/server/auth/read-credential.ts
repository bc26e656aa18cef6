// What a request presents, by its form alone. More than one credential is refused: a proxy and we might each believe another one.
import { isKeyLike } from "../../keys/key-format.ts";
import type { RequestCredentials } from "./authenticator.ts";
import { type Refusal, refuse } from "./refusal.ts";

export type Credential =
  | { readonly kind: "none" }
  /** `isBearer`: in the Authorization header. */
  | { readonly kind: "key" | "token"; readonly text: string; readonly isBearer: boolean }
  | { readonly kind: "bad"; readonly refusal: Refusal; readonly isBearer: boolean };

// RFC 6750, section 2.1; the scheme has no case (RFC 9110, section 11.1).
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*)$/i;

/** Reads the headers of a request. */
export function readCredential({ authorization, apiKey, inQuery }: RequestCredentials): Credential {
  if (inQuery) return bad(refuse("in_query"), false);
  const [header] = authorization;
  const [key] = apiKey;
  if (authorization.length + apiKey.length > 1) return bad(refuse("several"), false);
  if (header !== undefined) return readBearer(header);
  if (key === undefined) return { kind: "none" };
  return isKeyLike(key) ? { kind: "key", text: key, isBearer: false } : bad(refuse("malformed"), false);
}

/** What is no key is a token, or nothing that its reader takes. */
function readBearer(header: string): Credential {
  const text = BEARER.exec(header)?.[1];
  if (text !== undefined) return { kind: isKeyLike(text) ? "key" : "token", text, isBearer: true };
  return /^bearer /i.test(header) ? bad(refuse("malformed"), true) : bad(refuse("scheme"), false);
}

function bad(refusal: Refusal, isBearer: boolean): Credential {
  return { kind: "bad", refusal, isBearer };
}
