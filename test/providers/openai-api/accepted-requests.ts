// Requests that the API takes, next to those that it refuses: each is good in what another breaks.
import {
  type Format,
  type Json,
  schema,
  strictSchema,
  user,
  chatTool,
  chatCall,
  calling,
  answer,
  chat,
  chatTools,
  tool,
  namespace,
  call,
  output,
  search,
  found,
  program,
  byProgram,
  input,
  tools,
  searchTool,
  allowed,
} from "./parts.ts";

export const ACCEPTED: readonly (readonly [what: string, format: Format, body: Json])[] = [
  ["text alone", "responses", { input: "x" }],
  ["nothing where nothing may stand", "chat", { ...chat(), stop: null, tools: undefined }],
  [
    "fields that the client knows and the document does not",
    "responses",
    { input: "x", access_programs: null, image: null },
  ],
  ["an async tool of a namespace", "responses", tools(namespace("crm", tool("x", { async: true })))],
  [
    "words without their probabilities",
    "responses",
    input({
      type: "message",
      id: "msg_1",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: "x" }],
    }),
  ],
  ["128 tools", "chat", chatTools(...Array.from({ length: 128 }, (_, index) => chatTool(`t${index}`)))],
  ["names at their limits", "responses", tools(tool("x".repeat(64)), namespace("x".repeat(64), tool("y".repeat(128))))],
  ["a tool and a namespace of a name", "responses", tools(tool("x"), namespace("x", tool("x")))],
  ["a strict tool", "chat", chatTools(chatTool("x", { strict: true, parameters: strictSchema }))],
  ["a tool without parameters", "chat", chatTools(chatTool("x", { parameters: undefined }))],
  [
    "words of schemas as names of properties",
    "chat",
    chatTools(
      chatTool("x", {
        parameters: { type: "object", properties: { oneOf: { type: "string" }, not: { enum: [{ oneOf: 1 }] } } },
      }),
    ),
  ],
  [
    "a custom tool with a grammar",
    "chat",
    chatTools({
      type: "custom",
      custom: { name: "sql", format: { type: "grammar", grammar: { syntax: "regex", definition: "SELECT .+" } } },
    }),
  ],
  [
    "a custom tool with a grammar",
    "responses",
    tools({ type: "custom", name: "sql", format: { type: "grammar", syntax: "regex", definition: "SELECT .+" } }),
  ],
  ["answers in any order", "chat", chat(calling(chatCall("a"), chatCall("b")), answer("b"), answer("a"), user)],
  ["an answer in parts", "chat", chat(calling(chatCall("a")), answer("a", [{ type: "text", text: "x" }]))],
  [
    "an id again in a later turn",
    "chat",
    chat(calling(chatCall("a")), answer("a"), calling(chatCall("a")), answer("a")),
  ],
  [
    "a call of a tool that nobody declared",
    "chat",
    { ...chat(calling(chatCall("a", "ghost")), answer("a")), tools: [chatTool("x")] },
  ],
  [
    "a call of a tool that nobody declared",
    "responses",
    { ...input(call("a", { name: "ghost" }), output("a")), tools: [tool("x")] },
  ],
  [
    "a call of a name that a namespace has, too",
    "responses",
    { ...input(call("a", { name: "x" }), output("a")), tools: [tool("x"), namespace("crm", tool("x"))] },
  ],
  [
    "allowed tools",
    "chat",
    {
      ...chatTools(chatTool("x")),
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: { mode: "required", tools: [{ type: "function", function: { name: "x" } }] },
      },
    },
  ],
  [
    "allowed tools",
    "responses",
    {
      ...tools(tool("x"), { type: "custom", name: "y" }),
      tool_choice: allowed({ type: "function", name: "x" }, { type: "custom", name: "y" }),
    },
  ],
  ["a forced tool", "responses", { ...tools(tool("x")), tool_choice: { type: "function", name: "x" } }],
  ["any tool", "responses", { ...tools(tool("x")), tool_choice: "required", parallel_tool_calls: false }],
  [
    "outputs in any order, with words between",
    "responses",
    input(call("a"), call("b"), user, output("b"), output("a")),
  ],
  [
    "an output in parts",
    "responses",
    input(
      call("a"),
      output("a", {
        output: [
          { type: "input_text", text: "x" },
          { type: "input_image", image_url: "https://example.com/x.png" },
          { type: "input_file", file_id: "file_1" },
        ],
      }),
    ),
  ],
  ["an output without a namespace", "responses", input(call("a", { namespace: "crm" }), output("a"))],
  [
    "a program after reasoning",
    "responses",
    input({ type: "reasoning", id: "rs_1", summary: [], encrypted_content: "x" }, program),
  ],
  ["a program's call", "responses", input(program, call("a", byProgram), output("a", byProgram))],
  ["a direct caller, said or not", "responses", input(call("a", { caller: { type: "direct" } }), output("a"))],
  ["a call whose output comes later", "responses", input(call("a", { async: true }))],
  ["an async tool", "responses", tools(tool("x", { async: true }), { type: "custom", name: "y", async: true })],
  [
    "deferred tools with a search",
    "responses",
    tools(tool("x", { defer_loading: true }), namespace("crm", tool("y", { defer_loading: true })), searchTool),
  ],
  [
    "a search of the API, with its output",
    "responses",
    input(search(null, "server"), found(null, "server", tool("x", { defer_loading: true }))),
  ],
  [
    "a tool that a search of the client found",
    "responses",
    {
      ...input(search("s", "client"), found("s", "client", tool("weather")), call("a"), output("a")),
      tools: [{ type: "tool_search", execution: "client", description: "x", parameters: schema }],
      tool_choice: { type: "function", name: "weather" },
    },
  ],
  [
    "tools that are added",
    "responses",
    {
      ...input({ type: "additional_tools", role: "developer", tools: [tool("x")] }),
      tool_choice: { type: "function", name: "x" },
    },
  ],
  [
    "programmatic calling",
    "responses",
    tools(
      { type: "programmatic_tool_calling" },
      tool("x", { allowed_callers: ["programmatic"], output_schema: schema }),
    ),
  ],
  ["a change of configuration", "responses", input({ type: "configuration_update", reasoning: { effort: "low" } })],
  [
    "reasoning that came encrypted",
    "responses",
    input({ type: "reasoning", id: "rs_1", summary: [], encrypted_content: "x" }, call("a"), output("a")),
  ],
];
