// Checks of single values. Each answers with what was received and what is accepted; none throws.
import type { Problem } from "../../errors/toolyard-error.ts";
import { isObject } from "../../kernel/json.ts";
import { findNearest } from "../../kernel/nearest.ts";

/** What is wrong with `value`, said of `path`; empty when it is fine. */
export type Check = (value: unknown, path: string) => readonly Problem[];

/** A value in a few words: `"abc"`, `5`, `null`, `an array`, `a function`. */
export function toReceived(value: unknown): string {
  if (value === null || ["number", "boolean", "bigint"].includes(typeof value)) return String(value);
  if (typeof value === "string") return JSON.stringify(value.length > 80 ? `${value.slice(0, 79)}…` : value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : `an array of ${value.length}`;
  if (isPlainObject(value)) return "an object";
  return typeof value === "undefined"
    ? "nothing"
    : `a ${typeof value === "object" ? value.constructor.name : typeof value}`;
}

/** Whether `value` was written as `{ … }`: no array, no promise, no instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // A configuration that was made in another realm (a test runner's) has another Object.prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A problem unless `holds`. */
export function checkThat(holds: (value: unknown) => boolean, accepted: string): Check {
  return (value, path) =>
    holds(value) ? [] : [{ path, message: `received ${toReceived(value)}, expected ${accepted}` }];
}

/** One of a few texts; names the nearest. */
export function checkOneOf(values: readonly string[]): Check {
  return (value, path) => {
    if (typeof value === "string" && values.includes(value)) return [];
    const near = typeof value === "string" ? findNearest(value, values, 1)[0] : undefined;
    const hint = near === undefined ? "" : `; did you mean ${JSON.stringify(near)}?`;
    return [
      {
        path,
        message: `received ${toReceived(value)}, expected ${values.map((text) => JSON.stringify(text)).join(", ")}${hint}`,
      },
    ];
  };
}

/** An integer from `min` to `max`. */
export function checkInteger(min: number, max: number): Check {
  const holds = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return checkThat(holds, `an integer from ${format(min)} to ${format(max)}`);
}

/** A finite number over 0. */
export const checkPositive: Check = checkThat(
  (value) => typeof value === "number" && Number.isFinite(value) && value > 0,
  "a number over 0",
);

/** An object with these members; the `required` ones have to be there. */
export function checkMembers(members: Readonly<Record<string, Check>>, required: readonly string[]): Check {
  const known = Object.keys(members);
  return (value, path) => {
    if (!isPlainObject(value))
      return [{ path, message: `received ${toReceived(value)}, expected an object with ${known.join(", ")}` }];
    const missing = required.filter((key) => value[key] === undefined);
    return [
      ...toUnknownKeys(value, known, path),
      ...missing.map((key) => ({ path: `${path}.${key}`, message: "is missing" })),
      ...known.flatMap((key) => (value[key] === undefined ? [] : (members[key]?.(value[key], `${path}.${key}`) ?? []))),
    ];
  };
}

/** A problem for every key that is not in `known`, with the nearest that is. */
export function toUnknownKeys(value: object, known: readonly string[], path: string): readonly Problem[] {
  return Object.keys(value)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = findNearest(key, known, 1)[0];
      const hint = near === undefined ? `accepted: ${known.join(", ")}` : `did you mean ${near}?`;
      return { path: path === "" ? key : `${path}.${key}`, message: `is not a known key; ${hint}` };
    });
}

function format(value: number): string {
  return value.toLocaleString("en-US");
}
