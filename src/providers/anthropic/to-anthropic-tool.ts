// One tool in Anthropic's format.
import { toProblemsError } from "../../errors/toolyard-error.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import { type Converter, createConverter, type WireParts } from "../converter.ts";
import { ANTHROPIC } from "../schema/anthropic-rules.ts";
import type { StrictMode } from "../strict-mode.ts";
import { toWireName } from "../wire-names.ts";
import { createStrictBudget } from "./strict-budget.ts";
import type { AnthropicTool } from "./wire.ts";

export interface AnthropicToolOptions {
  /** @default "off" */
  readonly strict?: StrictMode;
}

/** The conversion of one tool; whether a request has room for it as a strict one is not its business. */
export const convertForMessages: Converter<AnthropicTool> = createConverter(
  ANTHROPIC,
  ({ tool, wireName, schema, strict, deferred }: WireParts): AnthropicTool => ({
    name: wireName,
    description: tool.description,
    input_schema: { ...schema, type: "object" },
    ...(strict && { strict }),
    ...(deferred && { defer_loading: true }),
  }),
);

/**
 * The tool as an entry of `tools` in a request, deeply frozen.
 * Throws CONVERSION_REFUSED when `strict` is `require` and the schema has no strict form, or is larger than a whole request
 * may be.
 */
export function toAnthropicTool(tool: ToolDescription, { strict = "off" }: AnthropicToolOptions = {}): AnthropicTool {
  const options = { wireName: toWireName(tool.name), deferred: false };
  const converted = createStrictBudget().admit(tool, convertForMessages, { ...options, mode: strict });
  if (strict === "require" && converted.reason !== null) {
    throw toProblemsError("CONVERSION_REFUSED", "A tool cannot be strict.", [
      { path: tool.name, message: converted.reason },
    ]);
  }
  return converted.wire;
}
