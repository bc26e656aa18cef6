// What a call tells on its way.
import type { CallEvent, Outcome } from "../index.ts";
import type { Session } from "./verb.ts";

/** Prints events as they come, and resolves to the outcome that is the last of them. */
export async function printStream({ output }: Session, events: AsyncIterable<CallEvent>): Promise<Outcome> {
  for await (const event of events) {
    if (event.type === "outcome") return event.outcome;
    if (output.json) output.dataLine(event);
    else if (event.type === "partial") output.text(toText(event.value));
    else output.note(output.colors.dim(toProgress(event)));
  }
  throw new Error("the stream of a call ended without an outcome");
}

function toText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function toProgress({ fraction, message = "" }: { readonly fraction?: number; readonly message?: string }): string {
  const percent = fraction === undefined ? "    " : `${Math.round(fraction * 100)}%`.padStart(4);
  return `${percent} ${message}`.trimEnd();
}
