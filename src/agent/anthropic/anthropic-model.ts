// A model behind the official `@anthropic-ai/sdk` client. The client is passed in: its key, base URL, retries and time-outs
// are the host's.
import { checkKeys, toKind, toRangeProblem } from "../../core/options.ts";
import { ToolyardError, toProblemsError } from "../../errors/toolyard-error.ts";
import { takesMedia } from "../../providers/anthropic/media.ts";
import { createBudgetedConvert } from "../../providers/anthropic/strict-budget.ts";
import { convertForMessages } from "../../providers/anthropic/to-anthropic-tool.ts";
import { toModelFailure } from "../../providers/model-failure.ts";
import { checkStrict, type StrictOption } from "../../providers/strict-mode.ts";
import type { Model, ModelTurn } from "../model.ts";
import { createTurnTools } from "../models/turn-tools.ts";
import { readAnswer } from "./answer.ts";
import type { AnthropicClient, AnthropicRequest } from "./client.ts";
import { toMessageParams } from "./messages.ts";

export interface AnthropicModelOptions {
  /**
   * For all tools, or for each one, within the limits of a request; what has to be strict and cannot be ends the chat.
   * @default "off"
   */
  readonly strict?: StrictOption;
  /** Most tokens of one response, thinking included, 1 or more; the API wants to be told. @default 16,384 */
  readonly maxTokens?: number;
  /**
   * Further fields of every request, such as `thinking` or `cache_control`. What the agent sets itself wins, but for
   * `tools`: the API's own stand before those of the registry. @default none
   */
  readonly request?: Readonly<Record<string, unknown>>;
}

const OPTIONS = Object.keys({
  strict: 1,
  maxTokens: 1,
  request: 1,
} satisfies Record<keyof AnthropicModelOptions, 1>);

const MAX_TOKENS = 16_384;

/**
 * The model `model` as an agent's. What the API refuses ends the chat with `model_failed` and a text without key or
 * headers; retries are the client's own, beside those of the agent.
 * Throws INVALID_OPTION for an option that is not accepted, no name, or a client without `messages`.
 */
export function anthropicModel(client: AnthropicClient, model: string, options: AnthropicModelOptions = {}): Model {
  checkKeys("anthropicModel", options, OPTIONS);
  const { strict = "off", maxTokens = MAX_TOKENS, request = {} } = options;
  checkStrict("anthropicModel", strict);
  const problems = toRangeProblem("maxTokens", maxTokens, 1, Number.MAX_SAFE_INTEGER);
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "anthropicModel: options have problems.", problems);
  if (typeof model !== "string" || model === "") throw refuse("model", model, "the name of a model");
  const { messages } = client as Partial<AnthropicClient>;
  if (typeof messages?.create !== "function") throw refuse("client", messages, "a client with messages");
  return Object.freeze({
    name: model,
    takes: takesMedia,
    async *respond(turn: ModelTurn) {
      try {
        // The limits are those of one request.
        const convert = createBudgetedConvert("anthropic", convertForMessages, strict);
        const tools = createTurnTools("anthropic", turn.tools, convert);
        const body = { ...toRequest(model, maxTokens, turn, request, [...tools.wires]) };
        const asked = toMessageParams(turn.messages, model, tools);
        yield* readAnswer({
          model,
          tools,
          ask: (said) => messages.create({ ...body, messages: [...asked, ...said] }, { signal: turn.signal }),
        });
      } catch (error) {
        throw toModelFailure(model, error);
      }
    },
  });
}

function toRequest(
  model: string,
  maxTokens: number,
  { instructions }: ModelTurn,
  request: Readonly<Record<string, unknown>>,
  wires: NonNullable<AnthropicRequest["tools"]>,
): Omit<AnthropicRequest, "messages"> {
  const own: unknown = request["tools"];
  const tools = [...(Array.isArray(own) ? (own as typeof wires) : []), ...wires];
  return {
    ...request,
    model,
    max_tokens: maxTokens,
    // Instructions that say nothing are refused.
    ...(instructions.trim() !== "" && { system: instructions }),
    ...(tools.length > 0 && { tools }),
    stream: true,
  };
}

function refuse(path: string, received: unknown, expected: string): ToolyardError {
  return new ToolyardError(
    "INVALID_OPTION",
    `anthropicModel: ${path}: received ${toKind(received)}, expected ${expected}`,
  );
}
