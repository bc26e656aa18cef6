// Checks what is given as a setting before anything is looked at, and copies it: what was checked is what is stored.
import { ToolyardError } from "../../errors/toolyard-error.ts";
import { deepFreeze } from "../../kernel/freeze.ts";
import { isObject, type JsonValue } from "../../kernel/json.ts";
import { findNearest } from "../../kernel/nearest.ts";
import type { SettingKind } from "../../ports/setting-store.ts";
import { toKind } from "../options.ts";

const SETTING_KINDS: readonly SettingKind[] = ["role", "grant", "permission", "principal", "limit", "override", "stop"];
const MAX_ID = 1_024;
const MAX_BODY = 65_536;

/** Throws INVALID_OPTION for what is no kind of setting. */
export function checkSettingKind(what: string, kind: SettingKind): void {
  if (SETTING_KINDS.includes(kind)) return;
  const near = typeof kind === "string" ? findNearest(kind, SETTING_KINDS, 1)[0] : undefined;
  const hint = near === undefined ? "" : `; did you mean ${near}?`;
  throw refuse(`${what}: kind: received ${toKind(kind)}, expected one of ${SETTING_KINDS.join(", ")}${hint}`);
}

/** Throws INVALID_OPTION for what can be no id of that kind. */
export function checkSettingId(what: string, kind: SettingKind, id: string): void {
  checkSettingKind(what, kind);
  if (typeof id !== "string" || id === "" || id.length > MAX_ID || !id.isWellFormed())
    throw refuse(`${what}: id: received ${toKind(id)}, expected a text of 1 to 1,024 characters`);
}

/** A frozen copy of the body as JSON data. Throws INVALID_OPTION for what is none, or is too long. */
export function copySettingBody(kind: SettingKind, body: unknown): JsonValue {
  // Copying would leave it out, and the grant would hold without it.
  if (kind === "grant" && isObject(body) && body["when"] !== undefined)
    throw refuse("settings: grant: a condition is code and cannot be stored; give this grant in the configuration");
  const text = toText(kind, body);
  if (text.length > MAX_BODY)
    throw refuse(`settings: ${kind}: received ${text.length} characters of JSON, expected at most ${MAX_BODY}`);
  const copy = JSON.parse(text) as JsonValue;
  return isObject(copy) ? (deepFreeze(copy) as JsonValue) : copy;
}

/** What the program declares is changed in the program. */
export function toDeclaredError(what: string, kind: SettingKind, id: string): ToolyardError {
  return refuse(`${what}: the ${kind} ${toKind(id)} is declared by the program, and only changed there`);
}

function toText(kind: SettingKind, body: unknown): string {
  try {
    const text: unknown = JSON.stringify(body);
    if (typeof text === "string") return text;
  } catch {
    // Said below.
  }
  throw refuse(`settings: ${kind}: received ${toKind(body)}, expected JSON data`);
}

function refuse(message: string): ToolyardError {
  return new ToolyardError("INVALID_OPTION", message);
}
