// The shapes of content blocks that Anthropic's Messages API takes: their fields, where each may stand, media types.
import { isBase64, isObject, type Json } from "./scripted-server.ts";

interface Block {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly roles: readonly string[];
  readonly inResult: boolean;
}

const CACHED = ["cache_control"];
const ASSISTANT = { roles: ["assistant"], inResult: false };

const BLOCKS: ReadonlyMap<string, Block> = new Map<string, Block>([
  [
    "text",
    { required: ["text"], optional: [...CACHED, "citations"], roles: ["user", "assistant", "system"], inResult: true },
  ],
  ["image", { required: ["source"], optional: [...CACHED, "transformations"], roles: ["user"], inResult: true }],
  [
    "document",
    { required: ["source"], optional: [...CACHED, "citations", "context", "title"], roles: ["user"], inResult: true },
  ],
  [
    "search_result",
    { required: ["content", "source", "title"], optional: [...CACHED, "citations"], roles: ["user"], inResult: true },
  ],
  ["tool_reference", { required: ["tool_name"], optional: CACHED, roles: [], inResult: true }],
  [
    "tool_result",
    {
      required: ["tool_use_id"],
      optional: [...CACHED, "content", "is_error", "toolset_name"],
      roles: ["user"],
      inResult: false,
    },
  ],
  ["tool_use", { required: ["id", "name", "input"], optional: [...CACHED, "caller", "toolset_name"], ...ASSISTANT }],
  ["server_tool_use", { required: ["id", "name", "input"], optional: [...CACHED, "caller"], ...ASSISTANT }],
  ["tool_search_tool_result", { required: ["tool_use_id", "content"], optional: CACHED, ...ASSISTANT }],
  // No breakpoint on thinking.
  ["thinking", { required: ["thinking", "signature"], optional: [], ...ASSISTANT }],
  ["redacted_thinking", { required: ["data"], optional: [], ...ASSISTANT }],
]);

const IMAGES = ["image/jpeg", "image/png", "image/gif", "image/webp"];
const ID = /^[a-zA-Z0-9_-]+$/;

/** Of the content of a message; a text alone is no list and checked elsewhere. */
export function checkBlocks(content: unknown, role: string, at: string, isCurrent: boolean): string | null {
  if (!Array.isArray(content)) return null;
  for (const [index, block] of content.entries()) {
    const place = role === "system" && at === "system" ? `${at}.${index}` : `${at}.content.${index}`;
    const problem = checkBlock(block, role, place, isCurrent);
    if (problem !== null) return problem;
  }
  return null;
}

function checkBlock(block: unknown, role: string, at: string, isCurrent: boolean): string | null {
  if (!isObject(block)) return `${at}: Input should be an object`;
  const type = String(block["type"]);
  const known = BLOCKS.get(type);
  if (known === undefined)
    return `${at}: Input tag '${type}' found using 'type' does not match any of the expected tags`;
  // The former version took documents of the assistant.
  const isPlaced = known.roles.includes(role) || (!isCurrent && type === "document");
  if (!isPlaced) return `${at}: \`${type}\` blocks can only be in \`${known.roles.join("`, `")}\` messages`;
  return checkFields(block, known, `${at}.${type}`) ?? checkValues(block, type, role, `${at}.${type}`, isCurrent);
}

function checkFields(block: Json, known: Block, at: string): string | null {
  const missing = known.required.find((field) => block[field] === undefined);
  if (missing !== undefined) return `${at}.${missing}: Field required`;
  const foreign = Object.keys(block).find(
    (field) => field !== "type" && !known.required.includes(field) && !known.optional.includes(field),
  );
  return foreign === undefined ? null : `${at}.${foreign}: Extra inputs are not permitted`;
}

function checkValues(block: Json, type: string, role: string, at: string, isCurrent: boolean): string | null {
  switch (type) {
    case "text":
      return checkTextBlock(block, role, at, isCurrent);
    case "image":
    case "document":
      return checkSource(block["source"], type, `${at}.source`);
    case "tool_use":
    case "server_tool_use":
      if (!ID.test(String(block["id"]))) return `${at}.id: String should match pattern '${ID.source}'`;
      if (!isObject(block["input"])) return `${at}.input: Input should be a valid dictionary`;
      return checkCaller(block["caller"], `${at}.caller`);
    case "tool_result":
      return checkToolResult(block, at, isCurrent);
    case "thinking":
      return typeof block["signature"] === "string" ? null : `${at}.signature: Input should be a valid string`;
    default:
      return null;
  }
}

function checkTextBlock(block: Json, role: string, at: string, isCurrent: boolean): string | null {
  const { text, citations } = block;
  if (typeof text !== "string") return `${at}.text: Input should be a valid string`;
  if (text === "") return "messages: text content blocks must be non-empty";
  if (text.trim() === "") return "messages: text content blocks must contain non-whitespace text";
  const isCited = Array.isArray(citations) && citations.length > 0;
  return isCited && isCurrent && role === "user" ? `${at}.citations: Extra inputs are not permitted` : null;
}

function checkCaller(caller: unknown, at: string): string | null {
  if (caller === undefined) return null;
  if (!isObject(caller)) return `${at}: Input should be an object`;
  const needsTool = String(caller["type"]).startsWith("code_execution_");
  if (!needsTool && caller["type"] !== "direct")
    return `${at}: Input tag '${String(caller["type"])}' found using 'type' does not match any of the expected tags`;
  return needsTool && typeof caller["tool_id"] !== "string" ? `${at}.tool_id: Field required` : null;
}

function checkToolResult(block: Json, at: string, isCurrent: boolean): string | null {
  const { content, is_error: isError } = block;
  if (isError !== undefined && typeof isError !== "boolean") return `${at}.is_error: Input should be a valid boolean`;
  const isEmpty = content === undefined || content === "" || (Array.isArray(content) && content.length === 0);
  if (isEmpty) return isError === true ? `${at}: content cannot be empty if \`is_error\` is true` : null;
  if (typeof content === "string") return null;
  if (!Array.isArray(content)) return `${at}.content: Input should be a valid list`;
  for (const [index, part] of content.entries()) {
    const place = `${at}.content.${index}`;
    const type = isObject(part) ? String(part["type"]) : "";
    const known = BLOCKS.get(type);
    if (!isObject(part) || known?.inResult !== true)
      return `${place}: Input tag '${type}' found using 'type' does not match any of the expected tags`;
    if (isError === true && type !== "text") return `${at}: all content must be type "text" if \`is_error\` is true`;
    const problem =
      checkFields(part, known, `${place}.${type}`) ?? checkValues(part, type, "user", `${place}.${type}`, isCurrent);
    if (problem !== null) return problem;
  }
  return null;
}

function checkSource(source: unknown, type: "image" | "document", at: string): string | null {
  if (!isObject(source)) return `${at}: Input should be an object`;
  const { type: kind, data, media_type: mediaType } = source;
  const media = type === "image" ? IMAGES : ["application/pdf"];
  switch (kind) {
    case "base64":
      if (!media.includes(String(mediaType))) return `${at}.base64.media_type: Input should be ${toChoice(media)}`;
      return isBase64(data) ? null : `${at}.base64: invalid base64 data`;
    case "url":
      return typeof source["url"] === "string" ? null : `${at}.url.url: Field required`;
    case "file":
      return typeof source["file_id"] === "string" ? null : `${at}.file.file_id: Field required`;
    case "text":
      if (type === "image") break;
      if (mediaType !== "text/plain") return `${at}.text.media_type: Input should be 'text/plain'`;
      return typeof data === "string" ? null : `${at}.text.data: Field required`;
    case "content":
      if (type === "document") return null;
      break;
    default:
  }
  return `${at}: Input tag '${String(kind)}' found using 'type' does not match any of the expected tags`;
}

function toChoice(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  return quoted.length === 1 ? String(quoted[0]) : `${quoted.slice(0, -1).join(", ")} or ${String(quoted.at(-1))}`;
}

export function checkCacheControl(control: unknown, at: string): string | null {
  if (!isObject(control) || control["type"] !== "ephemeral") return `${at}.type: Input should be 'ephemeral'`;
  const { ttl } = control;
  if (ttl !== undefined && ttl !== "5m" && ttl !== "1h") return `${at}.ephemeral.ttl: Input should be '5m' or '1h'`;
  const foreign = Object.keys(control).find((field) => field !== "type" && field !== "ttl");
  return foreign === undefined ? null : `${at}.ephemeral.${foreign}: Extra inputs are not permitted`;
}
