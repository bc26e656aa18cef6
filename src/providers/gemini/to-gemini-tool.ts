// One tool as a function declaration of Gemini, and all tools of a request, of which the API takes a limited number.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import type { ToolDescription } from "../../tool/tool-version.ts";
import { type Converter, createConverter, toConvert } from "../converter.ts";
import type { Convert } from "../offer.ts";
import { GEMINI } from "../schema/gemini-rules.ts";
import type { StrictOption } from "../strict-mode.ts";
import { toWireName } from "../wire-names.ts";
import type { GeminiFunction } from "./wire.ts";

/** What a request may declare, a search included. */
export const MAX_DECLARATIONS = 512;

const convertForGemini: Converter<GeminiFunction> = createConverter(GEMINI, ({ tool, wireName, schema }) => ({
  name: wireName,
  description: tool.description,
  parametersJsonSchema: schema,
}));

/** The tools of a request. Throws CONVERSION_REFUSED for more of them than a request may declare. */
export function toGeminiConvert(strict: StrictOption): Convert<GeminiFunction> {
  const convert = toConvert("gemini", convertForGemini, strict);
  return (tools) => {
    const declared = tools.filter(({ deferred }) => !deferred).length;
    const searches = declared < tools.length ? 1 : 0;
    if (declared + searches > MAX_DECLARATIONS) {
      throw new ToolyardError(
        "CONVERSION_REFUSED",
        `gemini: ${declared} tools, and a request declares at most ${MAX_DECLARATIONS - searches}. ` +
          "Choose fewer with select, or let the model search for them with select.defer.",
      );
    }
    return convert(tools);
  };
}

/** The tool as a function declaration, deeply frozen. */
export function toGeminiTool(tool: ToolDescription): GeminiFunction {
  return convertForGemini(tool, { wireName: toWireName(tool.name), mode: "off", deferred: false }).wire;
}
