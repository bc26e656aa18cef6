// Gemini's generateContent, as a binding needs it.
import { collect } from "../assembler.ts";
import type { Echo } from "../binding.ts";
import type { Format } from "../create-binding.ts";
import type { StrictOption } from "../strict-mode.ts";
import { createGeminiAssembler } from "./assemble.ts";
import { toToolConfig, toTools } from "./declarations.ts";
import { decodeGemini, findContent } from "./decode.ts";
import { encodeGemini } from "./encode.ts";
import { takesMedia } from "./media.ts";
import { toGeminiConvert } from "./to-gemini-tool.ts";
import type { GeminiFunction, GeminiWire } from "./wire.ts";

export const NAME = "gemini";

/** The format for models that take images and files in results, or do not. */
export function createGeminiFormat(
  strict: StrictOption,
  multimodalResults: boolean,
): Format<GeminiFunction, GeminiWire> {
  return {
    name: NAME,
    convert: toGeminiConvert(strict),
    hasSearch: false,
    toTools,
    toChoice: toToolConfig,
    decode: decodeGemini,
    ...(multimodalResults && { takes: takesMedia }),
    encode: encodeGemini,
    toMessages: (response, results) => {
      const content = findContent(response);
      return [
        ...(content === null ? [] : [content as Echo<typeof response>]),
        ...(results.length === 0 ? [] : [{ role: "user" as const, parts: [...results] }]),
      ];
    },
    collect: (events, onText) => collect(events, createGeminiAssembler(NAME), onText),
  };
}
