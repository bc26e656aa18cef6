// From what a route gives back to what goes over the wire.
import type { FastifyReply, FastifyRequest } from "fastify";
import { toEventStream } from "./event-stream.ts";
import { JSON_TYPE, PROBLEM_TYPE, SECURITY_HEADERS } from "./headers.ts";
import { type Refusal, toLater } from "./problem.ts";
import type { RouteReply } from "./route.ts";

export function sendRefusal(request: FastifyRequest, reply: FastifyReply, { details, headers }: Refusal): FastifyReply {
  const body = JSON.stringify({ ...details, requestId: request.id });
  return reply.code(details.status).headers(headers).type(PROBLEM_TYPE).send(body);
}

export function sendReply(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: RouteReply,
  status: number,
): FastifyReply {
  const { headers, body, text, events, refusal } = answer;
  if (headers !== undefined) reply.headers(headers);
  if (refusal !== undefined) return sendRefusal(request, reply, refusal);
  if (events !== undefined) {
    // Proxies that gather what passes through would keep events back.
    reply.header("x-accel-buffering", "no");
    return reply.code(200).type("text/event-stream; charset=utf-8").send(toEventStream(events));
  }
  if (text === undefined && body === undefined) return reply.code(answer.status ?? status).send();
  if (!reply.hasHeader("content-type")) reply.type(JSON_TYPE);
  return reply.code(answer.status ?? status).send(text ?? JSON.stringify(body));
}

const BUSY = toLater("SERVER_BUSY", "There is more to do than can be done; try again.", 1_000);
const BUSY_TEXT = JSON.stringify(BUSY.details);
const BUSY_HEADERS = Object.freeze({
  ...SECURITY_HEADERS,
  ...BUSY.headers,
  "content-type": PROBLEM_TYPE,
  "content-length": Buffer.byteLength(BUSY_TEXT),
});

/** Turns a request away at the least cost: what is spent on it is missing to those that are let in. */
export function sendBusy(request: FastifyRequest, reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  raw.setHeader("x-request-id", request.id);
  raw.writeHead(BUSY.details.status, BUSY_HEADERS);
  raw.end(BUSY_TEXT);
}
