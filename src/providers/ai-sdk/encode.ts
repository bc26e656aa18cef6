// The answers to calls, as the AI SDK's outputs, and outputs that come back from where they were kept.
import { isObject } from "../../kernel/json.ts";
import type { ModelCall } from "../binding.ts";
import type { Answer } from "../create-binding.ts";
import { isSentMedia, toFileParts } from "./media.ts";
import type { AiSdkOutput, AiSdkResult, AiSdkToolCall } from "./wire.ts";

/** The part of a tool message. */
export function encode({ id, wireName }: ModelCall<AiSdkToolCall>, answer: Answer): AiSdkResult {
  return { type: "tool-result", toolCallId: id, toolName: wireName, output: toOutput(answer) };
}

function toOutput({ ok, text, parts }: Answer): AiSdkOutput {
  if (!ok) return { type: "error-text", value: text };
  const files = toFileParts(parts);
  if (files.length === 0) return { type: "text", value: text };
  return { type: "content", value: text === "" ? [...files] : [{ type: "text", text }, ...files] };
}

/**
 * What a model is shown of an output. Messages of a client may bring outputs back, and a client could write others: a URL
 * in place of an image would be fetched from here. What this binding cannot have made goes to the model as text.
 */
export function toModelOutput({ output }: { readonly output: unknown }): AiSdkOutput {
  if (isOwnOutput(output)) return output;
  return { type: "text", value: typeof output === "string" ? output : (JSON.stringify(output) ?? "null") };
}

function isOwnOutput(output: unknown): output is AiSdkOutput {
  if (!isObject(output)) return false;
  // Options of the provider, which any output may have, are not a client's to set.
  const { type, value, ...rest } = output;
  if (Object.keys(rest).length > 0) return false;
  if (type === "text" || type === "error-text") return typeof value === "string";
  return type === "content" && Array.isArray(value) && value.every(isOwnPart);
}

function isOwnPart(part: unknown): boolean {
  if (!isObject(part)) return false;
  const { type, text, mediaType, data, filename, ...rest } = part;
  if (Object.keys(rest).length > 0) return false;
  if (type === "text") return typeof text === "string";
  if (type !== "file" || typeof mediaType !== "string" || !isObject(data) || data["type"] !== "data") return false;
  // A provider refuses the whole request for data that is not base64, and with it the conversation for ever.
  const isNamed = filename === undefined || typeof filename === "string";
  return isNamed && typeof data["data"] === "string" && isSentMedia({ data: data["data"], mimeType: mediaType });
}
