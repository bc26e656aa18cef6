// Entity tags of what is read: strong ones, over the text.
import { createHash } from "node:crypto";
import type { RouteReply, RouteRequest } from "../http/index.ts";

/** The text with its tag, or 304 when the client has it already. */
export function withEtag(
  text: string,
  { headers }: Pick<RouteRequest<unknown, unknown, unknown>, "headers">,
  more: Readonly<Record<string, string>> = {},
): RouteReply {
  const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
  // Whoever keeps it asks again each time: what a caller may see can change at any moment.
  const fields = { etag, "cache-control": "private, no-cache", vary: "authorization, x-api-key", ...more };
  if (isKnown(headers["if-none-match"], etag)) return { status: 304, headers: fields };
  return { text, headers: fields };
}

function isKnown(given: string | undefined, etag: string): boolean {
  if (given === undefined) return false;
  return given === "*" || given.split(",", 32).some((tag) => tag.trim().replace(/^W\//, "") === etag);
}
