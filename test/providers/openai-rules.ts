// What OpenAI's API refuses: by the request's published schema, then by rules that no schema says. In the API's own words
// where they are known (`openai-api/`).
import { checkImages, checkMessages } from "./openai-api/chat-rules.ts";
import { checkRequest } from "./openai-api/check-request.ts";
import type { Memory } from "./openai-api/memory.ts";
import { type ApiProblem, type Json, refuse, toObjects } from "./openai-api/problem.ts";
import { checkConversation, findOffered } from "./openai-api/responses-rules.ts";
import { checkChatChoice, checkResponsesChoice } from "./openai-api/tool-choice-rules.ts";
import { checkChatTools, checkDeferred, checkResponsesTools, type ToolRules } from "./openai-api/tool-rules.ts";

/** The first rule that a request for Chat Completions breaks. */
export function checkChatRequest(body: Json, rules: ToolRules): ApiProblem | null {
  if (typeof body["model"] !== "string" || body["model"] === "") return refuse("you must provide a model parameter");
  const messages = toObjects(body["messages"]);
  return (
    checkImages(messages) ??
    checkRequest("chat", body) ??
    checkStreamOptions(body) ??
    checkMessages(messages) ??
    checkChatTools(body["tools"], rules) ??
    checkChatChoice(body)
  );
}

function checkStreamOptions(body: Json): ApiProblem | null {
  if (body["stream_options"] === undefined || body["stream_options"] === null || body["stream"] === true) return null;
  const text = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
  return refuse(text, "stream_options");
}

/** The first rule that a request for Responses breaks. */
export function checkResponsesRequest(body: Json, memory: Memory): ApiProblem | null {
  const { input, tools, previous_response_id: previous, prompt } = body;
  if (typeof body["model"] !== "string" || body["model"] === "") return toMissing("model");
  const isEmpty = input === undefined || (Array.isArray(input) && input.length === 0);
  if (isEmpty && previous === undefined && prompt === undefined) return toMissing("input");
  return (
    checkRequest("responses", body) ??
    checkStreamOptions(body) ??
    checkResponsesTools(toObjects(tools), "tools") ??
    checkDeferred(toObjects(tools)) ??
    checkConversation(body, memory) ??
    checkResponsesChoice(body["tool_choice"], findOffered(body, memory))
  );
}

function toMissing(name: string): ApiProblem {
  return refuse(`Missing required parameter: '${name}'.`, name, "missing_required_parameter");
}
