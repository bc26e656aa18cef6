// What an answer cost, out of a provider's own fields.
import type { ModelEvent } from "../model.ts";

/** The event for a usage with these fields; several count together. */
export function toUsage(
  usage: Readonly<Record<string, unknown>>,
  input: string | readonly string[],
  output: string | readonly string[],
): Extract<ModelEvent, { type: "usage" }> {
  return { type: "usage", inputTokens: sum(usage, input), outputTokens: sum(usage, output) };
}

function sum(usage: Readonly<Record<string, unknown>>, fields: string | readonly string[]): number {
  let total = 0;
  for (const field of [fields].flat()) {
    const count = usage[field];
    // What a server sends is not always a number, and a sum of tokens must stay one.
    if (typeof count === "number" && Number.isFinite(count) && count > 0) total += count;
  }
  return total;
}
