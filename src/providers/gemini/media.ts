// What models of Gemini 3 and later take beside the text of a result. Earlier ones refuse the whole request for it.
import type { ContentPart } from "../../call/content.ts";
import { isReadableMedia } from "../media-data.ts";
import type { GeminiMedia } from "./wire.ts";

const TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"]);
// The API takes 20 MiB in a request, all of it together.
const MAX_BASE64 = 14 * 1_024 * 1_024;

/** Whether a function response takes the part as it is. */
export function takesMedia(part: ContentPart): boolean {
  return (
    (part.type === "image" || part.type === "file") && TYPES.has(part.mimeType) && isReadableMedia(part, MAX_BASE64)
  );
}

/** The parts that `takesMedia`, as they stand in a function response. */
export function toMedia(parts: readonly ContentPart[]): GeminiMedia[] {
  return parts.flatMap((part) =>
    part.type === "image" || part.type === "file" ? [{ inlineData: { mimeType: part.mimeType, data: part.data } }] : [],
  );
}
