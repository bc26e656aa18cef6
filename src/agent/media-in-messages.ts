// Images and files in the results of a turn. A model that takes them sees them until the turn ends; what is remembered, or
// goes to a model that does not take them all, only names them.
import type { ContentPart } from "../call/content.ts";
import type { Message, ResultInMessage } from "./message.ts";

/** The messages, with media only where all of a result's are taken; the same array when nothing is left out. */
export function keepMedia(
  messages: readonly Message[],
  takes: ((part: ContentPart) => boolean) | undefined,
): readonly Message[] {
  const isKept = ({ media }: ResultInMessage): boolean =>
    media === undefined || (takes !== undefined && media.parts.every((part) => takes(part)));
  let changed = false;
  const kept = messages.map((message): Message => {
    if (message.role !== "tool" || message.results.every(isKept)) return message;
    changed = true;
    const results = message.results.map((result) => (isKept(result) ? result : withoutMedia(result)));
    return Object.freeze({ role: "tool", results: Object.freeze(results) });
  });
  return changed ? kept : messages;
}

function withoutMedia({ id, ok, text }: ResultInMessage): ResultInMessage {
  return Object.freeze({ id, ok, text });
}
