// What is wrong with options that a host program passes: what was received, what is accepted, and the nearest that is.
import { isObject } from "../kernel/json.ts";
import { findNearest } from "../kernel/nearest.ts";
import { type Problem, toProblemsError } from "./toolyard-error.ts";

/** `path` of an option, its value, and the problems found so far. */
export interface OptionReader {
  /** `value` when it is an integer in the range, `fallback` when it is undefined; else a problem. */
  integer(key: string, min: number, max: number, fallback: number): number;
  boolean(key: string, fallback: boolean): boolean;
  /** One of a closed set. */
  choice<T extends string>(key: string, choices: readonly T[], fallback: T): T;
  /** A problem of the caller's own finding. */
  refuse(key: string, message: string): void;
  /** Throws INVALID_OPTION with every problem, if there is one. */
  done(): void;
}

/** Reads the options of `what`; keys that are not in `known` are problems, and so is what is no object. */
export function readOptions(what: string, options: unknown, known: readonly string[]): OptionReader {
  const problems: Problem[] = [];
  const given = isObject(options) ? options : {};
  const refuse = (key: string, message: string): void => {
    problems.push({ path: key === "" ? what : `${what}.${key}`, message });
  };
  const valueOf = (key: string, fallback: unknown): unknown => (given[key] === undefined ? fallback : given[key]);
  if (!isObject(options)) refuse("", `received ${formatReceived(options)}, expected an object of options`);
  for (const key of Object.keys(given)) {
    if (known.includes(key)) continue;
    refuse(key, `there is no such option; ${toHint(key, known) ?? `expected one of ${known.join(", ")}`}`);
  }
  return {
    refuse,
    integer(key, min, max, fallback) {
      const value = valueOf(key, fallback);
      if (typeof value === "number" && Number.isInteger(value) && value >= min && value <= max) return value;
      const nearest = typeof value === "number" ? `; the nearest is ${toNearest(value, min, max)}` : "";
      refuse(key, `received ${formatReceived(value)}, expected an integer from ${min} to ${max}${nearest}`);
      return fallback;
    },
    boolean(key, fallback) {
      const value = valueOf(key, fallback);
      if (typeof value === "boolean") return value;
      refuse(key, `received ${formatReceived(value)}, expected true or false`);
      return fallback;
    },
    choice(key, choices, fallback) {
      const value = valueOf(key, fallback);
      const found = choices.find((choice) => choice === value);
      if (found !== undefined) return found;
      const hint = typeof value === "string" ? toHint(value, choices) : undefined;
      refuse(
        key,
        `received ${formatReceived(value)}, expected one of ${choices.join(", ")}${hint === undefined ? "" : `; ${hint}`}`,
      );
      return fallback;
    },
    done() {
      if (problems.length > 0) throw toProblemsError("INVALID_OPTION", `${what}: cannot be used.`, problems);
    },
  };
}

/** A value in a few words: `"abc"`, `5`, `null`, `an array`. */
export function formatReceived(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 80));
  if (value === null || typeof value !== "object") {
    return typeof value === "function" || typeof value === "symbol" ? `a ${typeof value}` : String(value);
  }
  return Array.isArray(value) ? "an array" : "an object";
}

function toHint(received: string, known: readonly string[]): string | undefined {
  const [nearest] = findNearest(received, known, 1);
  return nearest === undefined ? undefined : `did you mean "${nearest}"?`;
}

function toNearest(value: number, min: number, max: number): number {
  return value > max ? max : value < min || Number.isNaN(value) ? min : Math.round(value);
}
