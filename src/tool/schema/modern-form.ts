// One spelling for what JSON Schema has several of: tuples and dependencies of draft-07, `nullable` of OpenAPI, and
// `true` and `{}`. Everything after this knows 2020-12 only. Odd values, which no published schema has, are left out.
import { isObject } from "../../kernel/json.ts";
import { JSON_TYPES } from "./json-type.ts";
import type { JsonSchema } from "./schema.ts";

const TYPES: ReadonlySet<unknown> = new Set(JSON_TYPES);
const MAPS = ["properties", "patternProperties", "dependentSchemas"] as const;
const LISTS = ["anyOf", "oneOf", "allOf", "prefixItems"] as const;
const OLD = ["items", "dependencies", "nullable", "additionalItems"] as const;

/** `schema` in 2020-12; itself where there is nothing to change. */
export function toModernForm(schema: JsonSchema): JsonSchema {
  let modern = OLD.some((keyword) => keyword in schema) ? replaceOld(schema) : schema;
  if (Array.isArray(modern["type"]) || "type" in modern) modern = withTypes(modern);
  for (const keyword of MAPS) if (keyword in modern && !isObject(modern[keyword])) modern = without(modern, keyword);
  for (const keyword of LISTS) if (keyword in modern && !isList(modern[keyword])) modern = without(modern, keyword);
  return modern;
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

function replaceOld(schema: JsonSchema): JsonSchema {
  const { items, additionalItems, dependencies, nullable, ...rest } = schema;
  const modern: Record<string, unknown> = Array.isArray(items)
    ? { ...rest, prefixItems: items, ...(additionalItems !== undefined && { items: additionalItems }) }
    : { ...rest, ...(items !== undefined && { items }) };
  if (isObject(dependencies)) Object.assign(modern, splitDependencies(modern, dependencies));
  if (nullable === true && modern["type"] !== undefined) {
    const types = modern["type"];
    modern["type"] = [...(Array.isArray(types) ? (types as readonly unknown[]) : [types]), "null"];
  }
  return modern;
}

function splitDependencies(schema: JsonSchema, dependencies: JsonSchema): JsonSchema {
  const entries = Object.entries(dependencies);
  const names = entries.filter(([, value]) => Array.isArray(value));
  const schemas = entries.filter(([, value]) => !Array.isArray(value));
  return {
    ...(names.length > 0 && { dependentRequired: { ...toObject(schema["dependentRequired"]), ...toObject(names) } }),
    ...(schemas.length > 0 && { dependentSchemas: { ...toObject(schema["dependentSchemas"]), ...toObject(schemas) } }),
  };
}

function toObject(value: unknown): object {
  if (Array.isArray(value)) return Object.fromEntries(value as [string, unknown][]);
  return isObject(value) ? value : {};
}

/** One type as text, several without repetitions. */
function withTypes(schema: JsonSchema): JsonSchema {
  const { type } = schema;
  if (typeof type === "string" && TYPES.has(type)) return schema;
  const known = (Array.isArray(type) ? type : []).filter((one) => TYPES.has(one)) as string[];
  const types = new Set(known.includes("number") ? known.filter((one) => one !== "integer") : known);
  if (types.size === 0) return without(schema, "type");
  const [only] = types;
  return { ...schema, type: types.size === 1 ? only : [...types] };
}

function without(schema: JsonSchema, keyword: string): JsonSchema {
  const { [keyword]: _gone, ...rest } = schema;
  return rest;
}

/** The types of `schema` as a list; null when it has none. Of the modern form. */
export function toTypes({ type }: JsonSchema): readonly string[] | null {
  if (typeof type === "string") return [type];
  return Array.isArray(type) ? (type as readonly string[]) : null;
}

/** The names in a list of names. */
export function toNames(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name): name is string => typeof name === "string") : [];
}
