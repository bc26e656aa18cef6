// What OpenAI's API asks of the schema of a function's parameters: a few rules for all, the published subset for strict ones.
import { findOpenAiProblem } from "../strict-subsets.ts";
import { type ApiProblem, isObject, type Json, refuse, toText } from "./problem.ts";

const AT_ROOT = ["oneOf", "anyOf", "allOf", "enum", "not"];
/** Refused anywhere, also when the function is not strict. */
const ANYWHERE = ["oneOf", "propertyNames"];
/** Keywords whose members are named by the schema's author. */
const NAMED = new Set(["properties", "$defs", "definitions", "patternProperties", "dependentSchemas"]);
/** Keywords that hold data. */
const DATA = new Set(["enum", "const", "default", "examples", "required"]);

/** `param` is the place of the schema in the request. */
export function checkParameters(name: unknown, schema: unknown, isStrict: boolean, param: string): ApiProblem | null {
  const text = findProblem(schema, isStrict);
  if (text === null) return null;
  return refuse(`Invalid schema for function '${String(name)}': ${text}`, param, "invalid_function_parameters");
}

function findProblem(schema: unknown, isStrict: boolean): string | null {
  const { type } = isObject(schema) ? schema : {};
  if (!isObject(schema) || type !== "object") {
    const got = type === undefined || type === null ? "None" : toText(type);
    return `schema must be a JSON Schema of 'type: "object"', got 'type: "${got}"'.`;
  }
  if (AT_ROOT.some((keyword) => keyword in schema)) {
    const refused = AT_ROOT.map((keyword) => `'${keyword}'`).join("/");
    return `schema must have type 'object' and not have ${refused} at the top level.`;
  }
  if (!isObject(schema["properties"])) return "In context=(), object schema missing properties.";
  const anywhere = findAnywhere(schema, []);
  if (anywhere !== null || !isStrict) return anywhere;
  // The judge has its own words; the API's differ from rule to rule.
  const strict = findOpenAiProblem(schema);
  return strict === null ? null : `not in the strict subset: ${strict}.`;
}

function findAnywhere(schema: Json, context: readonly string[]): string | null {
  const refused = ANYWHERE.find((keyword) => keyword in schema);
  const place = `In context=(${context.map((step) => `'${step}'`).join(", ")})`;
  if (refused !== undefined) return `${place}, '${refused}' is not permitted.`;
  if (schema["type"] === "array" && schema["items"] === undefined) return `${place}, array schema missing items.`;
  for (const [keyword, value] of Object.entries(schema)) {
    if (DATA.has(keyword)) continue;
    for (const [steps, member] of toMembers(keyword, value)) {
      const found = isObject(member) ? findAnywhere(member, [...context, ...steps]) : null;
      if (found !== null) return found;
    }
  }
  return null;
}

function toMembers(keyword: string, value: unknown): readonly (readonly [readonly string[], unknown])[] {
  if (Array.isArray(value)) return value.map((member, index) => [[keyword, `${index}`], member]);
  if (!isObject(value)) return [];
  if (!NAMED.has(keyword)) return [[[keyword], value]];
  return Object.entries(value).map(([name, member]) => [[keyword, name], member]);
}
