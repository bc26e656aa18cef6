// A server on the loopback interface that speaks OpenAI's Chat Completions and Responses, as bodies and as streams cut at
// random places. It is as picky as the real one (`openai-rules.ts`) and otherwise answers by a script.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { checkChatRequest, checkResponsesRequest } from "./openai-rules.ts";
import { type Reply, toCompletion, toCompletionChunks, toResponse, toResponseEvents } from "./openai-replies.ts";

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
  /** The texts of the 400s it gave. */
  readonly refusals: readonly string[];
}

export const API_KEY = "sk-test-0123456789abcdef";

/** Opens a server that answers with `script`, a turn for each request; the last one repeats. */
export async function openOpenAiServer(script: readonly Turn[], seed = 1): Promise<OpenAiServer> {
  const requests: Json[] = [];
  const refusals: string[] = [];
  const random = createRandom(seed);
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      requests.push(body);
      answer(
        request,
        response,
        body,
        script[Math.min(requests.length, script.length) - 1] ?? {},
        requests.length,
        random,
        refusals,
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { baseURL: `http://127.0.0.1:${port}/v1`, requests, refusals, [Symbol.asyncDispose]: () => close(server) };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function readBody(request: IncomingMessage): Promise<Json> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return JSON.parse(text) as Json;
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: Json,
  turn: Turn,
  count: number,
  random: () => number,
  refusals: string[],
): void {
  const isChat = request.url === "/v1/chat/completions";
  if (request.headers.authorization !== `Bearer ${API_KEY}`) {
    sendError(
      response,
      401,
      `Incorrect API key provided: ${request.headers.authorization?.slice(7)}. You can find your API key at …`,
      {},
    );
    return;
  }
  if (!isChat && request.url !== "/v1/responses") {
    sendError(response, 404, `Invalid URL (${request.url})`, {});
    return;
  }
  const refusal = isChat ? checkChatRequest(body) : checkResponsesRequest(body);
  if (refusal !== null) {
    refusals.push(refusal);
    sendError(response, 400, refusal, {});
    return;
  }
  if ("status" in turn) {
    sendError(response, turn.status, turn.message ?? "The server had an error", turn.headers ?? {});
    return;
  }
  const id = `${isChat ? "chatcmpl" : "resp"}_${count}`;
  const pieces = (text: string): readonly string[] => cutText(text, random);
  if (body["stream"] === true) {
    const events = isChat ? toCompletionChunks(turn, id, pieces) : toResponseEvents(turn, id, pieces);
    void sendStream(response, events, isChat, random, "broken" in turn ? turn.broken : null);
  } else {
    send(response, 200, isChat ? toCompletion(turn, id) : toResponse(turn, id), {});
  }
}

function send(response: ServerResponse, status: number, body: Json, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { "content-type": "application/json", "x-request-id": "req_test", ...headers });
  response.end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>>,
): void {
  send(response, status, { error: { message, type: "invalid_request_error", param: null, code: null } }, headers);
}

async function sendStream(
  response: ServerResponse,
  events: readonly Json[],
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
