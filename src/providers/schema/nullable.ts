// A compiled schema that accepts null too, for a property that strict mode makes a model send.
import { toTypes } from "../../tool/schema/modern-form.ts";
import type { SchemaObject } from "./plan.ts";

const NULL: SchemaObject = Object.freeze({ type: "null" });

/** `schema`, of the strict subset, or null. */
export function toNullable(schema: SchemaObject): SchemaObject {
  const { anyOf } = schema;
  if (Array.isArray(anyOf)) return anyOf.some(isNull) ? schema : { ...schema, anyOf: [...(anyOf as unknown[]), NULL] };
  const types = toTypes(schema);
  if (types === null || "const" in schema || types.includes("object")) return toAlternatives(schema);
  if (types.includes("null") && (!Array.isArray(schema["enum"]) || schema["enum"].includes(null))) return schema;
  const type = types.includes("null") ? types : [...types, "null"];
  if (!Array.isArray(schema["enum"])) return { ...schema, type };
  return { ...schema, type, enum: [...(schema["enum"] as unknown[]), null] };
}

function isNull(schema: unknown): boolean {
  return (schema as SchemaObject)["type"] === "null";
}

/** What is said of the place stays outside, where it is read first. */
function toAlternatives(schema: SchemaObject): SchemaObject {
  const { title, description, ...rest } = schema;
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    anyOf: [rest, NULL],
  };
}
