// A model behind the official `@google/genai` client. The client is passed in: its key, base URL, retries and time-outs
// are the host's.
import { checkKeys, toFlagProblem, toKind } from "../../core/options.ts";
import { ToolyardError, toProblemsError } from "../../errors/toolyard-error.ts";
import { MODES } from "../../providers/gemini/declarations.ts";
import { takesMedia } from "../../providers/gemini/media.ts";
import { toGeminiConvert } from "../../providers/gemini/to-gemini-tool.ts";
import type { GeminiFunction } from "../../providers/gemini/wire.ts";
import { toModelFailure } from "../../providers/model-failure.ts";
import { checkStrict, type StrictOption, toMode } from "../../providers/strict-mode.ts";
import type { Model, ModelTurn } from "../model.ts";
import { createTurnTools } from "../models/turn-tools.ts";
import { readGeminiStream } from "./answer.ts";
import type { GeminiClient, GeminiConfig } from "./client.ts";
import { toContents } from "./messages.ts";

export interface GeminiModelOptions {
  /**
   * `prefer`, for all tools or for some: all calls are constrained to the declarations (mode VALIDATED). `require` ends the
   * chat, because Gemini has no strict tools. @default "off"
   */
  readonly strict?: StrictOption;
  /**
   * Whether the model is shown images and files of results: only of Gemini 3 and later, earlier ones refuse the request.
   * @default false
   */
  readonly multimodalResults?: boolean;
  /**
   * Further fields of every request's `config`, such as `temperature` or `thinkingConfig`. What the agent sets itself
   * wins. @default none
   */
  readonly request?: Readonly<Record<string, unknown>>;
}

const OPTIONS = Object.keys({ strict: 1, multimodalResults: 1, request: 1 } satisfies Record<
  keyof GeminiModelOptions,
  1
>);

/**
 * The model `model` as an agent's. What the API refuses ends the chat with `model_failed` and a text without key or
 * headers; retries are the client's own, beside those of the agent.
 * Throws INVALID_OPTION for an option that is not accepted, no name, or a client without `models`.
 */
export function geminiModel(client: GeminiClient, model: string, options: GeminiModelOptions = {}): Model {
  checkKeys("geminiModel", options, OPTIONS);
  const { strict = "off", multimodalResults = false, request = {} } = options;
  checkStrict("geminiModel", strict);
  const problems = toFlagProblem("multimodalResults", multimodalResults);
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "geminiModel: options have problems.", problems);
  if (typeof model !== "string" || model === "") throw refuse("model", model, "the name of a model");
  const { models } = client as Partial<GeminiClient>;
  if (typeof models?.generateContentStream !== "function") throw refuse("client", models, "a client with models");
  return Object.freeze({
    name: model,
    ...(multimodalResults && { takes: takesMedia }),
    async *respond(turn: ModelTurn) {
      try {
        const tools = createTurnTools("gemini", turn.tools, toGeminiConvert(strict));
        const contents = toContents(turn.messages, model, tools);
        const config = { ...request, ...toConfig(turn, strict, [...tools.wires]) };
        const chunks = await models.generateContentStream({ model, contents, config });
        yield* readGeminiStream(chunks, { model, tools, messages: turn.messages });
      } catch (error) {
        throw toModelFailure(model, error);
      }
    },
  });
}

function toConfig(
  { instructions, tools, signal }: ModelTurn,
  strict: StrictOption,
  functionDeclarations: GeminiFunction[],
): GeminiConfig {
  const isConstrained = tools.some((tool) => toMode("gemini", strict, tool) !== "off");
  return {
    ...(instructions !== "" && { systemInstruction: instructions }),
    ...(functionDeclarations.length > 0 && { tools: [{ functionDeclarations }] }),
    ...(isConstrained && { toolConfig: { functionCallingConfig: { mode: MODES.VALIDATED } } }),
    automaticFunctionCalling: { disable: true },
    abortSignal: signal,
  };
}

function refuse(path: string, received: unknown, expected: string): ToolyardError {
  return new ToolyardError(
    "INVALID_OPTION",
    `geminiModel: ${path}: received ${toKind(received)}, expected ${expected}`,
  );
}
