// A model behind the official `openai` client, or any server that speaks its format. The client is passed in: its key,
// base URL, retries and time-outs are the host's.
import { checkKeys, toKind } from "../../core/options.ts";
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { toModelFailure } from "../../providers/model-failure.ts";
import { takesMedia } from "../../providers/openai/media.ts";
import { convertForChat, convertForResponses } from "../../providers/openai/to-openai-tool.ts";
import { toConvert } from "../../providers/converter.ts";
import { type StrictOption, checkStrict } from "../../providers/strict-mode.ts";
import type { Model, ModelEvent, ModelTurn } from "../model.ts";
import { readChatStream, toChatRequest } from "./chat.ts";
import type { ChatClient, ResponsesClient } from "./client.ts";
import { createTurnTools } from "../models/turn-tools.ts";
import { readResponsesStream, toResponsesRequest } from "./responses.ts";

export interface OpenAiModelOptions {
  /**
   * `chat`: Chat Completions, which compatible servers speak too; `responses`: the Responses API.
   * @default "chat"
   */
  readonly format?: "chat" | "responses";
  /** For all tools, or for each one; what has to be strict and cannot be ends the chat. @default "off" */
  readonly strict?: StrictOption;
  /** Further fields of every request, such as `temperature` or `reasoning`. What the agent sets itself wins. @default none */
  readonly request?: Readonly<Record<string, unknown>>;
}

const OPTIONS = Object.keys({ format: 1, strict: 1, request: 1 } satisfies Record<keyof OpenAiModelOptions, 1>);

/**
 * The model `model` as an agent's. What the API refuses ends the chat with `model_failed` and a text without key or
 * headers; retries are the client's own.
 * Throws INVALID_OPTION for an option that is not accepted, no name, or a client without the format's methods.
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
  checkKeys("openaiModel", options, OPTIONS);
  const { format = "chat", strict = "off", request = {} } = options;
  checkStrict("openaiModel", strict);
  if (typeof model !== "string" || model === "") throw refuse("model", model, "the name of a model");
  const ask = toAsker(client, { format, model, strict, request });
  return Object.freeze({
    name: model,
    // Chat Completions takes text alone in a result.
    ...(format === "responses" && { takes: takesMedia }),
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

interface Asked {
  readonly format: unknown;
  readonly model: string;
  readonly strict: StrictOption;
  readonly request: NonNullable<OpenAiModelOptions["request"]>;
}

function toAsker({ chat, responses }: Partial<ChatClient & ResponsesClient>, asked: Asked): Asker {
  const { format } = asked;
  if (format === "chat" && chat !== undefined) return createChatAsker(chat, asked);
  if (format === "responses" && responses !== undefined) return createResponsesAsker(responses, asked);
  if (format === "chat") throw refuse("client", chat, "a client with chat.completions");
  if (format === "responses") throw refuse("client", responses, "a client with responses");
  throw refuse("format", format, '"chat" or "responses"');
}

function refuse(path: string, received: unknown, expected: string): ToolyardError {
  return new ToolyardError(
    "INVALID_OPTION",
    `openaiModel: ${path}: received ${toKind(received)}, expected ${expected}`,
  );
}

function createChatAsker({ completions }: ChatClient["chat"], { model, strict, request }: Asked): Asker {
  const convert = toConvert("openai", convertForChat, strict);
  return async function* (turn) {
    const tools = createTurnTools("openai", turn.tools, convert);
    const body = { ...request, ...toChatRequest(model, turn, tools) };
    yield* readChatStream(await completions.create(body, { signal: turn.signal }), model, tools);
  };
}

function createResponsesAsker(responses: ResponsesClient["responses"], { model, strict, request }: Asked): Asker {
  const convert = toConvert("openai", convertForResponses, strict);
  const stored = request["store"] !== false;
  return async function* (turn) {
    const tools = createTurnTools("openai", turn.tools, convert);
    const body = { ...request, ...toResponsesRequest(model, turn, tools) };
    yield* readResponsesStream(await responses.create(body, { signal: turn.signal }), { model, tools, stored });
  };
}
