// One tool in OpenAI's format. A conversion is kept with the description it was made from, which never changes: asking
// again costs a lookup. What comes out is frozen, because bindings share it.
import { deepFreeze } from "../../kernel/freeze.ts";
import { toProblemsError } from "../../errors/toolyard-error.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import type { ConvertedTool } from "../create-binding.ts";
import { toWireName } from "../wire-names.ts";
import { compileSchema } from "../schema/compile-schema.ts";
import { type CompiledSchema, formatChange } from "../schema/compiled-schema.ts";
import { OPENAI } from "../schema/openai-rules.ts";
import type { ChatTool, ResponsesTool } from "./wire.ts";

/** `responses`: the Responses API; `chat`: Chat Completions. */
export type OpenAiFormat = "responses" | "chat";
/**
 * `off`: never strict. `prefer`: strict where the schema has a form in OpenAI's strict subset that takes the same arguments.
 * `require`: refuses tools whose schema has none.
 */
export type StrictMode = "off" | "prefer" | "require";

export interface ToolOptions {
  /** @default "responses" */
  readonly format?: OpenAiFormat;
  /** @default "off" */
  readonly strict?: StrictMode;
}

/** What does not depend on the format or on who asks. */
interface Kept {
  readonly name: string;
  /** By whether a strict form was asked for. */
  readonly compiled: Map<boolean, CompiledSchema>;
  readonly wires: Map<string, Converted>;
}

type Converted = ConvertedTool<ChatTool | ResponsesTool>;

const conversions = new WeakMap<ToolDescription, Kept>();

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
  const converted = convertTool(tool, format, strict);
  if (strict === "require" && converted.reason !== null) {
    throw toProblemsError("CONVERSION_REFUSED", "A tool cannot be strict.", [
      { path: tool.name, message: converted.reason },
    ]);
  }
  return converted.wire;
}

/** The conversion with its report; `name` when the tool's own wire name is another's in this binding. */
export function convertTool(tool: ToolDescription, format: OpenAiFormat, strict: StrictMode, name?: string): Converted {
  let kept = conversions.get(tool);
  if (kept === undefined) {
    kept = { name: toWireName(tool.name), compiled: new Map(), wires: new Map() };
    conversions.set(tool, kept);
  }
  const key = `${format} ${strict}`;
  let converted = kept.wires.get(key);
  if (converted === undefined) {
    converted = convert(tool, kept, format, strict);
    kept.wires.set(key, converted);
  }
  return name === undefined || name === kept.name ? converted : { ...converted, wire: rename(converted.wire, name) };
}

function convert(tool: ToolDescription, kept: Kept, format: OpenAiFormat, mode: StrictMode): Converted {
  const { schema, strict, reason, changes, restore } = compile(tool, kept, mode !== "off");
  // A copy whose type may be written to; what is in it is frozen.
  const parameters: Record<string, unknown> = { ...schema };
  const { name } = kept;
  const { description } = tool;
  const wire: ChatTool | ResponsesTool =
    format === "responses"
      ? { type: "function", name, description, parameters, strict }
      : { type: "function", function: { name, description, parameters, ...(strict && { strict }) } };
  const mustBeStrict = mode === "require";
  return deepFreeze({ wire, strict, reason, changes: changes.map(formatChange), mustBeStrict, restore });
}

function compile(tool: ToolDescription, kept: Kept, strict: boolean): CompiledSchema {
  let compiled = kept.compiled.get(strict);
  if (compiled === undefined) {
    compiled = compileSchema(tool.inputSchema, OPENAI, strict);
    kept.compiled.set(strict, compiled);
  }
  return compiled;
}

function rename(wire: ChatTool | ResponsesTool, name: string): ChatTool | ResponsesTool {
  return deepFreeze("function" in wire ? { ...wire, function: { ...wire.function, name } } : { ...wire, name });
}
