// A value of the configuration as it may be shown: without code, and without what is, or may be, a secret.
import type { JsonValue } from "../../kernel/json.ts";
import { toKeySecrecy } from "../../kernel/secret-name.ts";
import { isPlainObject, toMeta, toReceived } from "../problems/index.ts";
import type { ConfigKey } from "./config-keys.ts";

const MAX_DEPTH = 32;
/** What refers to a secret says nothing of it. */
const REFERENCE = /^(?:env|file|vault):\S+$/;
const HIDDEN = "[hidden]";

/** `value` of `key` as JSON data. Tools are shown by name and version, other code by what it is. */
export function showValue({ schema, path }: Pick<ConfigKey, "schema" | "path">, value: unknown): JsonValue {
  if (value === undefined) return null;
  if (path === "tools" && Array.isArray(value)) return value.map(toToolName);
  if (toMeta(schema, "code") === true)
    return `[${toReceived(typeof value === "string" ? {} : value).replace(/^an? /, "")}]`;
  return toShown(value, null, toMeta(schema, "open") === true, 0);
}

function toShown(value: unknown, name: string | null, isOpen: boolean, depth: number): JsonValue {
  if (depth > MAX_DEPTH) return "[deeper]";
  if (Array.isArray(value)) return value.map((item) => toShown(item, name, isOpen, depth + 1));
  if (!isPlainObject(value)) return toShownScalar(value, !isOpen && name !== null && toKeySecrecy(name) === "secret");
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, member]) => [key, toShown(member, key, isOpen, depth + 1)]));
}

function toShownScalar(value: unknown, isSecret: boolean): JsonValue {
  if (value === null || value === undefined) return null;
  if (typeof value === "boolean") return value;
  if (typeof value === "string") return isSecret && !REFERENCE.test(value) ? HIDDEN : withoutUser(value);
  if (isSecret) return HIDDEN;
  if (typeof value === "bigint") return String(value);
  return typeof value === "number" ? value : "[code]";
}

/** A URL without the user and the password before its host. */
function withoutUser(text: string): string {
  return text.replace(/:\/\/[^/\s]*@/, "://");
}

function toToolName(tool: unknown): string {
  const { name, version } = (typeof tool === "object" && tool !== null ? tool : {}) as Readonly<
    Record<string, unknown>
  >;
  return typeof name === "string" && typeof version === "string" ? `${name}@${version}` : "[code]";
}
