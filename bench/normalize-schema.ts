// Corpora of function calls name types as Python, Java or JavaScript do. This makes JSON Schema of them.
import type { JsonSchema } from "../src/index.ts";

const TYPES: ReadonlyMap<string, string> = new Map([
  ...["object", "dict", "HashMap", "map"].map((name) => [name, "object"] as const),
  ...["array", "Array", "ArrayList", "list", "tuple"].map((name) => [name, "array"] as const),
  ...["string", "String", "str", "char"].map((name) => [name, "string"] as const),
  ...["integer", "int", "long", "short", "byte"].map((name) => [name, "integer"] as const),
  ...["number", "float", "double"].map((name) => [name, "number"] as const),
  ...["boolean", "Boolean", "bool"].map((name) => [name, "boolean"] as const),
]);

/** The JSON Schema that `schema` means; a type that names nothing in JSON (`any`) is left out. */
export function normalizeSchema(schema: unknown): JsonSchema {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return {};
  const {
    type,
    properties,
    items,
    required,
    additionalProperties,
    optional: _python,
    ...others
  } = schema as Record<string, unknown>;
  const normal: Record<string, unknown> = { ...others };
  const known = typeof type === "string" ? TYPES.get(type) : undefined;
  if (known !== undefined) normal["type"] = known;
  const members = typeof properties === "object" && properties !== null ? Object.entries(properties) : null;
  if (members !== null)
    normal["properties"] = Object.fromEntries(members.map(([key, member]) => [key, normalizeSchema(member)]));
  if (items !== undefined) normal["items"] = normalizeSchema(items);
  if (typeof additionalProperties === "boolean") normal["additionalProperties"] = additionalProperties;
  else if (additionalProperties !== undefined) normal["additionalProperties"] = normalizeSchema(additionalProperties);
  if (Array.isArray(required)) {
    const names = new Set(members?.map(([key]) => key));
    normal["required"] = [...new Set(required)].filter((name) => names.has(name as string));
  }
  return normal;
}
