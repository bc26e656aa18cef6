// One tool in OpenAI's format. A conversion is kept with the description it was made from, which never changes: asking
// again costs a lookup. What comes out is frozen, because bindings share it.
import { deepFreeze } from "../../kernel/freeze.ts";
import { toProblemsError } from "../../errors/toolyard-error.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import type { ConvertedTool } from "../create-binding.ts";
import { toWireName } from "../wire-names.ts";
import { findStrictProblem } from "./strict-problem.ts";
import { type Parameters, toParameters } from "./to-parameters.ts";
import type { ChatTool, ResponsesTool } from "./wire.ts";

/** `responses`: the Responses API; `chat`: Chat Completions. */
export type OpenAiFormat = "responses" | "chat";
/**
 * `off`: never strict. `prefer`: strict where the schema is in OpenAI's strict subset as it stands. `require`: refuses
 * tools whose schema is not.
 */
export type StrictMode = "off" | "prefer" | "require";

export interface ToolOptions {
  /** @default "responses" */
  readonly format?: OpenAiFormat;
  /** @default "off" */
  readonly strict?: StrictMode;
}

interface Kept {
  readonly name: string;
  readonly parameters: Parameters;
  /** undefined: nobody has asked yet. */
  strictProblem: string | null | undefined;
  readonly wires: Map<string, ConvertedTool<unknown>>;
}

const conversions = new WeakMap<ToolDescription, Kept>();

/**
 * The tool as an entry of `tools` in a request, deeply frozen.
 * Throws CONVERSION_REFUSED when `strict` is `require` and the schema is not in the strict subset.
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
export function convertTool(
  tool: ToolDescription,
  format: OpenAiFormat,
  strict: StrictMode,
  name?: string,
): ConvertedTool<ChatTool | ResponsesTool> {
  let kept = conversions.get(tool);
  if (kept === undefined) {
    const parameters = deepFreeze(toParameters(tool.inputSchema));
    kept = { name: toWireName(tool.name), parameters, strictProblem: undefined, wires: new Map() };
    conversions.set(tool, kept);
  }
  const key = strict === "off" ? format : format === "chat" ? "chat strict" : "responses strict";
  let converted = kept.wires.get(key) as ConvertedTool<ChatTool | ResponsesTool> | undefined;
  if (converted === undefined) {
    converted = convert(tool, kept, format, strict !== "off");
    kept.wires.set(key, converted);
  }
  return name === undefined || name === kept.name ? converted : { ...converted, wire: rename(converted.wire, name) };
}

function convert(
  tool: ToolDescription,
  kept: Kept,
  format: OpenAiFormat,
  wanted: boolean,
): ConvertedTool<ChatTool | ResponsesTool> {
  if (wanted && kept.strictProblem === undefined) kept.strictProblem = findStrictProblem(tool.inputSchema);
  const reason = wanted ? (kept.strictProblem ?? null) : null;
  const strict = wanted && reason === null;
  const { schema: parameters, changes } = kept.parameters;
  const { name } = kept;
  const { description } = tool;
  const wire: ChatTool | ResponsesTool =
    format === "responses"
      ? { type: "function", name, description, parameters, strict }
      : { type: "function", function: { name, description, parameters, ...(strict && { strict }) } };
  return deepFreeze({ wire, strict, reason, changes });
}

function rename(wire: ChatTool | ResponsesTool, name: string): ChatTool | ResponsesTool {
  return deepFreeze("function" in wire ? { ...wire, function: { ...wire.function, name } } : { ...wire, name });
}
