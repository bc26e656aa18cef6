// The keywords of JSON Schema 2020-12 that the compiler knows, with the types of value each one speaks of. A keyword is
// here once; what a provider makes of it is in that provider's rules.
import { isObject } from "../../kernel/json.ts";
import type { JsonType } from "../../tool/schema/json-type.ts";

const ANY: readonly JsonType[] = ["string", "number", "integer", "boolean", "object", "array", "null"];
const TEXT: readonly JsonType[] = ["string"];
const NUMBER: readonly JsonType[] = ["number", "integer"];
const ARRAY: readonly JsonType[] = ["array"];
const OBJECT: readonly JsonType[] = ["object"];

export type Keyword =
  | "$ref"
  | "$defs"
  | "type"
  | "enum"
  | "const"
  | "anyOf"
  | "oneOf"
  | "allOf"
  | "not"
  | "if"
  | "then"
  | "else"
  | "properties"
  | "required"
  | "additionalProperties"
  | "patternProperties"
  | "propertyNames"
  | "minProperties"
  | "maxProperties"
  | "dependentRequired"
  | "dependentSchemas"
  | "unevaluatedProperties"
  | "prefixItems"
  | "items"
  | "minItems"
  | "maxItems"
  | "uniqueItems"
  | "contains"
  | "minContains"
  | "maxContains"
  | "unevaluatedItems"
  | "minLength"
  | "maxLength"
  | "format"
  | "pattern"
  | "contentEncoding"
  | "contentMediaType"
  | "contentSchema"
  | "minimum"
  | "maximum"
  | "exclusiveMinimum"
  | "exclusiveMaximum"
  | "multipleOf"
  | "title"
  | "description"
  | "default"
  | "examples"
  | "deprecated"
  | "readOnly"
  | "writeOnly"
  | "$schema"
  | "$id"
  | "$anchor"
  | "$comment";

/** In the order in which what is moved to a description is told. */
export const KEYWORDS: Readonly<Record<Keyword, readonly JsonType[]>> = {
  $ref: ANY,
  $defs: ANY,
  type: ANY,
  enum: ANY,
  const: ANY,
  anyOf: ANY,
  oneOf: ANY,
  allOf: ANY,
  not: ANY,
  if: ANY,
  then: ANY,
  else: ANY,
  properties: OBJECT,
  required: OBJECT,
  additionalProperties: OBJECT,
  patternProperties: OBJECT,
  propertyNames: OBJECT,
  minProperties: OBJECT,
  maxProperties: OBJECT,
  dependentRequired: OBJECT,
  dependentSchemas: OBJECT,
  unevaluatedProperties: OBJECT,
  prefixItems: ARRAY,
  items: ARRAY,
  minItems: ARRAY,
  maxItems: ARRAY,
  uniqueItems: ARRAY,
  contains: ARRAY,
  minContains: ARRAY,
  maxContains: ARRAY,
  unevaluatedItems: ARRAY,
  minLength: TEXT,
  maxLength: TEXT,
  format: [...TEXT, ...NUMBER],
  pattern: TEXT,
  contentEncoding: TEXT,
  contentMediaType: TEXT,
  contentSchema: TEXT,
  minimum: NUMBER,
  maximum: NUMBER,
  exclusiveMinimum: NUMBER,
  exclusiveMaximum: NUMBER,
  multipleOf: NUMBER,
  title: ANY,
  description: ANY,
  default: ANY,
  examples: ANY,
  deprecated: ANY,
  readOnly: ANY,
  writeOnly: ANY,
  $schema: ANY,
  $id: ANY,
  $anchor: ANY,
  $comment: ANY,
};

/** Keywords that say nothing about which values are valid. */
export const ANNOTATIONS: ReadonlySet<string> = new Set<Keyword>([
  ...(["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"] as const),
  ...(["$schema", "$id", "$anchor", "$comment", "$defs"] as const),
  ...(["contentEncoding", "contentMediaType", "contentSchema"] as const),
]);

const LIST: readonly Keyword[] = Object.keys(KEYWORDS) as Keyword[];

export function isKeyword(name: string): name is Keyword {
  return Object.hasOwn(KEYWORDS, name);
}

/** Whether `keyword` speaks of any value of `types`; null: of every type. */
export function concerns(keyword: Keyword, types: readonly string[] | null): boolean {
  return types === null || KEYWORDS[keyword].some((type) => types.includes(type));
}

/** Where among the keywords `keyword` is told of. */
export function toRank(keyword: string): number {
  return isKeyword(keyword) ? LIST.indexOf(keyword) : LIST.length;
}

/** Whether `schema` has a keyword that refuses values, besides those in `except`. */
export function isConstrained(schema: object, except: readonly string[] = []): boolean {
  return Object.keys(schema).some((name) => isKeyword(name) && !ANNOTATIONS.has(name) && !except.includes(name));
}

/** Whether `schema` accepts every value. */
export function isAnything(schema: unknown): boolean {
  return schema === true || (isObject(schema) && typeof schema["$ref"] !== "string" && !isConstrained(schema));
}
