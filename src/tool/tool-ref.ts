// How a caller asks for a tool: `orders.refund`, `orders.refund@1`, `@^1.2`, `@1.4.2`, `@stable`.
import semver from "semver";

/** `1` to `128` characters: dotted segments of letters, digits, `_` and `-`; the first character is a letter or `_`. */
export const TOOL_NAME: RegExp = /^(?=.{1,128}$)[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z0-9_-]+)*$/;
const CHANNEL = /^[a-z][a-z-]{0,31}$/;
const MAX_LENGTH = 256;

export type ToolRef =
  | { readonly name: string; readonly kind: "latest" }
  /** One exact version. */
  | { readonly name: string; readonly kind: "exact"; readonly version: string }
  /** A range as the `semver` package reads it. */
  | { readonly name: string; readonly kind: "range"; readonly range: string }
  /** A named channel. */
  | { readonly name: string; readonly kind: "channel"; readonly channel: string };

export type ParsedRef = { readonly ok: true; readonly ref: ToolRef } | { readonly ok: false; readonly message: string };

/** Reads a reference; a refusal says what was received and what is accepted. */
export function parseToolRef(text: string): ParsedRef {
  if (typeof text !== "string") return refuse(`received ${text === null ? "null" : typeof text}`);
  if (text.length > MAX_LENGTH) return refuse(`received ${text.length} characters, at most ${MAX_LENGTH} are read`);
  const at = text.indexOf("@");
  const name = at === -1 ? text : text.slice(0, at);
  if (!TOOL_NAME.test(name)) return refuse(`received ${JSON.stringify(text.slice(0, 80))}`);
  if (at === -1) return { ok: true, ref: { name, kind: "latest" } };
  const wanted = text.slice(at + 1).trim();
  const exact = semver.valid(wanted);
  if (exact !== null && /^\d/.test(wanted)) return { ok: true, ref: { name, kind: "exact", version: exact } };
  if (wanted !== "" && semver.validRange(wanted) !== null)
    return { ok: true, ref: { name, kind: "range", range: wanted } };
  if (CHANNEL.test(wanted)) return { ok: true, ref: { name, kind: "channel", channel: wanted } };
  return refuse(
    `received ${JSON.stringify(text.slice(0, 80))}, whose part after "@" is neither a version, a range nor a channel`,
  );
}

function refuse(received: string): ParsedRef {
  return {
    ok: false,
    message: `${received}; expected a tool name, alone or followed by a version: "orders.get", "orders.get@1.2.0", "orders.get@^1", "orders.get@stable"`,
  };
}
