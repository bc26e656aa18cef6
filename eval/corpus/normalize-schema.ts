// Corpora of function calls name types as Python, Java or JavaScript do. This makes JSON Schema of them. What is lost on
// the way is told: an evaluation must not look better because the corpus was made simpler.
import type { JsonSchema } from "../../src/index.ts";

const TYPES: ReadonlyMap<string, string> = new Map([
  ...["object", "dict", "HashMap", "map"].map((name) => [name, "object"] as const),
  ...["array", "Array", "ArrayList", "list", "tuple"].map((name) => [name, "array"] as const),
  ...["string", "String", "str", "char"].map((name) => [name, "string"] as const),
  ...["integer", "int", "long", "short", "byte"].map((name) => [name, "integer"] as const),
  ...["number", "float", "double"].map((name) => [name, "number"] as const),
  ...["boolean", "Boolean", "bool"].map((name) => [name, "boolean"] as const),
]);

/** The JSON Schema that `schema` means; a type that names nothing in JSON (`any`) is left out. `tell`: what was left out. */
export function normalizeSchema(schema: unknown, tell: (what: string) => void = () => {}): JsonSchema {
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
  else if (type !== undefined) tell(`type ${JSON.stringify(type)} left out`);
  const members = typeof properties === "object" && properties !== null ? Object.entries(properties) : null;
  if (members !== null)
    normal["properties"] = Object.fromEntries(members.map(([key, member]) => [key, normalizeSchema(member, tell)]));
  if (items !== undefined) normal["items"] = normalizeSchema(items, tell);
  if (typeof additionalProperties === "boolean") normal["additionalProperties"] = additionalProperties;
  else if (additionalProperties !== undefined)
    normal["additionalProperties"] = normalizeSchema(additionalProperties, tell);
  if (Array.isArray(required)) {
    const names = new Set(members?.map(([key]) => key));
    const kept = [...new Set(required)].filter((name) => names.has(name as string));
    if (kept.length < new Set(required).size) tell("required of what is not described left out");
    normal["required"] = kept;
  }
  return normal;
}
