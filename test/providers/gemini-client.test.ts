// The binding and the agent through the official client, against a server that is as picky as Gemini's API.
import { type Content, GoogleGenAI } from "@google/genai";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  type AgentOptions,
  type ChatEvent,
  type ChatResult,
  createAgent,
  createConversation,
  type GeminiClient,
  geminiModel,
  type GeminiModelOptions,
  type Message,
} from "../../src/agent/index.ts";
import type { GeminiRequest } from "../../src/agent/gemini/client.ts";
import { type ContentPart, createRegistry, defineTool, type JsonValue, type Registry, Role } from "../../src/index.ts";
import { gemini, type GeminiOptions } from "../../src/providers/gemini/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import type { GeminiPart } from "./gemini-replies.ts";
import { API_KEY, type GeminiTurn, openGeminiServer } from "./gemini-server.ts";
import { sampleTools } from "./sample-tools.ts";
import { MATRIX } from "./schema-matrix.ts";
import type { ScriptedServer } from "./scripted-server.ts";

const principal = { id: "u", roles: [Role.USER] };
const MODEL = "gemini-3.8-flash";
const SIGNATURE = "c2lnbmF0dXJlLW9uZQ==";

function createClient(server: ScriptedServer, apiKey: string = API_KEY): GoogleGenAI {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl: server.baseURL } });
}

const calculate = { functionCall: { id: "a", name: "math_calculate", args: { expression: "2+2" } } };
const climate = { functionCall: { id: "b", name: "weather_climate", args: { city: "Oslo", month: 7 } } };
/** As Gemini 3 makes parallel calls: the first alone has the signature. */
const twoCalls: GeminiTurn = { parts: [{ ...calculate, thoughtSignature: SIGNATURE }, climate] };

function toOlder({ functionCall }: GeminiPart): GeminiPart {
  const { name = "", args = {} } = functionCall ?? {};
  return { functionCall: { name, args } };
}
/** As Gemini 2.5 makes them: without ids and signatures. */
const olderCalls: GeminiTurn = { parts: [calculate, climate].map(toOlder) };

/** One turn by hand: the question, the calls, their results, the answer. */
async function turnByHand(
  server: ScriptedServer,
  registry: Registry,
  options: GeminiOptions & { readonly model?: string; readonly streamed?: boolean } = {},
): Promise<readonly Content[]> {
  const { model = MODEL, streamed = false, ...own } = options;
  const { models } = createClient(server);
  const binding = gemini(registry, { principal, ...own });
  const contents: Content[] = [{ role: "user", parts: [{ text: "What is 2+2, and the weather?" }] }];
  const send = async () => {
    const { tools, toolChoice } = binding;
    const request = { model, contents, config: { tools, ...(toolChoice && { toolConfig: toolChoice }) } };
    return streamed ? binding.collect(await models.generateContentStream(request)) : models.generateContent(request);
  };
  const first = await send();
  const results = await binding.run(first);
  contents.push(...(binding.toMessages(first, results) as Content[]));
  const second = await send();
  contents.push(...(binding.toMessages(second, await binding.run(second)) as Content[]));
  return contents;
}

describe.each([
  ["whole", false],
  ["streamed", true],
])("the binding with the official client, answers %s", (_how, streamed) => {
  test("makes a whole turn with parallel calls of which only the first is signed", async () => {
    await using server = await openGeminiServer([twoCalls, { parts: [{ text: "4, and 17 °C." }] }]);
    const contents = await turnByHand(server, createRegistry({ tools: sampleTools }), { strict: "prefer", streamed });
    expect(server.refusals).toEqual([]);
    expect(contents.slice(1)).toEqual([
      { role: "model", parts: twoCalls.parts },
      {
        role: "user",
        parts: [
          { functionResponse: { id: "a", name: "math_calculate", response: { output: '{"result":"<2+2>"}' } } },
          {
            functionResponse: {
              id: "b",
              name: "weather_climate",
              response: { output: '{"city":"Oslo","month":7,"meanTemperatureC":17}' },
            },
          },
        ],
      },
      { role: "model", parts: [{ text: "4, and 17 °C." }] },
    ]);
    expect(server.requests[0]).toMatchObject({ toolConfig: { functionCallingConfig: { mode: "VALIDATED" } } });
  });

  test("makes one with calls that have no ids", async () => {
    await using server = await openGeminiServer([olderCalls, { parts: [{ text: "Done." }] }]);
    const contents = await turnByHand(server, createRegistry({ tools: sampleTools }), {
      model: "gemini-2.5-flash",
      streamed,
    });
    expect(server.refusals).toEqual([]);
    expect(contents[2]?.parts?.map(({ functionResponse }) => functionResponse?.id)).toEqual([undefined, undefined]);
  });
});

describe("the binding", () => {
  test("answers every call once, whatever becomes of it, so that the API takes the next request", async () => {
    const clock = createManualClock();
    const access = { roles: [Role.USER] };
    const base = { version: "1.0.0", description: "x", effect: "read", access } as const;
    const controller = new AbortController();
    const registry = createRegistry({
      tools: [
        defineTool({ ...base, name: "slow", timeoutMs: 50, handler: () => new Promise<never>(() => {}) }),
        defineTool({ ...base, name: "denied", access: { ...access, scopes: ["s"] }, handler: () => 1 }),
        defineTool({
          ...base,
          name: "crash",
          handler() {
            throw new Error("password=hunter2");
          },
        }),
        defineTool({ ...base, name: "stop", handler: () => new Promise<never>(() => controller.abort()) }),
      ],
      clock,
      retry: false,
    });
    const names = ["slow", "denied", "unknown", "crash", "crash", "default_api:slow"];
    const sign = (calls: readonly GeminiPart[]): GeminiPart[] =>
      calls.map((part, index) => (index === 0 ? { ...part, thoughtSignature: SIGNATURE } : part));
    const calls = sign(names.map((name, index) => ({ functionCall: { id: `c${index}`, name, args: {} } })));
    const aborted = sign([{ functionCall: { name: "stop" } }, { functionCall: { name: "slow" } }]);
    await using server = await openGeminiServer([{ parts: calls }, { parts: aborted }, { parts: [{ text: "So." }] }]);
    const { models } = createClient(server);
    const binding = gemini(registry, { principal });
    const contents: Content[] = [{ role: "user", parts: [{ text: "Go." }] }];
    const send = () => models.generateContent({ model: MODEL, contents, config: { tools: binding.tools } });

    const first = await send();
    const running = binding.run(first);
    await clock.advance(60);
    contents.push(...binding.toMessages(first, await running));
    const second = await send();
    contents.push(...binding.toMessages(second, await binding.run(second, { signal: controller.signal })));
    expect((await send()).text).toBe("So.");
    expect(server.refusals).toEqual([]);
    const codes = contents.flatMap(({ parts = [] }) =>
      parts.flatMap(({ functionResponse }) => {
        const error = functionResponse?.response?.["error"];
        return typeof error === "string" ? [error.split(":")[0]] : [];
      }),
    );
    expect(codes).toEqual([
      ...["TIMEOUT", "FORBIDDEN", "UNKNOWN_TOOL", "TOOL_FAILED", "TOOL_FAILED", "UNKNOWN_TOOL"],
      ...["CANCELLED", "CANCELLED"],
    ]);
    expect(JSON.stringify(contents)).not.toContain("hunter2");
  });

  test("declares what the API takes, for every kind of schema that a tool may have", async () => {
    const registry = createRegistry();
    const base = { version: "1.0.0", description: "x", effect: "read", handler: () => 1 } as const;
    const registered = await Promise.allSettled(
      MATRIX.map(({ schema }, index) => registry.register(defineTool({ ...base, name: `t${index}`, input: schema }))),
    );
    const refused = MATRIX.filter((_row, index) => registered[index]?.status === "rejected");
    expect(refused.length).toBeLessThan(MATRIX.length / 10);
    await using server = await openGeminiServer([{ parts: [{ text: "ok" }] }]);
    const { tools } = gemini(registry);
    await createClient(server).models.generateContent({ model: MODEL, contents: "Hi", config: { tools } });
    expect(server.refusals).toEqual([]);
    expect(tools[0]?.functionDeclarations).toHaveLength(MATRIX.length - refused.length);
  });

  test("declares what is deferred once it was found", async () => {
    const search = { functionCall: { id: "s", name: "toolyard_search_tools", args: { query: "arithmetic" } } };
    await using server = await openGeminiServer([
      { parts: [{ ...search, thoughtSignature: SIGNATURE }] },
      { parts: [{ ...calculate, thoughtSignature: SIGNATURE }] },
      { parts: [{ text: "4" }] },
    ]);
    const { models } = createClient(server);
    const select = { defer: true, allowed: ["math.calculate"] };
    const binding = gemini(createRegistry({ tools: sampleTools }), { principal, select });
    const contents: Content[] = [{ role: "user", parts: [{ text: "2+2?" }] }];
    for (let step = 0; step < 3; step++) {
      const config = { tools: binding.tools, ...(binding.toolChoice && { toolConfig: binding.toolChoice }) };
      const response = await models.generateContent({ model: MODEL, contents, config });
      contents.push(...binding.toMessages(response, await binding.run(response)));
    }
    expect(server.refusals).toEqual([]);
    expect(JSON.stringify(contents)).toContain("<2+2>");
  });

  test("sends images only where it was told that the model takes them", async () => {
    const image: ContentPart = { type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" };
    const picture = defineTool({
      name: "picture",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access: { roles: [Role.USER] },
      handler: (_input, { attach }) => attach(image),
    });
    const calls = { parts: [{ functionCall: { id: "p", name: "picture" }, thoughtSignature: SIGNATURE }] };
    const registry = createRegistry({ tools: [picture] });
    for (const multimodalResults of [true, false]) {
      await using server = await openGeminiServer([calls, { parts: [{ text: "I see." }] }]);
      const contents = await turnByHand(server, registry, { multimodalResults });
      expect(server.refusals).toEqual([]);
      expect(JSON.stringify(contents).includes("iVBORw0KGgo=")).toBe(multimodalResults);
    }
    // What the default keeps from happening.
    await using older = await openGeminiServer([calls]);
    await expect(turnByHand(older, registry, { multimodalResults: true, model: "gemini-2.5-pro" })).rejects.toThrow(
      "Multimodal function responses are not supported",
    );
  });
});

interface Asking {
  readonly registry?: Registry;
  readonly model?: string;
  readonly seed?: number;
  readonly apiKey?: string;
  readonly signal?: AbortSignal;
  readonly options?: GeminiModelOptions;
  readonly agent?: Partial<AgentOptions>;
  readonly onEvent?: (event: ChatEvent) => void;
}

async function ask(
  script: readonly GeminiTurn[],
  asking: Asking = {},
): Promise<{ readonly result: ChatResult; readonly server: ScriptedServer }> {
  await using server = await openGeminiServer(script, asking.seed);
  const { signal, onEvent } = asking;
  const agent = createAgent({
    registry: asking.registry ?? createRegistry({ tools: sampleTools }),
    model: geminiModel(createClient(server, asking.apiKey), asking.model ?? MODEL, asking.options),
    instructions: "Be brief.",
    modelRetries: 0,
    ...asking.agent,
  });
  const result = await agent.chat("Hi", { principal, ...(signal && { signal }), ...(onEvent && { onEvent }) });
  return { result, server };
}

describe("a model behind a client", () => {
  test("is refused by name when it cannot be asked", () => {
    const client = new GoogleGenAI({ apiKey: API_KEY });
    const make = (...parameters: readonly unknown[]): unknown =>
      geminiModel(...(parameters as [GoogleGenAI, string, object]));
    expect(() => make(client, "")).toThrow('geminiModel: model: received "", expected the name of a model');
    expect(() => make({}, "m")).toThrow("expected a client with models");
    expect(() => make(client, "m", { format: "chat" })).toThrow("format: is not known");
    expect(() => make(client, "m", { strict: "always" })).toThrow("off, prefer, require");
  });
});

describe("a request", () => {
  test("is cancelled with the turn, and leaves the calling of tools to the agent", async () => {
    const asked: GeminiRequest[] = [];
    async function* toChunks(): AsyncGenerator<unknown> {
      yield { candidates: [{ content: { parts: [{ text: "Hi." }] }, finishReason: "STOP" }] };
    }
    const client: GeminiClient = {
      models: {
        generateContentStream: async (request) => {
          asked.push(request);
          return toChunks();
        },
      },
    };
    const { signal } = new AbortController();
    const messages: Message[] = [{ role: "user", text: "Hi" }];
    await Array.fromAsync(geminiModel(client, MODEL).respond({ messages, tools: [], instructions: "", signal }));
    expect(asked[0]?.config.abortSignal).toBe(signal);
    expect(asked[0]?.config.automaticFunctionCalling).toEqual({ disable: true });
  });
});

describe("an agent", () => {
  test("streams the answer without the thoughts, calls in parallel and counts, whatever the chunks", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const events: ChatEvent[] = [];
      const usage = { thoughtsTokenCount: 5, toolUsePromptTokenCount: 2 };
      const script: GeminiTurn[] = [
        {
          parts: [
            { text: "I had better calculate.", thought: true },
            { text: "Let me see. " },
            ...(twoCalls.parts ?? []),
          ],
          usage,
        },
        { parts: [{ text: "It is 4, and 17 °C — “warm” 🌞.", thoughtSignature: SIGNATURE }] },
      ];
      const { result, server } = await ask(script, { seed, onEvent: (event) => events.push(event) });
      expect(server.refusals).toEqual([]);
      expect(result).toMatchObject({
        text: "It is 4, and 17 °C — “warm” 🌞.",
        stopped: "answered",
        steps: 2,
        usage: { inputTokens: 24, outputTokens: 19 },
      });
      expect(result.calls.map(({ id, tool, outcome }) => [id, tool, outcome.ok])).toEqual([
        ["a", "math.calculate", true],
        ["b", "weather.climate", true],
      ]);
      const text = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
      expect(text).toBe("Let me see. It is 4, and 17 °C — “warm” 🌞.");
      expect(server.requests[0]).toMatchObject({ systemInstruction: { parts: [{ text: "Be brief." }] } });
      expect(server.requests[0]).not.toHaveProperty("toolConfig");
    }
  });

  test.each([
    ["signed, with ids", MODEL, twoCalls],
    ["not signed, without ids", "gemini-2.5-flash", olderCalls],
  ])("sends calls back as they came over several turns (%s)", async (_what, model, calls) => {
    await using server = await openGeminiServer([
      calls,
      { parts: [{ text: "Done." }] },
      calls,
      calls,
      { parts: [{ text: "Again." }] },
    ]);
    const agent = createAgent({
      registry: createRegistry({ tools: sampleTools }),
      model: geminiModel(createClient(server), model),
    });
    await agent.chat("First", { principal });
    const result = await agent.chat("Second", { principal });
    expect(server.refusals).toEqual([]);
    expect(result).toMatchObject({ stopped: "answered", text: "Again." });
    // The model used its ids again, or gave none; in the conversation they are different.
    expect(new Set(result.calls.map(({ id }) => id)).size).toBe(4);
    const sent = server.requests.at(-1)?.["contents"] as readonly Content[];
    expect(sent.map(({ role }) => role)).toEqual([
      "user",
      "model",
      "user",
      "model",
      "user",
      "model",
      "user",
      "model",
      "user",
    ]);
    for (const index of [1, 5, 7]) expect(sent[index]?.parts).toEqual(calls.parts);
    expect(JSON.stringify(sent)).not.toContain("skip_thought");
  });

  test.each([
    [MODEL, true],
    ["gemini-2.5-flash", false],
  ])("takes over a conversation of another model (%s)", async (model, isSigned) => {
    const conversation = createConversation();
    conversation.messages = [
      { role: "user", text: "What is 2+2, and the time?" },
      {
        role: "assistant",
        text: "Let me see.",
        calls: [
          { id: "toolu_1", tool: "math.calculate", input: '{"expression":"2+2"}' },
          { id: "toolu_2", tool: "time.now", input: "{" },
          { id: "toolu_3", tool: "no such tool!", input: null },
        ],
        // Calls as another model of Gemini made them: its signature is not this one's.
        echo: { model: "gemini-3-pro", items: [twoCalls.parts, olderCalls.parts?.[0]].flat() as JsonValue[] },
      },
      {
        role: "tool",
        results: ["toolu_1", "toolu_2", "toolu_3"].map((id, index) => ({ id, ok: index === 0, text: id })),
      },
    ] satisfies Message[];
    await using server = await openGeminiServer([{ parts: [{ text: "4." }] }]);
    const agent = createAgent({
      registry: createRegistry({ tools: sampleTools }),
      model: geminiModel(createClient(server), model),
    });
    expect((await agent.chat("And?", { principal, conversation })).text).toBe("4.");
    expect(server.refusals).toEqual([]);
    expect(server.requests[0]?.["contents"]).toEqual([
      { role: "user", parts: [{ text: "What is 2+2, and the time?" }] },
      {
        role: "model",
        parts: [
          { text: "Let me see." },
          {
            functionCall: { name: "math_calculate", args: { expression: "2+2" } },
            ...(isSigned && { thoughtSignature: "skip_thought_signature_validator" }),
          },
          { functionCall: { name: "time_now", args: {} } },
          { functionCall: { name: "no_such_tool_", args: {} } },
        ],
      },
      {
        role: "user",
        parts: [
          { functionResponse: { name: "math_calculate", response: { output: "toolu_1" } } },
          { functionResponse: { name: "time_now", response: { error: "toolu_2" } } },
          { functionResponse: { name: "no_such_tool_", response: { error: "toolu_3" } } },
          { text: "And?" },
        ],
      },
    ]);
  });

  test("lets the model repair wrong arguments and unknown names", async () => {
    const bad: GeminiPart[] = [
      {
        functionCall: { id: "1", name: "weather_climate", args: { city: "Oslo", month: 13 } },
        thoughtSignature: SIGNATURE,
      },
      { functionCall: { id: "2", name: "no_such_tool" } },
      { functionCall: { id: "3", name: "a weird name" } },
      { functionCall: { id: "4", name: "notes_clear" } },
    ];
    const { result, server } = await ask([{ parts: bad }, twoCalls, { parts: [{ text: "Better." }] }]);
    expect(server.refusals).toEqual([]);
    expect(result.text).toBe("Better.");
    // It must not come back under a name that no declaration may have.
    const sent = JSON.stringify(server.requests[1]?.["contents"]);
    expect(sent.match(/"name":"a.weird.name"/g)).toEqual(Array(2).fill('"name":"a_weird_name"'));
    expect(result.calls.map(({ outcome }) => (outcome.ok ? "ok" : outcome.error.code))).toEqual([
      ...["INVALID_INPUT", "UNKNOWN_TOOL", "UNKNOWN_TOOL", "UNKNOWN_TOOL", "ok", "ok"],
    ]);
  });

  test("gives the tool its own names of properties", async () => {
    const received: unknown[] = [];
    const tool = defineTool({
      name: "tag",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access: { roles: [Role.USER] },
      input: z.strictObject({ "x-tag": z.string() }),
      handler: (input) => received.push(input),
    });
    const registry = createRegistry({ tools: [tool] });
    const parameters = gemini(registry).tools[0]?.functionDeclarations[0]?.parametersJsonSchema ?? {};
    const [name = ""] = Object.keys(parameters["properties"] as object);
    const calls = { parts: [{ functionCall: { name: "tag", args: { [name]: "a" } }, thoughtSignature: SIGNATURE }] };
    const { server } = await ask([calls, { parts: [{ text: "ok" }] }], { registry });
    expect(server.refusals).toEqual([]);
    expect(received).toEqual([{ "x-tag": "a" }]);
  });

  test("constrains calls to the declarations when strict tools are preferred, and sends further fields", async () => {
    const request = { temperature: 0.5, systemInstruction: "Other", tools: [] };
    const { server } = await ask([{ parts: [{ text: "ok" }] }], { options: { strict: "prefer", request } });
    expect(server.requests[0]).toMatchObject({
      generationConfig: { temperature: 0.5 },
      systemInstruction: { parts: [{ text: "Be brief." }] },
      toolConfig: { functionCallingConfig: { mode: "VALIDATED" } },
      tools: [{ functionDeclarations: expect.arrayContaining([expect.objectContaining({ name: "time_now" })]) }],
    });
    const { server: bare, result } = await ask([{ parts: [{ text: "ok" }] }], {
      registry: createRegistry(),
      options: { strict: "prefer" },
      agent: { instructions: "" },
    });
    expect(result.text).toBe("ok");
    expect(bare.requests[0]).not.toHaveProperty("tools");
    expect(bare.requests[0]).not.toHaveProperty("toolConfig");
    expect(bare.requests[0]).not.toHaveProperty("systemInstruction");
  });

  test("stops at the step limit and leaves a conversation that can go on", async () => {
    await using server = await openGeminiServer([twoCalls, { parts: [{ text: "Now." }] }]);
    const agent = createAgent({
      registry: createRegistry({ tools: sampleTools }),
      model: geminiModel(createClient(server), MODEL),
      maxSteps: 1,
    });
    expect((await agent.chat("Go", { principal })).stopped).toBe("step_limit");
    expect((await agent.chat("And?", { principal })).text).toBe("Now.");
    expect(server.refusals).toEqual([]);
  });

  test.each([
    [401, /did not accept the key \(401\)/, false],
    [403, /does not permit/, false],
    [404, /no such model/, false],
    [429, /rate limit or quota is used up \(429\)/, true],
    [500, /its API failed \(500\)/, true],
    [503, /its API failed \(503\)/, true],
    [400, /refused the request \(400\): I am \[redacted\], a teapot/, false],
  ])("tells of a status %i without key or headers", async (status, text, retryable) => {
    const turn = { status, message: "I am AIzaSy-0123456789abcdef, a teapot", headers: { "x-secret": "hunter2" } };
    const { result, server } = await ask([turn]);
    expect(result).toMatchObject({ stopped: "model_failed", steps: 0 });
    expect(result.text).toMatch(text);
    expect(result.error?.retryable).toBe(retryable);
    expect(server.requests).toHaveLength(1);
    const { error } = result;
    expect(`${result.text}${JSON.stringify(error)}${String(error?.stack)}${String(error?.cause)}`).not.toMatch(
      /AIza|hunter2|Bearer/,
    );
  });

  test("tells of a wrong key without showing it", async () => {
    const { result } = await ask([{ parts: [{ text: "never" }] }], { apiKey: "AIza-wrong-key-987654" });
    expect(result.stopped).toBe("model_failed");
    expect(result.text).toMatch(/API key not valid/);
    expect(result.text).not.toContain("987654");
  });

  test.each(["cut", "closed", "error"] as const)(
    "does not take an answer for whole that was broken off (%s)",
    async (broken) => {
      const { result } = await ask([{ parts: [{ text: "This is only the beginning of an answer" }], broken }]);
      expect(result.stopped).toBe("model_failed");
      expect(result.text).toMatch(
        /^The model "gemini-3.8-flash" failed: (?:the connection to its API failed|its answer ended before it was whole|its API failed \(503\))/,
      );
      expect(result.error?.retryable).toBe(true);
    },
  );

  test("executes no call of an answer that was broken off", async () => {
    const { result } = await ask([{ ...twoCalls, broken: "closed" }]);
    expect(result).toMatchObject({ stopped: "model_failed", calls: [] });
  });

  test("cancels a model that has stopped talking", async () => {
    const controller = new AbortController();
    const onEvent = (event: ChatEvent): void => {
      if (event.type === "text") controller.abort();
    };
    const { result } = await ask([{ parts: [{ text: "A long beginning of an answer" }], broken: "hang" }], {
      signal: controller.signal,
      onEvent,
    });
    expect(result.stopped).toBe("cancelled");
    expect("A long beginning of an answer").toContain(result.text);
  });

  test.each<readonly [string, GeminiTurn, RegExp, boolean]>([
    [
      "for its length, in the middle of calls",
      { ...twoCalls, finish: "MAX_TOKENS" },
      /called tools \(MAX_TOKENS\)/,
      false,
    ],
    [
      "for its length, before it said anything",
      { finish: "MAX_TOKENS" },
      /before it said anything \(MAX_TOKENS\)/,
      false,
    ],
    [
      "for its length, while it thought",
      { parts: [{ text: "Hm", thought: true }], finish: "MAX_TOKENS" },
      /before it said/,
      false,
    ],
    ["for safety", { parts: [{ text: "Well" }], finish: "SAFETY" }, /its API stopped the answer \(SAFETY\)/, false],
    ["for a reason that is new", { parts: [{ text: "Well" }], finish: "NEW_REASON" }, /\(NEW_REASON\)/, false],
    ["for a call it could not write", { finish: "MALFORMED_FUNCTION_CALL" }, /\(MALFORMED_FUNCTION_CALL\)/, true],
    ["for a call of nothing", { ...twoCalls, finish: "UNEXPECTED_TOOL_CALL" }, /\(UNEXPECTED_TOOL_CALL\)/, true],
    ["with a blocked prompt", { blocked: "PROHIBITED_CONTENT" }, /blocked the prompt \(PROHIBITED_CONTENT\)/, false],
    ["with nothing", {}, /gave an empty answer/, true],
  ])("fails when the model stops %s", async (_why, turn, message, retryable) => {
    const { result } = await ask([turn]);
    expect(result).toMatchObject({ stopped: "model_failed", calls: [] });
    expect(result.text).toMatch(message);
    expect(result.error?.retryable).toBe(retryable);
  });

  test("keeps what a model said before its length was reached", async () => {
    const { result } = await ask([{ parts: [{ text: "A long" }], finish: "MAX_TOKENS" }]);
    expect(result).toMatchObject({ stopped: "answered", text: "A long" });
  });

  test("asks again when a call could not be read", async () => {
    const script: GeminiTurn[] = [{ finish: "MALFORMED_FUNCTION_CALL" }, { parts: [{ text: "Better." }] }];
    const { result, server } = await ask(script, { agent: { modelRetries: 1 } });
    expect(result.text).toBe("Better.");
    expect(server.requests[1]).toEqual(server.requests[0]);
  });

  test("sends the same tools in the same words each time", async () => {
    const { server } = await ask([twoCalls, { parts: [{ text: "ok" }] }]);
    const [first, second] = server.requests.map(({ tools }) => JSON.stringify(tools));
    expect(second).toBe(first);
  });
});
