// Parts of requests to OpenAI's API, good ones and such that break a rule, for the tests of the double.

export type Json = Readonly<Record<string, unknown>>;
export type Format = "chat" | "responses";

export const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
export const strictSchema = { ...schema, additionalProperties: false };
export const user = { role: "user", content: "x" };

export const chatTool = (name: string, more: Json = {}): Json => ({
  type: "function",
  function: { name, parameters: schema, ...more },
});
export const chatCall = (id: string, name = "weather"): Json => ({
  id,
  type: "function",
  function: { name, arguments: "{}" },
});
export const calling = (...calls: readonly Json[]): Json => ({ role: "assistant", content: null, tool_calls: calls });
export const answer = (id: string, content: unknown = "x"): Json => ({ role: "tool", tool_call_id: id, content });
export const chat = (...messages: readonly unknown[]): Json => ({ messages: [user, ...messages] });
export const chatTools = (...tools: readonly Json[]): Json => ({ messages: [user], tools });

export const tool = (name: string, more: Json = {}): Json => ({
  type: "function",
  name,
  parameters: schema,
  strict: false,
  ...more,
});
export const namespace = (name: string, ...tools: readonly Json[]): Json => ({
  type: "namespace",
  name,
  description: "Tools.",
  tools,
});
export const call = (id: string, more: Json = {}): Json => ({
  type: "function_call",
  call_id: id,
  name: "weather",
  arguments: "{}",
  ...more,
});
export const output = (id: string, more: Json = {}): Json => ({
  type: "function_call_output",
  call_id: id,
  output: "x",
  ...more,
});
export const customCall = (id: string): Json => ({
  type: "custom_tool_call",
  call_id: id,
  name: "sql",
  input: "SELECT 1",
});
export const search = (id: string | null, execution: string): Json => ({
  type: "tool_search_call",
  call_id: id,
  execution,
  arguments: {},
});
export const found = (id: string | null, execution: string, ...tools: readonly Json[]): Json => ({
  type: "tool_search_output",
  call_id: id,
  execution,
  tools,
});
export const program = { type: "program", id: "cm_1", call_id: "call_p", code: "x", fingerprint: "f" };
export const byProgram = { caller: { type: "program", caller_id: "call_p" } };
export const input = (...items: readonly unknown[]): Json => ({ input: [user, ...items] });
export const tools = (...list: readonly Json[]): Json => ({ input: "x", tools: list });
export const searchTool = { type: "tool_search" };
export const image = { type: "image_url", image_url: { url: "https://example.com/x.png" } };
export const allowed = (...list: readonly Json[]): Json => ({ type: "allowed_tools", mode: "auto", tools: list });

/** What a rule refuses; what the API then says, and of which parameter. */
export type Row = readonly [rule: string, format: Format, body: Json, text: RegExp, param: string | null];

export const NO_NAMESPACE =
  /^Missing namespace for function_call 'find'\. It does not exist in the default namespace\. Round-trip the model's function_call item with its namespace field included\.$/;

export const ABOVE_64 =
  /string too long\. Expected a string with maximum length 64, but got a string with length 65 instead\.$/;

export const NO_MATCH =
  /string does not match pattern\. Expected a string that matches the pattern '\^\[a-zA-Z0-9_-\]\+\$'\.$/;
