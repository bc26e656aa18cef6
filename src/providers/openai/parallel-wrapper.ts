// Models sometimes let slip the form in which they make parallel calls among themselves: one call of a tool that nobody
// offered, which holds the real ones.
import { isObject } from "../../kernel/json.ts";
import { parseJson } from "../../kernel/parse-json.ts";
import type { WrappedCall } from "../call-reader.ts";
import { parseExactly } from "../schema/source-number.ts";

const NAMES: ReadonlySet<string> = new Set(["parallel", "multi_tool_use.parallel", "multi_tool_use_parallel"]);
const PREFIX = "functions.";
const MAX_CALLS = 128;

/** The calls in a call of `name` with `input`; null when it is no such wrapper, or holds what is no call. */
export function unwrapParallel(name: string, input: unknown): readonly WrappedCall[] | null {
  if (!NAMES.has(name)) return null;
  // The parameters go on as text, so that their numbers keep their digits.
  const value = typeof input === "string" && parseJson(input).ok ? parseExactly(input) : null;
  const uses = isObject(value) ? value["tool_uses"] : undefined;
  if (!Array.isArray(uses) || uses.length === 0 || uses.length > MAX_CALLS) return null;
  const calls = uses.map(toWrapped);
  return calls.every((call) => call !== null) ? calls : null;
}

function toWrapped(use: unknown): WrappedCall | null {
  if (!isObject(use)) return null;
  const { recipient_name: recipient, parameters = {} } = use;
  if (typeof recipient !== "string") return null;
  const name = recipient.startsWith(PREFIX) ? recipient.slice(PREFIX.length) : recipient;
  return { name, input: JSON.stringify(parameters) };
}
