// What Gemini takes as the schema of a function's parameters: JSON Schema with the keywords listed for its API, or the
// API's own Schema. Written from the documentation of the API, not from the compiler that it tests.
import { isObject, type Json } from "./scripted-server.ts";

const KEYWORDS: ReadonlySet<string> = new Set([
  ...["$id", "$defs", "$ref", "$anchor", "type", "format", "title", "description", "enum", "items", "prefixItems"],
  ...["minItems", "maxItems", "minimum", "maximum", "anyOf", "oneOf", "properties", "additionalProperties"],
  ...["required", "propertyOrdering"],
]);
const TYPES: readonly unknown[] = ["string", "number", "integer", "boolean", "array", "object", "null"];

/** What is wrong with a `parametersJsonSchema`, or null. */
export function findGeminiProblem(schema: unknown): string | null {
  if (!isObject(schema) || schema["type"] !== "object") return "the root is no object";
  const problem = checkNode(schema, schema, "#");
  if (problem !== null) return problem;
  const isCircular = eachNode(schema).some((node) => leadsBack(node, schema, []));
  return isCircular ? "a circle of references outside of non-required properties" : null;
}

function checkNode(node: unknown, root: Json, at: string): string | null {
  if (!isObject(node)) return `${at} is no schema`;
  const foreign = Object.keys(node).find((keyword) => !KEYWORDS.has(keyword));
  if (foreign !== undefined) return `${foreign} at ${at}`;
  const problem = checkRef(node, root, at) ?? checkValues(node, at);
  if (problem !== null) return problem;
  for (const [step, member] of toMembers(node)) {
    const inside = checkNode(member, root, `${at}/${step}`);
    if (inside !== null) return inside;
  }
  return null;
}

function checkRef(node: Json, root: Json, at: string): string | null {
  const { $ref } = node;
  if ($ref === undefined) return null;
  if (Object.keys(node).some((keyword) => !keyword.startsWith("$"))) return `$ref beside others at ${at}`;
  return isObject(resolve(root, $ref)) ? null : `$ref at ${at} leads nowhere`;
}

function resolve(root: Json, ref: unknown): unknown {
  if (typeof ref !== "string" || !/^#(?:\/|$)/.test(ref)) return undefined;
  const steps = ref.split("/").slice(1);
  return steps.reduce<unknown>((node, step) => {
    const key = decodeURIComponent(step).replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(node)) return node[Number(key)] as unknown;
    return isObject(node) && Object.hasOwn(node, key) ? node[key] : undefined;
  }, root);
}

function checkValues(node: Json, at: string): string | null {
  const { type, enum: values, properties, required, additionalProperties: rest } = node;
  const types: readonly unknown[] = [type ?? []].flat();
  if (type !== undefined && (types.length === 0 || types.some((one) => !TYPES.includes(one)))) return `a type at ${at}`;
  if (values !== undefined) {
    const isPlain = (value: unknown): boolean => typeof value === "string" || typeof value === "number";
    if (!Array.isArray(values) || values.length === 0 || !values.every(isPlain)) return `an enum at ${at}`;
  }
  if (properties !== undefined && !isObject(properties)) return `properties at ${at}`;
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === "string")))
    return `required at ${at}`;
  if (rest !== undefined && typeof rest !== "boolean" && !isObject(rest)) return `additionalProperties at ${at}`;
  const list = ["anyOf", "oneOf", "prefixItems"].find(
    (key) => key in node && !(Array.isArray(node[key]) && node[key].length > 0),
  );
  if (list !== undefined) return `${list} at ${at}`;
  const number = ["minItems", "maxItems", "minimum", "maximum"].find(
    (key) => key in node && typeof node[key] !== "number",
  );
  if (number !== undefined) return `${number} at ${at}`;
  const text = ["format", "title", "description"].find((key) => key in node && typeof node[key] !== "string");
  return text === undefined ? null : `${text} at ${at}`;
}

function toMembers(node: Json): readonly (readonly [string, unknown])[] {
  return [...toMaps(node, ["properties", "$defs"]), ...toInner(node)];
}

function toMaps(node: Json, keywords: readonly string[]): readonly (readonly [string, unknown])[] {
  return keywords.flatMap((keyword) =>
    Object.entries(isObject(node[keyword]) ? node[keyword] : {}).map(
      ([name, member]) => [`${keyword}/${name}`, member] as const,
    ),
  );
}

/** What is in a schema but no property of it and no definition. */
function toInner(node: Json): readonly (readonly [string, unknown])[] {
  const lists = ["anyOf", "oneOf", "prefixItems"].flatMap((keyword) =>
    (Array.isArray(node[keyword]) ? (node[keyword] as readonly unknown[]) : []).map(
      (member, index) => [`${keyword}/${index}`, member] as const,
    ),
  );
  const singles = ["items", "additionalProperties"].filter(
    (keyword) => keyword in node && typeof node[keyword] !== "boolean",
  );
  return [...lists, ...singles.map((keyword) => [keyword, node[keyword]] as const)];
}

function eachNode(node: unknown): readonly Json[] {
  return isObject(node) ? [node, ...toMembers(node).flatMap(([, member]) => eachNode(member))] : [];
}

/** Whether one comes back to a schema without going through a property that may be left out. */
function leadsBack(node: unknown, root: Json, open: readonly unknown[]): boolean {
  if (!isObject(node)) return false;
  if (open.includes(node)) return true;
  const required: readonly unknown[] = Array.isArray(node["required"]) ? node["required"] : [];
  const next = [
    ...("$ref" in node ? [resolve(root, node["$ref"])] : []),
    ...toInner(node).map(([, member]) => member),
    ...Object.entries(isObject(node["properties"]) ? node["properties"] : {})
      .filter(([name]) => required.includes(name))
      .map(([, member]) => member),
  ];
  return next.some((member) => leadsBack(member, root, [...open, node]));
}

const OWN: ReadonlySet<string> = new Set([
  ...[
    "anyOf",
    "default",
    "description",
    "enum",
    "example",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
  ],
  ...["maximum", "minItems", "minLength", "minProperties", "minimum", "nullable", "pattern", "properties"],
  ...["propertyOrdering", "required", "title", "type"],
]);
const OWN_TYPES: readonly unknown[] = TYPES.map((type) => String(type).toUpperCase());
const PARAMETER = /^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/;

/** The text of the 400 for `parameters`, the API's own Schema, or null. */
export function checkOwnSchema(schema: unknown, at: string): string | null {
  if (!isObject(schema)) return `Invalid value at '${at}'`;
  const foreign = Object.keys(schema).find((field) => !OWN.has(field));
  if (foreign !== undefined)
    return `Invalid JSON payload received. Unknown name "${foreign}" at '${at}': Cannot find field.`;
  const { type, properties, required, items, anyOf, enum: values } = schema;
  if (Array.isArray(type))
    return `Invalid JSON payload received. Unknown name "type" at '${at}': Proto field is not repeating, cannot start list.`;
  const kind = String(type).toUpperCase();
  if (type === undefined ? anyOf === undefined : !OWN_TYPES.includes(kind)) return `Invalid value at '${at}.type'`;
  const own = Object.entries(isObject(properties) ? properties : {});
  if (kind === "OBJECT" && own.length === 0)
    return `* GenerateContentRequest.${at}.properties: should be non-empty for OBJECT type`;
  if (kind === "ARRAY" && items === undefined) return `* GenerateContentRequest.${at}.items: missing field.`;
  if (values !== undefined && kind !== "STRING")
    return `* GenerateContentRequest.${at}.enum: only allowed for STRING type`;
  const name = own.map(([one]) => one).find((one) => !PARAMETER.test(one));
  if (name !== undefined) return `* GenerateContentRequest.${at}.properties: invalid name "${name}"`;
  const listed: readonly unknown[] = Array.isArray(required) ? required : [];
  const missing = listed.findIndex((one) => !own.some(([member]) => member === one));
  if (missing !== -1) return `* GenerateContentRequest.${at}.required[${missing}]: property is not defined`;
  const inside: readonly (readonly [string, unknown])[] = [
    ...own.map(([member, value]) => [`properties[${member}]`, value] as const),
    ...(items === undefined ? [] : [["items", items] as const]),
    ...(Array.isArray(anyOf) ? anyOf.map((value: unknown, index) => [`any_of[${index}]`, value] as const) : []),
  ];
  return inside.map(([step, value]) => checkOwnSchema(value, `${at}.${step}`)).find((one) => one !== null) ?? null;
}
