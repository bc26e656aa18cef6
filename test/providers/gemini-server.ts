// A server on the loopback interface that speaks Gemini's generateContent, as responses and as streams cut at random
// places. It is as picky as the real one (`gemini-rules.ts`) and otherwise answers by a script.
import { type GeminiReply, toGenerated, toGeneratedChunks } from "./gemini-replies.ts";
import { checkGenerateRequest, type GivenParts } from "./gemini-rules.ts";
import {
  openScriptedServer,
  type Json,
  type ScriptedApi,
  type ScriptedRequest,
  type ScriptedServer,
  type ScriptedTurn,
} from "./scripted-server.ts";

export type GeminiTurn = ScriptedTurn<GeminiReply>;

export const API_KEY = "AIza-test-0123456789abcdef";

const PATH = /^\/v1(?:beta)?\/models\/([^/:]+):(generateContent|streamGenerateContent)$/;

const STATUSES: ReadonlyMap<number, string> = new Map([
  [400, "INVALID_ARGUMENT"],
  [403, "PERMISSION_DENIED"],
  [404, "NOT_FOUND"],
  [429, "RESOURCE_EXHAUSTED"],
  [503, "UNAVAILABLE"],
  [504, "DEADLINE_EXCEEDED"],
]);

/** Opens a server that answers with `script`, a turn for each request; the last one repeats. */
export function openGeminiServer(script: readonly GeminiTurn[], seed = 1): Promise<ScriptedServer> {
  return openScriptedServer(createApi(), script, seed);
}

function createApi(): ScriptedApi<GeminiReply> {
  const given: GivenParts[] = [];
  const toId = (request: ScriptedRequest): string => `response_${request.count}`;
  return {
    authorize,
    check: (request) => checkGenerateRequest(request.body, toModel(request), given),
    toErrorBody,
    isStream: ({ url }) => url.pathname.endsWith(":streamGenerateContent"),
    toBody: (reply, request) => {
      given.push((reply.parts ?? []) as GivenParts);
      return toGenerated(reply, toId(request), toModel(request));
    },
    toFrames: (reply, request, pieces) => {
      given.push((reply.parts ?? []) as GivenParts);
      return toGeneratedChunks(reply, toId(request), toModel(request), pieces).map(toFrame);
    },
    errorFrame: toFrame(toErrorBody(503, "The model is overloaded, AIza-secret-key-1")),
  };
}

function toModel({ url }: ScriptedRequest): string {
  return PATH.exec(url.pathname)?.[1] ?? "";
}

function authorize({ method, url, headers }: ScriptedRequest): { status: number; message: string } | null {
  const key = headers["x-goog-api-key"] ?? url.searchParams.get("key");
  if (key === null) return { status: 403, message: "Method doesn't allow unregistered callers." };
  if (key !== API_KEY)
    return { status: 400, message: `API key not valid. Please pass a valid API key: ${String(key)}` };
  const path = PATH.exec(url.pathname);
  if (method !== "POST" || path === null) return { status: 404, message: `Not found: ${url.pathname}` };
  // Without it the real one sends an array, which no client of ours reads.
  const isWhole = path[2] === "generateContent" || url.searchParams.get("alt") === "sse";
  return isWhole ? null : { status: 400, message: "Only alt=sse is served." };
}

function toErrorBody(code: number, message: string): Json {
  const retry = { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "3s" };
  const status = STATUSES.get(code) ?? "INTERNAL";
  return { error: { code, message, status, ...(code === 429 && { details: [retry] }) } };
}

function toFrame(chunk: Json): string {
  return `data: ${JSON.stringify(chunk)}\r\n\r\n`;
}
