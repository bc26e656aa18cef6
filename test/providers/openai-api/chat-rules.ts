// What Chat Completions asks of a conversation: every call of an assistant's message is answered directly after it, once,
// by a tool message of text. The order of the answers is free.
import {
  type ApiProblem,
  checkCount,
  checkLength,
  checkName,
  findFirst,
  isObject,
  type Json,
  refuse,
  toObjects,
  toText,
} from "./problem.ts";

const MAX_CALLS = 128;
const MAX_CALL_ID = 40;
const MAX_NAME = 64;

/** Before the published schema, which says it in other words. */
export function checkImages(messages: readonly Json[]): ApiProblem | null {
  return findFirst(messages, ({ role, content }, index) => {
    if (role === "user" || !toObjects(content).some(({ type }) => type === "image_url")) return null;
    const text = `Image URLs are only allowed for messages with role 'user', but this message with role '${toText(role)}' contains an image URL.`;
    return refuse(`Invalid 'messages[${index}]'. ${text}`, `messages[${index}]`, "invalid_value");
  });
}

export function checkMessages(messages: readonly Json[]): ApiProblem | null {
  /** Calls of the last assistant's message → the message that answered. */
  let calls = new Map<unknown, number | null>();
  for (const [index, message] of messages.entries()) {
    if (message["role"] === "tool") {
      const problem = checkAnswer(message["tool_call_id"], index, calls);
      if (problem !== null) return problem;
      calls.set(message["tool_call_id"], index);
      continue;
    }
    const problem = checkAnswered(calls) ?? checkAssistant(message, index);
    if (problem !== null) return problem;
    calls = new Map(toObjects(message["tool_calls"]).map(({ id }) => [id, null]));
  }
  return checkAnswered(calls);
}

function checkAnswer(id: unknown, index: number, calls: ReadonlyMap<unknown, number | null>): ApiProblem | null {
  const param = `messages.[${index}].tool_call_id`;
  if (calls.size === 0) {
    const text = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
    return refuse(`Invalid parameter: ${text}`, `messages.[${index}].role`);
  }
  const before = calls.get(id);
  if (before === undefined) {
    const text = `'tool_call_id' of '${toText(id)}' not found in 'tool_calls' of previous message.`;
    return refuse(`Invalid parameter: ${text}`, param);
  }
  if (before === null) return null;
  const text = `Duplicate value for 'tool_call_id' of '${toText(id)}', in messages[${before}] and messages[${index}].`;
  return refuse(`Invalid parameter: ${text}`, param);
}

function checkAnswered(calls: ReadonlyMap<unknown, number | null>): ApiProblem | null {
  const open = [...calls].filter(([, answer]) => answer === null).map(([id]) => toText(id));
  if (open.length === 0) return null;
  const text = `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(", ")}`;
  return refuse(text, "messages");
}

function checkAssistant(message: Json, index: number): ApiProblem | null {
  const { role, content, tool_calls: calls, function_call: call, refusal, audio } = message;
  if (role !== "assistant") return null;
  const param = `messages[${index}]`;
  if (calls === undefined) {
    const says = [content, call, refusal, audio].some((part) => part !== undefined && part !== null);
    const text = "Invalid value for 'content': expected a string, got null.";
    return says ? null : refuse(text, `messages.[${index}].content`);
  }
  const found = toObjects(calls);
  return (
    checkCount(calls, `${param}.tool_calls`, 1, MAX_CALLS) ??
    findFirst(found, (one, at) => checkCall(one, `${param}.tool_calls[${at}]`)) ??
    checkIds(found, `${param}.tool_calls`)
  );
}

function checkCall(call: Json, param: string): ApiProblem | null {
  const kind = toText(call["type"]);
  const called = isObject(call[kind]) ? call[kind] : {};
  return (
    checkLength(call["id"], `${param}.id`, MAX_CALL_ID) ?? checkName(called["name"], `${param}.${kind}.name`, MAX_NAME)
  );
}

/** No recording of the API's own words. */
function checkIds(calls: readonly Json[], param: string): ApiProblem | null {
  const seen = new Set<unknown>();
  return findFirst(calls, ({ id }, at) => {
    if (!seen.has(id)) {
      seen.add(id);
      return null;
    }
    return refuse(`Invalid '${param}[${at}].id': duplicate tool call id '${toText(id)}'.`, `${param}[${at}].id`);
  });
}
