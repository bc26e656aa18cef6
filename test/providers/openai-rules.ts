// What OpenAI's API refuses, as rules for requests: each returns the text of the 400, or null.

type Json = Record<string, unknown>;

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const REFUSED_AT_ROOT = ["anyOf", "oneOf", "allOf", "enum", "not", "$ref"];

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The first rule that a request for Chat Completions breaks. */
export function checkChatRequest(body: Json): string | null {
  if (typeof body["model"] !== "string") return "you must provide a model parameter";
  const { messages, tools } = body;
  if (!Array.isArray(messages) || messages.length === 0) return "Invalid 'messages': empty array.";
  if (body["stream_options"] !== undefined && body["stream"] !== true)
    return "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
  return checkMessages(messages) ?? checkTools(tools, "chat");
}

function checkMessages(messages: readonly unknown[]): string | null {
  let open: string[] = [];
  for (const [index, message] of messages.entries()) {
    if (!isObject(message)) return `Invalid type for 'messages[${index}]'.`;
    const { role, content, tool_call_id: id } = message;
    if (role === "tool") {
      if (open.length === 0)
        return `Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.`;
      if (id !== open[0])
        return `messages[${index}]: expected the answer to ${open[0]}, received one to ${String(id)}.`;
      if (typeof content !== "string") return `Invalid type for 'messages[${index}].content': expected a string.`;
      open = open.slice(1);
      continue;
    }
    if (open.length > 0) return toUnanswered(open);
    const problem = checkMessage(message, index);
    if (problem !== null) return problem;
    if (role === "assistant" && message["tool_calls"] !== undefined)
      open = (message["tool_calls"] as readonly { id: string }[]).map((call) => call.id);
    if (new Set(open).size !== open.length) return `Duplicate tool call id in 'messages[${index}]'.`;
  }
  return open.length > 0 ? toUnanswered(open) : null;
}

function toUnanswered(ids: readonly string[]): string {
  return `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${ids.join(", ")}`;
}

function checkMessage(message: Json, index: number): string | null {
  const { role, content, tool_calls: calls } = message;
  if (!["system", "developer", "user", "assistant"].includes(String(role))) return `Invalid value: '${String(role)}'.`;
  if (calls === undefined)
    return typeof content === "string" ? null : `Invalid type for 'messages[${index}].content': expected a string.`;
  if (role !== "assistant") return `Unknown parameter: 'messages[${index}].tool_calls'.`;
  if (!Array.isArray(calls) || calls.length === 0) return `Invalid 'messages[${index}].tool_calls': empty array.`;
  for (const call of calls as readonly Json[]) {
    const called = call["function"];
    const fits = typeof call["id"] === "string" && call["id"] !== "" && call["type"] === "function" && isObject(called);
    if (!fits || typeof called["arguments"] !== "string") return `Invalid 'messages[${index}].tool_calls'.`;
    if (!NAME.test(String(called["name"])))
      return `Invalid 'messages[${index}].tool_calls[0].function.name': string does not match pattern.`;
  }
  return null;
}

/** The first rule that a request for Responses breaks. */
export function checkResponsesRequest(body: Json): string | null {
  if (typeof body["model"] !== "string") return "Missing required parameter: 'model'.";
  const { input, tools } = body;
  if (!Array.isArray(input) || input.length === 0) return "Missing required parameter: 'input'.";
  return checkItems(input) ?? checkTools(tools, "responses");
}

function checkItems(input: readonly unknown[]): string | null {
  const open: Json[] = [];
  const answered = new Set<unknown>();
  let reasoning = false;
  for (const [index, item] of input.entries()) {
    if (!isObject(item)) return `Invalid type for 'input[${index}]'.`;
    const { type } = item;
    if (type === "function_call_output") {
      const call = open.shift();
      if (answered.has(item["call_id"])) return `Duplicate output for call_id ${String(item["call_id"])}.`;
      if (call === undefined || call["call_id"] !== item["call_id"])
        return `No tool call found for function call output with call_id ${String(item["call_id"])}.`;
      if (typeof item["output"] !== "string") return `Invalid type for 'input[${index}].output'.`;
      if (call["namespace"] !== undefined && item["namespace"] !== call["namespace"])
        return `Missing namespace for function_call '${String(call["name"])}'`;
      answered.add(item["call_id"]);
      continue;
    }
    if (type === "function_call") {
      if (!NAME.test(String(item["name"])) || typeof item["arguments"] !== "string")
        return `Invalid 'input[${index}].name': string does not match pattern.`;
      if (item["id"] !== undefined && !reasoning)
        return `Item '${JSON.stringify(item["id"])}' of type 'function_call' was provided without its required 'reasoning' item.`;
      open.push(item);
      continue;
    }
    if (open.length > 0 && type !== "reasoning")
      return `No tool output found for function call ${String(open[0]?.["call_id"])}.`;
    if (type === "reasoning") reasoning = true;
    else if (!["user", "assistant", "system", "developer"].includes(String(item["role"])))
      return `Invalid value: 'input[${index}]'.`;
  }
  return open.length > 0 ? `No tool output found for function call ${String(open[0]?.["call_id"])}.` : null;
}

function checkTools(tools: unknown, format: "chat" | "responses"): string | null {
  if (tools === undefined) return null;
  if (!Array.isArray(tools) || tools.length === 0)
    return "Invalid 'tools': empty array. Expected an array with minimum length 1.";
  const names = new Set<unknown>();
  for (const tool of tools as readonly Json[]) {
    const definition = format === "chat" ? tool["function"] : tool;
    if (tool["type"] !== "function" || !isObject(definition)) return "Invalid 'tools'.";
    const { name, parameters, strict } = definition;
    if (!NAME.test(String(name)))
      return `Invalid 'tools[].function.name': '${String(name)}' does not match '^[a-zA-Z0-9_-]+$'.`;
    if (names.has(name)) return `Duplicate tool name ${String(name)}.`;
    names.add(name);
    if (format === "responses" && typeof strict !== "boolean") return `Missing required parameter: 'tools[].strict'.`;
    const problem = checkParameters(parameters, strict === true);
    if (problem !== null) return `Invalid schema for function '${String(name)}': ${problem}`;
  }
  return null;
}

function checkParameters(schema: unknown, strict: boolean): string | null {
  if (!isObject(schema) || schema["type"] !== "object") return "schema must be a JSON Schema of 'type: \"object\"'.";
  if (!isObject(schema["properties"])) return "object schema missing properties.";
  const refused = REFUSED_AT_ROOT.find((keyword) => keyword in schema);
  if (refused !== undefined) return `schema must not have '${refused}' at the top level.`;
  const text = JSON.stringify(schema);
  if (/"(?:oneOf|\$schema|propertyNames)":/.test(text))
    return "'oneOf', '$schema' or 'propertyNames' is not permitted.";
  if (
    strict &&
    Object.keys(schema["properties"]).some((name) => !(schema["required"] as readonly string[]).includes(name))
  ) {
    return "'required' is required to be supplied and to be an array including every key in properties.";
  }
  return strict && schema["additionalProperties"] !== false
    ? "'additionalProperties' is required to be supplied and to be false."
    : null;
}
