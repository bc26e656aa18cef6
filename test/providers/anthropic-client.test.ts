// The binding and the agent through the official client, against a server that is as picky as Anthropic's API.
import Anthropic from "@anthropic-ai/sdk";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type AgentOptions,
  anthropicModel,
  type Approve,
  type AnthropicModelOptions,
  type ChatEvent,
  type ChatResult,
  createAgent,
  createConversation,
  type Message,
} from "../../src/agent/index.ts";
import { createRegistry, defineTool, type Registry, Role } from "../../src/index.ts";
import { anthropic, type AnthropicOptions } from "../../src/providers/anthropic/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import type { AnthropicReply } from "./anthropic-replies.ts";
import { type AnthropicTurn, API_KEY, openAnthropicServer } from "./anthropic-server.ts";
import { sampleTools } from "./sample-tools.ts";
import type { Json, ScriptedServer } from "./scripted-server.ts";

const principal = { id: "u", roles: [Role.USER] };
const MODEL = "claude-x";

function createClient(server: ScriptedServer, apiKey: string = API_KEY): Anthropic {
  return new Anthropic({ baseURL: server.baseURL, apiKey, maxRetries: 0 });
}

const calculate = { id: "toolu_a", name: "math_calculate", input: { expression: "2+2" } };
const climate = { id: "toolu_b", name: "weather_climate", input: { city: "Oslo", month: 7 } };
const thinking = [{ text: "I had better calculate.", signature: "c2lnbmF0dXJl" }];
const twoCalls: AnthropicTurn = { calls: [calculate, climate] };
const searched = { id: "srvtoolu_1", query: "arithmetic", found: ["math_calculate"] };

function simple(name: string, handler: () => unknown, more: object = {}) {
  const access = { roles: [Role.USER] };
  return defineTool({ name, version: "1.0.0", description: "x", effect: "read", access, handler, ...more });
}

/** One turn by hand: the question, and all that follows until no call is left. */
async function turnByHand(
  server: ScriptedServer,
  registry: Registry,
  { streamed = false, ...options }: AnthropicOptions & { readonly streamed?: boolean } = {},
): Promise<readonly Anthropic.MessageParam[]> {
  const client = createClient(server);
  const binding = anthropic(registry, { principal, ...options });
  const messages: Anthropic.MessageParam[] = [{ role: "user", content: "What is 2+2, and the weather?" }];
  for (let goesOn = true; goesOn;) {
    const request = { model: MODEL, max_tokens: 1_024, messages, tools: binding.tools };
    const response = streamed
      ? ((await binding.collect(await client.messages.create({ ...request, stream: true }))) as Anthropic.Message)
      : await client.messages.create(request);
    const results = await binding.run(response);
    messages.push(...binding.toMessages(response, results));
    goesOn = results.length > 0 || response.stop_reason === "pause_turn";
  }
  return messages;
}

describe.each([
  ["whole", false],
  ["streamed", true],
])("the binding with the official client, answers %s", (_how, streamed) => {
  test("makes a whole turn with thinking and parallel calls", async () => {
    await using server = await openAnthropicServer([{ thinking, ...twoCalls }, { text: "4, and 17 °C." }]);
    const registry = createRegistry({ tools: sampleTools });
    const messages = await turnByHand(server, registry, { strict: "prefer", streamed });
    expect(server.refusals).toEqual([]);
    expect(messages.slice(1)).toMatchObject([
      { role: "assistant", content: [{ type: "thinking" }, { id: "toolu_a" }, { id: "toolu_b" }] },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "toolu_a", content: '{"result":"<2+2>"}' },
          {
            type: "tool_result",
            tool_use_id: "toolu_b",
            content: '{"city":"Oslo","month":7,"meanTemperatureC":17}',
          },
        ],
      },
      { role: "assistant", content: [{ type: "text", text: "4, and 17 °C." }] },
    ]);
  });

  test("goes on with a turn that paused", async () => {
    await using server = await openAnthropicServer([
      { search: { ...searched, found: [] }, stop: "pause_turn" },
      { calls: [calculate] },
      { text: "4." },
    ]);
    const messages = await turnByHand(server, createRegistry({ tools: sampleTools }), { streamed });
    expect(server.refusals).toEqual([]);
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "assistant", "user", "assistant"]);
  });

  test("lets the API load deferred tools, which it or the binding found", async () => {
    const registry = createRegistry({ tools: sampleTools });
    await using byProvider = await openAnthropicServer([{ search: searched, calls: [calculate] }, { text: "4." }]);
    await turnByHand(byProvider, registry, { select: { defer: true }, streamed });
    expect(byProvider.refusals).toEqual([]);
    expect(byProvider.requests[1]?.["tools"]).toMatchObject([
      { type: "tool_search_tool_bm25_20251119" },
      ...Array<unknown>(9).fill(expect.anything()),
    ]);

    const query = { name: "toolyard_search_tools", input: { query: "arithmetic" } };
    await using byBinding = await openAnthropicServer([{ calls: [query] }, { calls: [calculate] }, { text: "4." }]);
    const messages = await turnByHand(byBinding, registry, { select: { defer: true, search: "binding" }, streamed });
    expect(byBinding.refusals).toEqual([]);
    expect(JSON.stringify(messages[2])).toContain('{"type":"tool_reference","tool_name":"math_calculate"}');
    expect(JSON.stringify(messages)).toContain("<2+2>");
  });
});

describe("the binding", () => {
  const input = z.strictObject({ a: z.string().optional(), b: z.string().optional() });
  const many = Array.from({ length: 25 }, (_, index) => simple(`t${String(index + 10)}`, () => 1, { input }));

  test("sends no more strict tools than the API compiles", async () => {
    await using server = await openAnthropicServer([{ text: "ok" }]);
    await turnByHand(server, createRegistry({ tools: many }), { strict: "prefer" });
    expect(server.refusals).toEqual([]);
    const tools = server.requests[0]?.["tools"] as readonly Json[];
    // 24 optional parameters are those of twelve tools.
    expect(tools.filter(({ strict }) => strict === true)).toHaveLength(12);
    // The double would say if it were otherwise.
    const every = tools.map((tool) => ({ ...tool, strict: true, input_schema: tools[0]?.["input_schema"] }));
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Hi" }];
    const request = { model: MODEL, max_tokens: 1, messages, tools: every as unknown as Anthropic.Tool[] };
    await expect(createClient(server).messages.create(request)).rejects.toThrow("Too many strict tools (25)");
  });

  test("answers every call once, whatever becomes of it, so that the API takes the next request", async () => {
    const clock = createManualClock();
    const slow = simple("slow", () => new Promise<never>(() => {}), { timeoutMs: 50 });
    const crash = simple("crash", () => {
      throw new Error("password=hunter2");
    });
    const denied = simple("denied", () => 1, { access: { roles: [Role.USER], scopes: ["s"] } });
    const registry = createRegistry({ tools: [slow, crash, denied], clock, retry: false });
    const names = ["slow", "denied", "unknown", "crash"];
    const calls = names.map((name, index) => ({ id: `c${index}`, name }));
    await using server = await openAnthropicServer([{ calls }, { text: "So." }]);
    const client = createClient(server);
    const binding = anthropic(registry, { principal });
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "Go." }];
    const send = () => client.messages.create({ model: MODEL, max_tokens: 1, messages, tools: binding.tools });
    const first = await send();
    const running = binding.run(first);
    await clock.advance(60);
    messages.push(...binding.toMessages(first, await running));
    await send();
    expect(server.refusals).toEqual([]);
    expect((await running).map(({ content }) => JSON.stringify(content).slice(1).split(":")[0])).toEqual([
      ...["TIMEOUT", "FORBIDDEN", "UNKNOWN_TOOL", "TOOL_FAILED"],
    ]);
    expect(JSON.stringify(messages)).not.toContain("hunter2");
  });
});

interface Asking {
  readonly registry?: Registry;
  readonly seed?: number;
  readonly apiKey?: string;
  readonly signal?: AbortSignal;
  readonly options?: AnthropicModelOptions;
  readonly agent?: Partial<AgentOptions>;
  readonly onEvent?: (event: ChatEvent) => void;
}

async function ask(
  script: readonly AnthropicTurn[],
  asking: Asking = {},
): Promise<{ readonly result: ChatResult; readonly server: ScriptedServer }> {
  await using server = await openAnthropicServer(script, asking.seed);
  const { signal, onEvent } = asking;
  const agent = createAgent({
    registry: asking.registry ?? createRegistry({ tools: sampleTools }),
    model: anthropicModel(createClient(server, asking.apiKey), MODEL, asking.options),
    instructions: "Be brief.",
    modelRetries: 0,
    ...asking.agent,
  });
  const result = await agent.chat("Hi", { principal, ...(signal && { signal }), ...(onEvent && { onEvent }) });
  return { result, server };
}

const codesOf = ({ calls }: ChatResult): readonly string[] =>
  calls.map(({ outcome }) => (outcome.ok ? "ok" : outcome.error.code));
const messagesOf = (request: Json | undefined): readonly Anthropic.MessageParam[] =>
  request?.["messages"] as readonly Anthropic.MessageParam[];

describe("a model behind a client", () => {
  test("is refused by name when it cannot be asked", () => {
    const client = new Anthropic({ apiKey: API_KEY });
    const make = (...parameters: readonly unknown[]): unknown =>
      anthropicModel(...(parameters as [Anthropic, string, object]));
    expect(() => make(client, "")).toThrow('anthropicModel: model: received "", expected the name of a model');
    expect(() => make({}, "m")).toThrow("expected a client with messages");
    expect(() => make(client, "m", { format: "chat" })).toThrow("format: is not known");
    expect(() => make(client, "m", { strict: "always" })).toThrow("off, prefer, require");
    expect(() => make(client, "m", { maxTokens: 0 })).toThrow("maxTokens: received 0, expected an integer from 1");
  });
});

describe("a request of a model", () => {
  test("is given the turn's signal, and the same tools for the same registry", async () => {
    const asked: { readonly tools: string; readonly signal: AbortSignal }[] = [];
    const create = (body: object, { signal }: { readonly signal: AbortSignal }) => {
      asked.push({ tools: JSON.stringify((body as Json)["tools"]), signal });
      return Promise.reject(new Error("no network"));
    };
    const model = anthropicModel({ messages: { create } }, MODEL, { strict: "prefer" });
    const { signal } = new AbortController();
    for (const given of [sampleTools, sampleTools.toReversed()]) {
      const tools = createRegistry({ tools: given }).list();
      const turn = { messages: [{ role: "user", text: "Hi" }], tools, instructions: "", signal } as const;
      await expect(Array.fromAsync(model.respond(turn))).rejects.toMatchObject({ code: "MODEL_FAILED" });
    }
    expect(asked.map((one) => one.signal)).toEqual([signal, signal]);
    expect(asked[0]?.signal).toBe(signal);
    expect(asked[1]?.tools).toBe(asked[0]?.tools);
  });
});

describe("an agent", () => {
  test("streams the answer without the thoughts, calls in parallel and counts, whatever the chunks", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const events: ChatEvent[] = [];
      const usage = { cache_read_input_tokens: 100, cache_creation_input_tokens: 1_000 };
      const script: AnthropicTurn[] = [
        { thinking, text: "Let me see. ", ...twoCalls, usage },
        { text: "It is 4, and 17 °C — “warm” 🌞." },
      ];
      const { result, server } = await ask(script, { seed, onEvent: (event) => events.push(event) });
      expect(server.refusals).toEqual([]);
      expect(result).toMatchObject({
        text: "It is 4, and 17 °C — “warm” 🌞.",
        stopped: "answered",
        steps: 2,
        usage: { inputTokens: 1_122, outputTokens: 14 },
      });
      expect(result.calls.map(({ id, tool, outcome }) => [id, tool, outcome.ok])).toEqual([
        ["toolu_a", "math.calculate", true],
        ["toolu_b", "weather.climate", true],
      ]);
      const text = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
      expect(text).toBe("Let me see. It is 4, and 17 °C — “warm” 🌞.");
      const [first] = server.requests;
      expect(first).toMatchObject({ model: MODEL, max_tokens: 16_384, stream: true, system: "Be brief." });
      for (const field of ["temperature", "top_p", "top_k"]) expect(first).not.toHaveProperty(field);
    }
  });

  test("sends thinking, searches and calls back as they came over several turns", async () => {
    const reply: AnthropicReply = {
      thinking,
      redacted: "ZW5jcnlwdGVk",
      search: { id: "srvtoolu_1", query: "x", found: [] },
      text: "Well.",
      calls: [calculate, climate],
    };
    await using server = await openAnthropicServer([reply, { text: "Done." }, { ...twoCalls }, { text: "Again." }]);
    const agent = createAgent({
      registry: createRegistry({ tools: sampleTools }),
      model: anthropicModel(createClient(server), MODEL, { request: { thinking: { type: "adaptive" } } }),
    });
    await agent.chat("First", { principal });
    const result = await agent.chat("Second", { principal });
    expect(server.refusals).toEqual([]);
    expect(result).toMatchObject({ stopped: "answered", text: "Again." });
    // The model used its ids again; in the conversation they are different.
    expect(result.calls.map(({ id }) => id)).toEqual(["toolu_a_2", "toolu_b_2"]);
    const sent = messagesOf(server.requests.at(-1));
    expect(sent.map(({ role }) => role)).toEqual([
      ...["user", "assistant", "user", "assistant", "user", "assistant", "user"],
    ]);
    const types = (message: Anthropic.MessageParam | undefined): readonly string[] =>
      Array.isArray(message?.content) ? message.content.map(({ type }) => type) : [];
    expect(types(sent[1])).toEqual([
      ...[
        "thinking",
        "redacted_thinking",
        "server_tool_use",
        "tool_search_tool_result",
        "text",
        "tool_use",
        "tool_use",
      ],
    ]);
    expect(types(sent[2])).toEqual(["tool_result", "tool_result"]);
  });

  test("takes over a conversation of another model, whose ids may be any text", async () => {
    const conversation = createConversation();
    const ids = ["call|1", "call/1", "toolu_3"];
    conversation.messages = [
      { role: "user", text: "What is 2+2, and the time?" },
      {
        role: "assistant",
        text: " ",
        calls: [
          { id: "call|1", tool: "math.calculate", input: '{"expression":"2+2"}' },
          { id: "call/1", tool: "time.now", input: "{" },
          { id: "toolu_3", tool: "no such tool!", input: null },
        ],
        echo: { model: "another", items: [{ type: "reasoning", secret: "x" }] },
      },
      { role: "tool", results: ids.map((id, index) => ({ id, ok: index === 0, text: index === 1 ? "" : id })) },
    ] satisfies Message[];
    await using server = await openAnthropicServer([{ text: "4." }]);
    const model = anthropicModel(createClient(server), MODEL);
    const agent = createAgent({ registry: createRegistry({ tools: sampleTools }), model });
    expect((await agent.chat("And?", { principal, conversation })).text).toBe("4.");
    expect(server.refusals).toEqual([]);
    expect(messagesOf(server.requests[0])).toEqual([
      { role: "user", content: [{ type: "text", text: "What is 2+2, and the time?" }] },
      {
        role: "assistant",
        content: [
          { type: "tool_use", id: "call_1", name: "math_calculate", input: { expression: "2+2" } },
          { type: "tool_use", id: "call_1_2", name: "time_now", input: {} },
          { type: "tool_use", id: "toolu_3", name: "no_such_tool_", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "call_1", content: "call|1" },
          { type: "tool_result", tool_use_id: "call_1_2", is_error: true, content: "The call failed." },
          { type: "tool_result", tool_use_id: "toolu_3", is_error: true, content: "toolu_3" },
          { type: "text", text: "And?" },
        ],
      },
    ]);
  });

  test("sends nothing that says nothing", async () => {
    await using server = await openAnthropicServer([{ content: [] }, { text: " \n" }, { text: "Yes?" }]);
    const agent = createAgent({ registry: createRegistry(), model: anthropicModel(createClient(server), MODEL) });
    expect(await agent.chat("Hi")).toMatchObject({ stopped: "answered", text: "" });
    expect((await agent.chat(" ")).text).toBe(" \n");
    expect((await agent.chat("Well?")).text).toBe("Yes?");
    expect(server.refusals).toEqual([]);
    expect(server.requests[0]).not.toHaveProperty("system");
    expect(server.requests[0]).not.toHaveProperty("tools");
    expect(messagesOf(server.requests[2])).toEqual([
      { role: "user", content: ["Hi", "(empty)", "Well?"].map((text) => ({ type: "text", text })) },
    ]);
  });

  test("lets the model repair an input that is no JSON, wrong arguments and unknown names", async () => {
    const calls = [
      { id: "1", name: "math_calculate", json: '{"expression":' },
      { id: "2", name: "weather_climate", input: { city: "Oslo", month: 13 } },
      { id: "3", name: "no_such_tool" },
      { id: "4", name: "a weird name" },
      { id: "5", name: "notes_clear" },
      { id: "6", name: "time_now", json: "" },
    ];
    const { result, server } = await ask([{ thinking, calls }, twoCalls, { text: "Better." }]);
    expect(server.refusals).toEqual([]);
    expect(result.text).toBe("Better.");
    expect(codesOf(result)).toEqual([
      ...["INVALID_JSON", "INVALID_INPUT", "UNKNOWN_TOOL", "UNKNOWN_TOOL", "UNKNOWN_TOOL", "ok", "ok", "ok"],
    ]);
    expect(JSON.stringify(messagesOf(server.requests[1])[1])).toContain('"name":"a_weird_name"');
  });

  test("answers for a tool that is refused, crashes, or is not approved, and tells the model no secret", async () => {
    const crash = simple("crash", () => {
      throw new Error("password=hunter2");
    });
    const tools = [
      crash,
      simple("denied", () => 1, { access: { roles: [Role.USER], scopes: ["s"] } }),
      simple("careful", () => 1, { effect: "write" }),
    ];
    const calls = tools.map(({ name }) => ({ name }));
    const registry = createRegistry({ tools, retry: false });
    const approve: Approve = ({ tool }) => tool.name !== "careful";
    const { result, server } = await ask([{ thinking, calls }, { text: "So." }], { registry, agent: { approve } });
    expect(server.refusals).toEqual([]);
    expect(result.text).toBe("So.");
    expect(result.calls.every(({ outcome }) => !outcome.ok)).toBe(true);
    const [, , answers] = messagesOf(server.requests[1]);
    expect(answers?.content).toMatchObject(tools.map(() => ({ type: "tool_result", is_error: true })));
    expect(JSON.stringify(server.requests)).not.toContain("hunter2");
  });

  test("gives constants the case of the schema, and sends strict tools within the limits", async () => {
    const received: unknown[] = [];
    const tool = defineTool({
      name: "convert",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access: { roles: [Role.USER] },
      input: z.strictObject({ to: z.enum(["EUR", "USD"]) }),
      handler: (input) => received.push(input),
    });
    const more = Array.from({ length: 25 }, (_, index) => simple(`t${index}`, () => 1));
    const registry = createRegistry({ tools: [tool, ...more] });
    const script = [{ calls: [{ name: "convert", input: { to: "eur" } }] }, { text: "ok" }];
    const { server } = await ask(script, { registry, options: { strict: "prefer" } });
    expect(received).toEqual([{ to: "EUR" }]);
    expect(server.refusals).toEqual([]);
    for (const { tools } of server.requests) {
      expect((tools as readonly Json[]).filter(({ strict }) => strict === true)).toHaveLength(20);
    }
    const { result } = await ask(script, { registry, options: { strict: "require" } });
    expect(result).toMatchObject({ stopped: "model_failed" });
  });

  test("sends further fields, of which only the provider's tools stand beside its own", async () => {
    const request = {
      metadata: { user_id: "u" },
      ...{ system: "Other", stream: false, model: "other", max_tokens: 1, messages: [] },
      tools: [{ type: "tool_search_tool_bm25_20251119", name: "tool_search_tool_bm25" }],
    };
    const { server } = await ask([{ text: "ok" }], { options: { request, maxTokens: 512 } });
    expect(server.requests[0]).toMatchObject({
      metadata: { user_id: "u" },
      system: "Be brief.",
      stream: true,
      model: MODEL,
      max_tokens: 512,
      tools: [
        { name: "tool_search_tool_bm25" },
        { name: "dates_between" },
        ...Array<unknown>(8).fill(expect.anything()),
      ],
    });
    expect(server.refusals).toEqual([]);
  });

  test("shows the images of a result", async () => {
    const image = { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" } as const;
    const tool = defineTool({
      name: "draw",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access: { roles: [Role.USER] },
      handler: (_input, { attach }) => attach(image),
    });
    const script = [{ calls: [{ id: "a", name: "draw" }] }, { text: "Nice." }];
    const { server } = await ask(script, { registry: createRegistry({ tools: [tool] }) });
    expect(server.refusals).toEqual([]);
    const source = { type: "base64", media_type: "image/png", data: image.data };
    expect(messagesOf(server.requests[1])[2]?.content).toEqual([
      { type: "tool_result", tool_use_id: "a", content: [{ type: "image", source }] },
    ]);
  });

  test("stops at the step limit and leaves a conversation that can go on", async () => {
    await using server = await openAnthropicServer([twoCalls, { text: "Now." }]);
    const model = anthropicModel(createClient(server), MODEL);
    const agent = createAgent({ registry: createRegistry({ tools: sampleTools }), model, maxSteps: 1 });
    expect((await agent.chat("Go", { principal })).stopped).toBe("step_limit");
    expect((await agent.chat("And?", { principal })).text).toBe("Now.");
    expect(server.refusals).toEqual([]);
  });
});

describe("an answer that pauses", () => {
  const pause = (id: string, text?: string): AnthropicTurn => ({
    search: { id, query: "x", found: [] },
    stop: "pause_turn",
    ...(text !== undefined && { text }),
  });

  test("goes on by itself, counts all of it, and goes back whole", async () => {
    const script = [
      pause("srv_1", "One, "),
      pause("srv_2", "two, "),
      { text: "three.", ...twoCalls },
      { text: "Done." },
    ];
    const { result, server } = await ask(script);
    expect(server.refusals).toEqual([]);
    expect(result).toMatchObject({ text: "Done.", steps: 2, usage: { inputTokens: 44, outputTokens: 28 } });
    expect(server.requests.map((request) => messagesOf(request).length)).toEqual([1, 2, 3, 3]);
    const [, answer] = messagesOf(server.requests[3]);
    expect(answer?.content).toMatchObject([
      ...[{ id: "srv_1" }, { tool_use_id: "srv_1" }, { text: "One, " }],
      ...[{ id: "srv_2" }, { tool_use_id: "srv_2" }, { text: "two, " }],
      ...[{ text: "three." }, { id: "toolu_a" }, { id: "toolu_b" }],
    ]);
  });

  test("goes on within a search", async () => {
    const use = { type: "server_tool_use", id: "srv_1", name: "tool_search_tool_regex", input: { pattern: "x" } };
    const found = { type: "tool_search_tool_search_result", tool_references: [] };
    const rest = [
      { type: "tool_search_tool_result", tool_use_id: "srv_1", content: found },
      { type: "text", text: "Nothing." },
    ];
    await using server = await openAnthropicServer([{ content: [use], stop: "pause_turn" }, { content: rest }]);
    const agent = createAgent({ registry: createRegistry(), model: anthropicModel(createClient(server), MODEL) });
    expect((await agent.chat("Hi")).text).toBe("Nothing.");
    await agent.chat("And?");
    expect(server.refusals).toEqual([]);
    expect(messagesOf(server.requests[2])[1]).toEqual({ role: "assistant", content: [use, ...rest] });
  });

  test("comes to its end, at the latest after eight times", async () => {
    const pauses = Array.from({ length: 9 }, (_, index) => pause(`srv_${index}`));
    const { result } = await ask([...pauses.slice(1), { text: "At last." }]);
    expect(result).toMatchObject({ stopped: "answered", text: "At last." });
    const { result: failed, server } = await ask([...pauses, { text: "never" }]);
    expect(failed).toMatchObject({ stopped: "model_failed", usage: { inputTokens: 99, outputTokens: 63 } });
    expect(failed.text).toMatch(/paused 9 times \(pause_turn\)/);
    expect(server.requests).toHaveLength(9);
    expect(server.refusals).toEqual([]);
  });

  test("is answered first when it has called something", async () => {
    const { result, server } = await ask([{ ...twoCalls, stop: "pause_turn" }, { text: "Done." }]);
    expect(server.refusals).toEqual([]);
    expect(result).toMatchObject({ text: "Done.", steps: 2 });
    expect(codesOf(result)).toEqual(["ok", "ok"]);
  });
});

describe("an API that fails", () => {
  test.each([
    [401, /did not accept the key \(401\)/, false],
    [403, /does not permit/, false],
    [404, /no such model/, false],
    [429, /rate limit or quota is used up \(429\)/, true],
    [500, /its API failed \(500\)/, true],
    [529, /its API failed \(529\)/, true],
    [413, /refused the request \(413\): I am \[redacted\], a teapot/, false],
  ])("tells of a status %i without key or headers", async (status, text, retryable) => {
    const turn = { status, message: "I am sk-ant-abc-123456, a teapot", headers: { "x-secret": "hunter2" } };
    const { result, server } = await ask([turn]);
    expect(result).toMatchObject({ stopped: "model_failed", steps: 0 });
    expect(result.text).toMatch(text);
    expect(result.text).toContain("Request req_test.");
    expect(result.error?.retryable).toBe(retryable);
    expect(server.requests).toHaveLength(1);
    const { error } = result;
    expect(`${result.text}${JSON.stringify(error)}${String(error?.stack)}${String(error?.cause)}`).not.toMatch(
      /\bsk-|hunter2|Bearer/,
    );
  });

  test("tells of a wrong key without showing it", async () => {
    const { result } = await ask([{ text: "never" }], { apiKey: "sk-ant-wrong-key-987654" });
    expect(result.stopped).toBe("model_failed");
    expect(result.text).toMatch(/401/);
    expect(result.text).not.toContain("987654");
  });

  test("is asked again when it was overloaded, with the same request", async () => {
    const script: AnthropicTurn[] = [{ status: 529 }, { text: "Better." }];
    const { result, server } = await ask(script, { agent: { modelRetries: 1 } });
    expect(result.text).toBe("Better.");
    expect(server.requests[1]).toEqual(server.requests[0]);
  });

  test.each([
    ["cut", /the connection to its API failed|its answer ended before it was whole/],
    ["closed", /its answer ended before it was whole/],
    ["error", /its API broke off the answer: Overloaded, \[redacted\]/],
  ] as const)("does not have an answer taken for whole that was broken off (%s)", async (broken, text) => {
    const { result } = await ask([{ text: "This is only the beginning of an answer", broken }]);
    expect(result.stopped).toBe("model_failed");
    expect(result.text).toMatch(text);
    expect(result.error?.retryable).toBe(true);
  });

  test.each(["cut", "closed", "error"] as const)("has no call executed that was broken off (%s)", async (broken) => {
    const { result } = await ask([{ ...twoCalls, broken }]);
    expect(result).toMatchObject({ stopped: "model_failed", calls: [] });
  });

  test("is not waited for any more when the chat is cancelled", async () => {
    const controller = new AbortController();
    const onEvent = (event: ChatEvent): void => {
      if (event.type === "text") controller.abort();
    };
    const { result } = await ask([{ text: "A long beginning of an answer", broken: "hang" }], {
      signal: controller.signal,
      onEvent,
    });
    expect(result.stopped).toBe("cancelled");
    expect("A long beginning of an answer").toContain(result.text);
  });
});

describe("a model that stops", () => {
  test.each<readonly [string, AnthropicTurn, RegExp, boolean]>([
    ["in the middle of calls", { ...twoCalls, stop: "max_tokens" }, /called tools \(max_tokens\)/, false],
    ["before it said anything", { content: [], stop: "max_tokens" }, /before it said anything \(max_tokens\)/, false],
    ["while it thought", { thinking, stop: "max_tokens" }, /before it said anything \(max_tokens\)/, false],
    ["for it refuses", { content: [], stop: "refusal" }, /refused to answer \(refusal, cyber\)/, false],
    ["for it refuses, with calls", { ...twoCalls, stop: "refusal" }, /called tools \(refusal\)/, false],
    [
      "for the conversation is too long",
      { text: "Well", stop: "model_context_window_exceeded" },
      /longer than it can read \(model_context_window_exceeded\)/,
      false,
    ],
    [
      "for a reason that is new",
      { text: "Well", stop: "new_reason" as "refusal" },
      /its API stopped the answer \(new_reason\)/,
      false,
    ],
    ["to call nothing", { content: [], stop: "tool_use" as "refusal" }, /gave an empty answer \(tool_use\)/, true],
    [
      "for a tool of a toolset",
      { content: [{ type: "tool_use", id: "a", name: "time_now", input: {}, toolset_name: "browser" }] },
      /does not execute. The tool "time_now" of browser is not available here\./,
      false,
    ],
  ])("fails: %s", async (_why, turn, message, retryable) => {
    const { result } = await ask([turn]);
    expect(result).toMatchObject({ stopped: "model_failed", calls: [], usage: { inputTokens: 11, outputTokens: 7 } });
    expect(result.text).toMatch(message);
    expect(result.error?.retryable).toBe(retryable);
  });

  test.each(["max_tokens", "refusal", "stop_sequence"] as const)(
    "is believed what it said, of which nothing goes back that is half (%s)",
    async (stop) => {
      const half = { type: "server_tool_use", id: "srv_1", name: "tool_search_tool_regex", input: {} };
      const content = [{ type: "text", text: "A long" }, ...(stop === "stop_sequence" ? [] : [half])];
      await using server = await openAnthropicServer([{ content, stop }, { text: "ok" }]);
      const agent = createAgent({ registry: createRegistry(), model: anthropicModel(createClient(server), MODEL) });
      expect(await agent.chat("Hi")).toMatchObject({ stopped: "answered", text: "A long" });
      await agent.chat("And?");
      expect(server.refusals).toEqual([]);
      expect(messagesOf(server.requests[1])[1]).toEqual({
        role: "assistant",
        content: [{ type: "text", text: "A long" }],
      });
    },
  );
});
