// Which branches of an anyOf or oneOf a value can belong to, judged by type and by the constants that tell branches
// apart. Errs towards "can": a branch that is ruled out here does refuse the value.
// INVARIANT: a schema that fits no value refuses it ("rules out only what Ajv refuses" in branches.test.ts).
import { getOwn } from "../../kernel/own.ts";
import { hasType, isSchema, typeOf, typesOf } from "./json-type.ts";
import { derefSchema } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";

const MAX_DEPTH = 8;

/** Whether `value` may be valid under `schema`, a subschema of `root`. */
export function fits(schema: unknown, value: unknown, root: JsonSchema, depth = 0): boolean {
  const target = isSchema(schema) ? derefSchema(root, schema) : schema;
  if (target === false) return false;
  if (!isSchema(target) || depth > MAX_DEPTH) return true;
  return fitsItself(target, value, root) && fitsParts(target, value, root, depth);
}

function fitsItself(schema: JsonSchema, value: unknown, root: JsonSchema): boolean {
  const type = typeOf(value);
  const types = typesOf(schema);
  if (types !== null && !hasType(types, type)) return false;
  if (!fitsConstants(schema, value)) return false;
  return type !== "object" || fitsDiscriminators(schema, value as Record<string, unknown>, root);
}

function fitsParts(schema: JsonSchema, value: unknown, root: JsonSchema, depth: number): boolean {
  const fitsPart = (part: unknown): boolean => fits(part, value, root, depth + 1);
  const { allOf, anyOf, oneOf } = schema;
  if (Array.isArray(allOf) && !allOf.every(fitsPart)) return false;
  if (Array.isArray(anyOf) && !anyOf.some(fitsPart)) return false;
  return !Array.isArray(oneOf) || oneOf.some(fitsPart);
}

function fitsConstants(schema: JsonSchema, value: unknown): boolean {
  // Objects and arrays would have to be compared deeply; they count as fitting.
  if (typeof value === "object" && value !== null) return true;
  if (Object.hasOwn(schema, "const") && schema["const"] !== value) return false;
  return !Array.isArray(schema["enum"]) || schema["enum"].includes(value);
}

function fitsDiscriminators(schema: JsonSchema, value: Record<string, unknown>, root: JsonSchema): boolean {
  const { properties } = schema;
  if (!isSchema(properties)) return true;
  for (const [name, property] of Object.entries(properties)) {
    const member = getOwn(value, name);
    if (member === undefined || !isSchema(property)) continue;
    const target = derefSchema(root, property);
    if (isSchema(target) && !fitsConstants(target, member)) return false;
  }
  return true;
}

/** The one branch that `value` fits; null when none does or several do. */
export function findBranch(branches: readonly unknown[], value: unknown, root: JsonSchema): JsonSchema | null {
  const fitting = branches.filter((branch) => fits(branch, value, root));
  const [only] = fitting;
  return fitting.length === 1 && isSchema(only) ? only : null;
}
