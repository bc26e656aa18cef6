// One tool in OpenAI's formats.
import { toProblemsError } from "../../errors/toolyard-error.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import { type Converter, createConverter, type WireParts } from "../converter.ts";
import { OPENAI } from "../schema/openai-rules.ts";
import type { StrictMode } from "../strict-mode.ts";
import { toWireName } from "../wire-names.ts";
import type { ChatTool, ResponsesTool } from "./wire.ts";

/** `responses`: the Responses API; `chat`: Chat Completions. */
export type OpenAiFormat = "responses" | "chat";

export interface ToolOptions {
  /** @default "responses" */
  readonly format?: OpenAiFormat;
  /** @default "off" */
  readonly strict?: StrictMode;
}

/** The conversion to Responses. */
export const convertForResponses: Converter<ResponsesTool> = createConverter(
  OPENAI,
  ({ tool, wireName, schema, strict, deferred }: WireParts): ResponsesTool => ({
    type: "function",
    name: wireName,
    description: tool.description,
    parameters: schema,
    strict,
    ...(deferred && { defer_loading: true }),
  }),
);

/** The conversion to Chat Completions, which has nothing to defer. */
export const convertForChat: Converter<ChatTool> = createConverter(
  OPENAI,
  ({ tool, wireName, schema, strict }: WireParts): ChatTool => ({
    type: "function",
    function: { name: wireName, description: tool.description, parameters: schema, ...(strict && { strict }) },
  }),
);

/**
 * The tool as an entry of `tools` in a request, deeply frozen.
 * Throws CONVERSION_REFUSED when `strict` is `require` and the schema has no strict form.
 */
export function toOpenAiTool(tool: ToolDescription, options: ToolOptions & { readonly format: "chat" }): ChatTool;
export function toOpenAiTool(
  tool: ToolDescription,
  options?: ToolOptions & { readonly format?: "responses" },
): ResponsesTool;
export function toOpenAiTool(tool: ToolDescription, options?: ToolOptions): ChatTool | ResponsesTool;
export function toOpenAiTool(
  tool: ToolDescription,
  { format = "responses", strict = "off" }: ToolOptions = {},
): ChatTool | ResponsesTool {
  const convert = format === "chat" ? convertForChat : convertForResponses;
  const converted = convert(tool, { wireName: toWireName(tool.name), mode: strict, deferred: false });
  if (strict === "require" && converted.reason !== null) {
    throw toProblemsError("CONVERSION_REFUSED", "A tool cannot be strict.", [
      { path: tool.name, message: converted.reason },
    ]);
  }
  return converted.wire;
}
