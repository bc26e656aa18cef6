// One listener: Fastify with the limits, and the routes that belong to it.
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from "fastify";
import type { IdSource } from "../../kernel/ids.ts";
import type { ServerSettings } from "../config/index.ts";
import { SECURITY_HEADERS } from "./headers.ts";
import type { HttpCode } from "./http-codes.ts";
import { answerPreflight, createGuard } from "./guard.ts";
import { type MountParts, mountRoute } from "./mount.ts";
import { type Refusal, toRefusal, toThrownRefusal } from "./problem.ts";
import type { Method, Route } from "./route.ts";
import { sendRefusal } from "./send.ts";

/** A listener, as the rest of the server holds it. */
export type HttpServer = FastifyInstance;

export interface ListenerOptions<Parts> extends MountParts<Parts> {
  readonly settings: ServerSettings;
  readonly routes: readonly Route<Parts>[];
  readonly ids: IdSource;
}

/** An id of the client's own, so that both find the request in their logs. */
const REQUEST_ID = /^[A-Za-z0-9._-]{1,128}$/;
const MAX_PARAM_LENGTH = 400;

/** Creates it; nothing listens yet. */
export function createListener<Parts>(options: ListenerOptions<Parts>): FastifyInstance {
  const { settings, routes, ids, guard } = options;
  const server = fastify({
    ...toLimits(settings),
    logger: false,
    exposeHeadRoutes: false,
    // While it drains it answers what has come in; `drain.ts` ends it.
    return503OnClosing: false,
    forceCloseConnections: false,
    genReqId(raw) {
      const given = raw.headers["x-request-id"];
      return typeof given === "string" && REQUEST_ID.test(given) ? given : ids();
    },
    frameworkErrors(error, request, reply) {
      reply.headers(SECURITY_HEADERS);
      sendRefusal(request as FastifyRequest, reply as FastifyReply, toFrameworkRefusal(error, settings));
    },
    clientErrorHandler: answerMalformed,
  });
  server.decorateRequest("caller", null);
  server.decorateRequest("trace", null);
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
  server.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = toFrameworkRefusal(error, settings);
    if (refusal.details.status >= 500) options.onFault(request, error);
    reply.headers(SECURITY_HEADERS);
    return sendRefusal(request, reply, refusal);
  });
  for (const route of routes) mountRoute(server, route, options);
  server.options("/*", (request, reply) => answerPreflight(guard.hosts(), request, reply));
  mountMissing(server, options, routes);
  // Node answers expectations that it does not know by itself, with 417 and none of our fields; they may as well be ignored (RFC
  // 9110, 10.1.1), and then the request goes through the guard like every other.
  server.server.on("checkExpectation", (request, response) => server.server.emit("request", request, response));
  return server;
}

function toLimits(settings: ServerSettings): object {
  return {
    bodyLimit: settings.bodyBytes,
    requestTimeout: settings.requestTimeoutMs,
    keepAliveTimeout: settings.keepAliveTimeoutMs,
    http: {
      maxHeaderSize: settings.headerBytes,
      headersTimeout: Math.min(settings.headersTimeoutMs, settings.requestTimeoutMs),
      // How often the two are looked after.
      connectionsCheckingInterval: Math.min(1_000, settings.headersTimeoutMs),
      // Two of them are an attack or a mistake.
      joinDuplicateHeaders: false,
      requireHostHeader: true,
    },
    trustProxy: settings.trustedProxies.length === 0 ? false : [...settings.trustedProxies],
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH, ignoreTrailingSlash: false, caseSensitive: true },
  };
}

/** What there is no route for: the same as any route would say to somebody who may not know, and then what the path takes. */
function mountMissing<Parts>(
  server: FastifyInstance,
  { guard }: ListenerOptions<Parts>,
  routes: readonly Route<Parts>[],
): void {
  const surface = createGuard(guard, { access: "public", always: false, takesBody: true });
  const known = routes.map(({ method, path }) => ({ method, pattern: toPattern(path) }));
  server.setNotFoundHandler({ preHandler: surface }, (request, reply) => {
    const path = request.url.split("?", 1)[0] ?? "/";
    const methods = [...new Set(known.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))];
    return sendRefusal(request, reply, toMissing(request.method, methods));
  });
}

function toMissing(method: string, methods: readonly Method[]): Refusal {
  if (methods.length === 0)
    return toRefusal("NOT_FOUND", "There is nothing here; GET /openapi.json lists what there is.");
  const allow = methods.join(", ");
  return toRefusal("METHOD_NOT_ALLOWED", `received ${method.slice(0, 20)}, expected ${allow}`, {}, { allow });
}

function toPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+")}$`);
}

/** By Fastify's codes, which are its promise. */
const FRAMEWORK: Readonly<Record<string, HttpCode>> = {
  FST_ERR_BAD_URL: "INVALID_URL",
  FST_ERR_MAX_PARAM_LENGTH: "INVALID_URL",
  FST_ERR_PARAM_LENGTH: "INVALID_URL",
  FST_ERR_CTP_BODY_TOO_LARGE: "BODY_TOO_LARGE",
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "UNSUPPORTED_MEDIA_TYPE",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "INVALID_REQUEST",
  FST_ERR_CTP_EMPTY_JSON_BODY: "INVALID_REQUEST",
};

function toFrameworkRefusal(error: FastifyError, { bodyBytes }: ServerSettings): Refusal {
  const code = FRAMEWORK[error.code];
  if (code === "BODY_TOO_LARGE")
    return toRefusal(code, `body: expected at most ${bodyBytes} bytes`, {}, { connection: "close" });
  if (code === "INVALID_URL")
    return toRefusal(code, "The path has a part that is too long, or an escape that is none.");
  if (code !== undefined) return toRefusal(code, "body: is not as its headers say");
  // The client went away while it sent, or lied about the length.
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return toRefusal("INVALID_REQUEST", "The request cannot be read.");
  return toThrownRefusal(error);
}

/** Of Node, by way of Fastify: nobody here connects to anything. */
type ClientSocket = Parameters<NonNullable<FastifyServerOptions["clientErrorHandler"]>>[1];

const MALFORMED: Readonly<Record<string, readonly [HttpCode, number, string]>> = {
  HPE_HEADER_OVERFLOW: ["HEADERS_TOO_LARGE", 431, "Request Header Fields Too Large"],
  ERR_HTTP_REQUEST_TIMEOUT: ["REQUEST_TIMEOUT", 408, "Request Timeout"],
};

/** What is no HTTP gets one answer and no second chance. */
function answerMalformed(error: Error & { readonly code: string }, socket: ClientSocket): void {
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const [code, status, reason] = MALFORMED[error.code] ?? (["INVALID_REQUEST", 400, "Bad Request"] as const);
  const body = JSON.stringify(toRefusal(code, "The request is no HTTP/1.1 that can be read.").details);
  const head = `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/problem+json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + body);
}
