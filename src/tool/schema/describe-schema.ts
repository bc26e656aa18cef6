// What a schema accepts, in the words a model needs to repair a value: `integer from 1 to 10`, `one of "c", "f"`.
import { cut, quote } from "./describe-value.ts";
import { isSchema, typesOf } from "./json-type.ts";
import { derefSchema } from "./resolve-ref.ts";
import type { JsonSchema } from "./schema.ts";

const MAX_LENGTH = 200;
const MAX_VALUES = 12;
const MAX_BRANCHES = 4;
const MAX_DEPTH = 3;
/** The type that an author means who gives these keywords and no type. */
const IMPLIED_TYPES: readonly (readonly [string, readonly string[]])[] = [
  ["object", ["properties", "required", "additionalProperties"]],
  ["string", ["pattern", "format", "minLength", "maxLength"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
  ["array", ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]],
];
const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ["date-time", '"2026-01-31T12:00:00Z"'],
  ["date", '"2026-01-31"'],
  ["time", '"12:00:00Z"'],
  ["duration", '"P1DT2H"'],
  ["email", '"name@example.com"'],
  ["hostname", '"example.com"'],
  ["uri", '"https://example.com/a"'],
  ["uuid", '"123e4567-e89b-42d3-a456-426614174000"'],
  ["ipv4", '"192.0.2.1"'],
  ["ipv6", '"2001:db8::1"'],
]);

/** `schema`, a subschema of `root`, in at most 200 characters. */
export function describeSchema(schema: unknown, root: JsonSchema): string {
  return cut(describe(schema, root, 0), MAX_LENGTH);
}

function describe(schema: unknown, root: JsonSchema, depth: number): string {
  if (schema === false) return "nothing";
  const target = isSchema(schema) ? derefSchema(root, schema) : undefined;
  if (!isSchema(target) || depth > MAX_DEPTH) return "any value";
  if (Object.hasOwn(target, "const")) return describeValues([target["const"]]);
  if (Array.isArray(target["enum"])) return describeValues(target["enum"]);
  for (const keyword of ["anyOf", "oneOf"]) {
    const branches = target[keyword];
    if (Array.isArray(branches)) return describeBranches(branches, root, depth);
  }
  const types = typesOf(target);
  if (types === null) return describeAll(target, root, depth);
  return types.map((type) => describeType(type, target, root, depth)).join(" or ");
}

function describeBranches(branches: readonly unknown[], root: JsonSchema, depth: number): string {
  // Not all of them: what refers to itself through items would be described again and again.
  const words = new Set(branches.slice(0, MAX_VALUES).map((branch) => describe(branch, root, depth + 1)));
  const shown = [...words].slice(0, MAX_BRANCHES).join(" or ");
  const more = words.size + Math.max(0, branches.length - MAX_VALUES) - MAX_BRANCHES;
  return more > 0 ? `${shown} or ${more} other forms` : shown;
}

/** Without a type of its own: what the parts of `allOf` say, or its keywords taken by themselves. */
function describeAll(schema: JsonSchema, root: JsonSchema, depth: number): string {
  const parts = Array.isArray(schema["allOf"]) ? (schema["allOf"] as readonly unknown[]) : [];
  const words = parts.map((part) => describe(part, root, depth + 1)).filter((word) => word !== "any value");
  if (words.length > 0) return words.join(" and ");
  const implied = IMPLIED_TYPES.filter(([, keywords]) => keywords.some((keyword) => schema[keyword] !== undefined));
  // Keywords of two types speak of each value of either, so neither says what is wanted.
  const [only] = implied;
  return only !== undefined && implied.length === 1 ? describeType(only[0], schema, root, depth) : "any value";
}

function describeType(type: string, schema: JsonSchema, root: JsonSchema, depth: number): string {
  switch (type) {
    case "integer":
    case "number":
      return `${type}${describeRange(schema)}`;
    case "string":
      return `string${describeText(schema)}`;
    case "array":
      return describeArray(schema, root, depth);
    case "object":
      return describeObject(schema);
    case "boolean":
      return "true or false";
    default:
      return type;
  }
}

function describeValues(values: readonly unknown[]): string {
  const shown = values
    .slice(0, MAX_VALUES)
    .map((value) => (typeof value === "string" ? quote(value, 40) : cut(JSON.stringify(value), 40)));
  if (values.length === 1) return shown[0] ?? "nothing";
  const more = values.length - shown.length;
  return `one of ${shown.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function describeRange(schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const parts: string[] = [];
  if (typeof minimum === "number" && typeof maximum === "number") parts.push(` from ${minimum} to ${maximum}`);
  else if (typeof minimum === "number") parts.push(` of ${minimum} or more`);
  else if (typeof maximum === "number") parts.push(` of ${maximum} or less`);
  if (typeof exclusiveMinimum === "number") parts.push(` over ${exclusiveMinimum}`);
  if (typeof exclusiveMaximum === "number") parts.push(` under ${exclusiveMaximum}`);
  if (typeof multipleOf === "number") parts.push(` that is a multiple of ${multipleOf}`);
  return parts.join("");
}

/** ` of 1 to 5 characters`, ` of at least 1 item`; empty without bounds. */
function describeCount(min: unknown, max: unknown, unit: string): string {
  const plural = (count: number): string => `${count} ${unit}${count === 1 ? "" : "s"}`;
  if (typeof min === "number" && typeof max === "number") {
    return min === max ? ` of exactly ${plural(min)}` : ` of ${min} to ${plural(max)}`;
  }
  if (typeof min === "number" && min > 0) return ` of at least ${plural(min)}`;
  return typeof max === "number" ? ` of at most ${plural(max)}` : "";
}

function describeText(schema: JsonSchema): string {
  const { format, pattern, minLength, maxLength } = schema;
  const count = describeCount(minLength, maxLength, "character");
  if (typeof format === "string") {
    const example = EXAMPLES.get(format);
    return `${count} in the format ${cut(format, 40)}${example === undefined ? "" : `, such as ${example}`}`;
  }
  return typeof pattern === "string" ? `${count} matching ${cut(pattern, 60)}` : count;
}

function describeArray(schema: JsonSchema, root: JsonSchema, depth: number): string {
  const count = describeCount(schema["minItems"], schema["maxItems"], "item");
  const items = isSchema(schema["items"]) ? describe(schema["items"], root, depth + 1) : "any value";
  const unique = schema["uniqueItems"] === true ? " without repetitions" : "";
  return `array${count}${unique}${items === "any value" ? "" : `, each ${items}`}`;
}

function describeObject(schema: JsonSchema): string {
  const properties = isSchema(schema["properties"]) ? Object.keys(schema["properties"]) : [];
  const required = new Set(Array.isArray(schema["required"]) ? (schema["required"] as readonly string[]) : []);
  if (properties.length === 0 && required.size === 0) return "object";
  const names = [...new Set([...required, ...properties])].map(
    (name) => `${quote(name, 40)}${required.has(name) ? "" : " (optional)"}`,
  );
  const shown = names.slice(0, MAX_VALUES).join(", ");
  return `object with ${shown}${names.length > MAX_VALUES ? ` and ${names.length - MAX_VALUES} more` : ""}`;
}
