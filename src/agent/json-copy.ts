// Data of others as plain JSON of our own, frozen: what was shown to whoever approves a call is what is executed, whatever
// a model's adapter or a hook does with its objects afterwards, and a state survives being stored.
import { deepFreeze } from "../kernel/freeze.ts";
import type { JsonValue } from "../kernel/json.ts";
import { parseJson } from "../kernel/parse-json.ts";
import { writeBigInt } from "../kernel/raw-json.ts";
import { copyJson } from "../tool/schema/copy-json.ts";

const RULES = { maxDepth: 64, instances: "refuse", bigints: true } as const;
/** Stands for arguments that JSON cannot hold: no JSON either, so that every registry refuses it. */
const NOT_JSON = "(arguments that JSON cannot hold)";

/** The arguments of a call as a model's adapter gave them: text as it is, data as a frozen copy, nothing as null. */
export function toCallInput(given: unknown): JsonValue {
  if (typeof given === "string") return given;
  if (given === undefined || given === null) return null;
  try {
    const copied = copyJson(given, RULES);
    if (!copied.ok) return NOT_JSON;
    if (copied.inexact.length === 0) return deepFreeze(copied.value as JsonValue);
    // As text a number of any size stays the number it is.
    return JSON.stringify(given, writeBigInt);
  } catch {
    return NOT_JSON;
  }
}

/**
 * Arguments that the registry accepts, as data for a person: a frozen copy of their own, in which a number that a double
 * cannot hold is its text.
 */
export function toShownInput(input: unknown): JsonValue {
  if (typeof input !== "string") return deepFreeze(structuredClone((input ?? {}) as JsonValue));
  if (input.trim() === "") return deepFreeze({});
  const parsed = parseJson(input);
  // Accepted means parsed: a registry of another kind may take more, and then its text is shown.
  if (!parsed.ok) return input;
  const root = { value: (parsed.value ?? {}) as JsonValue };
  for (const { path, literal } of parsed.inexact) setAt(root, ["value", ...path], literal);
  return deepFreeze(root.value);
}

/** `value` as it is after JSON, frozen; undefined when JSON cannot hold it. A BigInt becomes its text. */
export function toStored(value: unknown): JsonValue | undefined {
  try {
    const text = JSON.stringify(value, (_key, member: unknown) =>
      typeof member === "bigint" ? member.toString() : member,
    ) as string | undefined;
    return text === undefined ? undefined : deepFreeze(JSON.parse(text) as JsonValue);
  } catch {
    return undefined;
  }
}

function setAt(root: object, path: readonly (string | number)[], value: string): void {
  let holder = root as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder;
  const last = path.at(-1);
  if (last !== undefined) holder[last] = value;
}
