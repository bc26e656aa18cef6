// A server on the loopback interface that speaks Anthropic's Messages API, as messages and as streams cut at random
// places. It is as picky as the real one (`anthropic-rules.ts`) and otherwise answers by a script.
import { type AnthropicReply, toContent, toMessage, toMessageEvents } from "./anthropic-replies.ts";
import { checkMessagesRequest, type Given, VERSIONS } from "./anthropic-rules.ts";
import {
  openScriptedServer,
  type Json,
  type ScriptedApi,
  type ScriptedRequest,
  type ScriptedServer,
  type ScriptedTurn,
} from "./scripted-server.ts";

export type AnthropicTurn = ScriptedTurn<AnthropicReply>;

export const API_KEY = "sk-ant-test-0123456789abcdef";

const ERROR_TYPES: ReadonlyMap<number, string> = new Map([
  [400, "invalid_request_error"],
  [401, "authentication_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [529, "overloaded_error"],
]);

/** Opens a server that answers with `script`, a turn for each request; the last one repeats. */
export function openAnthropicServer(script: readonly AnthropicTurn[], seed = 1): Promise<ScriptedServer> {
  return openScriptedServer(createApi(), script, seed);
}

function createApi(): ScriptedApi<AnthropicReply> {
  const given: Given[] = [];
  const toId = (request: ScriptedRequest): string => `msg_${request.count}`;
  const remember = (reply: AnthropicReply, request: ScriptedRequest): void => {
    given.push({ content: toContent(reply, toId(request)), isPaused: reply.stop === "pause_turn" });
  };
  return {
    authorize,
    check: ({ body, headers }) => checkMessagesRequest(body, String(headers["anthropic-version"]), given),
    toErrorBody: (status, message) => toErrorBody(ERROR_TYPES.get(status) ?? "api_error", message),
    isStream: ({ body }) => body["stream"] === true,
    toBody: (reply, request) => {
      remember(reply, request);
      return toMessage(reply, toId(request), request.body["model"]);
    },
    toFrames: (reply, request, pieces) => {
      remember(reply, request);
      return toMessageEvents(reply, toId(request), request.body["model"], pieces).map(toFrame);
    },
    errorFrame: toFrame(toErrorBody("overloaded_error", "Overloaded, sk-ant-secret-key-1")),
  };
}

function authorize({ method, url, headers }: ScriptedRequest): { status: number; message: string } | null {
  // Both are sent by clients; with both, the first counts.
  const key = headers["x-api-key"] ?? headers.authorization?.replace(/^Bearer /, "");
  if (key !== API_KEY) return { status: 401, message: `invalid x-api-key: ${String(key)}` };
  if (method !== "POST" || url.pathname !== "/v1/messages") return { status: 404, message: "Not Found" };
  const version = headers["anthropic-version"];
  if (version === undefined) return { status: 400, message: "anthropic-version: header is required" };
  return VERSIONS.has(String(version))
    ? null
    : { status: 400, message: `anthropic-version: "${String(version)}" is not a valid version` };
}

function toErrorBody(type: string, message: string): Json {
  return { type: "error", error: { type, message }, request_id: "req_test" };
}

function toFrame(event: Json): string {
  return `event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`;
}
