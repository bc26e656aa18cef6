// JSON text on its way to a server: data that is written again with the numbers as they were typed.
import { parseJson } from "../../kernel/parse-json.ts";
import { rawJson } from "../../kernel/raw-json.ts";

const MAX_BYTES = 10 * 1024 * 1024;
// Deeper than any server accepts, so that it is the server that says so.
const MAX_DEPTH = 1_000;

// ECMAScript 2026, which the compiler's library does not declare yet.
type Reviver = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: Reviver) => unknown;

/** What `JSON.stringify` writes as `text` says. Throws an Error for what is no JSON, and for what writing again would hide. */
export function parseExactJson(text: string): unknown {
  const parsed = parseJson(text, { maxBytes: MAX_BYTES, maxDepth: MAX_DEPTH });
  if (!parsed.ok) throw new Error(parsed.message);
  return parseWithSource(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined ? rawJson(source) : value,
  );
}
