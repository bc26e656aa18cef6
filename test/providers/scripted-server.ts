// A server on the loopback interface that answers by a script, for the doubles of the providers' APIs: it reads requests,
// asks the API's rules, and sends bodies, errors, or streams cut at random places. What an API says is in its own files.
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

export type Json = Readonly<Record<string, unknown>>;

/** An error in the API's form. */
export interface ErrorTurn {
  readonly status: number;
  readonly message?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * How a stream ends half-way: the connection is cut, or closed as if all were well, or nothing more comes, or the API
 * tells of an error inside of the stream.
 */
export type Broken = "cut" | "closed" | "hang" | "error";

export type ScriptedTurn<Reply> = ErrorTurn | (Reply & { readonly broken?: Broken });

export interface ScriptedServer extends AsyncDisposable {
  readonly baseURL: string;
  /** The bodies of all requests, in order. */
  readonly requests: readonly Json[];
  /** The texts of the 400s it gave for breaking a rule. */
  readonly refusals: readonly string[];
}

export interface ScriptedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Json;
  /** Which request it is, from 1. */
  readonly count: number;
}

/** What differs between APIs. One is made for each server: it may remember what it gave. */
export interface ScriptedApi<Reply> {
  /** Keys, versions and addresses: an error, or null. */
  authorize(request: ScriptedRequest): { readonly status: number; readonly message: string } | null;
  /** The text of the 400 for the first rule that the request breaks, or null. */
  check(request: ScriptedRequest): string | null;
  toErrorBody(status: number, message: string): Json;
  isStream(request: ScriptedRequest): boolean;
  toBody(reply: Reply, request: ScriptedRequest): Json;
  /** The frames of a stream; `pieces` cuts a text in parts. */
  toFrames(reply: Reply, request: ScriptedRequest, pieces: (text: string) => readonly string[]): readonly string[];
  /** What stands in a stream that breaks by an error. */
  readonly errorFrame: string;
}

/**
 * Opens a server that answers with `script`, a turn for each request, also for one that is refused; the last one repeats.
 */
export async function openScriptedServer<Reply extends object>(
  api: ScriptedApi<Reply>,
  script: readonly ScriptedTurn<Reply>[],
  seed = 1,
): Promise<ScriptedServer> {
  if (script.length === 0) throw new Error("The script has no turn.");
  const requests: Json[] = [];
  const refusals: string[] = [];
  const random = createRandom(seed);
  const server = createServer((incoming, response) => {
    void respond(incoming, response).catch((error: unknown) => {
      // A mistake of the double: the client must not wait, and the test must fail.
      response.destroy();
      throw error;
    });
  });
  const respond = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(incoming);
    requests.push(body);
    const request: ScriptedRequest = {
      method: incoming.method ?? "",
      url: new URL(incoming.url ?? "", "http://127.0.0.1"),
      headers: incoming.headers,
      body,
      count: requests.length,
    };
    const denial = api.authorize(request);
    if (denial !== null) return sendError(api, response, denial);
    const refusal = api.check(request);
    if (refusal !== null) {
      refusals.push(refusal);
      return sendError(api, response, { status: 400, message: refusal });
    }
    const turn = script[Math.min(request.count, script.length) - 1] as ScriptedTurn<Reply>;
    return await answer(api, response, request, turn, random);
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { baseURL: `http://127.0.0.1:${port}`, requests, refusals, [Symbol.asyncDispose]: () => close(server) };
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

async function answer<Reply extends object>(
  api: ScriptedApi<Reply>,
  response: ServerResponse,
  request: ScriptedRequest,
  turn: ScriptedTurn<Reply>,
  random: () => number,
): Promise<void> {
  if ("status" in turn) return sendError(api, response, turn);
  if (!api.isStream(request)) return send(response, 200, api.toBody(turn, request), {});
  const frames = api.toFrames(turn, request, (text) => cutText(text, random));
  const { broken } = turn;
  const sent = broken === undefined ? frames : frames.slice(0, Math.ceil(frames.length / 2));
  const text = sent.join("") + (broken === "error" ? api.errorFrame : "");
  response.writeHead(200, { "content-type": "text/event-stream" });
  const isWhole = await writePieces(response, Buffer.from(text), random);
  if (!isWhole || broken === "hang") return undefined;
  if (broken === "cut") response.destroy();
  else response.end();
  return undefined;
}

function send(response: ServerResponse, status: number, body: Json, headers: Readonly<Record<string, string>>): void {
  response.writeHead(status, { "content-type": "application/json", "request-id": "req_test", ...headers });
  response.end(JSON.stringify(body));
}

function sendError<Reply>(api: ScriptedApi<Reply>, response: ServerResponse, error: ErrorTurn): void {
  const body = api.toErrorBody(error.status, error.message ?? "The server had an error");
  send(response, error.status, body, error.headers ?? {});
}

/** Writes at random cuts, also within a character; false when the client has gone. */
async function writePieces(response: ServerResponse, bytes: Buffer, random: () => number): Promise<boolean> {
  for (let at = 0; at < bytes.length;) {
    const length = 1 + Math.floor(random() * 60);
    if (response.destroyed) return false;
    response.write(bytes.subarray(at, at + length));
    at += length;
    // A turn of the event loop between writes lets the client see the parts apart.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return true;
}

/** Whole characters: what a provider puts into an event is valid text. */
function cutText(text: string, random: () => number): readonly string[] {
  const characters = Array.from(text);
  const parts: string[] = [];
  for (let at = 0; at < characters.length;) {
    const length = 1 + Math.floor(random() * 6);
    parts.push(characters.slice(at, at + length).join(""));
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

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An array of objects as it is, anything else as none. */
export function toObjects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** Base64 as APIs want it: standard alphabet, padded, not empty. */
export function isBase64(value: unknown): boolean {
  return (
    typeof value === "string" &&
    /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(value) &&
    value !== ""
  );
}
