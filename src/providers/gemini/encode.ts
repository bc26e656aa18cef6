// The answer to a call. It is text, also where the tool returned data: a result that was too long is cut, and half of an
// object would be none. An id is only what the model gave.
import type { ModelCall } from "../binding.ts";
import type { Answer } from "../create-binding.ts";
import { toMedia } from "./media.ts";
import type { GeminiCall, GeminiResult } from "./wire.ts";

/** The function response for a call. */
export function encodeGemini(
  { wire, wireName }: Pick<ModelCall<GeminiCall>, "wire" | "wireName">,
  { ok, text, parts }: Answer,
): GeminiResult {
  return {
    functionResponse: {
      ...toId(wire),
      name: wireName,
      response: ok ? { output: text } : { error: text },
      ...(parts.length > 0 && { parts: toMedia(parts) }),
    },
  };
}

/** The id as the model gave it; nothing where it gave none. */
function toId({ id }: GeminiCall): { id?: string } {
  return typeof id === "string" && id !== "" ? { id } : {};
}
