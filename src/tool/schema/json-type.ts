// The seven types of JSON Schema, and which of them a schema can accept at all.
import { isObject } from "../../kernel/json.ts";
import { ExactNumber } from "./exact-numbers.ts";
import type { JsonSchema } from "./schema.ts";

export type JsonType = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

export const JSON_TYPES: readonly JsonType[] = Object.freeze([
  "string",
  "number",
  "integer",
  "boolean",
  "object",
  "array",
  "null",
]);

/** The type of a JSON value; `integer` for every number without a fraction. */
export function typeOf(value: unknown): JsonType {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "string") return "string";
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  if (value instanceof ExactNumber) return value.isInteger ? "integer" : "number";
  return "object";
}

/** Whether a value of type `type` is among `types`; an integer is a number too. */
export function hasType(types: readonly string[], type: JsonType): boolean {
  return types.includes(type) || (type === "integer" && types.includes("number"));
}

/**
 * The types that `schema` itself accepts at the most: those of `type` (and `nullable`), otherwise those of its `enum` or
 * `const`; null when it does not say. Every value of another type is refused by it, whatever else it holds.
 */
export function typesOf(schema: JsonSchema): readonly string[] | null {
  const { type, nullable } = schema;
  const types = typeof type === "string" ? [type] : Array.isArray(type) ? (type as readonly string[]) : null;
  if (types !== null) return nullable === true ? [...types, "null"] : types;
  if (Array.isArray(schema["enum"])) return [...new Set(schema["enum"].map(typeOf))];
  return Object.hasOwn(schema, "const") ? [typeOf(schema["const"])] : null;
}

/** Whether `value` can be a subschema that says something: an object. */
export function isSchema(value: unknown): value is JsonSchema {
  return isObject(value);
}
