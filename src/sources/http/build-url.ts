// From a template and arguments to a URL. Every argument is encoded by itself, for the component it stands in, and what
// some server would read as a step out of the path is refused, because encoding does not stop one that decodes twice.
import { invariant } from "../../kernel/invariant.ts";
import type { UrlTemplate, SegmentPart } from "./url-template.ts";

/** Characters of a URL; proxies and servers commonly end at 8 KiB. */
export const MAX_URL_LENGTH = 8_192;

// encodeURIComponent leaves these; RFC 3986 reserves all but "!" is of no use in a value either.
const LEFT = /[!'()*]/g;
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u001F\u007F-\u009F]/;
const ENCODED_DOT = /%(?:25)*2e/gi;
const ENCODED_SLASH = /%(?:25)*(?:2f|5c)/gi;

/** `text` with everything encoded that is not unreserved (RFC 3986 §2.3). Throws URIError for half of a surrogate pair. */
export function encodeComponent(text: string): string {
  return encodeURIComponent(text).replaceAll(LEFT, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Why `text` cannot stand in a URL at all; null when it can. */
export function findTextProblem(text: string): string | null {
  return text.isWellFormed() ? null : "holds half of a surrogate pair, which is no text";
}

/** Why the arguments cannot fill this segment; null when they can. */
export function findSegmentProblem(parts: readonly SegmentPart[], valueOf: (place: string) => string): string | null {
  const text = parts.map((part) => ("literal" in part ? part.literal : valueOf(part.place))).join("");
  const given = parts.map((part) => ("literal" in part ? "" : valueOf(part.place))).join("");
  if (text === "") return "is empty, and would leave out a part of the path";
  if (findTextProblem(given) !== null) return findTextProblem(given);
  if (CONTROL.test(given)) return "holds a control character, which no path has";
  return hasStep(text) ? 'is, or holds between slashes, "." or "..", a step to another path' : null;
}

/** `.` or `..` between slashes of either kind, or before a `;`, however often they are encoded. */
function hasStep(text: string): boolean {
  const decoded = text.replaceAll(ENCODED_DOT, ".").replaceAll(ENCODED_SLASH, "/");
  return decoded.split(/[/\\;]/).some((step) => /^\s*\.{1,2}\s*$/.test(step));
}

/**
 * The URL of `template` with `valueOf` each place and `query` after the fixed one. Segments were found to be without a
 * problem before; null when the URL is longer than `MAX_URL_LENGTH`.
 */
export function buildUrl(
  template: UrlTemplate,
  valueOf: (place: string) => string,
  query: readonly (readonly [string, string])[],
): string | null {
  const encode = (part: SegmentPart): string =>
    "literal" in part ? part.literal : encodeComponent(valueOf(part.place));
  const path = `/${template.segments.map((parts) => parts.map(encode).join("")).join("/")}`;
  const pairs = query.map(([name, value]) => `${encodeComponent(name)}=${value}`);
  const whole = [...(template.query === "" ? [] : [template.query]), ...pairs].join("&");
  const url = `${template.origin}${path}${whole === "" ? "" : `?${whole}`}`;
  if (url.length > MAX_URL_LENGTH) return null;
  // What an attacker would otherwise get from a case nobody thought of: the credentials of the tool, at another address.
  const parsed = new URL(url);
  invariant(parsed.origin === template.origin && parsed.pathname === path, "an argument has moved the URL of a tool");
  return url;
}
