// The body of a request: exactly JSON, exactly UTF-8, exactly once. What is no such thing is refused before anybody looks at it.
import { isUtf8 } from "node:buffer";
import { parseJson } from "../../kernel/parse-json.ts";
import type { HttpCode } from "./http-codes.ts";

/** The one grammar of `Content-Type` (S-23). */
const JSON_TYPE = /^application\/json(?:; ?charset=utf-8)?$/i;

export function isJsonType(type: string | undefined): boolean {
  return type !== undefined && JSON_TYPE.test(type);
}

export type TextAnswer =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly code: HttpCode; readonly detail: string };

/** The text of a body. A mark of the byte order is no part of JSON. */
export function readText(body: Buffer): TextAnswer {
  if (isUtf8(body)) return { ok: true, text: body.toString("utf8") };
  return { ok: false, code: "INVALID_REQUEST", detail: "body: is no UTF-8" };
}

export type JsonAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: "INVALID_JSON"; readonly detail: string };

/** The data of a body that is for us, not for a tool: numbers that JavaScript cannot hold are refused. */
export function readJson(text: string, limits: { readonly bytes: number; readonly depth: number }): JsonAnswer {
  const parsed = parseJson(text, { maxBytes: limits.bytes, maxDepth: limits.depth });
  if (!parsed.ok) return { ok: false, code: "INVALID_JSON", detail: `body: ${parsed.message}` };
  const [inexact] = parsed.inexact;
  if (inexact === undefined) return { ok: true, value: parsed.value };
  return {
    ok: false,
    code: "INVALID_JSON",
    detail: `body: the number ${inexact.literal.slice(0, 40)} is none that can be held exactly`,
  };
}

/** Depth that whoever reads a raw body holds to anyway. */
const OWN_DEPTH = 64;

/** What is wrong with the depth of a raw body; null: nothing, or its reader finds it. */
export function findTooDeep(text: string, depth: number): string | null {
  if (depth >= OWN_DEPTH) return null;
  const parsed = parseJson(text, { maxBytes: Number.MAX_SAFE_INTEGER, maxDepth: depth });
  return !parsed.ok && parsed.reason === "TOO_DEEP" ? `body: ${parsed.message}` : null;
}
