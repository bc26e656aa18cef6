// Where schemas stand inside a schema. Anything else (enum, const, default, examples) is data: a property or a value
// named "oneOf" is not the keyword.
import { isObject } from "../../kernel/json.ts";

const SINGLE = new Set([
  ...[
    "additionalProperties",
    "additionalItems",
    "unevaluatedProperties",
    "unevaluatedItems",
    "contains",
    "propertyNames",
  ],
  ...["not", "if", "then", "else", "contentSchema"],
]);
const LIST = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);
const NAMED = new Set(["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"]);

export type SchemaObject = Record<string, unknown>;

/**
 * A copy of the value of `keyword` with `change` applied to every schema that stands directly in it. Built from entries,
 * so that a property named `__proto__` stays a property.
 */
export function mapSchemas(keyword: string, value: unknown, change: (schema: SchemaObject) => SchemaObject): unknown {
  const one = (member: unknown): unknown => (isObject(member) ? change(member) : member);
  if (SINGLE.has(keyword)) return one(value);
  if (keyword === "items") return Array.isArray(value) ? value.map(one) : one(value);
  if (LIST.has(keyword)) return Array.isArray(value) ? value.map(one) : value;
  if (NAMED.has(keyword) && isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, one(member)]));
  }
  return value;
}

/** What a local `$ref` points to; undefined when it points to nothing here. */
export function resolveRef(root: SchemaObject, ref: unknown): unknown {
  if (ref === "#") return root;
  if (typeof ref !== "string" || !ref.startsWith("#/")) return undefined;
  let at: unknown = root;
  for (const part of ref.slice(2).split("/")) {
    const key = decode(part).replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as SchemaObject)[key];
  }
  return at;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
