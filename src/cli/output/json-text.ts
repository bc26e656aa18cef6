// JSON for programs, with what `JSON.stringify` cannot: BigInt as a number, and nothing that steers a terminal.
import { writeBigInt } from "../../kernel/raw-json.ts";
import { toSafeJsonText } from "./safe-text.ts";

/** `value` as JSON text; `indent` 0 for one line. */
export function toJsonText(value: unknown, indent = 2): string {
  return toSafeJsonText(JSON.stringify(value, writeBigInt, indent) ?? "null");
}

/** `value` as JSON text on one line, with spaces where a line may be broken. */
export function toInlineJson(value: unknown): string {
  // Inside of strings line breaks are escaped, so these are all between tokens.
  return toJsonText(value, 1).replaceAll(/\n */g, " ");
}
