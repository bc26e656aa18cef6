// What keywords of one schema say together: bounds that cross, an enum of another type, a required property that
// nothing allows. Each would make a tool that no call can satisfy.
import { findNearest } from "../../kernel/nearest.ts";
import { describeValue, quote } from "./describe-value.ts";
import { hasType, isSchema, typeOf, typesOf } from "./json-type.ts";
import type { JsonSchema } from "./schema.ts";

type Report = (keyword: string, message: string) => void;

/** Lower bound, upper bound, and whether they may be equal. */
const BOUNDS: readonly (readonly [string, string, boolean])[] = [
  ["minimum", "maximum", true],
  ["minimum", "exclusiveMaximum", false],
  ["exclusiveMinimum", "maximum", false],
  ["exclusiveMinimum", "exclusiveMaximum", false],
  ["minLength", "maxLength", true],
  ["minItems", "maxItems", true],
  ["minContains", "maxContains", true],
  ["minProperties", "maxProperties", true],
];

/** Reports what the keywords of `schema` contradict, each of them well formed by itself. */
export function checkKeywordPairs(schema: JsonSchema, report: Report): void {
  for (const [low, high, equal] of BOUNDS) {
    const min = schema[low];
    const max = schema[high];
    if (typeof min !== "number" || typeof max !== "number" || min < max || (equal && min === max)) continue;
    report(low, `is ${min} and ${high} is ${max}, which accepts nothing; exchange or correct them`);
  }
  if (schema["type"] !== undefined && (Array.isArray(schema["enum"]) || Object.hasOwn(schema, "const")))
    checkConstants(schema, report);
  if (schema["nullable"] !== undefined) checkNullable(schema, report);
  if (Array.isArray(schema["required"])) checkRequired(schema, schema["required"], report);
}

function checkConstants(schema: JsonSchema, report: Report): void {
  const types = typesOf(schema);
  const keyword = Array.isArray(schema["enum"]) ? "enum" : "const";
  const constants: readonly unknown[] = Array.isArray(schema["enum"]) ? schema["enum"] : [schema["const"]];
  if (types === null || constants.length === 0 || constants.some((constant) => hasType(types, typeOf(constant))))
    return;
  const received = describeValue(constants[0]);
  report(
    keyword,
    `holds ${received}${constants.length > 1 ? " and others" : ""}, none of which is of type ${types.join(" or ")}`,
  );
}

function checkNullable(schema: JsonSchema, report: Report): void {
  const { type, nullable } = schema;
  const remedy = 'write type: ["string", "null"] (with your type) in its place';
  if (type === undefined) report("nullable", `needs a type beside it; ${remedy}`);
  const holdsNull = type === "null" || (Array.isArray(type) && type.includes("null"));
  if (nullable === false && holdsNull) report("nullable", "is false although type accepts null; leave it out");
}

function checkRequired(schema: JsonSchema, required: readonly unknown[], report: Report): void {
  if (schema["additionalProperties"] !== false || schema["patternProperties"] !== undefined) return;
  const properties = isSchema(schema["properties"]) ? schema["properties"] : {};
  for (const name of required) {
    if (typeof name !== "string" || Object.hasOwn(properties, name)) continue;
    const [nearest] = findNearest(name, Object.keys(properties), 1);
    const remedy = nearest === undefined ? "describe it in properties" : `did you mean ${quote(nearest)}?`;
    report("required", `names ${quote(name)}, which additionalProperties: false refuses; ${remedy}`);
  }
}
