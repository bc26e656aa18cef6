// The registry as OpenAI's models see it. A binding holds the versions it was made from: what is published or granted
// later shows in the next one, and a call of a version that has changed is refused.
import { checkKeys, toFlagProblem, toRangeProblem } from "../../core/options.ts";
import { type Problem, toProblemsError } from "../../errors/toolyard-error.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import type { BindableRegistry, Binding } from "../binding.ts";
import { type BindingOptions, type ConvertedTool, createBinding } from "../create-binding.ts";
import { decodeChat } from "./decode-chat.ts";
import { decodeResponses } from "./decode-responses.ts";
import { encodeChat, encodeResponses } from "./encode.ts";
import { convertTool, type OpenAiFormat, type StrictMode } from "./to-openai-tool.ts";
import type {
  ChatResult,
  ChatSource,
  ChatTool,
  ChatToolCall,
  ResponsesResult,
  ResponsesSource,
  ResponsesTool,
  ResponsesToolCall,
} from "./wire.ts";

export interface OpenAiOptions extends BindingOptions {
  /** `responses`: the Responses API; `chat`: Chat Completions. @default "responses" */
  readonly format?: OpenAiFormat;
  /** For all tools, or for each one. @default "off" */
  readonly strict?: StrictMode | ((tool: ToolDescription) => StrictMode);
}

export type ChatBinding = Binding<ChatTool, ChatSource, ChatToolCall, ChatResult>;
export type ResponsesBinding = Binding<ResponsesTool, ResponsesSource, ResponsesToolCall, ResponsesResult>;

const OPTIONS = Object.keys({
  principal: 1,
  format: 1,
  strict: 1,
  select: 1,
  concurrency: 1,
  callIdsAsKeys: 1,
  maxResultBytes: 1,
  neutralise: 1,
  signal: 1,
} satisfies Record<keyof OpenAiOptions, 1>);
const FORMATS: readonly OpenAiFormat[] = ["responses", "chat"];
const STRICT_MODES: readonly StrictMode[] = ["off", "prefer", "require"];

/**
 * The tools of `registry` that the principal may see, for OpenAI's API, with the way back.
 * Throws INVALID_OPTION for an option that is not accepted, NOT_PUBLISHED when `select.names` refers to nothing, and
 * CONVERSION_REFUSED that lists every tool that cannot be strict and for which `strict` is `require`.
 */
export function openai(registry: BindableRegistry, options: OpenAiOptions & { readonly format: "chat" }): ChatBinding;
export function openai(
  registry: BindableRegistry,
  options?: OpenAiOptions & { readonly format?: "responses" },
): ResponsesBinding;
export function openai(registry: BindableRegistry, options?: OpenAiOptions): ChatBinding | ResponsesBinding;
export function openai(registry: BindableRegistry, options: OpenAiOptions = {}): ChatBinding | ResponsesBinding {
  checkOptions(options);
  const { format = "responses", strict = "off" } = options;
  const convert = <T extends ChatTool | ResponsesTool>(tool: ToolDescription, wireName: string): ConvertedTool<T> =>
    convertTool(tool, format, toMode(strict, tool), wireName) as ConvertedTool<T>;
  const shared = { name: "openai" };
  return format === "chat"
    ? createBinding(registry, options, {
        ...shared,
        convert: convert<ChatTool>,
        decode: decodeChat,
        encode: encodeChat,
      })
    : createBinding(registry, options, {
        ...shared,
        convert: convert<ResponsesTool>,
        decode: decodeResponses,
        encode: encodeResponses,
      });
}

function toMode(strict: NonNullable<OpenAiOptions["strict"]>, tool: ToolDescription): StrictMode {
  if (typeof strict !== "function") return strict;
  const mode: string | undefined = strict(tool);
  const problems = toChoiceProblem(`strict(${tool.name})`, mode ?? "nothing", STRICT_MODES);
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "openai: options have problems.", problems);
  return mode as StrictMode;
}

function checkOptions(options: OpenAiOptions): void {
  checkKeys("openai", options, OPTIONS);
  const problems = [
    ...toRangeProblem("concurrency", options.concurrency, 1, 1_024),
    ...toFlagProblem("callIdsAsKeys", options.callIdsAsKeys),
    ...toRangeProblem("maxResultBytes", options.maxResultBytes, 1_024, 16_777_216),
    ...toFlagProblem("neutralise", options.neutralise),
    ...toChoiceProblem("format", options.format, FORMATS),
    ...(typeof options.strict === "function" ? [] : toChoiceProblem("strict", options.strict, STRICT_MODES)),
  ];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "openai: options have problems.", problems);
}

function toChoiceProblem(path: string, value: string | undefined, known: readonly string[]): readonly Problem[] {
  if (value === undefined || known.includes(value)) return [];
  return [{ path, message: `received ${JSON.stringify(value)}, expected one of ${known.join(", ")}` }];
}
