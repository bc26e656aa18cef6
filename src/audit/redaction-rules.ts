// What users want taken out besides what looks secret: names anywhere, and paths from the root of the arguments.
import { formatReceived, type OptionReader, readOptions } from "../errors/option-problems.ts";
import { createKeyReader, type KeyReader, splitWords } from "./secret-key.ts";

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

/** Compiles rules. Throws INVALID_OPTION with every problem. */
export function compileRules(rules: RedactionRules): CompiledRules {
  const reader = readOptions("audit.redact", rules, ["keys", "paths"]);
  const names = readTexts("keys", rules, reader, isName).map(toName);
  const paths = readTexts("paths", rules, reader, isPath).map((path) => path.split("."));
  reader.done();
  return { secrecyOf: withNames(new Set(names)), paths: paths.length === 0 ? null : paths };
}

/** The paths still possible below member `key`; `done` when one of them ends there. */
export function follow(
  paths: readonly (readonly string[])[],
  depth: number,
  key: string,
): { readonly done: boolean; readonly open: OpenPaths } {
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

function readTexts(
  key: "keys" | "paths",
  rules: RedactionRules,
  reader: OptionReader,
  accepts: (text: string) => boolean,
): readonly string[] {
  const value: unknown = (rules as RedactionRules | null)?.[key] ?? [];
  if (Array.isArray(value) && value.every((text) => typeof text === "string" && accepts(text)))
    return value as readonly string[];
  const received = Array.isArray(value) ? JSON.stringify(value).slice(0, 80) : formatReceived(value);
  const expected = key === "keys" ? 'names such as "customerId"' : 'paths such as "items.*.price"';
  reader.refuse(key, `received ${received}, expected an array of ${expected}, each of 1 to 256 characters`);
  return [];
}
