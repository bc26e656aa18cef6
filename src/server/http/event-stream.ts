// Server-sent events. https://html.spec.whatwg.org/multipage/server-sent-events.html
import { Readable } from "node:stream";
import type { ServerEvent } from "./route.ts";

const EVENT_STREAM = "text/event-stream";

/** A stream that is read only as fast as the client reads; destroyed, it ends `events`. */
export function toEventStream(events: AsyncIterable<ServerEvent>): Readable {
  return Readable.from(toTexts(events), { objectMode: false, highWaterMark: 65_536 });
}

async function* toTexts(events: AsyncIterable<ServerEvent>): AsyncGenerator<string, void, undefined> {
  for await (const { event, data } of events) yield `event: ${event}\ndata: ${JSON.stringify(data) ?? "null"}\n\n`;
}

/** Whether `Accept` asks for events before anything else. */
export function wantsEvents(accept: string | undefined): boolean {
  return (
    accept !== undefined &&
    accept.split(",", 8).some((part) => part.trim().split(";", 1)[0]?.toLowerCase() === EVENT_STREAM)
  );
}
