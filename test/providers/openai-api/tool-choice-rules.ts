// `tool_choice`: what it names must be among the tools. Nested in Chat Completions, flat in Responses; the published
// schemas refuse one in place of the other, except inside of `allowed_tools`.
import { type ApiProblem, findFirst, isObject, type Json, refuse, toEmptyArray, toObjects, toText } from "./problem.ts";
import { isCallable, toChatName } from "./tool-rules.ts";

const PARAM = "tool_choice";

export function checkChatChoice(body: Json): ApiProblem | null {
  const { tool_choice: choice, tools, parallel_tool_calls: parallel } = body;
  const found = toObjects(tools);
  if (choice !== undefined && found.length === 0) return toNeedsTools("tool_choice");
  if (parallel !== undefined && found.length === 0) return toNeedsTools("parallel_tool_calls");
  if (!isObject(choice)) return null;
  const { type } = choice;
  const names = new Set(found.map((tool) => `${toText(tool["type"])} ${toText(toChatName(tool))}`));
  const has = (tool: Json): boolean => names.has(`${toText(tool["type"])} ${toText(toChatName(tool))}`);
  if (type === "allowed_tools") {
    const allowed = isObject(choice["allowed_tools"]) ? choice["allowed_tools"]["tools"] : [];
    const param = `${PARAM}.allowed_tools.tools`;
    return checkAllowed(allowed, param, has, (tool) => (toChatName(tool) === undefined ? toText(tool["type"]) : null));
  }
  if (has(choice)) return null;
  const text = `no ${toText(type)} named ${toText(toChatName(choice))} was specified in the 'tools' parameter.`;
  return refuse(`Invalid value for 'tool_choice': ${text}`, PARAM);
}

function toNeedsTools(name: string): ApiProblem {
  return refuse(`Invalid value for '${name}': '${name}' is only allowed when 'tools' are specified.`, name);
}

/** `offered`: the tools of the request and those loaded by its items. */
export function checkResponsesChoice(choice: unknown, offered: readonly Json[]): ApiProblem | null {
  if (choice === undefined || choice === null || choice === "auto" || choice === "none") return null;
  if (choice === "required") {
    const text = "Tool choice 'required' must be specified with 'tools' parameter.";
    return offered.length > 0 ? null : refuse(text, PARAM);
  }
  if (!isObject(choice)) return null;
  const has = (tool: Json): boolean => offered.some((one) => isSame(one, tool));
  if (choice["type"] === "allowed_tools") {
    const findMissing = (tool: Json): string | null =>
      isCallable(tool) && typeof tool["name"] !== "string" ? "name" : null;
    return checkAllowed(choice["tools"], `${PARAM}.tools`, has, findMissing);
  }
  return has(choice) ? null : refuse(`Tool choice '${toText(choice["type"])}' not found in 'tools' parameter.`, PARAM);
}

function isSame(tool: Json, choice: Json): boolean {
  if (tool["type"] !== choice["type"]) return false;
  return tool["name"] === choice["name"] && tool["server_label"] === choice["server_label"];
}

function checkAllowed(
  allowed: unknown,
  param: string,
  has: (tool: Json) => boolean,
  findMissing: (tool: Json) => string | null,
): ApiProblem | null {
  const tools = toObjects(allowed);
  if (tools.length === 0) return toEmptyArray(param);
  return findFirst(tools, (tool, index) => {
    const missing = findMissing(tool);
    if (missing !== null) {
      const place = `${param}[${index}].${missing}`;
      return refuse(`Missing required parameter: '${place}'.`, place, "missing_required_parameter");
    }
    // No recording of OpenAI's own words for a list.
    return has(tool) ? null : refuse(`Tool choice '${param}[${index}]' not found in 'tools' parameter.`, PARAM);
  });
}
