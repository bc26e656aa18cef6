// The fields of a definition in the order in which people read them. Those that are null are left out of a file, and filled in when it is read:
// its digest tells whether that makes it what it was.
import { toDigest } from "../kernel/canonical-json.ts";
import type { JsonObject, JsonValue } from "../kernel/json.ts";
import type { ToolVersion } from "../tool/tool-version.ts";

/** Whether there is no definition without the field; null: it is there or not, and never null. */
const FIELDS: Readonly<Record<Exclude<keyof ToolVersion, "name" | "version" | "digest">, boolean | null>> = {
  title: true,
  description: true,
  category: true,
  tags: true,
  effect: true,
  access: false,
  inputSchema: true,
  outputSchema: false,
  examples: true,
  idempotent: true,
  honoursKeys: true,
  statusCheck: true,
  cost: true,
  limits: true,
  concurrency: true,
  timeoutMs: false,
  exactNumbers: false,
  source: null,
  upstream: false,
  attemptTimeoutMs: false,
  retry: false,
  breaker: false,
  bulkhead: false,
  cache: false,
  fallback: false,
  result: false,
};

export const DEFINITION_KEYS: readonly string[] = Object.keys(FIELDS);
export const REQUIRED_KEYS: readonly string[] = toKeys(true);
const NULLABLE_KEYS = toKeys(false);

function toKeys(isRequired: boolean): readonly string[] {
  return Object.entries(FIELDS)
    .filter(([, required]) => required === isRequired)
    .map(([key]) => key);
}

/** The definition as a file has it: without name and version, and without what is null where that can be told. */
export function toShownDefinition({
  name: _name,
  version: _version,
  ...fields
}: JsonObject): ReadonlyMap<string, JsonValue> {
  const given = new Map(Object.entries(fields));
  const isWhole = NULLABLE_KEYS.every((key) => given.has(key));
  const keys = [
    ...DEFINITION_KEYS.filter((key) => given.has(key)),
    ...[...given.keys()].filter((key) => !DEFINITION_KEYS.includes(key)),
  ];
  const shown = keys.filter((key) => !isWhole || given.get(key) !== null || !NULLABLE_KEYS.includes(key));
  return new Map(shown.map((key) => [key, given.get(key) ?? null]));
}

/** The definition that a file shows, whose digest is `digest`; with every field when it has none, or another one. */
export function toWholeDefinition(shown: JsonObject, digest: string | null): JsonObject {
  if (digest !== null && toDigest(shown) === digest) return shown;
  const missing = NULLABLE_KEYS.filter((key) => shown[key] === undefined).map((key) => [key, null] as const);
  return { ...shown, ...Object.fromEntries(missing) };
}
