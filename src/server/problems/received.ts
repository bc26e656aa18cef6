// What came, in a few words: it is shown to whoever sent it, and written into logs. Never throws, whatever came.
import { isObject } from "../../kernel/json.ts";

const MAX_LENGTH = 80;

/** A value in a few words: `"abc"`, `5`, `null`, `an array of 3`, `a function`. */
export function toReceived(value: unknown): string {
  // A URL may carry a password before its host.
  if (typeof value === "string" && !/:\/\/[^/\s]*@/.test(value)) return toQuoted(value);
  if (value === null || ["number", "boolean", "bigint"].includes(typeof value)) return String(value);
  return toKind(value);
}

/** As `toReceived`, without anything of what a text says. */
export function toKind(value: unknown): string {
  if (value === null || value === undefined) return value === null ? "null" : "nothing";
  if (typeof value === "string") return value === "" ? "an empty text" : `a text of ${value.length} characters`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  if (typeof value !== "object") return `a ${typeof value}`;
  return isPlainObject(value) ? "an object" : toClass(value);
}

/** Whether `value` was written as `{ … }`: no array, no promise, no instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    // An object that was made in another realm (a test runner's) has another Object.prototype.
    return prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    return false;
  }
}

/** A text of anybody's, between quotes, cut where it is long. */
export function toQuoted(text: string): string {
  return JSON.stringify(text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text);
}

function toClass(value: object): string {
  try {
    const { constructor } = value as { readonly constructor?: unknown };
    const name = typeof constructor === "function" ? constructor.name : "";
    return typeof name === "string" && /^\w{1,60}$/.test(name) ? `a ${name}` : "an object of a class";
  } catch {
    return "an object of a class";
  }
}
