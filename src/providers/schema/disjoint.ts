// Whether no value fits two alternatives, as far as that can be seen at once: by types, by constants, or by the constants of a
// property that both require. Errs towards an overlap.
import { hasType, isSchema, typeOf } from "../../tool/schema/json-type.ts";
import { resolveRef } from "../../tool/schema/resolve-ref.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { toEntries } from "./context.ts";
import { isJsonEqual } from "../../kernel/json-equal.ts";
import { toModernForm, toNames, toTypes } from "../../tool/schema/modern-form.ts";

const MAX_BRANCHES = 64;
const MAX_VALUES = 256;
const MAX_DEPTH = 4;

/** Whether no value fits two of `branches` of the schema `root`. */
export function areDisjoint(root: JsonSchema, branches: readonly unknown[]): boolean {
  const given = branches.filter((branch) => branch !== false);
  if (given.length > MAX_BRANCHES) return false;
  const schemas = given.map((branch) => toSchema(root, branch));
  return schemas.every((one, index) => schemas.slice(index + 1).every((other) => areApart(root, one, other)));
}

/** The constants that the property `name` may have in `branch`, which requires it; null where they are not said. */
export function toTagValues(root: JsonSchema, branch: unknown, name: string): readonly unknown[] | null {
  const schema = toSchema(root, branch);
  if (!toNames(schema["required"]).includes(name)) return null;
  const property = new Map(toEntries(schema["properties"])).get(name);
  return property === undefined ? null : toValues(toSchema(root, property));
}

function toSchema(root: JsonSchema, given: unknown): JsonSchema {
  let schema: unknown = given;
  for (let hop = 0; hop < 8 && isSchema(schema) && typeof schema["$ref"] === "string"; hop++) {
    schema = resolveRef(root, schema["$ref"]);
  }
  return isSchema(schema) ? toModernForm(schema) : {};
}

function toValues(schema: JsonSchema): readonly unknown[] | null {
  if (Object.hasOwn(schema, "const")) return [schema["const"]];
  const values: unknown = schema["enum"];
  return Array.isArray(values) && values.length <= MAX_VALUES ? values : null;
}

function areApart(root: JsonSchema, one: JsonSchema, other: JsonSchema, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  const branches = toBranches(one);
  if (branches !== null) return branches.every((each) => areApart(root, toSchema(root, each), other, depth + 1));
  if (toBranches(other) !== null) return areApart(root, other, one, depth + 1);
  return areSimplyApart(root, one, other);
}

/** The same of schemas without alternatives. */
function areSimplyApart(root: JsonSchema, one: JsonSchema, other: JsonSchema): boolean {
  const [types, others] = [toTypes(one), toTypes(other)];
  if (types !== null && others !== null && !overlap(types, others)) return true;
  const [values, rest] = [toValues(one), toValues(other)];
  if (values !== null) return !values.some((value) => mayFit(value, rest, others));
  if (rest !== null) return !rest.some((value) => mayFit(value, null, types));
  return types?.join() === "object" && others?.join() === "object" && haveOwnTags(root, one, other);
}

function toBranches(schema: JsonSchema): readonly unknown[] | null {
  const branches: unknown = schema["anyOf"] ?? schema["oneOf"];
  if (!Array.isArray(branches) || branches.length > MAX_BRANCHES) return null;
  return (branches as readonly unknown[]).filter((branch) => branch !== false);
}

/** Whether a property that both require has other constants in one than in the other. */
function haveOwnTags(root: JsonSchema, one: JsonSchema, other: JsonSchema): boolean {
  return toNames(one["required"]).some((name) => {
    const [tags, more] = [toTagValues(root, one, name), toTagValues(root, other, name)];
    return tags !== null && more !== null && !meet(tags, more);
  });
}

/** Whether `value` may be one of these constants, of these types; null: of any. */
function mayFit(value: unknown, values: readonly unknown[] | null, types: readonly string[] | null): boolean {
  if (types !== null && !hasType(types, typeOf(value))) return false;
  return values === null || values.some((one) => isJsonEqual(one, value));
}

function overlap(types: readonly string[], others: readonly string[]): boolean {
  const isNumber = (list: readonly string[]): boolean => list.includes("number") || list.includes("integer");
  return types.some((type) => others.includes(type)) || (isNumber(types) && isNumber(others));
}

function meet(values: readonly unknown[], others: readonly unknown[]): boolean {
  return values.some((value) => others.some((other) => isJsonEqual(value, other)));
}
