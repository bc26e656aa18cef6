// Puts a route on the server: what it takes is read and checked here, what it throws becomes a refusal.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Problem } from "../../errors/toolyard-error.ts";
import { isPromiseLike, type MaybePromise } from "../../kernel/maybe-promise.ts";
import { toProblems } from "../problems/index.ts";
import { Exchange, type Running } from "./exchange.ts";
import { createGuard, type GuardParts } from "./guard.ts";
import { toRefusal, toThrownRefusal } from "./problem.ts";
import { findTooDeep, readJson, readText } from "./read-body.ts";
import type { Route, RouteReply } from "./route.ts";
import { sendReply } from "./send.ts";

export interface MountParts<Parts> {
  readonly guard: GuardParts;
  readonly parts: Parts;
  readonly running: Running;
  readonly limits: { readonly bytes: number; readonly depth: number };
  /** Told of what nobody planned for. */
  readonly onFault: (request: FastifyRequest, error: unknown) => void;
}

export function mountRoute<Parts>(server: FastifyInstance, route: Route<Parts>, mount: MountParts<Parts>): void {
  const { access, always, body } = route;
  server.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ":$1"),
    onRequest: createGuard(mount.guard, { access, always, takesBody: body !== null }),
    handler(request, reply) {
      const answer = handle(route, mount, request, reply);
      if (!isPromiseLike(answer)) return sendReply(request, reply, answer, route.status);
      return Promise.resolve(answer).then((late) => sendReply(request, reply, late, route.status));
    },
  });
}

function handle<Parts>(
  route: Route<Parts>,
  mount: MountParts<Parts>,
  request: FastifyRequest,
  reply: FastifyReply,
): MaybePromise<RouteReply> {
  const fail = (error: unknown): RouteReply => {
    const refusal = toThrownRefusal(error);
    if (refusal.details.status >= 500) mount.onFault(request, error);
    return { refusal };
  };
  try {
    const read = readRequest(route, mount, request);
    if ("refusal" in read) return read;
    const exchange = new Exchange(request, reply, mount.running, read);
    const answer = route.handle(exchange as never, mount.parts);
    return isPromiseLike(answer) ? Promise.resolve(answer).catch(fail) : answer;
  } catch (error) {
    return fail(error);
  }
}

type Read = Pick<Exchange, "params" | "query" | "body" | "text">;

function readRequest<Parts>(
  route: Route<Parts>,
  { limits }: MountParts<Parts>,
  request: FastifyRequest,
): Read | Required<Pick<RouteReply, "refusal">> {
  const params = route.params.safeParse(request.params);
  const query = isEmpty(request.query) ? toDefaults(route) : route.query.safeParse(request.query);
  if (!params.success || !query.success) {
    const problems = [
      ...(params.success ? [] : toProblems(params.error, route.params, request.params, "path")),
      ...(query.success ? [] : toProblems(query.error, route.query, request.query, "query")),
    ];
    return refuse(problems);
  }
  const read = { params: params.data, query: query.data };
  if (route.body === null) return { ...read, body: undefined, text: undefined };
  const body = request.body instanceof Buffer ? readText(request.body) : ({ ok: true, text: "" } as const);
  if (!body.ok) return { refusal: toRefusal(body.code, body.detail) };
  const { text } = body;
  if (route.body === "raw") return readRaw(text, limits.depth, read);
  const json = text === "" ? ({ ok: true, value: {} } as const) : readJson(text, limits);
  if (!json.ok) return { refusal: toRefusal(json.code, json.detail) };
  return readChecked(route.body, json.value, { ...read, text });
}

/** What each route takes a query for that says nothing: most do not. */
const defaults = new WeakMap<Route<never>, z.ZodSafeParseResult<unknown>>();

function toDefaults<Parts>(route: Route<Parts>): z.ZodSafeParseResult<unknown> {
  const name = route as unknown as Route<never>;
  const known = defaults.get(name) ?? route.query.safeParse({});
  defaults.set(name, known);
  return known;
}

function isEmpty(query: unknown): boolean {
  return typeof query === "object" && query !== null && Object.keys(query).length === 0;
}

function readRaw(
  text: string,
  depth: number,
  read: Pick<Read, "params" | "query">,
): Read | Required<Pick<RouteReply, "refusal">> {
  const tooDeep = findTooDeep(text, depth);
  return tooDeep === null ? { ...read, body: undefined, text } : { refusal: toRefusal("INVALID_JSON", tooDeep) };
}

function readChecked(
  schema: z.ZodType,
  value: unknown,
  read: Omit<Read, "body">,
): Read | Required<Pick<RouteReply, "refusal">> {
  const checked = schema.safeParse(value);
  return checked.success ? { ...read, body: checked.data } : refuse(toProblems(checked.error, schema, value, "body"));
}

function refuse(problems: readonly Problem[]): Required<Pick<RouteReply, "refusal">> {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const detail = first === undefined ? "It is not accepted." : `${first.path}: ${first.message}${more}`;
  return { refusal: toRefusal("INVALID_REQUEST", detail, { problems }) };
}
