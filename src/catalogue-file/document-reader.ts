// Reads parts of a file, each with what is accepted: everything that is wrong is told, none of it stops the reading.
import { formatReceived } from "../errors/option-problems.ts";
import { findNearest } from "../kernel/nearest.ts";
import type { Path, PathProblem, YamlData } from "./parse-yaml.ts";

export type Fields = ReadonlyMap<string, YamlData>;
const NO_FIELDS: Fields = new Map();

export interface DocumentReader {
  readonly problems: readonly PathProblem[];
  refuse(path: Path, message: string): void;
  /** The fields of a map; one that is not in `known` is a problem. */
  fields(value: YamlData | undefined, path: Path, known: readonly string[], required?: readonly string[]): Fields;
  /** A map from names of any kind; empty when it is not there. */
  names(value: YamlData | undefined, path: Path): Fields;
  list(value: YamlData | undefined, path: Path): readonly YamlData[];
  text(value: YamlData | undefined, path: Path): string | null;
  integer(value: YamlData | undefined, path: Path): number | null;
  flag(value: YamlData | undefined, path: Path): boolean;
  choice<T extends string>(value: YamlData | undefined, path: Path, choices: readonly T[]): T | null;
}

/** More problems than this are no help to anybody. */
const MAX_PROBLEMS = 1_000;

/** Creates a reader that has found nothing wrong yet. */
export function createDocumentReader(): DocumentReader {
  const problems: PathProblem[] = [];
  const refuse = (path: Path, message: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ path, message });
  };
  const expect = (path: Path, value: YamlData | undefined, accepted: string): null => {
    refuse(path, `received ${toReceived(value)}, expected ${accepted}`);
    return null;
  };
  const names: DocumentReader["names"] = (value, path) => {
    if (value === undefined || value === null) return NO_FIELDS;
    if (value instanceof Map) return value;
    expect(path, value, "a map");
    return NO_FIELDS;
  };
  return {
    problems,
    refuse,
    names,
    fields(value, path, known, required = []) {
      const fields = names(value, path);
      for (const key of fields.keys())
        if (!known.includes(key)) refuse([...path, key], `is not known; ${toHint(key, known)}`);
      for (const key of required) if ((fields.get(key) ?? null) === null) refuse(path, `has no ${key}`);
      return fields;
    },
    list(value, path) {
      if (value === undefined || value === null) return [];
      if (Array.isArray(value)) return value;
      expect(path, value, "a list");
      return [];
    },
    text(value, path) {
      if (value === undefined || value === null) return null;
      return typeof value === "string" ? value : expect(path, value, "a text");
    },
    integer(value, path) {
      if (value === undefined || value === null) return null;
      return Number.isSafeInteger(value) ? (value as number) : expect(path, value, "an integer");
    },
    flag(value, path) {
      if (typeof value !== "boolean" && value !== undefined) expect(path, value, "true or false");
      return value === true;
    },
    choice(value, path, choices) {
      if (value === undefined || value === null) return null;
      const found = choices.find((choice) => choice === value);
      if (found !== undefined) return found;
      const [near] = typeof value === "string" ? findNearest(value, choices, 1) : [];
      return expect(path, value, `one of ${choices.join(", ")}${near === undefined ? "" : `; did you mean ${near}?`}`);
    },
  };
}

function toHint(key: string, known: readonly string[]): string {
  const [near] = findNearest(key, known, 1);
  return near === undefined ? `accepted: ${known.join(", ")}` : `did you mean ${near}?`;
}

function toReceived(value: YamlData | undefined): string {
  return value instanceof Map ? "a map" : Array.isArray(value) ? "a list" : formatReceived(value);
}
