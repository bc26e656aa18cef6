// What goes beside the text of a result. The AI SDK has one form for all providers and leaves to each what becomes of it:
// several write images they cannot send into the prompt as base64 text. So nothing is sent where the provider is not known.
import type { ContentPart } from "../../call/content.ts";
import { isReadableMedia, type MediaData } from "../media-data.ts";
import type { AiSdkProvider } from "./to-ai-sdk-tool.ts";
import type { AiSdkOutputPart } from "./wire.ts";

const IMAGES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/webp", "image/gif"]);
const PDF = "application/pdf";
const MAX_BASE64 = 20 * 1_024 * 1_024;

/** Whether the provider's package sends the part as what it is. */
export function takesMedia(provider: AiSdkProvider, part: ContentPart): boolean {
  if (provider === "other" || (part.type !== "image" && part.type !== "file")) return false;
  return isSentMedia(part) && (part.type === "file" || part.mimeType !== PDF);
}

/** Whether a binding may have made a part with this. */
export function isSentMedia(media: MediaData): boolean {
  return (IMAGES.has(media.mimeType) || media.mimeType === PDF) && isReadableMedia(media, MAX_BASE64);
}

/** The parts that `takesMedia`, for a result's content. */
export function toFileParts(parts: readonly ContentPart[]): readonly AiSdkOutputPart[] {
  return parts.flatMap((part): readonly AiSdkOutputPart[] => {
    if (part.type !== "image" && part.type !== "file") return [];
    const data = { type: "data" as const, data: part.data };
    const named = part.type === "file" ? { filename: part.name } : {};
    return [{ type: "file", mediaType: part.mimeType, data, ...named }];
  });
}
