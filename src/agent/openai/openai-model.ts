// A model behind the official `openai` client, or any server that speaks its format. The client is passed in: its key,
// base URL, retries and time-outs are the host's.
import type { Model, ModelEvent, ModelTurn } from "../model.ts";
import { readChatStream, toChatRequest } from "./chat.ts";
import type { ChatClient, ResponsesClient } from "./client.ts";
import { toModelFailure } from "./failure.ts";
import { createWireNames } from "./names.ts";
import { readResponsesStream, toResponsesRequest } from "./responses.ts";

export interface OpenAiModelOptions {
  /**
   * `chat`: Chat Completions, which compatible servers speak too; `responses`: the Responses API.
   * @default "chat"
   */
  readonly format?: "chat" | "responses";
  /** Further fields of every request, such as `temperature` or `reasoning`. What the agent sets itself wins. @default none */
  readonly request?: Readonly<Record<string, unknown>>;
}

/**
 * The model `model` as an agent's. What the API refuses ends the chat with `model_failed` and a text without key or
 * headers; retries are the client's own.
 * Throws a TypeError when the client does not have the format's method.
 */
export function openaiModel(
  client: ResponsesClient,
  model: string,
  options: OpenAiModelOptions & { readonly format: "responses" },
): Model;
export function openaiModel(
  client: ChatClient,
  model: string,
  options?: OpenAiModelOptions & { readonly format?: "chat" },
): Model;
export function openaiModel(client: ChatClient & ResponsesClient, model: string, options?: OpenAiModelOptions): Model;
export function openaiModel(
  client: Partial<ChatClient & ResponsesClient>,
  model: string,
  options: OpenAiModelOptions = {},
): Model {
  const { format = "chat", request = {} } = options;
  if (typeof model !== "string" || model === "")
    throw new TypeError("openaiModel: model: expected the name of a model");
  if (format !== "chat" && format !== "responses") {
    throw new TypeError(`openaiModel: format: received ${JSON.stringify(format)}, expected "chat" or "responses"`);
  }
  const ask =
    format === "chat" ? toChatAsker(client.chat, model, request) : toResponsesAsker(client.responses, model, request);
  return Object.freeze({
    name: model,
    async *respond(turn: ModelTurn) {
      try {
        yield* ask(turn);
      } catch (error) {
        throw toModelFailure(model, error);
      }
    },
  });
}

type Asker = (turn: ModelTurn) => AsyncGenerator<ModelEvent>;

function toChatAsker(chat: ChatClient["chat"] | undefined, model: string, request: object): Asker {
  if (typeof chat !== "object") throw new TypeError("openaiModel: client: expected a client with chat.completions");
  return async function* (turn) {
    const names = createWireNames(turn.tools);
    const body = { ...request, ...toChatRequest(model, turn, names) };
    yield* readChatStream(await chat.completions.create(body, { signal: turn.signal }), model, names);
  };
}

function toResponsesAsker(responses: ResponsesClient["responses"] | undefined, model: string, request: object): Asker {
  if (typeof responses !== "object") throw new TypeError("openaiModel: client: expected a client with responses");
  return async function* (turn) {
    const names = createWireNames(turn.tools);
    const body = { ...request, ...toResponsesRequest(model, turn, names) };
    const stored = (request as { store?: unknown }).store !== false;
    yield* readResponsesStream(await responses.create(body, { signal: turn.signal }), { model, names, stored });
  };
}
