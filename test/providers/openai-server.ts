// A server on the loopback interface that speaks OpenAI's Chat Completions and Responses, as bodies and as streams cut at
// random places. It is as picky as the real one (`openai-rules.ts`), remembers what it answered as the real one does, and
// otherwise answers by a script.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { toCompletion, toCompletionChunks } from "./openai-api/chat-replies.ts";
import { createMemory, type Memory, remember } from "./openai-api/memory.ts";
import type { ApiProblem } from "./openai-api/problem.ts";
import { toResponse, toResponseEvents } from "./openai-api/responses-replies.ts";
import { checkChatRequest, checkResponsesRequest } from "./openai-rules.ts";
import type { Reply } from "./openai-replies.ts";

type Json = Record<string, unknown>;

export type Turn =
  | Reply
  /** An error in OpenAI's form. */
  | { readonly status: number; readonly message?: string; readonly headers?: Readonly<Record<string, string>> }
  /** The stream ends half-way: the connection is cut, or closed as if all were well. */
  | (Reply & { readonly broken: "cut" | "closed" })
  /** Sends the beginning and then nothing more. */
  | (Reply & { readonly broken: "hang" })
  /** An error event inside of the stream. */
  | (Reply & { readonly broken: "error" });

export interface OpenAiServer extends AsyncDisposable {
  readonly baseURL: string;
  /** The bodies of all requests, in order. */
  readonly requests: readonly Json[];
  /** The texts of the refusals it gave, for what was wrong with a request. */
  readonly refusals: readonly string[];
}

export interface OpenAiServerOptions {
  /** Of the places where streams and texts are cut. @default 1 */
  readonly seed?: number;
  /** Characters of a tool's description in Chat Completions; gateways stop at 1,024. @default any */
  readonly maxDescription?: number;
}

export const API_KEY = "sk-test-0123456789abcdef";

/** What a server is for all of its requests. */
interface Double {
  readonly script: readonly Turn[];
  readonly requests: Json[];
  readonly refusals: string[];
  readonly memory: Memory;
  readonly random: () => number;
  readonly maxDescription: number | null;
}

/** Opens a server that answers with `script`, a turn for each request; the last one repeats. */
export async function openOpenAiServer(
  script: readonly Turn[],
  options: number | OpenAiServerOptions = {},
): Promise<OpenAiServer> {
  const { seed = 1, maxDescription = null } = typeof options === "number" ? { seed: options } : options;
  const double: Double = {
    script,
    requests: [],
    refusals: [],
    memory: createMemory(),
    random: createRandom(seed),
    maxDescription,
  };
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      double.requests.push(body);
      answer(request, response, body, double);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const { requests, refusals } = double;
  return { baseURL: `http://127.0.0.1:${port}/v1`, requests, refusals, [Symbol.asyncDispose]: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function readBody(request: IncomingMessage): Promise<Json> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === "" ? {} : (JSON.parse(text) as Json);
}

function answer(request: IncomingMessage, response: ServerResponse, body: Json, double: Double): void {
  const isChat = request.url === "/v1/chat/completions";
  const key = request.headers.authorization;
  if (key !== `Bearer ${API_KEY}`) {
    const message = `Incorrect API key provided: ${key?.slice(7)}. You can find your API key at …`;
    return sendProblem(response, { message, param: null, code: "invalid_api_key", status: 401 });
  }
  if (!isChat && request.url !== "/v1/responses") {
    return sendProblem(response, { message: `Invalid URL (${request.url})`, param: null, code: null, status: 404 });
  }
  const problem = isChat ? checkChatRequest(body, double) : checkResponsesRequest(body, double.memory);
  if (problem !== null) {
    double.refusals.push(problem.message);
    return sendProblem(response, problem);
  }
  const { script, requests, random } = double;
  const turn = script[Math.min(requests.length, script.length) - 1] ?? {};
  if ("status" in turn) {
    const { status, message = "The server had an error", headers } = turn;
    return sendProblem(response, { message, param: null, code: null, status }, headers);
  }
  return answerBy(turn, response, body, isChat, double, (text) => cutText(text, random));
}

function answerBy(
  turn: Exclude<Turn, { readonly status: number }>,
  response: ServerResponse,
  body: Json,
  isChat: boolean,
  { memory, requests, random }: Double,
  pieces: (text: string) => readonly string[],
): void {
  const id = `${isChat ? "chatcmpl" : "resp"}_${requests.length}`;
  const whole = isChat ? toCompletion(turn, id) : toResponse(turn, id);
  if (!isChat) remember(memory, body, whole);
  if (body["stream"] !== true) return send(response, 200, whole, {});
  const events = isChat ? toCompletionChunks(turn, id, pieces) : toResponseEvents(turn, id, pieces);
  void sendStream(response, events, isChat, random, "broken" in turn ? turn.broken : null);
  return undefined;
}

function send(
  response: ServerResponse,
  status: number,
  body: Readonly<Json>,
  headers: Readonly<Record<string, string>>,
): void {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "req_test", ...headers });
  response.end(JSON.stringify(body));
}

function sendProblem(
  response: ServerResponse,
  { message, param, code, status = 400 }: ApiProblem,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(response, status, { error: { message, type: "invalid_request_error", param, code } }, headers);
}

async function sendStream(
  response: ServerResponse,
  events: readonly Readonly<Json>[],
  isChat: boolean,
  random: () => number,
  broken: "cut" | "closed" | "hang" | "error" | null,
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "x-request-id": "req_test" });
  // Chat has usage and the finish at the end, Responses the whole response: half-way is before them.
  const sent = broken === null ? events : events.slice(0, Math.ceil(events.length / 2));
  let text = sent
    .map((event) => `${isChat ? "" : `event: ${String(event["type"])}\n`}data: ${JSON.stringify(event)}\n\n`)
    .join("");
  if (isChat && broken === null) text += "data: [DONE]\n\n";
  if (broken === "error")
    text += `${isChat ? "" : "event: error\n"}data: ${JSON.stringify({ type: "error", error: { message: "Overloaded, sk-secret-key-1", type: "server_error" }, message: "Overloaded, sk-secret-key-1", code: null, param: null })}\n\n`;
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length;) {
    const length = 1 + Math.floor(random() * 60);
    if (response.destroyed) return;
    response.write(bytes.subarray(at, at + length));
    at += length;
    // A turn of the event loop between writes lets the client see the parts apart.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (broken === "cut") response.destroy();
  else if (broken !== "hang") response.end();
}

function cutText(text: string, random: () => number): readonly string[] {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const length = 1 + Math.floor(random() * 6);
    parts.push(text.slice(at, at + length));
    at += length;
  }
  return parts;
}

/** Repeatable numbers in [0, 1) (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
