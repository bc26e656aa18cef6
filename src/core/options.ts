// Checks what the host program passes: it is trusted, and a slip in it should be found at once and by name.
import { ToolyardError, type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import { isObject } from "../kernel/json.ts";
import { findNearest } from "../kernel/nearest.ts";

/** Throws INVALID_OPTION when `options` is no object or has a key that is not in `known`. */
export function checkKeys(what: string, options: unknown, known: readonly string[]): void {
  if (!isObject(options)) {
    throw new ToolyardError("INVALID_OPTION", `${what}: received ${toKind(options)}, expected an object of options`);
  }
  const problems = toUnknownKeys(options, known);
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", `${what}: unknown options.`, problems);
}

/** A problem for each key that is not known, with the nearest that is. */
export function toUnknownKeys(options: object, known: readonly string[]): readonly Problem[] {
  return Object.keys(options)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const near = findNearest(key, known, 1)[0];
      const hint = near === undefined ? `known: ${known.join(", ")}` : `did you mean ${near}?`;
      return { path: key, message: `is not known; ${hint}` };
    });
}

/** A problem when `value` is neither undefined nor an integer in the range. */
export function toRangeProblem(path: string, value: unknown, min: number, max: number): readonly Problem[] {
  if (value === undefined) return [];
  if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return [];
  return [{ path, message: `received ${toKind(value)}, expected an integer from ${min} to ${max}` }];
}

/** A problem when `value` is neither undefined nor a boolean. */
export function toFlagProblem(path: string, value: unknown): readonly Problem[] {
  if (value === undefined || typeof value === "boolean") return [];
  return [{ path, message: `received ${toKind(value)}, expected true or false` }];
}

/** A problem when `value` is neither undefined nor one of `known`. */
export function toChoiceProblem(path: string, value: unknown, known: readonly string[]): readonly Problem[] {
  if (value === undefined || (known as readonly unknown[]).includes(value)) return [];
  return [{ path, message: `received ${toKind(value)}, expected one of ${known.join(", ")}` }];
}

/** A value in a few words: `"abc"`, `5`, `null`, `an array`. */
export function toKind(value: unknown): string {
  if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (Array.isArray(value)) return "an array";
  return typeof value === "undefined" ? "nothing" : `a ${typeof value}`;
}
