// What Anthropic's Messages API refuses, as rules for requests: each returns the text of the 400, or null. The texts are
// the API's where they are known. Tools are in `anthropic-tool-rules.ts`.
import { isDeepStrictEqual } from "node:util";
import { checkBlocks, checkCacheControl } from "./anthropic-block-rules.ts";
import { checkToolChoice, checkTools, type DeclaredTools, toDeclared } from "./anthropic-tool-rules.ts";
import { isObject, type Json, toObjects } from "./scripted-server.ts";

/** What the server gave: its thinking must come back as it was. */
export interface Given {
  readonly content: readonly Json[];
  readonly isPaused: boolean;
}

const CURRENT = "2026-10-21";
export const VERSIONS: ReadonlySet<string> = new Set(["2023-06-01", CURRENT]);

const SAMPLING = ["temperature", "top_p", "top_k"];
const FIELDS: ReadonlySet<string> = new Set([
  ...["model", "max_tokens", "messages", "system", "tools", "tool_choice", "stream", "thinking", "output_config"],
  ...["cache_control", "container", "diagnostics", "inference_geo", "metadata", "service_tier", "speed"],
  ...["stop_sequences", "user_profile_id", "workspace_id"],
]);
const MAX_CACHE_CONTROLS = 4;
const MIN_BUDGET = 1_024;

/** The first rule that a request breaks. */
export function checkMessagesRequest(body: Json, version: string, given: readonly Given[]): string | null {
  return (
    checkFields(body, version) ??
    checkShapes(body["messages"] as readonly unknown[], version) ??
    checkSystem(body["system"]) ??
    checkThinkingConfig(body) ??
    checkTools(body["tools"]) ??
    checkToolChoice(body) ??
    checkConversation(body, given) ??
    checkCacheControls(body)
  );
}

function checkFields(body: Json, version: string): string | null {
  const missing = ["model", "max_tokens", "messages"].find((field) => body[field] === undefined);
  if (missing !== undefined) return `${missing}: Field required`;
  if (typeof body["model"] !== "string" || body["model"] === "")
    return "model: String should have at least 1 character";
  if (!Number.isInteger(body["max_tokens"]) || Number(body["max_tokens"]) < 1)
    return "max_tokens: Input should be greater than or equal to 1";
  if (!Array.isArray(body["messages"])) return "messages: Input should be a valid list";
  if (body["messages"].length === 0) return "messages: at least one message is required";
  const foreign = Object.keys(body).find(
    (field) => !FIELDS.has(field) && (version === CURRENT || !SAMPLING.includes(field)),
  );
  return foreign === undefined ? null : `${foreign}: Extra inputs are not permitted`;
}

function checkShapes(messages: readonly unknown[], version: string): string | null {
  for (const [index, message] of messages.entries()) {
    const at = `messages.${index}`;
    if (!isObject(message)) return `${at}: Input should be an object`;
    const { role, content, ...rest } = message;
    if (!["user", "assistant", "system"].includes(String(role)))
      return `${at}.role: Input should be 'user', 'assistant' or 'system'`;
    if (index === 0 && role !== "user") return 'messages: first message must use the "user" role';
    const [foreign] = Object.keys(rest);
    if (foreign !== undefined) return `${at}.${foreign}: Extra inputs are not permitted`;
    if (content === "" || (Array.isArray(content) && content.length === 0))
      return `${at}: all messages must have non-empty content except for the optional final assistant message`;
    const problem = checkText(content, "messages") ?? checkBlocks(content, String(role), at, version === CURRENT);
    if (problem !== null) return problem;
  }
  return null;
}

/** Of content that is one text. */
function checkText(content: unknown, at: string): string | null {
  if (Array.isArray(content)) return null;
  if (typeof content !== "string") return `${at}.content: Input should be a valid list`;
  return content.trim() === "" ? `${at}: text content blocks must contain non-whitespace text` : null;
}

function checkSystem(system: unknown): string | null {
  if (system === undefined || typeof system === "string") return null;
  return Array.isArray(system) ? checkBlocks(system, "system", "system", true) : "system: Input should be a valid list";
}

function checkThinkingConfig({ thinking, max_tokens: maxTokens }: Json): string | null {
  if (thinking === undefined) return null;
  const type = isObject(thinking) ? String(thinking["type"]) : "";
  if (!isObject(thinking) || !["enabled", "disabled", "adaptive", "between_tools"].includes(type))
    return `thinking: Input tag '${type}' found using 'type' does not match any of the expected tags`;
  if (type !== "enabled") return null;
  if (!(Number(thinking["budget_tokens"]) >= MIN_BUDGET))
    return `thinking.enabled.budget_tokens: Input should be greater than or equal to ${MIN_BUDGET}`;
  return Number(maxTokens) > Number(thinking["budget_tokens"])
    ? null
    : "`max_tokens` must be greater than `thinking.budget_tokens`.";
}

function checkConversation(body: Json, given: readonly Given[]): string | null {
  const messages = toObjects(body["messages"]);
  return (
    checkIds(messages) ??
    checkResults(messages) ??
    checkServerTools(messages) ??
    checkReferences(messages, toDeclared(body["tools"])) ??
    checkThinking(messages, given) ??
    checkEnd(messages, given)
  );
}

function toBlocks(message: Json | undefined): readonly Json[] {
  return toObjects(message?.["content"]);
}

function ofType(blocks: readonly Json[], ...types: readonly string[]): readonly Json[] {
  return blocks.filter((block) => types.includes(String(block["type"])));
}

function checkIds(messages: readonly Json[]): string | null {
  const seen = new Set<unknown>();
  for (const [index, message] of messages.entries()) {
    for (const [place, block] of toBlocks(message).entries()) {
      if (block["type"] !== "tool_use" && block["type"] !== "server_tool_use") continue;
      if (seen.has(block["id"])) return `messages.${index}.content.${place}: \`tool_use\` ids must be unique`;
      seen.add(block["id"]);
    }
  }
  return null;
}

/** Every call is answered in the next message, by exactly one result, before all other blocks. */
function checkResults(messages: readonly Json[]): string | null {
  let open: readonly string[] = [];
  for (const [index, message] of messages.entries()) {
    const blocks = toBlocks(message);
    const results = ofType(blocks, "tool_result").map((block) => String(block["tool_use_id"]));
    const foreign = results.find((id) => !open.includes(id));
    if (foreign !== undefined)
      return `messages.${index}.content.${blocks.findIndex((block) => block["tool_use_id"] === foreign)}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${foreign}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    const doubled = results.find((id, place) => results.indexOf(id) !== place);
    if (doubled !== undefined)
      return `messages.${index}.content: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${doubled}`;
    // A result behind another block counts for nothing.
    const behind = blocks.findIndex((block) => block["type"] !== "tool_result");
    const first = ofType(behind === -1 ? blocks : blocks.slice(0, behind), "tool_result");
    const answered = new Set(first.map((block) => String(block["tool_use_id"])));
    const unanswered = open.filter((id) => !answered.has(id));
    if (unanswered.length > 0) return toUnanswered(index - 1, unanswered);
    open = ofType(blocks, "tool_use").map((block) => String(block["id"]));
  }
  return open.length > 0 ? toUnanswered(messages.length - 1, open) : null;
}

function toUnanswered(index: number, ids: readonly string[]): string {
  return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${ids.join(", ")}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}

/** A search of the server's has its result in the same turn, unless the turn is paused: then it is the end. */
function checkServerTools(messages: readonly Json[]): string | null {
  let open = new Map<unknown, unknown>();
  for (const [index, message] of messages.entries()) {
    for (const [place, block] of toBlocks(message).entries()) {
      if (block["type"] === "server_tool_use") open.set(block["id"], block["name"]);
      if (block["type"] === "tool_search_tool_result" && !open.delete(block["tool_use_id"]))
        return `messages.${index}.content.${place}: unexpected \`tool_use_id\` found in \`tool_search_tool_result\` blocks: ${String(block["tool_use_id"])}. Each \`tool_search_tool_result\` block must have a corresponding \`server_tool_use\` block before it.`;
    }
    const next = messages[index + 1];
    const [left] = open;
    if (left !== undefined && next !== undefined && next["role"] !== "assistant")
      return `messages.${index}: \`${String(left[1])}\` tool use with id \`${String(left[0])}\` was found without a corresponding \`tool_search_tool_result\` block`;
    if (next?.["role"] !== "assistant") open = new Map();
  }
  return null;
}

function checkReferences(messages: readonly Json[], tools: DeclaredTools): string | null {
  for (const [index, message] of messages.entries()) {
    for (const [place, block] of toBlocks(message).entries()) {
      const content = block["content"];
      const found = isObject(content) ? toObjects(content["tool_references"]) : toObjects(content);
      const unknown = ofType(found, "tool_reference").find(
        (reference) => tools.get(String(reference["tool_name"]))?.isDeferred !== true,
      );
      if (unknown !== undefined)
        return `messages.${index}.content.${place}: Tool reference '${String(unknown["tool_name"])}' not found in available tools`;
    }
  }
  return null;
}

const THINKING = ["thinking", "redacted_thinking"];
const CALLS = ["tool_use", "server_tool_use"];

/** Thinking is the server's, unmodified; with a call of a message that had thinking, all of it is there, in place. */
function checkThinking(messages: readonly Json[], given: readonly Given[]): string | null {
  const thoughts = given.flatMap(({ content }) => ofType(content, ...THINKING));
  for (const [index, message] of messages.entries()) {
    const blocks = toBlocks(message);
    for (const [place, block] of blocks.entries()) {
      if (!THINKING.includes(String(block["type"])) || thoughts.some((one) => isDeepStrictEqual(one, block))) continue;
      return thoughts.some((one) => one["signature"] === block["signature"] && one["data"] === block["data"])
        ? toModified(index, place)
        : `messages.${index}.content.${place}: Invalid \`signature\` in \`thinking\` block`;
    }
    const ids = new Set(ofType(blocks, ...CALLS).map((block) => block["id"]));
    const source = given.find(({ content }) => ofType(content, ...CALLS).some((block) => ids.has(block["id"])));
    if (source === undefined || ofType(source.content, ...THINKING).length === 0) continue;
    if (!THINKING.includes(String(blocks[0]?.["type"])) && THINKING.includes(String(source.content[0]?.["type"])))
      return `messages.${index}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(blocks[0]?.["type"])}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks).`;
    if (!isDeepStrictEqual(toSkeleton(blocks), toSkeleton(source.content))) return toModified(index, 0);
  }
  return null;
}

function toModified(index: number, place: number): string {
  return `messages.${index}.content.${place}: \`thinking\` or \`redacted_thinking\` blocks in the latest assistant message cannot be modified. These blocks must remain as they were in the original response.`;
}

/** Thinking as it is and calls by their ids, in order. */
function toSkeleton(blocks: readonly Json[]): readonly unknown[] {
  return ofType(blocks, ...THINKING, ...CALLS).map((block) =>
    THINKING.includes(String(block["type"])) ? block : block["id"],
  );
}

/** A message of the assistant is last only to go on with a paused turn. */
function checkEnd(messages: readonly Json[], given: readonly Given[]): string | null {
  const last = messages.at(-1);
  if (last?.["role"] !== "assistant") return null;
  const isPaused = given.some((one) => one.isPaused && isDeepStrictEqual(one.content, last["content"]));
  return isPaused
    ? null
    : "This model does not support assistant message prefill. The conversation must end with a user message.";
}

function checkCacheControls(body: Json): string | null {
  const all = collect([body["cache_control"] ? body : {}, body["system"], body["tools"], body["messages"]]);
  const problem = all.map((one) => checkCacheControl(one, "cache_control")).find((one) => one !== null);
  if (problem !== undefined) return problem;
  return all.length > MAX_CACHE_CONTROLS
    ? `A maximum of ${MAX_CACHE_CONTROLS} blocks with cache_control may be provided. Found ${all.length}.`
    : null;
}

/** The breakpoints of blocks, of blocks in their content, and of tools. */
function collect(parts: readonly unknown[]): readonly unknown[] {
  return parts.flatMap((part) => {
    if (Array.isArray(part)) return collect(part);
    if (!isObject(part)) return [];
    const own = part["cache_control"] ?? null;
    return [...(own === null ? [] : [own]), ...collect([part["content"]])];
  });
}
