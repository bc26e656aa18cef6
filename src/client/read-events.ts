// Server-sent events, read as they come. https://html.spec.whatwg.org/multipage/server-sent-events.html
import { ToolyardClientError } from "./client-error.ts";
import type { AnswerLimits } from "./read-answer.ts";

export interface RawEvent {
  readonly event: string;
  readonly data: string;
}

const LINE_END = /\r\n|\n|\r/g;

/** The events of a stream; `maxBytes` bounds each of them. `onChunk` is told of everything that comes. */
export async function* readEvents(
  body: AsyncIterable<Uint8Array>,
  { operation, maxBytes }: AnswerLimits,
  onChunk: () => void,
): AsyncGenerator<RawEvent, void, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  let pending = createEvent();
  for await (const chunk of body) {
    onChunk();
    const text = decoder.decode(chunk, { stream: true });
    const mayEnd = rest.endsWith("\r") || /[\r\n]/.test(text);
    rest += text;
    assertSize(operation, pending.size() + (mayEnd ? 0 : rest.length), maxBytes);
    // A long line is looked through once, not again with every piece of it.
    if (!mayEnd) continue;
    const { lines, left } = toLines(rest);
    rest = left;
    for (const line of lines) {
      if (line !== "") pending.take(line);
      else {
        const event = pending.finish();
        pending = createEvent();
        if (event !== null) yield event;
      }
      assertSize(operation, pending.size(), maxBytes);
    }
    assertSize(operation, pending.size() + rest.length, maxBytes);
  }
}

/** Whole lines, and what may still grow: a CR at the end may be half of an end of line. */
function toLines(text: string): { readonly lines: readonly string[]; readonly left: string } {
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(LINE_END)) {
    if (match[0] === "\r" && match.index === text.length - 1) break;
    lines.push(text.slice(start, match.index));
    start = match.index + match[0].length;
  }
  return { lines, left: text.slice(start) };
}

interface PendingEvent {
  take(line: string): void;
  size(): number;
  /** null: there was no data. */
  finish(): RawEvent | null;
}

function createEvent(): PendingEvent {
  let event = "message";
  let size = 0;
  const data: string[] = [];
  return {
    take(line) {
      size += line.length;
      const colon = line.indexOf(":");
      const field = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /, "");
      if (field === "event") event = value;
      else if (field === "data") data.push(value);
    },
    size: () => size,
    finish: () => (data.length === 0 ? null : { event, data: data.join("\n") }),
  };
}

function assertSize(operation: string, size: number, maxBytes: number): void {
  if (size <= maxBytes) return;
  const detail = `an event has more than ${maxBytes} bytes`;
  throw new ToolyardClientError({ operation, code: "ANSWER_TOO_LARGE", detail, status: 200 });
}
