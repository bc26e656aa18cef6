// Whether a schema is in the subset that OpenAI's strict mode accepts, as it stands. One keyword outside of it makes the
// API refuse the whole request, so in doubt the answer is no.
import { isObject } from "../../kernel/json.ts";
import type { JsonSchema } from "../../tool/schema/schema.ts";

const ANNOTATIONS = new Set([
  "description",
  "title",
  "$schema",
  "$comment",
  "$id",
  "deprecated",
  "readOnly",
  "writeOnly",
]);
const ALLOWED = new Set([
  ...[
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "const",
    "anyOf",
    "$ref",
    "$defs",
    "definitions",
  ],
  ...[
    "pattern",
    "format",
    "multipleOf",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minItems",
    "maxItems",
  ],
]);
const FORMATS = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);
const LOOKS_AROUND = /\(\?<?[=!]/;
const MAX_DEPTH = 10;
const MAX_PROPERTIES = 5_000;
const MAX_ENUM_VALUES = 1_000;
const MAX_CHARACTERS = 120_000;
const LARGE_ENUM = 250;
const MAX_LARGE_ENUM_CHARACTERS = 15_000;

interface Totals {
  properties: number;
  enumValues: number;
  characters: number;
}

/** The first reason why `schema` cannot be sent as strict without change; null when it can. */
export function findStrictProblem(schema: JsonSchema): string | null {
  if (schema["type"] !== "object") return "the root is not an object";
  if ("anyOf" in schema) return "anyOf at the root";
  const totals: Totals = { properties: 0, enumValues: 0, characters: 0 };
  const problem = visit(schema, "the root", 1, totals);
  if (problem !== null) return problem;
  if (totals.properties > MAX_PROPERTIES)
    return `${totals.properties} properties, at most ${MAX_PROPERTIES} are accepted`;
  if (totals.enumValues > MAX_ENUM_VALUES)
    return `${totals.enumValues} enum values, at most ${MAX_ENUM_VALUES} are accepted`;
  if (totals.characters > MAX_CHARACTERS)
    return `${totals.characters} characters of names and values, at most ${MAX_CHARACTERS} are accepted`;
  return null;
}

function visit(schema: unknown, at: string, depth: number, totals: Totals): string | null {
  if (!isObject(schema)) return `${at} accepts anything or nothing`;
  if (depth > MAX_DEPTH) return `${at} is nested deeper than ${MAX_DEPTH} levels`;
  const used = Object.keys(schema).filter((keyword) => !ANNOTATIONS.has(keyword));
  const foreign = used.find((keyword) => !ALLOWED.has(keyword));
  if (foreign !== undefined) return `${foreign} at ${at}`;
  return (
    findRefProblem(schema, used, at) ??
    findObjectProblem(schema, at, totals) ??
    findValueProblem(schema, at, totals) ??
    visitInside(schema, at, depth, totals)
  );
}

function findRefProblem(schema: Record<string, unknown>, used: readonly string[], at: string): string | null {
  const ref = schema["$ref"];
  if (ref === undefined) {
    const typed = ["type", "enum", "const", "anyOf"].some((keyword) => keyword in schema);
    return typed ? null : `${at} has no type`;
  }
  if (typeof ref !== "string" || !ref.startsWith("#")) return `$ref at ${at} points outside of the schema`;
  return used.length > 1 ? `$ref with other keywords at ${at}` : null;
}

function findObjectProblem(schema: Record<string, unknown>, at: string, totals: Totals): string | null {
  const { type, properties, required } = schema;
  if (type !== "object" && !(Array.isArray(type) && type.includes("object"))) return null;
  if (schema["additionalProperties"] !== false) return `additionalProperties is not false at ${at}`;
  const names = isObject(properties) ? Object.keys(properties) : [];
  const listed = new Set(Array.isArray(required) ? required : []);
  const optional = names.find((name) => !listed.has(name));
  totals.properties += names.length;
  for (const name of names) totals.characters += name.length;
  return optional === undefined ? null : `${JSON.stringify(optional)} is optional at ${at}`;
}

function findValueProblem(schema: Record<string, unknown>, at: string, totals: Totals): string | null {
  const { type, format, pattern } = schema;
  const isArray = type === "array" || (Array.isArray(type) && type.includes("array"));
  if (isArray && !("items" in schema)) return `an array without items at ${at}`;
  if (format !== undefined && !(typeof format === "string" && FORMATS.has(format))) {
    return `format ${JSON.stringify(format)} at ${at}`;
  }
  if (typeof pattern === "string" && LOOKS_AROUND.test(pattern)) return `a pattern that looks around at ${at}`;
  return findEnumProblem(schema, at, totals);
}

function findEnumProblem(schema: Record<string, unknown>, at: string, totals: Totals): string | null {
  const values: readonly unknown[] = Array.isArray(schema["enum"]) ? schema["enum"] : [];
  const characters = values.reduce<number>((sum, value) => sum + (typeof value === "string" ? value.length : 0), 0);
  totals.enumValues += values.length;
  totals.characters += characters + (typeof schema["const"] === "string" ? schema["const"].length : 0);
  const isTooLong = values.length > LARGE_ENUM && characters > MAX_LARGE_ENUM_CHARACTERS;
  return isTooLong ? `an enum of ${values.length} values with ${characters} characters at ${at}` : null;
}

function visitInside(schema: Record<string, unknown>, at: string, depth: number, totals: Totals): string | null {
  for (const keyword of ["properties", "$defs", "definitions"]) {
    const members = schema[keyword];
    if (!isObject(members)) continue;
    for (const [name, member] of Object.entries(members)) {
      const problem = visit(member, name, depth + 1, totals);
      if (problem !== null) return problem;
    }
  }
  if ("items" in schema) {
    const problem = visit(schema["items"], `the items of ${at}`, depth + 1, totals);
    if (problem !== null) return problem;
  }
  const alternatives: readonly unknown[] = Array.isArray(schema["anyOf"]) ? schema["anyOf"] : [];
  for (const alternative of alternatives) {
    const problem = visit(alternative, `an alternative of ${at}`, depth, totals);
    if (problem !== null) return problem;
  }
  return null;
}
