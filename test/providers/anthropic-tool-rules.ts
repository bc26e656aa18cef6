// What Anthropic's Messages API refuses of tools. Strict schemas are judged by `strict-subsets.ts`, the limits of a
// request here; neither by the compiler that they test.
import { Ajv2020 } from "ajv/dist/2020.js";
import { isObject, type Json, toObjects } from "./scripted-server.ts";
import { findAnthropicProblem } from "./strict-subsets.ts";

/** Name → whether the tool waits for a search. */
export type DeclaredTools = ReadonlyMap<string, { readonly isDeferred: boolean }>;

export const MAX_STRICT_TOOLS = 20;
export const MAX_OPTIONALS = 24;
export const MAX_UNIONS = 16;

const NAME = /^[a-zA-Z0-9_-]{1,128}$/;
const PROPERTY = /^[a-zA-Z0-9_.-]{1,64}$/;
const SEARCH = /^tool_search_tool_(?:regex|bm25)(?:_20251119)?$/;
const CALLERS = ["direct", "code_execution_20250825", "code_execution_20260120", "code_execution_20260521"];
const FIELDS: ReadonlySet<string> = new Set([
  ...["type", "name", "description", "input_schema", "strict", "input_examples", "defer_loading"],
  ...["allowed_callers", "eager_input_streaming", "cache_control"],
]);
const SEARCH_FIELDS: ReadonlySet<string> = new Set([
  ...["type", "name", "strict", "defer_loading", "allowed_callers", "cache_control"],
]);
const ajv = new Ajv2020({ strict: false, validateFormats: false, logger: false });

export function toDeclared(tools: unknown): DeclaredTools {
  return new Map(
    toObjects(tools).map((tool) => [String(tool["name"]), { isDeferred: tool["defer_loading"] === true }]),
  );
}

export function checkTools(tools: unknown): string | null {
  if (tools === undefined) return null;
  if (!Array.isArray(tools)) return "tools: Input should be a valid list";
  const names = new Set<unknown>();
  for (const [index, tool] of tools.entries()) {
    const problem = checkTool(tool, `tools.${index}`);
    if (problem !== null) return problem;
    const { name } = tool as Json;
    if (names.has(name)) return "tools: Tool names must be unique.";
    names.add(name);
  }
  const all = toObjects(tools);
  if (all.length > 0 && all.every((tool) => tool["defer_loading"] === true))
    return "At least one tool must have defer_loading=false. All tools cannot be deferred.";
  return checkBudget(all.filter((tool) => tool["strict"] === true && isObject(tool["input_schema"])));
}

function checkTool(tool: unknown, at: string): string | null {
  if (!isObject(tool)) return `${at}: Input should be an object`;
  const type = typeof tool["type"] === "string" ? tool["type"] : "custom";
  if (SEARCH.test(type)) return checkSearchTool(tool, type, at);
  if (type !== "custom") return `${at}: Input tag '${type}' found using 'type' does not match any of the expected tags`;
  return checkCustomTool(tool, `${at}.custom`);
}

function checkSearchTool(tool: Json, type: string, at: string): string | null {
  const name = type.replace("_20251119", "");
  if (tool["name"] !== name) return `${at}.${type}.name: Input should be '${name}'`;
  if (tool["defer_loading"] === true) return `${at}.${type}: tool search tools cannot have defer_loading=true`;
  return findForeign(tool, SEARCH_FIELDS, `${at}.${type}`);
}

function findForeign(tool: Json, known: ReadonlySet<string>, at: string): string | null {
  const foreign = Object.keys(tool).find((field) => !known.has(field));
  return foreign === undefined ? null : `${at}.${foreign}: Extra inputs are not permitted`;
}

function checkCustomTool(tool: Json, at: string): string | null {
  const { name, description, input_schema: schema } = tool;
  if (name === undefined) return `${at}.name: Field required`;
  if (typeof name !== "string" || !NAME.test(name)) return `${at}.name: String should match pattern '${NAME.source}'`;
  if (description !== undefined && typeof description !== "string")
    return `${at}.description: Input should be a valid string`;
  return (
    findForeign(tool, FIELDS, at) ??
    checkFlags(tool, at) ??
    checkSchema(schema, `${at}.input_schema`) ??
    checkExamples(tool, at) ??
    checkStrict(tool, at)
  );
}

function checkFlags(tool: Json, at: string): string | null {
  const flag = ["strict", "defer_loading"].find(
    (field) => tool[field] !== undefined && typeof tool[field] !== "boolean",
  );
  if (flag !== undefined) return `${at}.${flag}: Input should be a valid boolean`;
  if (tool["defer_loading"] === true && (tool["cache_control"] ?? null) !== null)
    return `Tool '${String(tool["name"])}' cannot have both defer_loading=true and cache_control set. Tools with defer_loading cannot use prompt caching.`;
  const callers = tool["allowed_callers"];
  if (callers === undefined) return null;
  if (!Array.isArray(callers) || callers.length === 0 || callers.some((one) => !CALLERS.includes(String(one))))
    return `${at}.allowed_callers: Input should be ${CALLERS.join(", ")}`;
  const isProgrammatic = callers.some((one) => one !== "direct");
  return isProgrammatic && tool["strict"] === true
    ? `${at}: strict is not supported with programmatic tool calling`
    : null;
}

function checkSchema(schema: unknown, at: string): string | null {
  if (schema === undefined) return `${at}: Field required`;
  if (!isObject(schema)) return `${at}: Input should be a valid dictionary`;
  if (schema["type"] === undefined) return `${at}.type: Field required`;
  if (schema["type"] !== "object") return `${at}.type: Input should be 'object'`;
  if (["oneOf", "allOf", "anyOf"].some((keyword) => keyword in schema))
    return `${at}: input_schema does not support oneOf, allOf, or anyOf at the top level`;
  if (!isValidSchema(schema))
    return `${at}: JSON schema is invalid. It must match JSON Schema draft 2020-12 (https://json-schema.org/draft/2020-12).`;
  return everyPropertyName(schema).every((name) => PROPERTY.test(name))
    ? null
    : `${at}.properties: Property keys should match pattern '${PROPERTY.source}'`;
}

/** `$schema` of another draft is taken as it comes. */
function isValidSchema(schema: Json): boolean {
  const { $schema: _, ...rest } = schema;
  return ajv.validateSchema(rest) === true;
}

/** Every object in a schema that stands where a schema does: a property called "properties" is none of them. */
function* eachSchema(node: unknown): Generator<Json> {
  if (!isObject(node)) return;
  yield node;
  for (const [keyword, member] of Object.entries(node)) {
    if (["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"].includes(keyword)) {
      for (const one of isObject(member) ? Object.values(member) : []) yield* eachSchema(one);
    } else if (!["enum", "const", "default", "examples"].includes(keyword)) {
      for (const one of Array.isArray(member) ? member : [member]) yield* eachSchema(one);
    }
  }
}

function everyPropertyName(schema: Json): readonly string[] {
  return [...eachSchema(schema)].flatMap(({ properties }) => (isObject(properties) ? Object.keys(properties) : []));
}

function checkExamples(tool: Json, at: string): string | null {
  const { input_examples: examples } = tool;
  if (examples === undefined) return null;
  if (!Array.isArray(examples)) return `${at}.input_examples: Input should be a valid list`;
  const { $schema: _, ...schema } = tool["input_schema"] as Json;
  const validate = ajv.compile(schema);
  const bad = examples.findIndex((example) => !validate(example));
  return bad === -1 ? null : `${at}.input_examples.${bad}: Input does not match input_schema`;
}

function checkStrict(tool: Json, at: string): string | null {
  if (tool["strict"] !== true) return null;
  const problem = findAnthropicProblem(tool["input_schema"] as Json);
  return problem === null ? null : `${at}.input_schema: ${problem} is not supported`;
}

/** The limits hold for all strict tools of a request together. */
function checkBudget(strict: readonly Json[]): string | null {
  if (strict.length > MAX_STRICT_TOOLS)
    return `Too many strict tools (${strict.length}). The maximum number of strict tools supported is ${MAX_STRICT_TOOLS}. Try reducing the number of tools marked as strict.`;
  const parts = strict.flatMap((tool) => [...eachSchema(tool["input_schema"])]);
  const optionals = parts.reduce((sum, part) => sum + countOptionals(part), 0);
  if (optionals > MAX_OPTIONALS)
    return `Schemas contains too many optional parameters (${optionals}), which would make grammar compilation inefficient. Reduce the number of optional parameters in your tool schemas (limit: ${MAX_OPTIONALS}).`;
  const unions = parts.filter((part) => "anyOf" in part || (Array.isArray(part["type"]) && part["type"].length > 1));
  return unions.length > MAX_UNIONS
    ? `Schemas contains too many parameters with union types (${unions.length} parameters with type arrays or anyOf). This causes exponential compilation cost. Reduce the number of nullable or union-typed parameters (limit: ${MAX_UNIONS} parameters with unions).`
    : null;
}

function countOptionals(part: Json): number {
  const required: readonly unknown[] = Array.isArray(part["required"]) ? part["required"] : [];
  const names = isObject(part["properties"]) ? Object.keys(part["properties"]) : [];
  return names.filter((name) => !required.includes(name)).length;
}

export function checkToolChoice(body: Json): string | null {
  const { tool_choice: choice, tools, thinking } = body;
  if (choice === undefined) return null;
  if (!isObject(choice)) return "tool_choice: Input should be an object";
  const { type, name, disable_parallel_tool_use: isSerial, ...rest } = choice;
  if (!["auto", "any", "tool", "none"].includes(String(type)))
    return `tool_choice: Input tag '${String(type)}' found using 'type' does not match any of the expected tags: 'auto', 'any', 'tool', 'none'`;
  const foreign = [
    ...Object.keys(rest),
    ...(name !== undefined && type !== "tool" ? ["name"] : []),
    ...(isSerial !== undefined && type === "none" ? ["disable_parallel_tool_use"] : []),
  ];
  if (foreign[0] !== undefined) return `tool_choice.${String(type)}.${foreign[0]}: Extra inputs are not permitted`;
  if (!Array.isArray(tools) || tools.length === 0) return "tool_choice may only be specified while providing tools.";
  if (type === "tool" && typeof name !== "string") return "tool_choice.tool.name: Field required";
  if (type === "tool" && !toDeclared(tools).has(String(name)))
    return `Tool '${String(name)}' not found in provided tools`;
  const thinks = isObject(thinking) && thinking["type"] !== "disabled";
  return thinks && (type === "any" || type === "tool")
    ? "Thinking may not be enabled when tool_choice forces tool use."
    : null;
}
