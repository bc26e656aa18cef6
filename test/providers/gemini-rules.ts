// What Gemini's generateContent refuses, as rules for requests: each returns the text of the 400, or null. The texts are
// the API's where they are known. Schemas are in `gemini-schema-rules.ts`.
import { isDeepStrictEqual } from "node:util";
import { checkOwnSchema, findGeminiProblem } from "./gemini-schema-rules.ts";
import { isBase64, isObject, type Json, toObjects } from "./scripted-server.ts";

/** The parts of an answer that the server gave: signatures must come back on their parts. */
export type GivenParts = readonly Json[];

export const MAX_DECLARATIONS = 512;

const NAME = /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/;
const MODES = ["MODE_UNSPECIFIED", "AUTO", "ANY", "NONE", "VALIDATED"];
const FIELDS = {
  request: [
    "contents",
    "systemInstruction",
    "tools",
    "toolConfig",
    "safetySettings",
    "generationConfig",
    "cachedContent",
    "model",
    "serviceTier",
    "store",
  ],
  content: ["role", "parts"],
  part: [
    ...["text", "thought", "thoughtSignature", "inlineData", "fileData", "functionCall", "functionResponse"],
    ...["executableCode", "codeExecutionResult", "toolCall", "toolResponse", "videoMetadata", "mediaResolution"],
    "partMetadata",
  ],
  functionCall: ["id", "name", "args"],
  functionResponse: ["id", "name", "response", "parts", "willContinue", "scheduling"],
  responsePart: ["inlineData"],
  tool: [
    "functionDeclarations",
    "googleSearch",
    "googleSearchRetrieval",
    "codeExecution",
    "urlContext",
    "computerUse",
    "fileSearch",
    "googleMaps",
    "mcpServers",
  ],
  declaration: [
    "name",
    "description",
    "parameters",
    "parametersJsonSchema",
    "response",
    "responseJsonSchema",
    "behavior",
  ],
  toolConfig: ["functionCallingConfig", "retrievalConfig", "includeServerSideToolInvocations"],
  functionCallingConfig: ["mode", "allowedFunctionNames"],
} as const;
const DATA = [
  ...["text", "inlineData", "fileData", "functionCall", "functionResponse"],
  ...["executableCode", "codeExecutionResult", "toolCall", "toolResponse"],
];
const RESPONSE_MEDIA = ["image/png", "image/jpeg", "image/webp", "application/pdf", "text/plain"];
/** Documented for histories that another model made. */
const DUMMIES = ["context_engineering_is_the_way_to_go", "skip_thought_signature_validator"];

const DIFFERENT_COUNT =
  "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.";

/** The first rule that a request breaks. */
export function checkGenerateRequest(body: Json, model: string, given: readonly GivenParts[]): string | null {
  return (
    findForeign(body, "request", "") ??
    checkContents(body["contents"], model) ??
    checkInstruction(body["systemInstruction"]) ??
    checkTools(body["tools"]) ??
    checkToolConfig(body) ??
    checkTurns(toObjects(body["contents"])) ??
    checkSignatures(toObjects(body["contents"]), model, given)
  );
}

function findForeign(value: Json, kind: keyof typeof FIELDS, at: string): string | null {
  const known: readonly string[] = FIELDS[kind];
  const foreign = Object.keys(value).find((field) => !known.includes(field));
  if (foreign === undefined) return null;
  return `Invalid JSON payload received. Unknown name "${foreign}"${at === "" ? "" : ` at '${at}'`}: Cannot find field.`;
}

function checkContents(contents: unknown, model: string): string | null {
  if (!Array.isArray(contents) || contents.length === 0)
    return "* GenerateContentRequest.contents: contents is not specified\n";
  for (const [index, content] of contents.entries()) {
    const at = `contents[${index}]`;
    if (!isObject(content)) return `Invalid value at '${at}'`;
    const foreign = findForeign(content, "content", at);
    if (foreign !== null) return foreign;
    const { role, parts } = content;
    if (role !== "user" && role !== "model") return "Please use a valid role: user, model.";
    if (!Array.isArray(parts) || parts.length === 0)
      return `* GenerateContentRequest.${at}.parts: contents.parts must not be empty.\n`;
    for (const [place, part] of parts.entries()) {
      const problem = checkPart(part, role, `${at}.parts[${place}]`, model);
      if (problem !== null) return problem;
    }
  }
  return null;
}

function checkInstruction(instruction: unknown): string | null {
  if (instruction === undefined) return null;
  const given = isObject(instruction) ? toParts(instruction) : [];
  const isText = given.length > 0 && given.every((part) => typeof part["text"] === "string");
  return isText ? null : "Invalid value at 'system_instruction': text parts are required";
}

function checkPart(part: unknown, role: string, at: string, model: string): string | null {
  if (!isObject(part)) return `Invalid value at '${at}'`;
  const foreign = findForeign(part, "part", at);
  if (foreign !== null) return foreign;
  const data = DATA.filter((field) => part[field] !== undefined);
  if (data.length === 0)
    return `* GenerateContentRequest.${at}.data: required oneof field 'data' must have one initialized field\n`;
  if (data.length > 1)
    return `Invalid value at '${at}' (oneof), oneof field 'data' is already set. Cannot set '${data[1]}'`;
  if (part["text"] !== undefined && typeof part["text"] !== "string")
    return `Invalid value at '${at}.text' (TYPE_STRING)`;
  return (
    checkInline(part["inlineData"], `${at}.inline_data`) ??
    checkCall(part["functionCall"], role, `${at}.function_call`) ??
    checkResponse(part["functionResponse"], role, `${at}.function_response`, model)
  );
}

function checkInline(blob: unknown, at: string): string | null {
  if (blob === undefined) return null;
  if (!isObject(blob) || typeof blob["mimeType"] !== "string" || !/^\w+\/[\w.+-]+$/.test(blob["mimeType"]))
    return `* GenerateContentRequest.${at}.mime_type: missing field.\n`;
  return isBase64(blob["data"]) ? null : `Invalid value at '${at}.data' (TYPE_BYTES), Base64 decoding failed`;
}

function checkCall(call: unknown, role: string, at: string): string | null {
  if (call === undefined) return null;
  if (!isObject(call)) return `Invalid value at '${at}'`;
  if (role !== "model") return "Please ensure that function calls are of the role model.";
  const foreign = findForeign(call, "functionCall", at);
  if (foreign !== null) return foreign;
  if (typeof call["name"] !== "string" || call["name"] === "")
    return `* GenerateContentRequest.${at}.name: Name cannot be empty.\n`;
  const { args } = call;
  return args === undefined || isObject(args)
    ? null
    : `Invalid value at '${at}.args' (type.googleapis.com/google.protobuf.Struct)`;
}

function checkResponse(answer: unknown, role: string, at: string, model: string): string | null {
  if (answer === undefined) return null;
  if (!isObject(answer)) return `Invalid value at '${at}'`;
  if (role !== "user") return "Please ensure that function responses are of the role user.";
  const foreign = findForeign(answer, "functionResponse", at);
  if (foreign !== null) return foreign;
  if (typeof answer["name"] !== "string" || answer["name"] === "")
    return `* GenerateContentRequest.${at}.name: Name cannot be empty.\n`;
  if (!isObject(answer["response"]))
    return `Invalid value at '${at}.response' (type.googleapis.com/google.protobuf.Struct)`;
  return checkResponseParts(answer["parts"], `${at}.parts`, model);
}

function checkResponseParts(parts: unknown, at: string, model: string): string | null {
  if (parts === undefined) return null;
  if (!Array.isArray(parts)) return `Invalid value at '${at}'`;
  if (parts.length > 0 && model.startsWith("gemini-2"))
    return "Multimodal function responses are not supported for this model";
  for (const [index, part] of parts.entries()) {
    const place = `${at}[${index}]`;
    if (!isObject(part) || part["inlineData"] === undefined)
      return `Invalid value at '${place}': inline_data is required`;
    const problem = findForeign(part, "responsePart", place) ?? checkInline(part["inlineData"], `${place}.inline_data`);
    if (problem !== null) return problem;
    const type = String((part["inlineData"] as Json)["mimeType"]);
    if (!RESPONSE_MEDIA.includes(type)) return `Unsupported MIME type for a function response: ${type}`;
  }
  return null;
}

function toDeclarations(tools: unknown): readonly Json[] {
  return toObjects(tools).flatMap((tool) => toObjects(tool["functionDeclarations"]));
}

function checkTools(tools: unknown): string | null {
  if (tools === undefined) return null;
  if (!Array.isArray(tools)) return "Invalid value at 'tools'";
  for (const [index, tool] of tools.entries()) {
    const at = `tools[${index}]`;
    if (!isObject(tool)) return `Invalid value at '${at}'`;
    const foreign = findForeign(tool, "tool", at);
    if (foreign !== null) return foreign;
    for (const [place, declaration] of toObjects(tool["functionDeclarations"]).entries()) {
      const problem = checkDeclaration(declaration, `${at}.function_declarations[${place}]`);
      if (problem !== null) return problem;
    }
  }
  const names = toDeclarations(tools).map((declaration) => String(declaration["name"]));
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) return `Duplicate function declaration found: ${doubled}`;
  return names.length > MAX_DECLARATIONS
    ? `At most ${MAX_DECLARATIONS} function declarations can be provided. Found ${names.length}.`
    : null;
}

function checkDeclaration(declaration: Json, at: string): string | null {
  const foreign = findForeign(declaration, "declaration", at);
  if (foreign !== null) return foreign;
  const { name, parameters, parametersJsonSchema: schema, response, responseJsonSchema } = declaration;
  if (typeof name !== "string" || !NAME.test(name))
    return `The GenerateContentRequest proto is invalid:\n  * ${at}.name: [FIELD_INVALID] Invalid function name. Must start with a letter or an underscore. Must be a-z, A-Z, 0-9, or contain underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.`;
  if (parameters !== undefined && schema !== undefined)
    return `* GenerateContentRequest.${at}: only one of parameters and parameters_json_schema can be set.`;
  if (response !== undefined && responseJsonSchema !== undefined)
    return `* GenerateContentRequest.${at}: only one of response and response_json_schema can be set.`;
  if (parameters !== undefined) return checkOwnSchema(parameters, `${at}.parameters`);
  const problem = schema === undefined ? null : findGeminiProblem(schema);
  return problem === null ? null : `Invalid JSON Schema at '${at}.parameters_json_schema': ${problem}`;
}

function checkToolConfig(body: Json): string | null {
  const { toolConfig, tools } = body;
  if (toolConfig === undefined) return null;
  if (!isObject(toolConfig)) return "Invalid value at 'tool_config'";
  const foreign = findForeign(toolConfig, "toolConfig", "tool_config");
  if (foreign !== null) return foreign;
  const config = toolConfig["functionCallingConfig"];
  const at = "tool_config.function_calling_config";
  if (config === undefined) return null;
  if (!isObject(config)) return `Invalid value at '${at}'`;
  return findForeign(config, "functionCallingConfig", at) ?? checkCallingConfig(config, at, toDeclarations(tools));
}

function checkCallingConfig(config: Json, at: string, declarations: readonly Json[]): string | null {
  const { mode = "AUTO", allowedFunctionNames: allowed } = config;
  if (!MODES.includes(String(mode))) return `Invalid value at '${at}.mode'`;
  if (declarations.length === 0) return "Function calling config is set without function_declarations.";
  if (allowed === undefined) return null;
  if (!Array.isArray(allowed) || allowed.length === 0) return `Invalid value at '${at}.allowed_function_names'`;
  if (mode !== "ANY" && mode !== "VALIDATED")
    return "allowed_function_names can only be set when the function calling mode is ANY or VALIDATED.";
  const unknown = allowed.find((name) => !declarations.some((declaration) => declaration["name"] === name));
  return unknown === undefined
    ? null
    : `allowed_function_names contains a name without a declaration: ${String(unknown)}`;
}

function toParts(content: Json | undefined): readonly Json[] {
  return toObjects(content?.["parts"]);
}

function toCalls(content: Json | undefined): readonly Json[] {
  return toParts(content).flatMap((part) => (isObject(part["functionCall"]) ? [part["functionCall"]] : []));
}

function toResponses(content: Json | undefined): readonly Json[] {
  return toParts(content).flatMap((part) => (isObject(part["functionResponse"]) ? [part["functionResponse"]] : []));
}

/** Calls come after the user, and all are answered in one content, the next. */
function checkTurns(contents: readonly Json[]): string | null {
  for (const [index, content] of contents.entries()) {
    const calls = toCalls(content);
    const before = contents[index - 1];
    if (calls.length > 0 && before?.["role"] !== "user")
      return "Please ensure that function call turn comes immediately after a user turn or after a function response turn.";
    const responses = toResponses(content);
    if (responses.length > 0 && toCalls(before).length === 0)
      return "Please ensure that function response turn comes immediately after a function call turn.";
    const next = toResponses(contents[index + 1]);
    if (calls.length !== next.length && calls.length > 0) return DIFFERENT_COUNT;
    const problem = calls.length > 0 ? checkPairs(calls, next) : null;
    if (problem !== null) return problem;
  }
  return contents.at(-1)?.["role"] === "user"
    ? null
    : "Please ensure that multiturn requests end with a user role or a function response.";
}

/** By id where the call has one, by place where it has none. */
function checkPairs(calls: readonly Json[], responses: readonly Json[]): string | null {
  for (const [index, call] of calls.entries()) {
    const { id, name } = call;
    const answers = id === undefined ? [responses[index]] : responses.filter((response) => response["id"] === id);
    const [answer] = answers;
    if (answers.length !== 1)
      return `Please ensure that there is one function response for the function call with the id ${String(id)}.`;
    if (answer?.["name"] !== name)
      return `Please ensure that the function response has the name of its function call: ${String(name)}, not ${String(answer?.["name"])}.`;
    if (id === undefined && answer?.["id"] !== undefined)
      return `Please ensure that the function response has no id, as its function call ${String(name)} has none.`;
  }
  return null;
}

function checkSignatures(contents: readonly Json[], model: string, given: readonly GivenParts[]): string | null {
  for (const [index, content] of contents.entries()) {
    if (content["role"] !== "model") continue;
    const parts = toParts(content);
    const corrupted = parts.some((part) => part["thoughtSignature"] !== undefined && !isKnown(part, given));
    if (corrupted) return "Corrupted thought signature.";
    const missing = findUnsigned(parts, model, given);
    if (missing !== null)
      return `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${missing}\` , position ${index + 1}. Please refer to https://ai.google.dev/gemini-api/docs/thought-signatures for more details.`;
  }
  return null;
}

/** A signature is one that was given, on a part with the same call, or on a text as it was given on a text. */
function isKnown(part: Json, given: readonly GivenParts[]): boolean {
  const signature = part["thoughtSignature"];
  return (
    DUMMIES.includes(String(signature)) ||
    given
      .flat()
      .some((one) => one["thoughtSignature"] === signature && isSameCall(one["functionCall"], part["functionCall"]))
  );
}

function isSameCall(one: unknown, other: unknown): boolean {
  if (!isObject(one) || !isObject(other)) return one === other;
  return isDeepStrictEqual({ args: {}, ...one }, { args: {}, ...other });
}

/** The name of a call that had a signature and comes without, or must have one. */
function findUnsigned(parts: readonly Json[], model: string, given: readonly GivenParts[]): string | null {
  const calls = parts.filter((part) => isObject(part["functionCall"]));
  const sources = given
    .map((answer) => answer.filter((part) => isObject(part["functionCall"])))
    .filter(
      (answer) =>
        answer.length === calls.length &&
        answer.every((part, index) => isSameCall(part["functionCall"], calls[index]?.["functionCall"])),
    );
  const isSigned = (answer: readonly Json[]): boolean =>
    answer.every(
      (part, index) => part["thoughtSignature"] === undefined || calls[index]?.["thoughtSignature"] !== undefined,
    );
  if (sources.some(isSigned) || calls.length === 0) return null;
  // Of calls that came from elsewhere, newer models want a signature on the first.
  const isFree = model.startsWith("gemini-2") || calls[0]?.["thoughtSignature"] !== undefined;
  if (sources.length === 0 && isFree) return null;
  const unsigned = calls.find((part) => part["thoughtSignature"] === undefined) ?? calls[0];
  return String(toCalls({ parts: [unsigned] })[0]?.["name"]);
}
