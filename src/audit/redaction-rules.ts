// What users want taken out besides what looks secret: names anywhere, and paths from the root of the arguments.
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import { isObject } from "../kernel/json.ts";
import { findNearest } from "../kernel/nearest.ts";
import { type KeyReader, createKeyReader, splitWords } from "./secret-key.ts";

export interface RedactionRules {
  /** Names of members, at any depth, however they are written: `customerId` is also `customer_id`. */
  readonly keys?: readonly string[];
  /** Paths such as `customer.address` or `items.*.price`; `*` is any one name or index. */
  readonly paths?: readonly string[];
}

/** The segments of each path that is still possible at some depth; null when none is. */
export type OpenPaths = readonly (readonly string[])[] | null;

export interface CompiledRules {
  readonly secrecyOf: KeyReader;
  readonly paths: OpenPaths;
}

const KEYS = ["keys", "paths"];

/** Compiles rules. Throws INVALID_OPTION with every problem. */
export function compileRules(rules: RedactionRules): CompiledRules {
  const problems: Problem[] = [];
  for (const key of isObject(rules) ? Object.keys(rules) : []) {
    if (KEYS.includes(key)) continue;
    const [nearest] = findNearest(key, KEYS);
    problems.push({ path: `audit.redact.${key}`, message: `there is no such option; ${nearest === undefined ? 'expected "keys" or "paths"' : `did you mean "${nearest}"?`}` });
  }
  if (!isObject(rules)) problems.push({ path: "audit.redact", message: `received ${typeof rules}, expected { keys, paths }` });
  const { keys, paths } = (isObject(rules) ? rules : {}) as RedactionRules;
  const names = new Set(readTexts("keys", keys, problems, isName).map(toName));
  const split = readTexts("paths", paths, problems, isPath).map((path) => path.split("."));
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", "audit: redaction rules cannot be used", problems);
  return { secrecyOf: withNames(names), paths: split.length === 0 ? null : split };
}

/** The paths still possible below member `key`; `done` when one of them ends there. */
export function follow(paths: readonly (readonly string[])[], depth: number, key: string): { readonly done: boolean; readonly open: OpenPaths } {
  const matching = paths.filter((path) => path[depth] === "*" || path[depth] === key);
  if (matching.length === 0) return NOWHERE;
  return { done: matching.some((path) => path.length === depth + 1), open: matching };
}

const NOWHERE = Object.freeze({ done: false, open: null });

function withNames(names: ReadonlySet<string>): KeyReader {
  const secrecyOf = createKeyReader();
  return names.size === 0 ? secrecyOf : (key) => (names.has(toName(key)) ? "secret" : secrecyOf(key));
}

function toName(key: string): string {
  return splitWords(key).join("") || key;
}

function isName(text: string): boolean {
  return text.length > 0 && text.length <= 256;
}

function isPath(text: string): boolean {
  return isName(text) && text.split(".").every((segment) => segment !== "");
}

function readTexts(field: string, value: unknown, problems: Problem[], accepts: (text: string) => boolean): readonly string[] {
  if (value === undefined) return [];
  const isTexts = Array.isArray(value) && value.every((text) => typeof text === "string" && accepts(text));
  if (isTexts) return value as readonly string[];
  const received = Array.isArray(value) ? JSON.stringify(value).slice(0, 80) : typeof value;
  const expected = field === "keys" ? 'names such as "customerId"' : 'paths such as "items.*.price"';
  problems.push({ path: `audit.redact.${field}`, message: `received ${received}, expected an array of ${expected}, each of 1 to 256 characters` });
  return [];
}
