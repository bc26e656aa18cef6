// Whether null is valid under a schema. Decides whether a null that comes back is data or stands for what was left out,
// so it is exact: every keyword that speaks of null is evaluated, and what cannot be followed is said to be unknown.
import { isObject } from "../../kernel/json.ts";
import { isSchema } from "../../tool/schema/json-type.ts";
import { resolveRef } from "../../tool/schema/resolve-ref.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";
import { toModernForm, toTypes } from "../../tool/schema/modern-form.ts";

const MAX_DEPTH = 64;
const MAX_VISITS = 2_000;

/** Ends a walk whose answer cannot be known. */
const UNKNOWN = Symbol("unknown");

/** null: cannot be told, because references go in a circle or on for too long. */
export function acceptsNull(root: JsonSchema, schema: unknown): boolean | null {
  let visits = 0;

  const judge = (given: unknown, depth: number): boolean => {
    if (typeof given === "boolean") return given;
    if (!isSchema(given) || depth > MAX_DEPTH || ++visits > MAX_VISITS) throw UNKNOWN;
    const one = toModernForm(given);
    return judgeValue(one) && judgeParts(one, (part) => judge(part, depth + 1), root);
  };

  try {
    return judge(schema, 0);
  } catch (error) {
    if (error === UNKNOWN) return null;
    throw error;
  }
}

function judgeValue(schema: JsonSchema): boolean {
  const types = toTypes(schema);
  if (types !== null && !types.includes("null")) return false;
  if (Object.hasOwn(schema, "const") && schema["const"] !== null) return false;
  return !Array.isArray(schema["enum"]) || schema["enum"].includes(null);
}

function judgeParts(schema: JsonSchema, judge: (part: unknown) => boolean, root: JsonSchema): boolean {
  const { $ref, allOf, anyOf, oneOf, not } = schema;
  if (typeof $ref === "string" && !judge(resolveRef(root, $ref))) return false;
  if (Array.isArray(allOf) && !allOf.every(judge)) return false;
  if (Array.isArray(anyOf) && !anyOf.some(judge)) return false;
  if (Array.isArray(oneOf) && oneOf.filter(judge).length !== 1) return false;
  if (not !== undefined && isSchemaOrBoolean(not) && judge(not)) return false;
  return judgeCondition(schema, judge);
}

function judgeCondition(schema: JsonSchema, judge: (part: unknown) => boolean): boolean {
  if (!isSchemaOrBoolean(schema["if"])) return true;
  const branch = judge(schema["if"]) ? schema["then"] : schema["else"];
  return !isSchemaOrBoolean(branch) || judge(branch);
}

function isSchemaOrBoolean(value: unknown): boolean {
  return typeof value === "boolean" || isObject(value);
}
