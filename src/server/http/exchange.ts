// What is known of one request while it is answered.
import type { FastifyReply, FastifyRequest } from "fastify";
import { readTraceContext, type TraceContext, toTraceResponse } from "./trace-context.ts";
import type { Caller, RequestHeaders, RouteRequest } from "./route.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** null: nobody was asked for, or nobody is known. */
    caller: Caller | null;
    trace: TraceContext | null;
  }
}

/** Aborts of requests that are under way, for when the server's time is over. */
export type Running = Set<AbortController>;

/** A request as a route sees it. */
export class Exchange implements RouteRequest<unknown, unknown, unknown> {
  readonly id: string;
  readonly caller: Caller | null;
  readonly headers: RequestHeaders;
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly text: string | undefined;
  readonly #reply: FastifyReply;
  readonly #running: Running;
  #controller: AbortController | null = null;

  constructor(
    request: FastifyRequest,
    reply: FastifyReply,
    running: Running,
    read: Pick<RouteRequest<unknown, unknown, unknown>, "params" | "query" | "body" | "text">,
  ) {
    this.id = request.id;
    this.caller = request.caller;
    this.headers = request.headers;
    this.params = read.params;
    this.query = read.query;
    this.body = read.body;
    this.text = read.text;
    this.#reply = reply;
    this.#running = running;
  }

  get signal(): AbortSignal {
    if (this.#controller !== null) return this.#controller.signal;
    const controller = new AbortController();
    this.#controller = controller;
    this.#running.add(controller);
    const { raw } = this.#reply;
    raw.once("close", () => {
      this.#running.delete(controller);
      // An answer that was written whole was not given up by its client.
      if (!raw.writableFinished) controller.abort(new DOMException("The client went away.", "AbortError"));
    });
    return controller.signal;
  }
}

/** The fields that tell an answer from others. */
export function markReply(request: FastifyRequest, reply: FastifyReply): void {
  reply.header("x-request-id", request.id);
  const trace = readTraceContext(request.headers.traceparent);
  request.trace = trace;
  if (trace !== null) reply.header("traceresponse", toTraceResponse(trace));
}
