// Fields that every answer has: nothing here is a page, unless it says so, and nothing is kept by anybody.

export const SECURITY_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
});

export const JSON_TYPE = "application/json; charset=utf-8";
export const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

/** What a page of an allowed origin may read. */
const EXPOSED = "etag, ratelimit, ratelimit-policy, retry-after, x-request-id, deprecation, sunset, location";

export function toCorsHeaders(origin: string): Readonly<Record<string, string>> {
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": EXPOSED,
    "cross-origin-resource-policy": "cross-origin",
    vary: "origin",
  };
}

/** What a browser asks before it asks. No credentials of its own: tokens are given by the page. */
export const PREFLIGHT_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  "access-control-allow-methods": "GET, POST, PUT, DELETE",
  "access-control-allow-headers":
    "authorization, content-type, idempotency-key, if-match, if-none-match, traceparent, x-api-key, x-request-id",
  "access-control-max-age": "600",
});

/** Fields that may come once only: with two, two readers may read different ones. */
const SINGLE_HEADERS: ReadonlySet<string> = new Set([
  ...["accept", "content-length", "content-type", "host", "idempotency-key", "if-match", "if-none-match", "origin"],
  ...["traceparent", "transfer-encoding", "x-request-id"],
]);

/** The first field that came twice and may not; undefined when there is none. */
export function findDoubled(rawHeaders: readonly string[]): string | undefined {
  let seen: Set<string> | null = null;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? "").toLowerCase();
    if (!SINGLE_HEADERS.has(name)) continue;
    seen ??= new Set();
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

/** All lines of a field, as they came. */
export function toLines(rawHeaders: readonly string[], name: string): readonly string[] {
  const lines: string[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2)
    if ((rawHeaders[index] ?? "").toLowerCase() === name) lines.push(rawHeaders[index + 1] ?? "");
  return lines;
}
