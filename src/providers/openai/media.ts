// What OpenAI takes beside the text of a result: images and files in Responses, nothing in Chat Completions.
import type { ContentPart } from "../../call/content.ts";
import { isReadableMedia, toDataUrl } from "../media-data.ts";
import type { ResponsesOutput, ResponsesOutputPart } from "./wire.ts";

const IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);
// The API takes more in a request; a result of that size would leave room for nothing else.
const MAX_BASE64 = 20 * 1_024 * 1_024;

/** Whether Responses takes the part as it is. */
export function takesMedia(part: ContentPart): boolean {
  if (part.type === "image") return IMAGES.has(part.mimeType) && isReadableMedia(part, MAX_BASE64);
  return part.type === "file" && isReadableMedia(part, MAX_BASE64);
}

/** The text alone, or with the parts that `takesMedia`. */
export function toResponsesOutput(text: string, parts: readonly ContentPart[]): ResponsesOutput {
  const media = parts.flatMap(toMedia);
  if (media.length === 0) return text;
  return text === "" ? media : [{ type: "input_text", text }, ...media];
}

function toMedia(part: ContentPart): readonly ResponsesOutputPart[] {
  if (part.type === "image") return [{ type: "input_image", image_url: toDataUrl(part), detail: "auto" }];
  if (part.type === "file") return [{ type: "input_file", filename: part.name, file_data: toDataUrl(part) }];
  return [];
}
