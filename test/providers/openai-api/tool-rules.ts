// What OpenAI's API asks of the tools of a request, besides their published schema.
import {
  type ApiProblem,
  checkCount,
  checkLength,
  checkName,
  findFirst,
  isObject,
  type Json,
  refuse,
  toEmptyArray,
  toObjects,
} from "./problem.ts";
import { checkParameters } from "./schema-rules.ts";

const MAX_TOOLS = 128;
const MAX_NAME = 64;
const MAX_NAME_IN_NAMESPACE = 128;

export interface ToolRules {
  /** Of a tool in Chat Completions; some models and gateways stop at 1,024. Null: any length. */
  readonly maxDescription: number | null;
}

/** `tools` of Chat Completions. */
export function checkChatTools(tools: unknown, { maxDescription }: ToolRules): ApiProblem | null {
  if (!Array.isArray(tools)) return null;
  if (tools.length === 0) return toEmptyArray("tools");
  const found = toObjects(tools);
  return (
    checkCount(tools, "tools", 1, MAX_TOOLS) ??
    findFirst(found, (tool, index) => {
      const kind = String(tool["type"]);
      const definition = isObject(tool[kind]) ? tool[kind] : {};
      const param = `tools[${index}].${kind}`;
      return (
        checkName(definition["name"], `${param}.name`, MAX_NAME) ??
        checkLength(definition["description"], `${param}.description`, maxDescription ?? Infinity) ??
        checkFunction(kind, definition, `${param}.parameters`)
      );
    }) ??
    checkUnique(found.map((tool) => toChatName(tool)))
  );
}

/** The name of a tool, or of what chooses one, in Chat Completions. */
export function toChatName(tool: Json): unknown {
  const definition = tool[String(tool["type"])];
  return isObject(definition) ? definition["name"] : undefined;
}

/** `tools` of Responses, wherever they stand: `param` says where. */
export function checkResponsesTools(tools: readonly Json[], param: string): ApiProblem | null {
  return (
    checkCount(tools, param, 0, MAX_TOOLS) ??
    findFirst(tools, (tool, index) => checkResponsesTool(tool, `${param}[${index}]`, MAX_NAME)) ??
    checkUnique(tools.filter(isCallable).map(({ name }) => name)) ??
    checkUnique(tools.filter(({ type }) => type === "namespace").map(({ name }) => name))
  );
}

function checkResponsesTool(tool: Json, param: string, maxName: number): ApiProblem | null {
  if (tool["type"] === "namespace") return checkNamespace(tool, param);
  if (!isCallable(tool)) return null;
  return checkName(tool["name"], `${param}.name`, maxName) ?? checkFunction(tool["type"], tool, `${param}.parameters`);
}

function checkNamespace(namespace: Json, param: string): ApiProblem | null {
  const tools = toObjects(namespace["tools"]);
  return (
    checkName(namespace["name"], `${param}.name`, MAX_NAME) ??
    findFirst(tools, (tool, index) => checkResponsesTool(tool, `${param}.tools[${index}]`, MAX_NAME_IN_NAMESPACE)) ??
    checkUnique(tools.map(({ name }) => name))
  );
}

/** No parameters are an empty list of them. */
function checkFunction(kind: unknown, { name, parameters, strict }: Json, param: string): ApiProblem | null {
  if (kind !== "function" || parameters === undefined || parameters === null) return null;
  return checkParameters(name, parameters, strict === true, param);
}

/** No recording of OpenAI's own words; gateways say these. */
function checkUnique(names: readonly unknown[]): ApiProblem | null {
  return new Set(names).size === names.length ? null : refuse("Tool names must be unique.", "tools");
}

export function isCallable({ type }: Json): boolean {
  return type === "function" || type === "custom";
}

/** A tool that is not in the prompt can only be found by a search. */
export function checkDeferred(tools: readonly Json[]): ApiProblem | null {
  const isDeferred = (tool: Json): boolean =>
    tool["defer_loading"] === true || (tool["type"] === "namespace" && toObjects(tool["tools"]).some(isDeferred));
  if (!tools.some(isDeferred) || tools.some(({ type }) => type === "tool_search")) return null;
  return refuse("Invalid Value: 'tools.defer_loading'. Deferred tools require tools.tool_search.", "tools");
}
