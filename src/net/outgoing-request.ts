// What is written to the upstream: method, headers and body, checked before anything is resolved or dialled. Header names
// are unique in lower case here, because two spellings of one name are two readings of one request.
import { ACCEPTED_ENCODINGS } from "./body-reader.ts";
import { EgressError } from "./egress-error.ts";
import type { EgressRequest } from "./egress-request.ts";
import { isHopByHop } from "./response-headers.ts";
import type { Target } from "./target.ts";

export interface OutgoingRequest {
  readonly target: Target;
  readonly method: string;
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: Uint8Array | null;
}

const METHOD = /^[A-Z][A-Z0-9-]{0,31}$/;
// A tunnel, and answers that repeat what was sent, credentials included.
const REFUSED_METHODS: ReadonlySet<string> = new Set(["CONNECT", "TRACE", "TRACK"]);
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/;
// One byte per character, no control characters but the tab (RFC 9110 §5.5).
const VALUE = /^[\t\u0020-\u007E\u0080-\u00FF]*$/;
/** What the client itself says of a connection or a message. */
const RESERVED: ReadonlySet<string> = new Set(["host", "content-length", "expect"]);

/** What to write for `request` to `target`. Throws REFUSED_URL, naming the part that may not be sent. */
export function toOutgoing(request: EgressRequest, target: Target): OutgoingRequest {
  const { method, credential } = request;
  if (!METHOD.test(method) || REFUSED_METHODS.has(method)) {
    const received = JSON.stringify(method.slice(0, 32));
    throw refuse(`method: received ${received}, expected one such as GET or POST; CONNECT and TRACE are not sent`);
  }
  const headers = toHeaderMap("headers", request.headers ?? {});
  if (credential !== undefined && credential !== null) {
    const secret = toHeaderMap("credential.headers", credential.headers);
    // Never to any other origin: a server that was configured, imported or redirected to is not whom the secret is for.
    if (toOrigin(credential.origin) === target.origin) for (const [name, value] of secret) headers.set(name, value);
  }
  if (!headers.has("accept-encoding")) headers.set("accept-encoding", ACCEPTED_ENCODINGS);
  return { target, method, headers, body: toBody(request) };
}

function toHeaderMap(where: string, given: Readonly<Record<string, string>>): Map<string, string> {
  const headers = new Map<string, string>();
  for (const [key, value] of Object.entries(given)) {
    if (!NAME.test(key)) throw refuse(`${where}: received a name of ${key.length} characters that is no header's`);
    const name = key.toLowerCase();
    if (isHopByHop(name) || RESERVED.has(name)) {
      throw refuse(`${where}: ${name} concerns the connection and is not taken`);
    }
    if (headers.has(name)) throw refuse(`${where}: ${name} is there twice, once is taken`);
    if (typeof value !== "string" || !VALUE.test(value)) {
      throw refuse(`${where}: the value of ${name} has a line end, a control character or one beyond Latin-1`);
    }
    headers.set(name, value);
  }
  return headers;
}

function toOrigin(text: string): string {
  const origin = URL.parse(text)?.origin ?? "null";
  if (origin === "null") throw refuse("credential.origin: expected an origin such as https://api.example.com");
  return origin;
}

function toBody({ body, method }: EgressRequest): Uint8Array | null {
  if (body === undefined || body === null) return null;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  if (bytes.byteLength === 0) return null;
  if (method !== "GET" && method !== "HEAD") return bytes;
  // Some servers read it and some take it for the next request.
  throw refuse(`body: received ${bytes.byteLength} bytes with ${method}, which has none`);
}

function refuse(problem: string): EgressError {
  return new EgressError("REFUSED_URL", `the request is refused: ${problem}`);
}
