// The URL of a request, read once: what is decided on and what is dialled are the same parsed object. Text is only looked
// at for what the parser would silently drop or rewrite.
import { isIP } from "node:net";
import { EgressError } from "./egress-error.ts";

export interface Target {
  readonly origin: string;
  readonly secure: boolean;
  /** A name, or an address without its brackets. */
  readonly hostname: string;
  /** Whether `hostname` is an address. */
  readonly isAddress: boolean;
  /** 1 to 65535. */
  readonly port: number;
  /** Path and query, as they are sent. */
  readonly path: string;
  /** Without fragment. */
  readonly url: string;
}

const MAX_CHARACTERS = 16_384;
// The parser drops tabs and line ends, trims blanks, and takes a backslash for a slash: none of it is in an honest URL.
// oxlint-disable-next-line no-control-regex
const REWRITTEN = /[\u0000-\u0020\u007F\\]/;
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i;

/** Reads an absolute `http:` or `https:` URL. Throws REFUSED_URL. */
export function parseTarget(text: string): Target {
  if (typeof text !== "string") throw refuse(`received ${typeof text}, expected text`);
  if (text.length > MAX_CHARACTERS)
    throw refuse(`it has ${text.length} characters, at most ${MAX_CHARACTERS} are taken`);
  if (REWRITTEN.test(text)) throw refuse("it has a blank, a control character or a backslash: encode them");
  const authority = AUTHORITY.exec(text)?.[1];
  if (authority?.includes("@") === true) throw refuse("it has a user or password before its host, which is not taken");
  const url = URL.parse(text);
  if (url === null || authority === undefined)
    throw refuse("expected an absolute URL such as https://api.example.com/v1");
  return toTarget(url);
}

/** Reads where an answer of `from` redirects to. Throws REFUSED_URL. */
export function parseLocation(location: string, from: Target): Target {
  // Resolved first, then read like any other: a relative reference can still change the authority.
  const url = REWRITTEN.test(location) ? null : URL.parse(location, from.url);
  if (url === null) throw refuse("an answer redirects to something that is no URL");
  return parseTarget(url.href);
}

function toTarget(url: URL): Target {
  const { protocol, host } = url;
  if (protocol !== "http:" && protocol !== "https:") {
    throw refuse(`its scheme is ${JSON.stringify(protocol.slice(0, 20))}, expected http: or https:`);
  }
  if (url.username !== "" || url.password !== "") {
    throw refuse("it has a user or password before its host, which is not taken");
  }
  const secure = protocol === "https:";
  const port = url.port === "" ? (secure ? 443 : 80) : Number(url.port);
  if (port < 1 || port > 65_535) throw refuse(`its port is ${port}, expected 1 to 65535`);
  const hostname = url.hostname.startsWith("[") ? url.hostname.slice(1, -1) : url.hostname;
  if (hostname === "" || host.length > 300) throw refuse(`its host has ${host.length} characters, expected 1 to 300`);
  const path = `${url.pathname}${url.search}`;
  return {
    ...{ origin: url.origin, secure, hostname, isAddress: isIP(hostname) !== 0 },
    ...{ port, path, url: `${url.origin}${path}` },
  };
}

function refuse(problem: string): EgressError {
  return new EgressError("REFUSED_URL", `the URL is refused: ${problem}`);
}
