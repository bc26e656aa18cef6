// A JSON document of an issuer, through the guarded way out. A redirect is no document: whoever can redirect would choose the keys.
import { isObject } from "../../kernel/json.ts";
import { parseJson } from "../../kernel/parse-json.ts";
import type { Egress } from "../../net/index.ts";
import type { IssuerSettings } from "./identity-settings.ts";
import { readUtf8 } from "./parse-token.ts";

const TIMEOUT_MS = 5000;
const MAX_BYTES = 262_144;
const MAX_DEPTH = 16;

/** The object at `url`; null when something else is there. Rejects when nothing answers. */
export async function fetchDocument(
  egress: Pick<Egress, "request">,
  { issuer, allowPrivate }: IssuerSettings,
  url: string,
  signal: AbortSignal,
): Promise<Record<string, unknown> | null> {
  const { status, redirected, body } = await egress.request({
    method: "GET",
    url,
    headers: { accept: "application/json" },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    signal,
    allowPrivate,
    pool: { tenant: "", upstream: issuer, credential: "" },
  });
  if (status !== 200 || redirected) return null;
  const text = readUtf8(body);
  if (text === null) return null;
  const parsed = parseJson(text, { maxBytes: MAX_BYTES, maxDepth: MAX_DEPTH });
  return parsed.ok && isObject(parsed.value) ? parsed.value : null;
}
