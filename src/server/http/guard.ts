// What every request goes through before its route, in the order of what it costs and what it keeps out. Each line can only refuse.
import type { FastifyReply, FastifyRequest } from "fastify";
import { isPromiseLike } from "../../kernel/maybe-promise.ts";
import type { Authenticated, Authentication, Authenticator } from "../auth/index.ts";
import { markReply } from "./exchange.ts";
import { findDoubled, PREFLIGHT_HEADERS, SECURITY_HEADERS, toCorsHeaders, toLines } from "./headers.ts";
import type { Hosts } from "./hosts.ts";
import type { IpLimit } from "./ip-limit.ts";
import { type Refusal, toLater, toRefusal } from "./problem.ts";
import { isJsonType } from "./read-body.ts";
import type { Access, Caller } from "./route.ts";
import { sendBusy, sendRefusal } from "./send.ts";
import type { Shedder } from "./shedder.ts";

/** What the guard asks; it may be another one at every request, after a reload. */
export interface GuardParts {
  readonly hosts: () => Hosts;
  readonly shedder: Shedder;
  readonly ipLimit: () => IpLimit | null;
  /** Requests of one credential in a time. */
  readonly keyLimit: () => IpLimit | null;
  readonly authenticator: () => Pick<Authenticator, "authenticate">;
  readonly isAdmin: (principal: Caller["principal"]) => boolean;
  /** Told why somebody was refused; what is answered says nothing of it. */
  readonly onRefused: (request: FastifyRequest, reason: string) => void;
  readonly isDraining: () => boolean;
}

export interface RouteGuard {
  readonly access: Access;
  readonly always: boolean;
  readonly takesBody: boolean;
}

/** Lets a request on, or answers it. */
export type Guard = (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;

const OPERATOR_TENANT = "default";

export function createGuard(parts: GuardParts, route: RouteGuard): Guard {
  return (request, reply, done) => {
    // Whoever looks after the process is always answered.
    if (!route.always && !parts.shedder.admit()) {
      sendBusy(request, reply);
      return;
    }
    reply.headers(SECURITY_HEADERS);
    markReply(request, reply);
    if (parts.isDraining()) reply.header("connection", "close");
    const refused = checkSurface(parts, route, request, reply);
    if (refused !== null) {
      sendRefusal(request, reply, refused);
      return;
    }
    if (route.access === "public") {
      done();
      return;
    }
    const go = (answer: Authentication): void => {
      const denied = admit(parts, route.access, request, reply, answer);
      if (denied === null) done();
      else sendRefusal(request, reply, denied);
    };
    const answer = parts.authenticator().authenticate({
      authorization: toLines(request.raw.rawHeaders, "authorization"),
      apiKey: toLines(request.raw.rawHeaders, "x-api-key"),
      ip: request.ip,
      inQuery: hasTokenInQuery(request.query),
    });
    // The authenticator never rejects; should it, Fastify answers 500 and the route is not reached.
    if (isPromiseLike(answer)) void Promise.resolve(answer).then(go, () => go(UNKNOWN));
    else go(answer);
  };
}

const UNKNOWN: Authentication = {
  ok: false,
  status: 503,
  message: "The credentials cannot be checked now.",
  challenge: null,
  reason: "fault",
};

/** What can be told from the head of the request alone. */
function checkSurface(
  parts: GuardParts,
  route: RouteGuard,
  request: FastifyRequest,
  reply: FastifyReply,
): Refusal | null {
  // Whoever looks after the process asks by its address.
  if (route.always) return null;
  const wait = parts.ipLimit()?.take(request.ip) ?? 0;
  if (wait > 0) return toLater("RATE_LIMITED", "Too many requests come from this address.", wait);
  return checkOrigin(parts.hosts(), request, reply) ?? checkHead(route, request);
}

function checkOrigin(hosts: Hosts, request: FastifyRequest, reply: FastifyReply): Refusal | null {
  const { host, origin } = request.headers;
  if (!hosts.isHost(host)) {
    const received = host === undefined ? "no host" : JSON.stringify(host.slice(0, 80));
    return toRefusal(
      "HOST_REFUSED",
      `Host: received ${received}, expected a name of this server; server.allowedHosts adds names`,
    );
  }
  const from = hosts.originOf(origin);
  if (from === "refused")
    return toRefusal("ORIGIN_REFUSED", "Origin: pages of other servers are refused; server.corsOrigins adds origins");
  if (from === "allowed" && origin !== undefined) reply.headers(toCorsHeaders(origin));
  return null;
}

function checkHead(route: RouteGuard, request: FastifyRequest): Refusal | null {
  const doubled = findDoubled(request.raw.rawHeaders);
  if (doubled !== undefined) return toRefusal("INVALID_REQUEST", `${doubled}: came twice, expected once`);
  const { headers } = request;
  const hasBody = (headers["content-length"] ?? "0") !== "0" || headers["transfer-encoding"] !== undefined;
  if (!hasBody) return null;
  if (!route.takesBody) return toRefusal("INVALID_REQUEST", "body: none is expected here");
  if (headers["content-encoding"] !== undefined)
    return toRefusal("UNSUPPORTED_MEDIA_TYPE", "Content-Encoding: expected none");
  if (isJsonType(headers["content-type"])) return null;
  const received =
    headers["content-type"] === undefined ? "none" : JSON.stringify(headers["content-type"].slice(0, 80));
  return toRefusal("UNSUPPORTED_MEDIA_TYPE", `Content-Type: received ${received}, expected application/json`);
}

/** Whether who it is may come in here. */
function admit(
  parts: GuardParts,
  access: Access,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Authentication,
): Refusal | null {
  if (!answer.ok) {
    parts.onRefused(request, answer.reason);
    if (answer.challenge !== null) reply.header("www-authenticate", answer.challenge);
    if (answer.status === 401) return toRefusal("UNAUTHENTICATED", answer.message);
    return toLater("AUTH_UNAVAILABLE", answer.message, 1_000);
  }
  const caller = toCaller(parts, access, answer);
  const wait = parts.keyLimit()?.take(toCredentialName(caller)) ?? 0;
  if (wait > 0) return toLater("RATE_LIMITED", "Too many requests come with this credential.", wait);
  request.caller = caller;
  if (access === "caller" || caller.isOperator || (access === "admin" && caller.isAdmin)) return null;
  parts.onRefused(request, "role");
  return toRefusal("FORBIDDEN", access === "admin" ? NEEDS_ADMIN : NEEDS_OPERATOR);
}

const NEEDS_ADMIN = "This needs the role ADMIN.";
const NEEDS_OPERATOR = "This needs the role ADMIN in the tenant default.";

/** Callers by what they were found to be. */
const callers = new WeakMap<Authenticated, Caller>();

function toCaller(parts: GuardParts, access: Access, found: Authenticated): Caller {
  const { kind, id, principal: given } = found;
  const known = callers.get(found);
  const principal =
    known?.principal ?? (given.tenant === undefined ? { ...given, tenant: OPERATOR_TENANT } : (given as Tenanted));
  if (access !== "caller") {
    // Asked each time: roles change.
    const isAdmin = safely(() => parts.isAdmin(principal));
    const isOperator = isAdmin && principal.tenant === OPERATOR_TENANT;
    return { principal, kind, credential: id, isAdmin, isOperator };
  }
  const caller = known ?? { principal, kind, credential: id, isAdmin: false, isOperator: false };
  if (known === undefined) callers.set(found, caller);
  return caller;
}

type Tenanted = Caller["principal"];

function toCredentialName({ kind, credential, principal }: Caller): string {
  return `${kind}\0${principal.tenant}\0${credential ?? ""}\0${principal.id}`;
}

/** A principal that cannot be one has no role. */
function safely(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}

function hasTokenInQuery(query: unknown): boolean {
  if (typeof query !== "object" || query === null) return false;
  for (const name in query) if (TOKEN_NAMES.has(name.toLowerCase())) return true;
  return false;
}

const TOKEN_NAMES: ReadonlySet<string> = new Set([
  "access_token",
  "api_key",
  "apikey",
  "token",
  "key",
  "authorization",
]);

/** Answers the question a browser asks before a request of another origin. */
export function answerPreflight(hosts: Hosts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers(SECURITY_HEADERS);
  const { origin } = request.headers;
  if (!hosts.isHost(request.headers.host))
    return sendRefusal(request, reply, toRefusal("HOST_REFUSED", "Host: expected a name of this server"));
  if (origin === undefined || hosts.originOf(origin) !== "allowed")
    return sendRefusal(
      request,
      reply,
      toRefusal("ORIGIN_REFUSED", "Origin: pages of other servers are refused; server.corsOrigins adds origins"),
    );
  return reply.code(204).headers(toCorsHeaders(origin)).headers(PREFLIGHT_HEADERS).send();
}
