// Which headers a definition, an argument or a secret may set, and to what. What concerns the connection, who is asking, or
// which resource and method are meant is decided elsewhere and never by a value that a model wrote.
import { toKeySecrecy } from "../../kernel/secret-name.ts";

/** Who sets a header: the definition as it is, an argument, the secret, the idempotency key. */
export type HeaderUse = "fixed" | "argument" | "auth" | "key";

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const VISIBLE = /^[!-~](?:[ -~]*[!-~])?$/;
const MAX_VALUE = 4_096;

const CONNECTION: ReadonlySet<string> = new Set([
  ...["connection", "content-encoding", "content-length", "content-type", "accept-encoding", "expect", "host"],
  ...["keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "http2-settings", "via", "date"],
]);
// Believed by proxies and frameworks: they change who asks, or which path and method are taken.
const STEERING: ReadonlySet<string> = new Set([
  ...["forwarded", "x-real-ip", "x-client-ip", "true-client-ip", "x-original-url", "x-original-uri", "x-rewrite-url"],
  ...["x-http-method", "x-http-method-override", "x-method-override", "x-host", "origin", "referer"],
]);
const CREDENTIAL: ReadonlySet<string> = new Set([
  ...["authorization", "cookie", "set-cookie", "x-api-key", "api-key", "x-auth-token", "x-amz-security-token"],
]);
const PREFIXES = ["proxy-", "sec-", "x-forwarded-"];

/** Why a header of this name may not be set so; null when it may. */
export function findHeaderNameProblem(name: string, use: HeaderUse): string | null {
  if (!NAME.test(name)) return "is no name of a header: 1 to 128 letters, digits and - are";
  const lower = name.toLowerCase();
  if (CONNECTION.has(lower)) return "is reserved: it concerns the connection or the body and is set for you";
  if (PREFIXES.some((prefix) => lower.startsWith(prefix))) return "is reserved: proxies and browsers set it";
  if (use === "argument" && lower === "accept") return "is reserved: what is accepted does not depend on arguments";
  if (use === "auth") return null;
  // What a model wrote must not change what the definition says; the definition itself says it in method and url.
  if (STEERING.has(lower)) return "is reserved: servers take who asks, or which method and path are meant, from it";
  if (CREDENTIAL.has(lower)) return "is reserved: it says who asks; write it to auth, with a reference to the secret";
  return use === "fixed" && toKeySecrecy(name) === "secret"
    ? "sounds like a secret; write it to auth, with a reference to it"
    : null;
}

/** Why a header may not have this value, in words without a character of it; null when it may. */
export function findHeaderValueProblem(value: string, maxLength: number = MAX_VALUE): string | null {
  if (value === "") return "is empty";
  if (value.length > maxLength) return `has ${value.length} characters, at most ${maxLength} are sent in a header`;
  if (VISIBLE.test(value)) return null;
  // CR and LF would begin a header, or a request, of their own.
  return "holds a character that no header is sent with: visible ASCII is, and spaces within it";
}
