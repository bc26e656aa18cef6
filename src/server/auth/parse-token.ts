// The form of a signed token (RFC 7515 compact, RFC 7519), read strictly before anything believes it. One token has one spelling:
// decoders that skip blanks, padding or loose bits would take many texts for the same token (RFC 8725, section 3.11).
// INVARIANT: nothing here is verified. `issuer` chooses among configured issuers, `keyId` among their published keys, no more.
import { isObject } from "../../kernel/json.ts";
import { parseJson } from "../../kernel/parse-json.ts";

export interface ParsedToken {
  /** The whole token, as presented. */
  readonly text: string;
  readonly issuer: string;
  readonly algorithm: string;
  /** In lower case, without `application/`; null when the header has none. */
  readonly type: string | null;
  readonly keyId: string | undefined;
  /** Whether extensions of the header must be understood. We understand none. */
  readonly critical: boolean;
  readonly claims: Readonly<Record<string, unknown>>;
}

const MAX_BYTES = 8192;
const FORM = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+){2}$/;
const MAX_DEPTH = 16;
const MAX_KEY_ID = 256;

/** The parts of a token; null when it is none. */
export function parseToken(text: string): ParsedToken | null {
  if (text.length > MAX_BYTES || !FORM.test(text)) return null;
  const [head = "", body = "", signature = ""] = text.split(".");
  const header = readObject(head);
  const claims = readObject(body);
  return header === null || claims === null || decode(signature) === null ? null : toToken(text, header, claims);
}

type Members = Readonly<Record<string, unknown>>;

function toToken(text: string, header: Members, claims: Members): ParsedToken | null {
  const { alg: algorithm, typ: type, kid: keyId } = header;
  const { iss: issuer } = claims;
  if (typeof algorithm !== "string" || typeof issuer !== "string" || !isText(type) || !isText(keyId)) return null;
  return {
    ...{ text, issuer, algorithm, keyId, claims },
    type: type === undefined ? null : toMediaType(type),
    critical: Object.hasOwn(header, "crit") || Object.hasOwn(header, "b64"),
  };
}

/** `typ` as it is compared: media types have no case, and `application/` may be left out (RFC 7515, section 4.1.9). */
export function toMediaType(type: string): string {
  const lower = type.toLowerCase();
  return lower.startsWith("application/") ? lower.slice(12) : lower;
}

function isText(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && value.length <= MAX_KEY_ID);
}

/** The bytes; null when the text is not how they are written. */
function decode(part: string): Buffer | null {
  const bytes = Buffer.from(part, "base64url");
  return bytes.toString("base64url") === part ? bytes : null;
}

function readObject(part: string): Record<string, unknown> | null {
  const bytes = decode(part);
  if (bytes === null) return null;
  const text = readUtf8(bytes);
  if (text === null) return null;
  // Also refuses a member that occurs twice: two readers could each see another one.
  const parsed = parseJson(text, { maxBytes: MAX_BYTES, maxDepth: MAX_DEPTH });
  return parsed.ok && isObject(parsed.value) ? parsed.value : null;
}

/** Text of UTF-8, its byte order mark kept, which no JSON begins with; null for other bytes. */
export function readUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
