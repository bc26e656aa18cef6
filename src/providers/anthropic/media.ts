// What Anthropic takes in a result: text, images, PDF and plain text. One part that it cannot read makes it refuse the
// whole request, so only what is surely readable is sent; the rest is named in the text.
import type { ContentPart } from "../../call/content.ts";
import { isReadableMedia } from "../media-data.ts";
import type { AnthropicImageType, AnthropicPart } from "./wire.ts";

const IMAGES: ReadonlySet<string> = new Set<AnthropicImageType>(["image/jpeg", "image/png", "image/gif", "image/webp"]);
// The API measures the base64: "image exceeds 5 MB maximum: … bytes > 5242880 bytes".
const MAX_IMAGE = 5 * 1_024 * 1_024;
// A request may have 32 MB; a result of that size would leave room for nothing else.
const MAX_PDF = 20 * 1_024 * 1_024;
const MAX_PLAIN = 1_024 * 1_024;

/** Whether the API takes the part as it is. */
export function takesMedia(part: ContentPart): boolean {
  return toMedia(part) !== null;
}

/** The text alone, or with the parts that `takesMedia`; undefined where there is nothing. */
export function toResultContent(text: string, parts: readonly ContentPart[]): string | AnthropicPart[] | undefined {
  const media = parts.flatMap((part) => toMedia(part) ?? []);
  // The API refuses blocks that say nothing.
  const isEmpty = text.trim() === "";
  if (media.length === 0) return isEmpty ? undefined : text;
  return isEmpty ? media : [{ type: "text", text }, ...media];
}

function toMedia(part: ContentPart): AnthropicPart | null {
  if (part.type === "image") {
    const { data, mimeType } = part;
    if (!isImageType(mimeType) || !isReadableMedia(part, MAX_IMAGE)) return null;
    return { type: "image", source: { type: "base64", media_type: mimeType, data } };
  }
  return part.type === "file" ? toDocument(part) : null;
}

function isImageType(mimeType: string): mimeType is AnthropicImageType {
  return IMAGES.has(mimeType);
}

function toDocument(file: ContentPart & { type: "file" }): AnthropicPart | null {
  const { data, mimeType } = file;
  const title = file.name.trim() === "" ? {} : { title: file.name };
  if (mimeType === "application/pdf") {
    if (!isReadableMedia(file, MAX_PDF)) return null;
    return { type: "document", source: { type: "base64", media_type: mimeType, data }, ...title };
  }
  if (mimeType !== "text/plain" || !isReadableMedia(file, MAX_PLAIN)) return null;
  const text = readText(data);
  if (text === null || text.trim() === "") return null;
  return { type: "document", source: { type: "text", media_type: mimeType, data: text }, ...title };
}

/** The text in base64 of UTF-8; null when it is none. */
function readText(data: string): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(data, "base64"));
  } catch {
    return null;
  }
}
