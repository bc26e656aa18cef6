// The URL of a tool with places for arguments in its path. Scheme, host and every fixed character are the author's; an
// argument only ever fills a place.
// INVARIANT: whatever the arguments are, a URL that is built keeps origin, fixed segments and number of segments
// ("keeps the origin, the fixed segments and their number" in url.property.test.ts).
import { invariant } from "../../kernel/invariant.ts";
import { quote } from "../../tool/schema/describe-value.ts";

/** A fixed stretch of a segment, as written, or the place of an argument. */
export type SegmentPart = { readonly literal: string } | { readonly place: string };

export interface UrlTemplate {
  /** `https://api.example.org`. */
  readonly origin: string;
  readonly isSecure: boolean;
  readonly isLoopback: boolean;
  readonly segments: readonly (readonly SegmentPart[])[];
  /** Names of the places. */
  readonly places: readonly string[];
  /** Fixed, without its `?`. */
  readonly query: string;
  /** Names in it. */
  readonly queryNames: readonly string[];
}

export type ParsedTemplate =
  | { readonly ok: true; readonly template: UrlTemplate }
  | { readonly ok: false; readonly problems: readonly string[] };

const SHAPE = /^(https?):\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?(#.*)?$/is;
const PLACE = /\{([^{}]*)\}/g;
const PLACE_NAME = /^[A-Za-z0-9_.-]{1,64}$/;
// What a segment may hold as it is (RFC 3986 §3.3), and a query (§3.4).
const PATH_TEXT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[\dA-Fa-f]{2})*$/;
const QUERY_TEXT = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[\dA-Fa-f]{2})*$/;
const DOTS = /^(?:\.|%2e){1,2}$/i;
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Reads a template, or says everything that is wrong with it. */
export function parseUrlTemplate(text: string): ParsedTemplate {
  const match = SHAPE.exec(text);
  if (match === null || text.includes("\\"))
    return refuse([
      "expected an absolute http: or https: URL without backslashes, such as https://api.example.org/v1/orders/{id}",
    ]);
  const [, scheme = "", authority = "", path = "/", query = "", fragment] = match;
  const problems: string[] = [];
  if (fragment !== undefined) problems.push("has a fragment, which is not sent; leave it out");
  const origin = readOrigin(`${scheme}://${authority}`, authority, problems);
  const segments = path.slice(1).split("/").map(toParts);
  segments.forEach((parts, index) => {
    problems.push(...findSegmentProblems(parts, index === segments.length - 1));
  });
  problems.push(...findQueryProblems(query));
  const places = segments.flat().flatMap((part) => ("place" in part ? [part.place] : []));
  const twice = places.find((place, index) => places.indexOf(place) !== index);
  if (twice !== undefined) problems.push(`has the place {${twice}} twice`);
  if (problems.length > 0 || origin === null) return refuse(problems);
  const queryNames = [...new URLSearchParams(query).keys()];
  return { ok: true, template: { ...origin, segments, places, query, queryNames } };
}

function findQueryProblems(query: string): readonly string[] {
  if (/[{}]/.test(query)) return ["has a place in its query; bind the argument with in: query, it is added there"];
  return QUERY_TEXT.test(query) ? [] : ["has a query with a character that has to be percent-encoded"];
}

function refuse(problems: readonly string[]): ParsedTemplate {
  return { ok: false, problems };
}

function readOrigin(
  text: string,
  authority: string,
  problems: string[],
): Pick<UrlTemplate, "origin" | "isSecure" | "isLoopback"> | null {
  if (authority.includes("@"))
    problems.push("has a user or password before its host; write it to auth, as a reference");
  else if (/[{}]/.test(authority))
    problems.push("has a place in its host; arguments never choose whom a tool talks to");
  else {
    const url = URL.parse(`${text}/`);
    if (url !== null && url.hostname !== "" && !/\s/.test(authority))
      return { origin: url.origin, isSecure: url.protocol === "https:", isLoopback: LOOPBACK.test(url.hostname) };
    problems.push(`has the host ${quote(authority)}, which is none`);
  }
  return null;
}

function toParts(segment: string): readonly SegmentPart[] {
  const parts: SegmentPart[] = [];
  let end = 0;
  for (const match of segment.matchAll(PLACE)) {
    if (match.index > end) parts.push({ literal: segment.slice(end, match.index) });
    parts.push({ place: match[1] ?? "" });
    end = match.index + match[0].length;
  }
  if (end < segment.length) parts.push({ literal: segment.slice(end) });
  return parts;
}

function findSegmentProblems(parts: readonly SegmentPart[], isLast: boolean): readonly string[] {
  const problems: string[] = [];
  if (parts.length === 0 && !isLast) problems.push("has an empty segment (//) in its path");
  for (const part of parts) {
    if ("place" in part && !PLACE_NAME.test(part.place))
      problems.push(
        `has the place {${part.place.slice(0, 64)}}, expected a name of 1 to 64 letters, digits, "_", "-" and "."`,
      );
    if ("literal" in part && !PATH_TEXT.test(part.literal))
      problems.push(`has ${quote(part.literal)} in its path, with a character that has to be percent-encoded`);
  }
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && "literal" in only && DOTS.test(only.literal))
    problems.push(`has the segment ${quote(only.literal)}, which a URL resolves; write the path it leads to`);
  return problems;
}

/** The template of a text that was checked. */
export function toTemplate(text: string): UrlTemplate {
  const parsed = parseUrlTemplate(text);
  invariant(parsed.ok, "a URL that was checked is a template");
  return parsed.template;
}
