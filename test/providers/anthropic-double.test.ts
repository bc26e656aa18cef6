// The double of Anthropic's API is only worth what it refuses: a row per rule, with a request that breaks it and its twin
// that does not, through the official client.
import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "vitest";
import type { AnthropicReply } from "./anthropic-replies.ts";
import { type AnthropicTurn, API_KEY, openAnthropicServer } from "./anthropic-server.ts";
import type { Json, ScriptedServer } from "./scripted-server.ts";

type Params = Anthropic.MessageCreateParamsNonStreaming;

const HI = { role: "user", content: "Hi" };
const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const STRICT = { ...SCHEMA, additionalProperties: false };
const SEARCH = { type: "tool_search_tool_regex_20251119", name: "tool_search_tool_regex" };
const PNG = "iVBORw0KGgo=";

const tool = (name = "weather", fields: Json = {}): Json => ({ name, input_schema: SCHEMA, ...fields });
const call = (id: string, fields: Json = {}): Json => ({ type: "tool_use", id, name: "weather", input: {}, ...fields });
const result = (id: string, fields: Json = {}): Json => ({ type: "tool_result", tool_use_id: id, ...fields });
const said = (...content: readonly Json[]): Json => ({ role: "assistant", content });
const answered = (...content: readonly Json[]): Json => ({ role: "user", content });
const text = (value: string, fields: Json = {}): Json => ({ type: "text", text: value, ...fields });
const talk = (...messages: readonly Json[]): Json => ({ messages: [HI, ...messages], tools: [tool()] });
const results = (...content: readonly Json[]): Json => talk(said(call("a")), answered(...content));
const schema = (value: Json, fields: Json = {}): Json => ({
  tools: [tool("weather", { input_schema: value, ...fields })],
});
const strict = (value: Json): Json => schema({ ...STRICT, ...value }, { strict: true });
const source = (type: string, value: Json): Json => ({ messages: [answered({ type, source: value })] });

/** Strict tools with `optional` parameters left out and `unions` that take null, in all. */
function budget(count: number, optional = 0, unions = 0): Json {
  const properties = (from: number, many: number): readonly (readonly [string, Json])[] =>
    Array.from({ length: many }, (_, index) => [`p${index}`, { type: from === 1 ? ["string", "null"] : "string" }]);
  const tools = Array.from({ length: count }, (_, index) => {
    const mine = (total: number): number => Math.floor(total / count) + (index < total % count ? 1 : 0);
    const nullable = Object.fromEntries(properties(1, mine(unions)).map(([name, value]) => [`u_${name}`, value]));
    return tool(`t${index}`, {
      strict: true,
      input_schema: {
        type: "object",
        properties: { ...nullable, ...Object.fromEntries(properties(0, mine(optional))) },
        required: Object.keys(nullable),
        additionalProperties: false,
      },
    });
  });
  return { tools };
}

type Row = readonly [rule: string, breaks: Json, refusal: string, fits: Json];

const FIELDS: readonly Row[] = [
  ["a request names its model", { model: undefined }, "model: Field required", { model: "claude-x" }],
  ["a request limits its tokens", { max_tokens: undefined }, "max_tokens: Field required", { max_tokens: 1 }],
  ["the limit of tokens is positive", { max_tokens: 0 }, "max_tokens: Input should be greater", { max_tokens: 1 }],
  ["there is a message", { messages: [] }, "messages: at least one message is required", { messages: [HI] }],
  [
    "the user begins",
    { messages: [said(text("Hi")), HI] },
    'first message must use the "user" role',
    { messages: [HI] },
  ],
  ["there is no temperature", { temperature: 1 }, "temperature: Extra inputs are not permitted", {}],
  ["there is no top_p", { top_p: 1 }, "top_p: Extra inputs are not permitted", {}],
  ["there is no top_k", { top_k: 1 }, "top_k: Extra inputs are not permitted", {}],
  ["fields are known", { seed: 1 }, "seed: Extra inputs are not permitted", { metadata: { user_id: "u" } }],
  [
    "messages have known fields",
    { messages: [{ ...HI, name: "x" }] },
    "messages.0.name: Extra inputs are not permitted",
    { messages: [HI, { role: "system", content: "Be brief." }] },
  ],
  [
    "roles are known",
    { messages: [HI, { role: "tool", content: "x" }] },
    "messages.1.role: Input should be 'user', 'assistant' or 'system'",
    { messages: [HI, said(text("Hi")), HI] },
  ],
  [
    "the assistant is not the last to speak",
    { messages: [HI, said(text("I"))] },
    "does not support assistant message prefill",
    { messages: [HI, said(text("I")), HI] },
  ],
];

const thinks = (tokens: number, max: number): Json => ({
  max_tokens: max,
  thinking: { type: "enabled", budget_tokens: tokens },
});

const CONTENT: readonly Row[] = [
  [
    "thinking is of a kind",
    { thinking: { type: "on" } },
    "thinking: Input tag 'on'",
    { thinking: { type: "adaptive" } },
  ],
  [
    "thinking has a budget",
    thinks(1_023, 2_048),
    "thinking.enabled.budget_tokens: Input should be",
    thinks(1_024, 2_048),
  ],
  [
    "more than thoughts is said",
    thinks(1_024, 1_024),
    "`max_tokens` must be greater than `thinking.budget_tokens`",
    thinks(1_024, 1_025),
  ],
  [
    "content is not empty",
    { messages: [{ role: "user", content: [] }] },
    "messages.0: all messages must have non-empty content",
    { messages: [answered(text("x"))] },
  ],
  [
    "text blocks are not empty",
    { messages: [answered(text(""))] },
    "messages: text content blocks must be non-empty",
    { messages: [answered(text("x"))] },
  ],
  [
    "text blocks in results are not empty",
    results(result("a", { content: [text("")] })),
    "messages: text content blocks must be non-empty",
    results(result("a", { content: "" })),
  ],
  [
    "text is more than spaces",
    { messages: [{ role: "user", content: " \n" }] },
    "messages: text content blocks must contain non-whitespace text",
    { messages: [{ role: "user", content: " x" }] },
  ],
  [
    "system texts are not empty",
    { system: [text("")] },
    "text content blocks must be non-empty",
    { system: [text("Be brief.")] },
  ],
  [
    "blocks are known",
    { messages: [answered({ type: "video" })] },
    "messages.0.content.0: Input tag 'video' found",
    { messages: [answered(text("x"))] },
  ],
  [
    "blocks have known fields",
    { messages: [answered(text("x", { id: "t" }))] },
    "messages.0.content.0.text.id: Extra inputs are not permitted",
    { messages: [answered(text("x", { cache_control: { type: "ephemeral" } }))] },
  ],
  [
    "only the assistant calls tools",
    { messages: [answered(call("a"))] },
    "`tool_use` blocks can only be in `assistant` messages",
    talk(said(call("a")), answered(result("a"))),
  ],
  [
    "only the user has results",
    talk(said(call("a")), said(result("a"))),
    "`tool_result` blocks can only be in `user` messages",
    talk(said(call("a")), answered(result("a"))),
  ],
  [
    "the assistant gives no documents",
    talk(said({ type: "document", source: { type: "url", url: "https://x.example" } }), HI),
    "`document` blocks can only be in `user` messages",
    source("document", { type: "url", url: "https://x.example" }),
  ],
  [
    "the input of a call is an object",
    talk(said(call("a", { input: "{}" })), answered(result("a"))),
    "messages.1.content.0.tool_use.input: Input should be a valid dictionary",
    talk(said(call("a", { input: {} })), answered(result("a"))),
  ],
  [
    "ids of calls are plain",
    talk(said(call("a.b")), answered(result("a.b"))),
    "messages.1.content.0.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
    talk(said(call("a_b")), answered(result("a_b"))),
  ],
  [
    "callers are known",
    talk(said(call("a", { caller: { type: "me" } })), answered(result("a"))),
    "messages.1.content.0.tool_use.caller: Input tag 'me'",
    talk(said(call("a", { caller: { type: "direct" } })), answered(result("a"))),
  ],
  [
    "images have a type that models see",
    source("image", { type: "base64", media_type: "image/svg+xml", data: PNG }),
    "messages.0.content.0.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png'",
    source("image", { type: "base64", media_type: "image/png", data: PNG }),
  ],
  [
    "images are base64",
    source("image", { type: "base64", media_type: "image/png", data: "a-b_" }),
    "messages.0.content.0.image.source.base64: invalid base64 data",
    source("image", { type: "url", url: "https://x.example/a.png" }),
  ],
  [
    "documents in base64 are PDF",
    source("document", { type: "base64", media_type: "text/plain", data: PNG }),
    "messages.0.content.0.document.source.base64.media_type: Input should be 'application/pdf'",
    source("document", { type: "base64", media_type: "application/pdf", data: PNG }),
  ],
  [
    "documents of text are plain",
    source("document", { type: "text", media_type: "text/html", data: "x" }),
    "messages.0.content.0.document.source.text.media_type: Input should be 'text/plain'",
    source("document", { type: "text", media_type: "text/plain", data: "x" }),
  ],
  [
    "images in results are checked",
    results(
      result("a", { content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: "" } }] }),
    ),
    "messages.1.content.0.tool_result.content.0.image.source.base64: invalid base64 data".replace(
      "messages.1",
      "messages.2",
    ),
    results(
      result("a", { content: [{ type: "image", source: { type: "base64", media_type: "image/png", data: PNG } }] }),
    ),
  ],
  [
    "results hold what they may",
    results(result("a", { content: [call("b")] })),
    "messages.2.content.0.tool_result.content.0: Input tag 'tool_use'",
    results(result("a", { content: [text("x")] })),
  ],
  [
    "an error says something",
    results(result("a", { is_error: true })),
    "messages.2.content.0.tool_result: content cannot be empty if `is_error` is true",
    results(result("a", { is_error: true, content: "No." })),
  ],
  [
    "an error is text",
    results(
      result("a", {
        is_error: true,
        content: [{ type: "image", source: { type: "url", url: "https://x.example/a.png" } }],
      }),
    ),
    'all content must be type "text" if `is_error` is true',
    results(result("a", { content: [{ type: "image", source: { type: "url", url: "https://x.example/a.png" } }] })),
  ],
  [
    "breakpoints have their shape",
    { messages: [answered(text("x", { cache_control: { type: "ephemeral", ttl: "2h" } }))] },
    "cache_control.ephemeral.ttl: Input should be '5m' or '1h'",
    { messages: [answered(text("x", { cache_control: { type: "ephemeral", ttl: "1h" } }))] },
  ],
  [
    "breakpoints are four at most",
    {
      system: [text("s", { cache_control: { type: "ephemeral" } })],
      tools: [tool("weather", { cache_control: { type: "ephemeral" } })],
      messages: [answered(...["a", "b", "c"].map((one) => text(one, { cache_control: { type: "ephemeral" } })))],
    },
    "A maximum of 4 blocks with cache_control may be provided. Found 5.",
    { messages: [answered(...["a", "b", "c", "d"].map((one) => text(one, { cache_control: { type: "ephemeral" } })))] },
  ],
];

const found = (...names: readonly string[]): Json => ({
  type: "tool_search_tool_result",
  tool_use_id: "s",
  content: {
    type: "tool_search_tool_search_result",
    tool_references: names.map((name) => ({ type: "tool_reference", tool_name: name })),
  },
});
const searched: Json = { type: "server_tool_use", id: "s", name: "tool_search_tool_regex", input: { pattern: "w" } };
const deferred: Json = { tools: [SEARCH, tool("weather", { defer_loading: true }), tool("time")] };
const reference = (name: string): Json => result("a", { content: [{ type: "tool_reference", tool_name: name }] });

const PAIRS: readonly Row[] = [
  [
    "every call is answered",
    talk(said(call("a"), call("b")), answered(result("a"))),
    "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: b.",
    talk(said(call("a"), call("b")), answered(result("b"), result("a"))),
  ],
  [
    "a call is answered in the next message",
    talk(said(call("a")), HI, answered(result("a"))),
    "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a.",
    talk(said(call("a")), answered(result("a"), text("and"))),
  ],
  [
    "results of parallel calls are in one message",
    talk(said(call("a"), call("b")), answered(result("a")), answered(result("b"))),
    "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: b.",
    talk(said(call("a"), call("b")), answered(result("a"), result("b"))),
  ],
  [
    "results come first",
    results(text("Here:"), result("a")),
    "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a.",
    results(result("a"), text("There.")),
  ],
  [
    "a last call is answered too",
    talk(said(call("a"))),
    "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: a.",
    results(result("a")),
  ],
  [
    "a result answers a call",
    results(result("a"), result("b")),
    "messages.2.content.1: unexpected `tool_use_id` found in `tool_result` blocks: b.",
    results(result("a")),
  ],
  [
    "a result answers a call of the message before",
    talk(said(call("a")), answered(result("a")), said(text("x")), answered(result("a"))),
    "messages.4.content.0: unexpected `tool_use_id` found in `tool_result` blocks: a.",
    talk(said(call("a")), answered(result("a")), said(call("b")), answered(result("b"))),
  ],
  [
    "a call has one result",
    results(result("a"), result("a")),
    "each tool_use must have a single result. Found multiple `tool_result` blocks with id: a",
    results(result("a")),
  ],
  [
    "ids of calls are unique in a conversation",
    talk(said(call("a")), answered(result("a")), said(call("a")), answered(result("a"))),
    "messages.3.content.0: `tool_use` ids must be unique",
    talk(said(call("a")), answered(result("a")), said(call("b")), answered(result("b"))),
  ],
  [
    "a search has its result",
    { ...deferred, messages: [HI, said(searched, text("x")), HI] },
    "messages.1: `tool_search_tool_regex` tool use with id `s` was found without a corresponding `tool_search_tool_result` block",
    { ...deferred, messages: [HI, said(searched, found("weather"), text("x")), HI] },
  ],
  [
    "what was found belongs to a search",
    { ...deferred, messages: [HI, said(found("weather"), text("x")), HI] },
    "messages.1.content.0: unexpected `tool_use_id` found in `tool_search_tool_result` blocks: s.",
    { ...deferred, messages: [HI, said(searched, found(), text("x")), HI] },
  ],
  [
    "what a search of the server found is declared",
    { ...deferred, messages: [HI, said(searched, found("gone"), text("x")), HI] },
    "messages.1.content.1: Tool reference 'gone' not found in available tools",
    { ...deferred, messages: [HI, said(searched, found("weather"), text("x")), HI] },
  ],
  [
    "what a search of the client found is declared and deferred",
    { ...deferred, messages: [HI, said(call("a")), answered(reference("time"))] },
    "messages.2.content.0: Tool reference 'time' not found in available tools",
    { ...deferred, messages: [HI, said(call("a")), answered(reference("weather"))] },
  ],
];

const TOOLS: readonly Row[] = [
  [
    "names are plain",
    { tools: [tool("a.b")] },
    "tools.0.custom.name: String should match pattern",
    { tools: [tool("a-b_1")] },
  ],
  [
    "names have at most 128 characters",
    { tools: [tool("a".repeat(129))] },
    "tools.0.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'",
    { tools: [tool("a".repeat(128))] },
  ],
  [
    "names are unique",
    { tools: [tool(), tool()] },
    "tools: Tool names must be unique.",
    { tools: [tool(), tool("b")] },
  ],
  [
    "tools have known fields",
    { tools: [tool("a", { parameters: {} })] },
    "tools.0.custom.parameters: Extra inputs",
    {},
  ],
  [
    "types of tools are known",
    { tools: [{ type: "function", name: "a" }] },
    "tools.0: Input tag 'function'",
    { tools: [SEARCH] },
  ],
  [
    "searches have the name of their type",
    { tools: [{ ...SEARCH, name: "search" }] },
    "Input should be 'tool_search_tool_regex'",
    { tools: [{ type: "tool_search_tool_bm25_20251119", name: "tool_search_tool_bm25" }] },
  ],
  ["there is a schema", { tools: [{ name: "a" }] }, "tools.0.custom.input_schema: Field required", { tools: [tool()] }],
  ["a schema has a type", schema({}), "tools.0.custom.input_schema.type: Field required", schema({ type: "object" })],
  [
    "a schema is of an object",
    schema({ type: "array" }),
    "tools.0.custom.input_schema.type: Input should be 'object'",
    schema(SCHEMA),
  ],
  [
    "the root is no union",
    schema({ ...SCHEMA, anyOf: [{ required: ["city"] }] }),
    "tools.0.custom.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level",
    schema({ type: "object", properties: { a: { anyOf: [{ type: "string" }, { type: "null" }] } } }),
  ],
  [
    "a schema is one of 2020-12",
    schema({ type: "object", properties: { a: { type: "text" } } }),
    "tools.0.custom.input_schema: JSON schema is invalid. It must match JSON Schema draft 2020-12",
    schema({ type: "object", properties: { a: { type: "string", pattern: "^a$", maxLength: 3 } } }),
  ],
  [
    "property keys are plain, at any depth",
    schema({
      type: "object",
      properties: { list: { type: "array", items: { type: "object", properties: { "a b": {} } } } },
    }),
    "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'",
    schema({ type: "object", properties: { "a.b-c": { enum: [{ properties: { "a b": 1 } }] } } }),
  ],
  [
    "examples fit the schema",
    { tools: [tool("a", { input_examples: [{ city: "Oslo" }, { city: 1 }] })] },
    "tools.0.custom.input_examples.1: Input does not match input_schema",
    { tools: [tool("a", { input_examples: [{ city: "Oslo" }] })] },
  ],
  [
    "not all tools are deferred",
    { tools: [tool("a", { defer_loading: true })] },
    "At least one tool must have defer_loading=false. All tools cannot be deferred.",
    { tools: [SEARCH, tool("a", { defer_loading: true })] },
  ],
  [
    "the search is not deferred",
    { tools: [{ ...SEARCH, defer_loading: true }, tool()] },
    "tool search tools cannot have defer_loading=true",
    { tools: [SEARCH, tool()] },
  ],
  [
    "deferred tools are not cached",
    { tools: [SEARCH, tool("a", { defer_loading: true, cache_control: { type: "ephemeral" } })] },
    "Tool 'a' cannot have both defer_loading=true and cache_control set.",
    { tools: [SEARCH, tool("a", { cache_control: { type: "ephemeral" } })] },
  ],
  [
    "strict tools are not called by programs",
    { tools: [tool("a", { strict: true, input_schema: STRICT, allowed_callers: ["code_execution_20260120"] })] },
    "strict is not supported with programmatic tool calling",
    { tools: [tool("a", { allowed_callers: ["code_execution_20260120"] })] },
  ],
  ["strict objects are closed", strict({ additionalProperties: true }), "# is open is not supported", strict({})],
  [
    "strict schemas keep to the subset",
    strict({ properties: { city: { type: "string", minLength: 1 } } }),
    "minLength at #/properties/city is not supported",
    schema({ ...STRICT, properties: { city: { type: "string", minLength: 1 } } }),
  ],
  [
    "strict schemas do not refer to themselves",
    strict({ properties: { city: { $ref: "#" } } }),
    "a circle of references is not supported",
    strict({ properties: { city: { $ref: "#/$defs/city" } }, $defs: { city: { type: "string" } } }),
  ],
  ["strict tools are 20 at most", budget(21), "Too many strict tools (21).", budget(20)],
  [
    "optional parameters are 24 at most, in all",
    budget(2, 25),
    "Schemas contains too many optional parameters (25), which would make grammar compilation inefficient.",
    budget(2, 24),
  ],
  [
    "unions are 16 at most, in all",
    budget(3, 0, 17),
    "Schemas contains too many parameters with union types (17 parameters with type arrays or anyOf).",
    budget(3, 0, 16),
  ],
];

const CHOICES: readonly Row[] = [
  [
    "a choice has tools",
    { tool_choice: { type: "auto" } },
    "tool_choice may only be specified while providing tools.",
    {},
  ],
  [
    "a choice is known",
    { tools: [tool()], tool_choice: { type: "required" } },
    "tool_choice: Input tag 'required'",
    { tools: [tool()], tool_choice: { type: "any", disable_parallel_tool_use: true } },
  ],
  [
    "a chosen tool exists",
    { tools: [tool()], tool_choice: { type: "tool", name: "time" } },
    "Tool 'time' not found in provided tools",
    { tools: [tool()], tool_choice: { type: "tool", name: "weather" } },
  ],
  [
    "a choice has its own fields",
    { tools: [tool()], tool_choice: { type: "none", disable_parallel_tool_use: true } },
    "tool_choice.none.disable_parallel_tool_use: Extra inputs are not permitted",
    { tools: [tool()], tool_choice: { type: "none" } },
  ],
  [
    "who thinks is not forced",
    { tools: [tool()], tool_choice: { type: "any" }, thinking: { type: "adaptive" } },
    "Thinking may not be enabled when tool_choice forces tool use.",
    { tools: [tool()], tool_choice: { type: "auto" }, thinking: { type: "adaptive" } },
  ],
];

/** What is of another kind than the API wants, and where it says so. */
const KINDS: readonly (readonly [place: string, breaks: Json, fits?: Json])[] = [
  ["model: String should have at least 1 character", { model: "" }],
  ["messages: Input should be a valid list", { messages: "Hi" }],
  ["messages.1: Input should be an object", { messages: [HI, "Hi"] }],
  ["messages.content: Input should be a valid list", { messages: [{ role: "user" }] }],
  ["messages.0.content.0: Input should be an object", { messages: [answered("x" as never)] }],
  [
    "messages.0.content.0.text.text: Input should be a valid string",
    { messages: [answered({ type: "text", text: 1 })] },
  ],
  [
    "messages: text content blocks must contain non-whitespace text",
    { messages: [answered(text(" "))] },
    { messages: [answered(text(" x"))] },
  ],
  [
    "messages.0.content.0.text.citations: Extra inputs are not permitted",
    { messages: [answered(text("x", { citations: [{ type: "char_location" }] }))] },
    {
      messages: [
        HI,
        said(text("x", { citations: [{ type: "char_location" }] })),
        answered(text("x", { citations: null })),
      ],
    },
  ],
  ["tool_use.caller: Input should be an object", talk(said(call("a", { caller: "direct" })), answered(result("a")))],
  [
    "tool_use.caller.tool_id: Field required",
    talk(said(call("a", { caller: { type: "code_execution_20260120" } })), answered(result("a"))),
    talk(said(call("a", { caller: { type: "code_execution_20260120", tool_id: "s" } })), answered(result("a"))),
  ],
  ["tool_result.is_error: Input should be a valid boolean", results(result("a", { is_error: "yes", content: "x" }))],
  ["tool_result.content: Input should be a valid list", results(result("a", { content: { type: "text", text: "x" } }))],
  [
    "thinking.signature: Input should be a valid string",
    talk(said({ type: "thinking", thinking: "", signature: 1 }), HI),
  ],
  ["image.source: Input should be an object", { messages: [answered({ type: "image", source: "x" })] }],
  ["image.source: Input tag 'text' found", source("image", { type: "text", media_type: "text/plain", data: "x" })],
  ["image.source.url.url: Field required", source("image", { type: "url" })],
  [
    "image.source.file.file_id: Field required",
    source("image", { type: "file" }),
    source("image", { type: "file", file_id: "f" }),
  ],
  ["document.source.text.data: Field required", source("document", { type: "text", media_type: "text/plain" })],
  [
    "document.source: Input tag 'html' found",
    source("document", { type: "html" }),
    source("document", { type: "content", content: "x" }),
  ],
  [
    "cache_control.type: Input should be 'ephemeral'",
    { cache_control: { type: "1h" } },
    { cache_control: { type: "ephemeral" } },
  ],
  [
    "cache_control.ephemeral.scope: Extra inputs are not permitted",
    { cache_control: { type: "ephemeral", scope: "all" } },
  ],
  ["system: Input should be a valid list", { system: 1 }, { system: "Be brief." }],
  ["tools: Input should be a valid list", { tools: "weather" }, { tools: [] }],
  ["tools.0: Input should be an object", { tools: ["weather"] }],
  ["tools.0.custom.name: Field required", { tools: [{ input_schema: SCHEMA }] }],
  [
    "tools.0.custom.description: Input should be a valid string",
    { tools: [tool("a", { description: null })] },
    { tools: [tool("a", { description: "" })] },
  ],
  [
    "tools.0.custom.strict: Input should be a valid boolean",
    { tools: [tool("a", { strict: null })] },
    { tools: [tool("a", { strict: false })] },
  ],
  [
    "tools.0.custom.allowed_callers: Input should be direct",
    { tools: [tool("a", { allowed_callers: ["me"] })] },
    { tools: [tool("a", { allowed_callers: ["direct"] })] },
  ],
  ["tools.0.custom.input_schema: Input should be a valid dictionary", { tools: [tool("a", { input_schema: "{}" })] }],
  ["tools.0.custom.input_examples: Input should be a valid list", { tools: [tool("a", { input_examples: {} })] }],
  ["tool_choice: Input should be an object", { tools: [tool()], tool_choice: "auto" }],
  ["tool_choice.tool.name: Field required", { tools: [tool()], tool_choice: { type: "tool" } }],
];

function createClient(server: ScriptedServer, apiKey: string = API_KEY): Anthropic {
  return new Anthropic({ baseURL: server.baseURL, apiKey, maxRetries: 0 });
}

function toParams(fields: Json): Params {
  return { model: "claude-test", max_tokens: 64, messages: [HI], ...fields } as unknown as Params;
}

/** Sends it and returns the error's text, or null. */
async function send(server: ScriptedServer, fields: Json): Promise<string | null> {
  try {
    await createClient(server).messages.create(toParams(fields));
    return null;
  } catch (error) {
    if (!(error instanceof Anthropic.BadRequestError)) throw error;
    expect(error.error).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
    return error.apiMessage;
  }
}

describe("The double of Anthropic's API", () => {
  test.each([...FIELDS, ...CONTENT, ...PAIRS, ...TOOLS, ...CHOICES])(
    "holds that %s",
    async (_, breaks, refusal, fits) => {
      await using server = await openAnthropicServer([{ text: "Yes." }]);
      const refused = await send(server, breaks);
      expect(refused).toContain(refusal);
      expect(server.refusals).toEqual([refused]);
      expect(await send(server, fits)).toBeNull();
      expect(server.requests).toHaveLength(2);
    },
  );

  test.each(KINDS.map(([place, breaks, fits = {}]) => [place, breaks, fits] as const))(
    "wants its kinds: %s",
    async (place, breaks, fits) => {
      await using server = await openAnthropicServer([{ text: "Yes." }]);
      expect(await send(server, breaks)).toContain(place);
      expect(await send(server, fits)).toBeNull();
    },
  );

  test("takes what the version before takes", async () => {
    await using server = await openAnthropicServer([{ text: "Yes." }]);
    const client = createClient(server);
    const headers = { "anthropic-version": "2023-06-01" };
    await client.messages.create(toParams({ temperature: 1 }), { headers });
    expect(server.refusals).toEqual([]);
    const unknown = client.messages.create(toParams({}), { headers: { "anthropic-version": "2024-01-01" } });
    await expect(unknown).rejects.toThrow("not a valid version");
  });

  test("refuses another key and another address", async () => {
    await using server = await openAnthropicServer([{ text: "Yes." }]);
    const stranger = createClient(server, "sk-ant-other");
    await expect(stranger.messages.create(toParams({}))).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(createClient(server).post("/v1/complete", { body: {} })).rejects.toBeInstanceOf(
      Anthropic.NotFoundError,
    );
    expect(server.refusals).toEqual([]);
  });
});

const THOUGHTS = [{ text: "Where is Oslo?", signature: "c2lnbmF0dXJl" }];
const thoughtful: AnthropicReply = {
  thinking: THOUGHTS,
  redacted: "ZW5j",
  text: "Wait.",
  calls: [{ name: "weather" }],
};

/** The second request of a conversation: `change` is what the client makes of the first answer. */
async function goOn(
  first: AnthropicReply,
  change: (content: readonly Json[]) => readonly Json[],
): Promise<readonly string[]> {
  await using server = await openAnthropicServer([first, { text: "Yes." }]);
  const tools = [SEARCH, tool()];
  const { content } = await createClient(server).messages.create(toParams({ tools }));
  const changed = change(content as unknown as readonly Json[]);
  const ids = changed.filter((block) => block["type"] === "tool_use").map((block) => String(block["id"]));
  const next = ids.length > 0 ? [answered(...ids.map((id) => result(id)))] : [];
  await send(server, { tools, messages: [HI, said(...changed), ...next] });
  return server.refusals;
}

describe("What the double of Anthropic's API has said", () => {
  test("comes back as it was", async () => {
    expect(await goOn(thoughtful, (content) => content)).toEqual([]);
  });

  test.each<readonly [string, (content: readonly Json[]) => readonly Json[], string]>([
    [
      "without its thinking",
      (content) => content.slice(2),
      "Expected `thinking` or `redacted_thinking`, but found `text`",
    ],
    [
      "without a part of its thinking",
      ([first, , ...rest]) => [first ?? {}, ...rest],
      "blocks in the latest assistant message cannot be modified",
    ],
    ["in another order", ([first, second, ...rest]) => [second ?? {}, first ?? {}, ...rest], "cannot be modified"],
    [
      "with another thought",
      ([first, ...rest]) => [{ ...first, thinking: "?" }, ...rest],
      "messages.1.content.0: `thinking` or",
    ],
    [
      "with another signature",
      ([first, ...rest]) => [{ ...first, signature: "x" }, ...rest],
      "Invalid `signature` in `thinking` block",
    ],
    [
      "without a signature",
      ([first, ...rest]) => [{ type: "thinking", thinking: first?.["thinking"] }, ...rest],
      "messages.1.content.0.thinking.signature: Field required",
    ],
    [
      "with a breakpoint on its thinking",
      ([first, ...rest]) => [{ ...first, cache_control: { type: "ephemeral" } }, ...rest],
      "thinking.cache_control: Extra inputs",
    ],
  ])("is refused %s", async (_, change, refusal) => {
    expect(await goOn(thoughtful, change)).toEqual([expect.stringContaining(refusal)]);
  });

  test("is refused when it was said elsewhere", async () => {
    const foreign = { type: "thinking", thinking: "Hm.", signature: "c2ln" };
    expect(await goOn({ text: "x", calls: [{ name: "weather" }] }, (content) => [foreign, ...content])).toEqual([
      "messages.1.content.0: Invalid `signature` in `thinking` block",
    ]);
  });

  test("goes on after a pause only unchanged", async () => {
    const paused: AnthropicReply = { content: [{ ...searched, caller: { type: "direct" } }], stop: "pause_turn" };
    expect(await goOn(paused, (content) => content)).toEqual([]);
    expect(await goOn(paused, (content) => [...content, text("and")])).toEqual([
      expect.stringContaining("does not support assistant message prefill"),
    ]);
  });
});

const EVERYTHING: AnthropicReply = {
  thinking: THOUGHTS,
  redacted: "ZW5j",
  search: { id: "srvtoolu_1", query: "weather", found: ["weather"] },
  text: "Ünïcode 🦊 text.",
  calls: [
    { id: "toolu_a", name: "weather", input: { city: "Tromsø 🦊", days: [1, 2] } },
    { id: "toolu_b", name: "time" },
    { id: "toolu_c", name: "time", json: "", caller: { type: "code_execution_20260120", tool_id: "srvtoolu_2" } },
  ],
  usage: { cache_read_input_tokens: 5 },
};

async function ask(turns: readonly AnthropicTurn[], seed: number): Promise<Anthropic.Message> {
  await using server = await openAnthropicServer(turns, seed);
  return await createClient(server).messages.stream(toParams({})).finalMessage();
}

describe("Answers of the double of Anthropic's API", () => {
  test("are the same as a stream and as a message, wherever it is cut", async () => {
    await using server = await openAnthropicServer([EVERYTHING]);
    const message = await createClient(server).messages.create(toParams({}));
    expect(message).toMatchObject({
      stop_reason: "tool_use",
      usage: { input_tokens: 11, output_tokens: 7, cache_read_input_tokens: 5 },
    });
    expect(message.content.map(({ type }) => type)).toEqual([
      ...["thinking", "redacted_thinking", "server_tool_use", "tool_search_tool_result"],
      ...["text", "tool_use", "tool_use", "tool_use"],
    ]);
    expect(message.content.at(-1)).toMatchObject({ caller: { tool_id: "srvtoolu_2" } });
    for (const seed of [1, 2, 3]) {
      const streamed = await ask([EVERYTHING], seed);
      expect(streamed.content).toEqual(message.content);
      expect(streamed.stop_reason).toBe(message.stop_reason);
      expect(streamed.usage).toMatchObject({ input_tokens: 11, output_tokens: 7, cache_read_input_tokens: 5 });
    }
  });

  test("are made of the events of the real one", async () => {
    await using server = await openAnthropicServer([{ ...EVERYTHING, text: "x" }]);
    const stream = await createClient(server).messages.create({ ...toParams({}), stream: true });
    const types = new Set<string>();
    for await (const event of stream) types.add(event.type === "content_block_delta" ? event.delta.type : event.type);
    expect([...types].sort()).toEqual([
      ...["content_block_start", "content_block_stop", "input_json_delta", "message_delta", "message_start"],
      ...["message_stop", "signature_delta", "text_delta", "thinking_delta"],
    ]);
  });

  test("have ids of their own when the script gives none", async () => {
    await using server = await openAnthropicServer([{ calls: [{ name: "a" }, { name: "b" }] }]);
    const ids = new Set<string>();
    for (const _ of [1, 2]) {
      const { content } = await createClient(server).messages.create(toParams({}));
      for (const block of content) if (block.type === "tool_use") ids.add(block.id);
    }
    expect(ids.size).toBe(4);
  });

  test.each(["max_tokens", "pause_turn", "refusal"] as const)("stop for %s", async (stop) => {
    await using server = await openAnthropicServer([{ text: "x", stop }]);
    const message = await createClient(server).messages.create(toParams({}));
    expect(message.stop_reason).toBe(stop);
    expect(message.stop_details?.type).toBe(stop === "refusal" ? "refusal" : undefined);
  });

  test.each([
    [429, Anthropic.RateLimitError, "rate_limit_error"],
    [500, Anthropic.InternalServerError, "api_error"],
    [529, Anthropic.InternalServerError, "overloaded_error"],
  ] as const)("may be a %i", async (status, type, name) => {
    await using server = await openAnthropicServer([{ status, message: "Later.", headers: { "retry-after": "3" } }]);
    const error: unknown = await createClient(server)
      .messages.create(toParams({}))
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ status, type: name, apiMessage: "Later.", requestID: "req_test" });
    expect((error as InstanceType<typeof type>).headers.get("retry-after")).toBe("3");
  });

  test.each([
    ["cut", "terminated"],
    ["closed", "stream ended without producing"],
    ["error", "Overloaded"],
  ] as const)("may end half-way: %s", async (broken, reason) => {
    await expect(ask([{ text: "A long answer, it seems.", broken }], 1)).rejects.toThrow(reason);
  });

  test("may hang half-way", async () => {
    await using server = await openAnthropicServer([{ text: "A long answer, it seems.", broken: "hang" }]);
    const stream = createClient(server).messages.stream(toParams({}));
    let count = 0;
    stream.on("text", () => {
      if (++count === 2) stream.abort();
    });
    await expect(stream.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIUserAbortError);
  });
});
