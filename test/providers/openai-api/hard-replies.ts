// The answers that models give and clients forget, by what is hard about them.
import { type Reply, toWrapperCall } from "../openai-replies.ts";

const CITY = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };

export const HARD_REPLIES = {
  parallel: {
    text: "Let me look. ",
    calls: [
      { id: "call_a", name: "weather", arguments: '{"city":"Zürich 🌦"}' },
      { id: "call_b", name: "weather", arguments: '{"city":"Oslo"}' },
      { id: "call_c", name: "clock", arguments: "" },
    ],
  },
  truncated: { calls: [{ id: "call_a", name: "weather", arguments: '{"city":"Zür' }], finish: "length" },
  invalidArguments: { calls: [{ id: "call_a", name: "weather", arguments: "{'city': Oslo}" }] },
  duplicateIds: {
    calls: [
      { id: "call_a", name: "weather", arguments: '{"city":"Oslo"}' },
      { id: "call_a", name: "weather", arguments: '{"city":"Rome"}' },
    ],
  },
  wrapper: {
    calls: [
      toWrapperCall("call_a", [
        { name: "weather", parameters: { city: "Oslo" } },
        { name: "clock", parameters: {} },
      ]),
    ],
  },
  custom: { calls: [{ id: "call_a", kind: "custom", name: "write_sql", arguments: "SELECT 1" }] },
  refusal: { refusal: "I cannot help with that." },
  cut: { text: "It begins", finish: "length" },
  // Responses only, from here.
  reasoned: { reasoning: true, calls: [{ id: "call_a", name: "weather", arguments: '{"city":"Oslo"}' }] },
  namespaced: { calls: [{ id: "call_a", name: "find", namespace: "crm", arguments: "{}" }] },
  programmed: {
    program: { id: "call_p", code: "await tools.weather({ city: 'Oslo' })" },
    calls: [
      {
        id: "call_a",
        name: "weather",
        arguments: '{"city":"Oslo"}',
        caller: { type: "program", caller_id: "call_p" },
      },
    ],
  },
  later: { calls: [{ id: "call_a", name: "weather", arguments: '{"city":"Oslo"}', async: true }] },
  serverSearch: {
    search: {
      execution: "server",
      arguments: { paths: ["weather"] },
      tools: [{ type: "function", name: "weather", parameters: CITY, strict: false, defer_loading: true }],
    },
    // A deferred function comes back in a namespace of its own name.
    calls: [{ id: "call_a", name: "weather", namespace: "weather", arguments: '{"city":"Oslo"}' }],
  },
  clientSearch: { search: { execution: "client", id: "call_s", arguments: { goal: "the weather" } } },
} as const satisfies Readonly<Record<string, Reply>>;
