// The double of Gemini's API is only worth what it refuses: a row per rule, with a request that breaks it and its twin
// that does not, through the official client.
import {
  ApiError,
  type GenerateContentParameters,
  type GenerateContentResponse,
  GoogleGenAI,
  type Part,
} from "@google/genai";
import { describe, expect, test } from "vitest";
import type { GeminiPart, GeminiReply } from "./gemini-replies.ts";
import { API_KEY, type GeminiTurn, openGeminiServer } from "./gemini-server.ts";
import type { Json, ScriptedServer } from "./scripted-server.ts";

const NEWER = "gemini-3-test";
const OLDER = "gemini-2.5-test";
const PNG = "iVBORw0KGgo=";

const user = (...parts: readonly Json[]): Json => ({ role: "user", parts });
const model = (...parts: readonly Json[]): Json => ({ role: "model", parts });
const text = (value: string): Json => ({ text: value });
const call = (name = "weather", fields: Json = {}): Json => ({ functionCall: { name, args: {}, ...fields } });
const answer = (name = "weather", fields: Json = {}): Json => ({
  functionResponse: { name, response: { output: 1 }, ...fields },
});
const HI = user(text("Hi"));

/** What is asked for in turns with calls, of a model that needs no signatures. */
const talk = (...contents: readonly Json[]): Json => ({ model: OLDER, contents: [HI, ...contents] });
const parts = (value: unknown, name = NEWER): Json => ({
  model: name,
  contents: [
    HI,
    model({ ...call(), thoughtSignature: "skip_thought_signature_validator" }),
    user(answer("weather", { parts: value })),
  ],
});
const inline = (mimeType: string, data: string = PNG): Json => ({ inlineData: { mimeType, data } });
const tools = (...declarations: readonly Json[]): Json => ({
  config: { tools: [{ functionDeclarations: declarations }] },
});
const schema = (value: unknown): Json => tools({ name: "weather", parametersJsonSchema: value });
const property = (value: unknown): Json => schema({ type: "object", properties: { a: value } });
// The client changes such schemas on their way.
const own = (value: unknown): Json =>
  raw({ tools: [{ functionDeclarations: [{ name: "weather", parameters: value }] }] });
const ownProperty = (value: unknown): Json => own({ type: "OBJECT", properties: { a: value } });
const choice = (functionCallingConfig: Json, ...names: readonly string[]): Json => ({
  config: {
    toolConfig: { functionCallingConfig },
    ...(names.length > 0 && { tools: [{ functionDeclarations: names.map((name) => ({ name })) }] }),
  },
});
/** What the client would not send as it is. */
const raw = (extraBody: Json, fields: Json = {}): Json => ({ ...fields, config: { httpOptions: { extraBody } } });

type Row = readonly [rule: string, breaks: Json, refusal: string, fits: Json];

const CONTENTS: readonly Row[] = [
  [
    "fields are known",
    raw({ max_tokens: 1 }),
    'Unknown name "max_tokens": Cannot find field.',
    { config: { temperature: 0 } },
  ],
  ["there are contents", raw({ contents: [] }), "GenerateContentRequest.contents: contents is not specified", {}],
  ["a content is an object", raw({ contents: [1] }), "Invalid value at 'contents[0]'", {}],
  ["a content has known fields", raw({ contents: [{ ...HI, name: "x" }] }), `Unknown name "name" at 'contents[0]'`, {}],
  [
    "roles are user and model",
    { contents: [{ role: "function", parts: [text("x")] }] },
    "Please use a valid role: user, model.",
    {},
  ],
  [
    "a content has parts",
    { contents: [HI, model(), HI] },
    "contents[1].parts: contents.parts must not be empty.",
    { contents: [HI, model(text("")), HI] },
  ],
  [
    "a part is an object",
    raw({ contents: [{ role: "user", parts: ["x"] }] }),
    "Invalid value at 'contents[0].parts[0]'",
    {},
  ],
  [
    "a part has known fields",
    raw({ contents: [user({ text: "x", type: "text" })] }),
    `Unknown name "type" at 'contents[0].parts[0]'`,
    {},
  ],
  [
    "a part has data",
    { contents: [HI, model({ thought: true }), HI] },
    "contents[1].parts[0].data: required oneof field 'data' must have one initialized field",
    { contents: [HI, model({ thought: true, text: "Hm." }), HI] },
  ],
  [
    "a part has one kind of data",
    { contents: [user({ text: "x", ...inline("image/png") })] },
    "oneof field 'data' is already set. Cannot set 'inlineData'",
    { contents: [user(text("x"), inline("image/png"))] },
  ],
  [
    "a text is a string",
    { contents: [user({ text: 1 })] },
    "Invalid value at 'contents[0].parts[0].text' (TYPE_STRING)",
    {},
  ],
  [
    "media have a type",
    { contents: [user(inline("png"))] },
    "inline_data.mime_type: missing field.",
    { contents: [user(inline("image/png"))] },
  ],
  [
    "media are base64",
    { contents: [user(inline("image/png", "a-_b"))] },
    "(TYPE_BYTES), Base64 decoding failed",
    { contents: [user(inline("image/png", "ab=="))] },
  ],
  [
    "the user is the last to speak",
    { contents: [HI, model(text("I"))] },
    "Please ensure that multiturn requests end with a user role",
    { contents: [HI, model(text("I")), HI] },
  ],
];

const CALLS: readonly Row[] = [
  [
    "instructions are text",
    raw({ systemInstruction: { parts: [] } }),
    "Invalid value at 'system_instruction'",
    { config: { systemInstruction: "Be brief." } },
  ],
  [
    "a call is an object",
    raw({ contents: [HI, model({ functionCall: 1 }), user(answer())] }),
    "Invalid value at 'contents[1].parts[0].function_call'",
    {},
  ],
  [
    "only the model calls",
    talk(user(call()), user(answer())),
    "function calls are of the role model",
    talk(model(call()), user(answer())),
  ],
  [
    "calls have known fields",
    raw({ contents: [HI, model(call("weather", { arguments: {} })), user(answer())] }, { model: OLDER }),
    `Unknown name "arguments" at 'contents[1].parts[0].function_call'`,
    talk(model(call("weather", { id: "a" })), user(answer("weather", { id: "a" }))),
  ],
  ["a call has a name", talk(model(call("")), user(answer())), "function_call.name: Name cannot be empty.", {}],
  [
    "arguments are an object",
    talk(model(call("weather", { args: "{}" })), user(answer())),
    "function_call.args' (type.googleapis.com/google.protobuf.Struct)",
    talk(model({ functionCall: { name: "weather" } }), user(answer())),
  ],
  [
    "a response is an object",
    talk(model(call()), user({ functionResponse: 1 })),
    "Invalid value at 'contents[2].parts[0].function_response'",
    {},
  ],
  [
    "only the user responds",
    talk(model(call()), model(answer())),
    "function responses are of the role user",
    talk(model(call()), user(answer())),
  ],
  [
    "responses have known fields",
    talk(model(call()), user(answer("weather", { is_error: true }))),
    `Unknown name "is_error" at 'contents[2].parts[0].function_response'`,
    talk(model(call()), user(answer("weather", { response: { error: "No." } }))),
  ],
  ["a response has a name", talk(model(call()), user(answer(""))), "function_response.name: Name cannot be empty.", {}],
  [
    "what is responded is an object",
    talk(model(call()), user(answer("weather", { response: "x" }))),
    "function_response.response' (type.googleapis.com/google.protobuf.Struct)",
    talk(model(call()), user(answer("weather", { response: {} }))),
  ],
  [
    "every call is answered",
    talk(model(call(), call("time")), user(answer())),
    "number of function response parts is equal to the number of function call parts",
    talk(model(call(), call("time")), user(answer(), answer("time"))),
  ],
  [
    "a last call is answered too",
    talk(model(call())),
    "number of function response parts is equal to the number of function call parts",
    talk(model(call()), user(answer(), text("and"))),
  ],
  [
    "no more is answered than was called",
    talk(model(call()), user(answer(), answer())),
    "number of function response parts is equal",
    talk(model(call()), user(answer())),
  ],
  [
    "parallel calls are answered in one content",
    talk(model(call(), call("time")), user(answer()), user(answer("time"))),
    "number of function response parts is equal",
    talk(model(call(), call("time")), user(answer(), answer("time"))),
  ],
  [
    "a call is answered at once",
    talk(model(call()), HI, user(answer())),
    "number of function response parts is equal",
    talk(model(call()), user(answer()), HI),
  ],
  [
    "a response comes after a call",
    talk(model(text("x")), user(answer())),
    "function response turn comes immediately after a function call turn",
    talk(model(text("x"), call()), user(answer())),
  ],
  [
    "a call comes after the user",
    talk(model(text("x")), model(call()), user(answer())),
    "function call turn comes immediately after a user turn or after a function response turn",
    talk(model(call()), user(answer()), model(call()), user(answer())),
  ],
  [
    "a response has the name of its call",
    talk(model(call(), call("time")), user(answer("time"), answer())),
    "the name of its function call: weather, not time",
    talk(model(call(), call("time")), user(answer(), answer("time"))),
  ],
  [
    "a response has the id of its call",
    talk(model(call("weather", { id: "a" })), user(answer("weather", { id: "b" }))),
    "one function response for the function call with the id a",
    talk(
      model(call("weather", { id: "a" }), call("time", { id: "b" })),
      user(answer("time", { id: "b" }), answer("weather", { id: "a" })),
    ),
  ],
  [
    "a response has no id where its call has none",
    talk(model(call()), user(answer("weather", { id: "b" }))),
    "has no id, as its function call weather has none",
    talk(model(call()), user(answer())),
  ],
  [
    "calls of newer models are signed",
    { contents: [HI, model(call()), user(answer())] },
    "Function call is missing a thought_signature in functionCall parts.",
    {
      contents: [
        HI,
        model({ ...call(), thoughtSignature: "context_engineering_is_the_way_to_go" }, call("time")),
        user(answer(), answer("time")),
      ],
    },
  ],
  [
    "signatures are the server's",
    talk(model({ ...call(), thoughtSignature: "c2ln" }), user(answer())),
    "Corrupted thought signature.",
    talk(model({ ...call(), thoughtSignature: "skip_thought_signature_validator" }), user(answer())),
  ],
  [
    "older models see no media in responses",
    parts([inline("image/png")], OLDER),
    "Multimodal function responses are not supported for this model",
    parts([inline("image/png")]),
  ],
  [
    "media in responses are a list",
    parts(inline("image/png")),
    "Invalid value at 'contents[2].parts[0].function_response.parts'",
    parts([]),
  ],
  [
    "media in responses are inline",
    parts([{ fileData: { fileUri: "x", mimeType: "image/png" } }]),
    "function_response.parts[0]': inline_data is required",
    parts([inline("image/webp")]),
  ],
  [
    "media in responses have known fields",
    parts([{ ...inline("image/png"), text: "x" }]),
    `Unknown name "text"`,
    parts([inline("image/jpeg")]),
  ],
  [
    "media in responses are of some types",
    parts([inline("image/gif")]),
    "Unsupported MIME type for a function response: image/gif",
    parts([inline("application/pdf"), inline("text/plain")]),
  ],
  [
    "media in responses are base64",
    parts([inline("image/png", "?")]),
    "(TYPE_BYTES), Base64 decoding failed",
    parts([inline("image/png")]),
  ],
];

const named = (count: number): Json => tools(...Array.from({ length: count }, (_, index) => ({ name: `t${index}` })));

const TOOLS: readonly Row[] = [
  ["tools are a list", raw({ tools: 1 }), "Invalid value at 'tools'", {}],
  ["a tool is an object", raw({ tools: [1] }), "Invalid value at 'tools[0]'", {}],
  [
    "tools have known fields",
    raw({ tools: [{ type: "function" }] }),
    `Unknown name "type" at 'tools[0]'`,
    { config: { tools: [{ googleSearch: {} }] } },
  ],
  [
    "declarations have known fields",
    tools({ name: "a", strict: true }),
    `Unknown name "strict" at 'tools[0].function_declarations[0]'`,
    tools({ name: "a", description: "A." }),
  ],
  [
    "names start with a letter",
    tools({ name: "1a" }),
    "function_declarations[0].name: [FIELD_INVALID] Invalid function name.",
    tools({ name: "_1" }),
  ],
  ["names are plain", tools({ name: "a b" }), "Invalid function name.", tools({ name: "a.b:c-d_1" })],
  [
    "names have at most 128 characters",
    tools({ name: "a".repeat(129) }),
    "Invalid function name.",
    tools({ name: "a".repeat(128) }),
  ],
  [
    "names are unique",
    { config: { tools: [{ functionDeclarations: [{ name: "a" }] }, { functionDeclarations: [{ name: "a" }] }] } },
    "Duplicate function declaration found: a",
    tools({ name: "a" }, { name: "A" }),
  ],
  [
    "declarations are 512 at most",
    named(513),
    "At most 512 function declarations can be provided. Found 513.",
    named(512),
  ],
  [
    "parameters have one schema",
    tools({ name: "a", parameters: { type: "OBJECT" }, parametersJsonSchema: { type: "object" } }),
    "only one of parameters and parameters_json_schema can be set",
    tools({ name: "a", parametersJsonSchema: { type: "object" } }),
  ],
  [
    "responses have one schema",
    tools({ name: "a", response: { type: "STRING" }, responseJsonSchema: { type: "string" } }),
    "only one of response and response_json_schema can be set",
    tools({ name: "a", responseJsonSchema: { type: "string" } }),
  ],
  ["a configuration is an object", raw({ toolConfig: 1 }), "Invalid value at 'tool_config'", {}],
  [
    "a configuration has known fields",
    raw({ toolConfig: { mode: "ANY" } }),
    `Unknown name "mode" at 'tool_config'`,
    choice({ mode: "ANY" }, "a"),
  ],
  [
    "a configuration of calls is an object",
    raw({ toolConfig: { functionCallingConfig: "ANY" } }),
    "Invalid value at 'tool_config.function_calling_config'",
    {},
  ],
  [
    "a configuration of calls has known fields",
    raw({ toolConfig: { functionCallingConfig: { names: [] } } }),
    `Unknown name "names" at 'tool_config.function_calling_config'`,
    {},
  ],
  [
    "a mode is known",
    choice({ mode: "REQUIRED" }, "a"),
    "Invalid value at 'tool_config.function_calling_config.mode'",
    choice({ mode: "NONE" }, "a"),
  ],
  [
    "a mode has declarations",
    choice({ mode: "AUTO" }),
    "Function calling config is set without function_declarations.",
    choice({ mode: "AUTO" }, "a"),
  ],
  [
    "allowed names are a list",
    choice({ mode: "ANY", allowedFunctionNames: [] }, "a"),
    "Invalid value at 'tool_config.function_calling_config.allowed_function_names'",
    choice({ mode: "ANY" }, "a"),
  ],
  [
    "names are allowed in some modes",
    choice({ mode: "AUTO", allowedFunctionNames: ["a"] }, "a"),
    "allowed_function_names can only be set when the function calling mode is ANY or VALIDATED.",
    choice({ mode: "VALIDATED", allowedFunctionNames: ["a"] }, "a"),
  ],
  [
    "allowed names are declared",
    choice({ mode: "ANY", allowedFunctionNames: ["a", "b"] }, "a"),
    "allowed_function_names contains a name without a declaration: b",
    choice({ mode: "ANY", allowedFunctionNames: ["a"] }, "a"),
  ],
];

const node = { type: "object", properties: { next: { $ref: "#/$defs/node" } } };
const linked = (required: readonly string[], root: Json = {}): Json =>
  schema({
    type: "object",
    properties: { first: { $ref: "#/$defs/node" } },
    $defs: { node: { ...node, required } },
    ...root,
  });

const SCHEMAS: readonly Row[] = [
  ["the root is an object", schema({ type: "array", items: {} }), "the root is no object", schema({ type: "object" })],
  [
    "keywords are those listed",
    property({ type: "string", pattern: "^a$" }),
    "pattern at #/properties/a",
    property({ type: "string", format: "date-time", title: "A", description: "B" }),
  ],
  [
    "there is no $schema",
    schema({ type: "object", $schema: "https://json-schema.org/draft/2020-12/schema" }),
    "$schema at #",
    schema({ type: "object", $id: "https://x.example/a", $anchor: "a" }),
  ],
  ["there is no const", property({ const: "x" }), "const at #/properties/a", property({ enum: ["x", 1] })],
  [
    "keywords are those listed, anywhere",
    property({ anyOf: [{ type: "array", prefixItems: [{ not: {} }] }] }),
    "not at #/properties/a/anyOf/0/prefixItems/0",
    property({ oneOf: [{ type: "array", prefixItems: [{}], minItems: 1, maxItems: 1 }] }),
  ],
  [
    "definitions count",
    schema({ type: "object", $defs: { a: { maxLength: 1 } } }),
    "maxLength at #/$defs/a",
    schema({ type: "object", $defs: { a: {} } }),
  ],
  [
    "a map's values count",
    schema({ type: "object", additionalProperties: { minLength: 1 } }),
    "minLength at #/additionalProperties",
    schema({ type: "object", additionalProperties: { minimum: 1, maximum: 2 } }),
  ],
  [
    "a name is no keyword",
    property(true),
    "#/properties/a is no schema",
    schema({ type: "object", properties: { const: {} } }),
  ],
  ["types are known", property({ type: "text" }), "a type at #/properties/a", property({ type: ["string", "null"] })],
  [
    "values are strings and numbers",
    property({ enum: ["x", null] }),
    "an enum at #/properties/a",
    property({ enum: ["x"] }),
  ],
  [
    "properties are a map",
    property({ type: "object", properties: [] }),
    "properties at #/properties/a",
    property({ type: "object", properties: {} }),
  ],
  [
    "required is a list of names",
    schema({ type: "object", required: true }),
    "required at #",
    schema({ type: "object", properties: { a: {} }, required: ["a"], propertyOrdering: ["a"] }),
  ],
  [
    "openness is a boolean or a schema",
    schema({ type: "object", additionalProperties: "no" }),
    "additionalProperties at #",
    schema({ type: "object", additionalProperties: false }),
  ],
  [
    "unions have branches",
    property({ anyOf: [] }),
    "anyOf at #/properties/a",
    property({ anyOf: [{ type: "string" }] }),
  ],
  [
    "bounds are numbers",
    property({ type: "integer", minimum: "1" }),
    "minimum at #/properties/a",
    property({ type: "integer", minimum: 1 }),
  ],
  ["words are strings", property({ description: 1 }), "description at #/properties/a", property({ description: "A." })],
  [
    "references are alone",
    schema({ type: "object", properties: { a: { $ref: "#/$defs/b", description: "A." } }, $defs: { b: {} } }),
    "$ref beside others at #/properties/a",
    schema({ type: "object", properties: { a: { $ref: "#/$defs/b" } }, $defs: { b: {} } }),
  ],
  [
    "references lead somewhere",
    property({ $ref: "#/$defs/b" }),
    "$ref at #/properties/a leads nowhere",
    schema({ type: "object", properties: { a: { $ref: "#/$defs/b~1c" } }, $defs: { "b/c": {} } }),
  ],
  [
    "references stay inside",
    property({ $ref: "https://x.example/a" }),
    "$ref at #/properties/a leads nowhere",
    property({ $ref: "#" }),
  ],
  [
    "circles are in what may be left out",
    linked(["next"]),
    "a circle of references outside of non-required properties",
    linked([], { required: ["first"] }),
  ],
  [
    "null is no way out of a circle",
    schema({ type: "object", properties: { a: { anyOf: [{ $ref: "#" }, { type: "null" }] } }, required: ["a"] }),
    "a circle of references",
    property({ type: "array", items: { $ref: "#" } }),
  ],
  [
    "the API's own schema has its own fields",
    own({ type: "OBJECT", properties: { a: { type: "STRING" } }, additionalProperties: false }),
    `Unknown name "additionalProperties" at 'tools[0].function_declarations[0].parameters'`,
    ownProperty({ type: "STRING", pattern: "a", nullable: true }),
  ],
  [
    "the API's own schema is an object",
    own("OBJECT"),
    "Invalid value at 'tools[0].function_declarations[0].parameters'",
    ownProperty({ type: "string" }),
  ],
  [
    "its own types are single",
    ownProperty({ type: ["STRING", "NULL"] }),
    "Proto field is not repeating, cannot start list.",
    ownProperty({ anyOf: [{ type: "STRING" }, { type: "NULL" }] }),
  ],
  [
    "its own types are known",
    ownProperty({ type: "TEXT" }),
    "Invalid value at 'tools[0].function_declarations[0].parameters.properties[a].type'",
    ownProperty({ type: "INTEGER" }),
  ],
  [
    "its own objects have properties",
    own({ type: "OBJECT" }),
    "parameters.properties: should be non-empty for OBJECT type",
    ownProperty({ type: "BOOLEAN" }),
  ],
  [
    "its own arrays have items",
    ownProperty({ type: "ARRAY" }),
    "parameters.properties[a].items: missing field.",
    ownProperty({ type: "ARRAY", items: { type: "STRING" } }),
  ],
  [
    "its own values are strings",
    ownProperty({ type: "INTEGER", enum: ["1"] }),
    "parameters.properties[a].enum: only allowed for STRING type",
    ownProperty({ type: "STRING", enum: ["1"] }),
  ],
  [
    "its own names are plain",
    own({ type: "OBJECT", properties: { "a-b": { type: "STRING" } } }),
    'parameters.properties: invalid name "a-b"',
    own({ type: "OBJECT", properties: { a_b: { type: "STRING" } } }),
  ],
  [
    "what it requires is there",
    own({ type: "OBJECT", properties: { a: { type: "STRING" } }, required: ["a", "b"] }),
    "parameters.required[1]: property is not defined",
    own({ type: "OBJECT", properties: { a: { type: "STRING" } }, required: ["a"] }),
  ],
];

function createClient(server: ScriptedServer, apiKey: string = API_KEY, apiVersion?: string): GoogleGenAI {
  return new GoogleGenAI({
    apiKey,
    httpOptions: { baseUrl: server.baseURL, ...(apiVersion !== undefined && { apiVersion }) },
  });
}

function toParameters(fields: Json): GenerateContentParameters {
  return { model: NEWER, contents: [HI], ...fields };
}

/** Sends it and returns the error's text, or null. */
async function send(server: ScriptedServer, fields: Json): Promise<string | null> {
  try {
    await createClient(server).models.generateContent(toParameters(fields));
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const body = JSON.parse(error.message) as { error: { code: number; message: string; status: string } };
    expect(body.error).toMatchObject({ code: 400, status: "INVALID_ARGUMENT" });
    return body.error.message;
  }
}

describe("The double of Gemini's API", () => {
  test.each([...CONTENTS, ...CALLS, ...TOOLS, ...SCHEMAS])("holds that %s", async (_, breaks, refusal, fits) => {
    await using server = await openGeminiServer([{ parts: [{ text: "Yes." }] }]);
    const refused = await send(server, breaks);
    expect(refused).toContain(refusal);
    expect(server.refusals).toEqual([refused]);
    expect(await send(server, fits)).toBeNull();
    expect(server.requests).toHaveLength(2);
  });

  test.each(["v1", "v1beta"])("answers under %s", async (version) => {
    await using server = await openGeminiServer([{ parts: [{ text: "Yes." }] }]);
    const response = await createClient(server, API_KEY, version).models.generateContent(toParameters({}));
    expect(response.text).toBe("Yes.");
  });

  test("refuses another key and another address", async () => {
    await using server = await openGeminiServer([{ parts: [{ text: "Yes." }] }]);
    const askAs = async (apiKey: string, version: string): Promise<unknown> => {
      try {
        return await createClient(server, apiKey, version).models.generateContent(toParameters({}));
      } catch (error) {
        return (error as ApiError).status;
      }
    };
    expect(await askAs("AIza-other", "v1")).toBe(400);
    expect(await askAs(API_KEY, "v2")).toBe(404);
    expect(server.refusals).toEqual([]);
    const bare = await fetch(`${server.baseURL}/v1/models/${NEWER}:generateContent`, { method: "POST", body: "{}" });
    expect(bare.status).toBe(403);
    const array = await fetch(`${server.baseURL}/v1/models/${NEWER}:streamGenerateContent?key=${API_KEY}`, {
      method: "POST",
    });
    expect(array.status).toBe(400);
  });
});

const SIGNED: readonly GeminiPart[] = [
  { text: "Hm.", thought: true },
  { functionCall: { name: "weather", args: { city: "Oslo" } }, thoughtSignature: "c2lnbmF0dXJl" },
  { functionCall: { name: "time" } },
];

/** The second request of a conversation: `change` is what the client makes of the parts of the first answer. */
async function goOn(
  reply: readonly GeminiPart[],
  change: (parts: readonly Part[]) => readonly Part[],
  name: string,
): Promise<readonly string[]> {
  await using server = await openGeminiServer([{ parts: reply }, { parts: [{ text: "Yes." }] }]);
  const first = await createClient(server).models.generateContent(toParameters({ model: name }));
  const changed = change(first.candidates?.[0]?.content?.parts ?? []) as unknown as readonly Json[];
  const calls = changed.flatMap((part) =>
    "functionCall" in part ? [part["functionCall"] as { id?: string; name: string }] : [],
  );
  const responses = calls.map((one) => answer(one.name, one.id === undefined ? {} : { id: one.id }));
  await send(server, {
    model: name,
    contents: [HI, model(...changed), user(...(calls.length > 0 ? responses : [text("And?")]))],
  });
  return server.refusals;
}

const MISSING = "Function call is missing a thought_signature in functionCall parts.";
const unsigned = (part: Part): Part =>
  Object.fromEntries(Object.entries(part).filter(([field]) => field !== "thoughtSignature"));

describe("What the double of Gemini's API has said", () => {
  test.each([NEWER, OLDER])("comes back as it was, to %s", async (name) => {
    expect(await goOn(SIGNED, (given) => given, name)).toEqual([]);
    expect(await goOn(SIGNED, (given) => given.slice(1), name)).toEqual([]);
    const withId = [{ functionCall: { id: "a", name: "weather" }, thoughtSignature: "c2ln" }];
    expect(await goOn(withId, (given) => given, name)).toEqual([]);
    const said = [{ text: "Oslo.", thoughtSignature: "c2ln" }];
    expect(await goOn(said, (given) => given, name)).toEqual([]);
    expect(await goOn(said, (given) => given.map(unsigned), name)).toEqual([]);
  });

  test.each<readonly [string, (given: readonly Part[]) => readonly Part[], string, string]>([
    ["without a signature", (given) => given.map(unsigned), NEWER, MISSING],
    ["without a signature, to older models too", (given) => given.map(unsigned), OLDER, `${MISSING} This`],
    ["without the call that was signed", (given) => given.slice(2), NEWER, MISSING],
    [
      "with another signature",
      (given) => given.map((part) => ({ ...part, ...(part.thoughtSignature && { thoughtSignature: "eA==" }) })),
      NEWER,
      "Corrupted thought signature.",
    ],
    [
      "with a signature on another call",
      ([thought, one, other]) => [
        { ...thought },
        unsigned({ ...one }),
        { ...other, thoughtSignature: String(one?.thoughtSignature) },
      ],
      OLDER,
      "Corrupted thought signature.",
    ],
    [
      "with a signature on a text",
      ([thought, one, other]) => [
        { ...thought, thoughtSignature: String(one?.thoughtSignature) },
        { ...one },
        { ...other },
      ],
      NEWER,
      "Corrupted thought signature.",
    ],
    [
      "with other arguments under a signature",
      ([thought, one, other]) => [
        { ...thought },
        { ...one, functionCall: { name: "weather", args: { city: "Bergen" } } },
        { ...other },
      ],
      NEWER,
      "Corrupted thought signature.",
    ],
  ])("is refused %s", async (_, change, name, refusal) => {
    expect(await goOn(SIGNED, change, name)).toEqual([expect.stringContaining(refusal)]);
  });

  test("needs no signature where it had none", async () => {
    const reply = [{ functionCall: { name: "weather" } }];
    expect(await goOn(reply, (given) => given, NEWER)).toEqual([]);
  });
});

const EVERYTHING: GeminiReply = {
  parts: [
    { text: "Wo liegt Tromsø?", thought: true },
    { text: "Ünïcode 🦊 text.", thoughtSignature: "dGV4dA==" },
    { functionCall: { id: "a", name: "weather", args: { city: "Tromsø 🦊", days: [1, 2] } }, thoughtSignature: "c2ln" },
    { functionCall: { name: "time" } },
    { functionCall: { id: "c", name: "time", args: {} } },
  ],
  usage: { thoughtsTokenCount: 4, totalTokenCount: 22 },
};

async function ask(turns: readonly GeminiTurn[], seed = 1): Promise<readonly GenerateContentResponse[]> {
  await using server = await openGeminiServer(turns, seed);
  const stream = await createClient(server).models.generateContentStream(toParameters({}));
  return await Array.fromAsync(stream);
}

const toParts = (chunk: GenerateContentResponse): readonly Part[] => chunk.candidates?.[0]?.content?.parts ?? [];

describe("Answers of the double of Gemini's API", () => {
  test("are the same as a stream and as a response, wherever it is cut", async () => {
    await using server = await openGeminiServer([EVERYTHING]);
    const response = await createClient(server).models.generateContent(toParameters({}));
    expect(toParts(response)).toEqual(EVERYTHING.parts);
    expect(response.candidates?.[0]?.finishReason).toBe("STOP");
    expect(response.usageMetadata).toMatchObject({
      promptTokenCount: 11,
      candidatesTokenCount: 7,
      thoughtsTokenCount: 4,
    });
    for (const seed of [1, 2, 3]) {
      const chunks = await ask([EVERYTHING], seed);
      const streamed = chunks.flatMap(toParts);
      const said = (isThought: boolean): string =>
        streamed
          .filter((part) => (part.thought === true) === isThought)
          .map((part) => part.text ?? "")
          .join("");
      expect(said(true)).toBe("Wo liegt Tromsø?");
      expect(said(false)).toBe("Ünïcode 🦊 text.");
      expect(streamed.filter((part) => part.functionCall)).toEqual(EVERYTHING.parts?.slice(2));
      expect(streamed.flatMap((part) => part.thoughtSignature ?? [])).toEqual(["dGV4dA==", "c2ln"]);
      expect(chunks.at(-1)?.candidates?.[0]?.finishReason).toBe("STOP");
      expect(chunks.at(-1)?.usageMetadata?.totalTokenCount).toBe(22);
      // Parallel calls come alone and together.
      expect(chunks.map((chunk) => toParts(chunk).filter((part) => part.functionCall).length).filter(Boolean)).toEqual([
        1, 2,
      ]);
    }
  });

  test.each(["MAX_TOKENS", "SAFETY", "MALFORMED_FUNCTION_CALL"])("stop for %s, as a stream and not", async (finish) => {
    await using server = await openGeminiServer([{ finish }]);
    const response = await createClient(server).models.generateContent(toParameters({}));
    expect(response.candidates).toMatchObject([{ content: {}, finishReason: finish }]);
    expect((await ask([{ finish }])).map((chunk) => chunk.candidates)).toEqual([response.candidates]);
  });

  test("may have no candidates, as a stream and not", async () => {
    await using server = await openGeminiServer([{ blocked: "PROHIBITED_CONTENT" }]);
    const response = await createClient(server).models.generateContent(toParameters({}));
    expect(response).toMatchObject({ promptFeedback: { blockReason: "PROHIBITED_CONTENT" } });
    expect(response.candidates).toBeUndefined();
    expect((await ask([{ blocked: "OTHER" }])).map((chunk) => chunk.promptFeedback)).toEqual([
      { blockReason: "OTHER" },
    ]);
  });

  test.each([
    [429, "RESOURCE_EXHAUSTED", [expect.objectContaining({ retryDelay: "3s" })]],
    [500, "INTERNAL", undefined],
    [503, "UNAVAILABLE", undefined],
  ])("may be a %i", async (status, name, details) => {
    await using server = await openGeminiServer([{ status, message: "Later." }]);
    const error: unknown = await createClient(server)
      .models.generateContent(toParameters({}))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status });
    expect(JSON.parse((error as ApiError).message)).toEqual({
      error: { code: status, message: "Later.", status: name, ...(details && { details }) },
    });
  });

  const LONG = { parts: [{ text: "A long answer, it seems." }] };

  test.each([
    ["cut", "terminated"],
    ["error", "The model is overloaded"],
  ] as const)("may end half-way: %s", async (broken, reason) => {
    await expect(ask([{ ...LONG, broken }])).rejects.toThrow(reason);
  });

  test("may be closed half-way, with no word of a finish", async () => {
    const chunks = await ask([{ ...LONG, broken: "closed" }]);
    expect(
      chunks
        .flatMap(toParts)
        .map((part) => part.text)
        .join(""),
    ).toMatch(/^A long/);
    expect(chunks.some((chunk) => chunk.candidates?.[0]?.finishReason !== undefined)).toBe(false);
  });

  test("may hang half-way", async () => {
    await using server = await openGeminiServer([{ ...LONG, broken: "hang" }]);
    const controller = new AbortController();
    const parameters = toParameters({ config: { abortSignal: controller.signal } });
    const stream = await createClient(server).models.generateContentStream(parameters);
    let count = 0;
    const read = async (): Promise<void> => {
      for await (const _ of stream) if (++count === 2) controller.abort();
    };
    await expect(read()).rejects.toThrow("abort");
  });
});
