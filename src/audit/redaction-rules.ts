// What users want taken out, or hashed, besides what looks secret: names anywhere, and paths from the root of the arguments.
import { formatReceived, type OptionReader, readOptions } from "../errors/option-problems.ts";
import { createValueHash } from "./value-hash.ts";
import { createKeyReader, type KeyReader, splitWords } from "../kernel/secret-name.ts";

export interface RedactedMembers {
  /** Names of members, at any depth, however they are written: `customerId` is also `customer_id`. */
  readonly keys?: readonly string[];
  /** Paths such as `customer.address` or `items.*.price`; `*` is any one name or index. */
  readonly paths?: readonly string[];
}

export interface RedactionRules extends RedactedMembers {
  /**
   * What is kept as a hash under the audit key, `hmac-sha256:…`: equal values can be found, and nobody without the key reads
   * them or tries which they are. Of objects and arrays the values in them are hashed, and names stay. What `keys` and `paths`
   * take out is taken out all the same. @default nothing
   */
  readonly hmac?: RedactedMembers;
}

/** The segments of each path that is still possible at some depth; null when none is. */
export type OpenPaths = readonly (readonly string[])[] | null;

export interface CompiledRules {
  readonly secrecyOf: KeyReader;
  readonly paths: OpenPaths;
  /** null: nothing is hashed. */
  readonly hashed: HashedRules | null;
}

export interface HashedRules {
  readonly hasName: (key: string) => boolean;
  readonly paths: OpenPaths;
  readonly toHash: (text: string) => string;
}

/** Compiles rules; `key` is the audit key, when there is one. Throws INVALID_OPTION with every problem. */
export function compileRules(rules: RedactionRules, key: Uint8Array | null = null): CompiledRules {
  const reader = readOptions("audit.redact", rules, ["keys", "paths", "hmac"]);
  const taken = readSelection(rules, reader);
  const hmac = (rules as RedactionRules | null)?.hmac;
  if (hmac !== undefined && key === null)
    reader.refuse("hmac", "needs the audit key; give it as audit.key, 32 random bytes or more");
  reader.done();
  return {
    secrecyOf: withNames(taken.names),
    paths: taken.paths,
    hashed: hmac === undefined || key === null ? null : compileHashed(hmac, taken, key),
  };
}

interface Selected {
  readonly names: ReadonlySet<string>;
  readonly paths: OpenPaths;
}

function compileHashed(hmac: RedactedMembers, taken: Selected, key: Uint8Array): HashedRules {
  const reader = readOptions("audit.redact.hmac", hmac, ["keys", "paths"]);
  const { names, paths } = readSelection(hmac, reader);
  reader.done();
  const hasName = (name: string): boolean => names.has(toName(name)) && !taken.names.has(toName(name));
  return { hasName: names.size === 0 ? () => false : hasName, paths, toHash: createValueHash(key) };
}

function readSelection(selection: RedactedMembers, reader: OptionReader): Selected {
  const names = readTexts("keys", selection, reader, isName).map(toName);
  const paths = readTexts("paths", selection, reader, isPath).map((path) => path.split("."));
  return { names: new Set(names), paths: paths.length === 0 ? null : paths };
}

/** The paths still possible below member `key`; `done` when one of them ends there. */
export function follow(
  paths: OpenPaths,
  depth: number,
  key: string,
): { readonly done: boolean; readonly open: OpenPaths } {
  if (paths === null) return NOWHERE;
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
  rules: RedactedMembers,
  reader: OptionReader,
  accepts: (text: string) => boolean,
): readonly string[] {
  const value: unknown = (rules as RedactedMembers | null)?.[key] ?? [];
  if (Array.isArray(value) && value.every((text) => typeof text === "string" && accepts(text)))
    return value as readonly string[];
  const received = Array.isArray(value) ? JSON.stringify(value).slice(0, 80) : formatReceived(value);
  const expected = key === "keys" ? 'names such as "customerId"' : 'paths such as "items.*.price"';
  reader.refuse(key, `received ${received}, expected an array of ${expected}, each of 1 to 256 characters`);
  return [];
}
