// The binding and the agent through the official client, against a server that is as picky as OpenAI's.
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { type ChatEvent, type ChatResult, createAgent, openaiModel } from "../../src/agent/index.ts";
import { createRegistry, defineTool, type Registry, Role } from "../../src/index.ts";
import { openai } from "../../src/providers/openai/index.ts";
import { API_KEY, openOpenAiServer, type OpenAiServer, type Turn } from "./openai-server.ts";
import { sampleTools } from "./sample-tools.ts";

const principal = { id: "u", roles: [Role.USER] };
const FORMATS = ["chat", "responses"] as const;

function createClient(server: OpenAiServer, apiKey: string = API_KEY): OpenAI {
  return new OpenAI({ baseURL: server.baseURL, apiKey, maxRetries: 0 });
}

const twoCalls: Turn = {
  calls: [
    { id: "call_a", name: "math_calculate", arguments: '{"expression":"2+2"}' },
    { id: "call_b", name: "weather_climate", arguments: '{"city":"Oslo","month":7}' },
  ],
};

async function ask(
  format: "chat" | "responses",
  script: readonly Turn[],
  options: {
    registry?: Registry;
    seed?: number;
    apiKey?: string;
    text?: string;
    signal?: AbortSignal;
    maxSteps?: number;
    onEvent?: (event: ChatEvent) => void;
  } = {},
): Promise<{ result: ChatResult; server: OpenAiServer }> {
  await using server = await openOpenAiServer(script, options.seed);
  const client = createClient(server, options.apiKey);
  const registry = options.registry ?? createRegistry({ tools: sampleTools });
  const model = openaiModel(client, "m", { format });
  const agent = createAgent({
    registry,
    model,
    instructions: "Be brief.",
    maxSteps: options.maxSteps ?? 8,
    modelRetries: 0,
  });
  const { signal, onEvent } = options;
  const result = await agent.chat(options.text ?? "Hi", {
    principal,
    ...(signal && { signal }),
    ...(onEvent && { onEvent }),
  });
  return { result, server };
}

describe("the binding with the official client", () => {
  test("makes a whole turn of Chat Completions", async () => {
    await using server = await openOpenAiServer([twoCalls, { text: "4, and 17 °C." }]);
    const client = createClient(server);
    const binding = openai(createRegistry({ tools: sampleTools }), { principal, format: "chat", strict: "prefer" });
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "What is 2+2, and the weather?" }];
    const first = await client.chat.completions.create({ model: "m", messages, tools: binding.tools });
    const [choice] = first.choices;
    if (choice === undefined) throw new Error("no choice");
    messages.push(choice.message, ...(await binding.run(first)));
    const second = await client.chat.completions.create({ model: "m", messages, tools: binding.tools });
    expect(second.choices[0]?.message.content).toBe("4, and 17 °C.");
    expect(server.refusals).toEqual([]);
    expect(messages.slice(-2)).toEqual([
      { role: "tool", tool_call_id: "call_a", content: '{"result":"<2+2>"}' },
      { role: "tool", tool_call_id: "call_b", content: '{"city":"Oslo","month":7,"meanTemperatureC":17}' },
    ]);
  });

  test("makes a whole turn of Responses, and echoes namespaces", async () => {
    const calls = [{ id: "call_a", name: "time_now", arguments: "", namespace: "clock" }];
    await using server = await openOpenAiServer([{ reasoning: true, calls }, { text: "Noon." }]);
    const client = createClient(server);
    const binding = openai(createRegistry({ tools: sampleTools }), { principal });
    const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "What time is it?" }];
    const first = await client.responses.create({ model: "m", input, tools: binding.tools });
    input.push(...(first.output as OpenAI.Responses.ResponseInputItem[]), ...(await binding.run(first)));
    const second = await client.responses.create({ model: "m", input, tools: binding.tools });
    expect(second.output_text).toBe("Noon.");
    expect(server.refusals).toEqual([]);
  });

  test("has names that the API accepts also for tools with long and colliding names", async () => {
    const define = (name: string) =>
      defineTool({ name, version: "1.0.0", description: "x", effect: "read", handler: () => name });
    const names = ["todo.add", "todo_add", `${"x".repeat(100)}.a`, `${"x".repeat(100)}.b`];
    await using server = await openOpenAiServer([{ text: "ok" }]);
    const binding = openai(createRegistry({ tools: names.map(define) }), { format: "chat" });
    await createClient(server).chat.completions.create({
      model: "m",
      messages: [{ role: "user", content: "x" }],
      tools: binding.tools,
    });
    expect(server.refusals).toEqual([]);
    const results = await binding.run(
      binding.report.map(({ wireName }, index) => ({
        id: `${index}`,
        type: "function",
        function: { name: wireName, arguments: "" },
      })),
    );
    expect(results.map(({ content }) => content)).toEqual(binding.report.map(({ tool }) => tool));
  });
});

describe("a model behind a client", () => {
  test("is refused by name when it cannot be asked", () => {
    const client = new OpenAI({ apiKey: API_KEY });
    const make = (...parameters: readonly unknown[]): unknown =>
      openaiModel(...(parameters as [OpenAI, string, object]));
    expect(() => make(client, "")).toThrow('model: received "", expected the name of a model');
    expect(() => make(client, "m", { format: "completions" })).toThrow(
      'received "completions", expected "chat" or "responses"',
    );
    expect(() => make(client, "m", { formt: "chat" })).toThrow("did you mean format");
    expect(() => make({}, "m")).toThrow("expected a client with chat.completions");
    expect(() => make({}, "m", { format: "responses" })).toThrow("expected a client with responses");
  });

  test("that stores nothing is not sent back reasoning that it could not read", async () => {
    const script: Turn[] = [{ reasoning: true, calls: [{ id: "c", name: "time_now", arguments: "" }] }, { text: "ok" }];
    await using server = await openOpenAiServer(script);
    const model = openaiModel(createClient(server), "m", { format: "responses", request: { store: false } });
    await createAgent({ registry: createRegistry({ tools: sampleTools }), model }).chat("Hi", { principal });
    expect(server.refusals).toEqual([]);
    expect(JSON.stringify(server.requests[1])).not.toContain('"reasoning"');
  });
});

describe.each(FORMATS)("an agent over %s", (format) => {
  test("streams the answer, calls in parallel and remembers, whatever the chunks", async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const events: ChatEvent[] = [];
      const script: Turn[] = [{ text: "Let me see. ", ...twoCalls }, { text: "It is 4, and 17 °C — “warm” 🌞." }];
      const { result, server } = await ask(format, script, { seed, onEvent: (event) => events.push(event) });
      expect(server.refusals).toEqual([]);
      expect(result).toMatchObject({
        text: "It is 4, and 17 °C — “warm” 🌞.",
        stopped: "answered",
        steps: 2,
        usage: { inputTokens: 22, outputTokens: 14 },
      });
      expect(result.calls.map(({ id, tool, outcome }) => [id, tool, outcome.ok])).toEqual([
        ["call_a", "math.calculate", true],
        ["call_b", "weather.climate", true],
      ]);
      const text = events.flatMap((event) => (event.type === "text" ? [event.text] : [])).join("");
      expect(text).toBe("Let me see. It is 4, and 17 °C — “warm” 🌞.");
      expect(server.requests[0]).toMatchObject({ model: "m", stream: true });
    }
  });

  test("sends the calls, their results and older turns back as the API wants them", async () => {
    await using server = await openOpenAiServer([
      { reasoning: true, ...twoCalls },
      { text: "Done." },
      { reasoning: true, ...twoCalls },
      { text: "Again." },
    ]);
    const agent = createAgent({
      registry: createRegistry({ tools: sampleTools }),
      model: openaiModel(createClient(server), "m", { format }),
    });
    await agent.chat("First", { principal });
    const { stopped, calls } = await agent.chat("Second", { principal });
    expect(server.refusals).toEqual([]);
    expect(stopped).toBe("answered");
    const reasoning = format === "responses" ? ["rs_resp_1"] : [];
    expect([...JSON.stringify(server.requests[1]).matchAll(/rs_resp_\d/g)].map(([id]) => id)).toEqual(reasoning);
    // The model used its ids again; in the conversation they are different.
    expect(calls.map(({ id }) => id)).toEqual(["call_a_2", "call_b_2"]);
    expect(JSON.stringify(server.requests[3])).toContain("Done.");
  });

  test("lets the model repair arguments that are no JSON, and an unknown tool", async () => {
    const bad: Turn = {
      calls: [
        { id: "1", name: "math_calculate", arguments: '{"expression":' },
        { id: "2", name: "no_such_tool", arguments: "{}" },
        { id: "3", name: "functions.weird name", arguments: "{}" },
        { id: "4", name: "notes_clear", arguments: "{}" },
      ],
    };
    const { result, server } = await ask(format, [bad, twoCalls, { text: "Better." }]);
    expect(server.refusals).toEqual([]);
    expect(result.text).toBe("Better.");
    expect(result.calls.map(({ outcome }) => (outcome.ok ? "ok" : outcome.error.code))).toEqual([
      "INVALID_JSON",
      "UNKNOWN_TOOL",
      "UNKNOWN_TOOL",
      "UNKNOWN_TOOL",
      "ok",
      "ok",
    ]);
  });

  test("stops at the step limit, says so, and leaves a conversation that can go on", async () => {
    await using server = await openOpenAiServer([twoCalls, twoCalls, { text: "Now." }]);
    const agent = createAgent({
      registry: createRegistry({ tools: sampleTools }),
      model: openaiModel(createClient(server), "m", { format }),
      maxSteps: 2,
    });
    const result = await agent.chat("Go", { principal });
    expect(result).toMatchObject({
      stopped: "step_limit",
      steps: 2,
      text: "Stopped after 2 steps without an answer: the model kept calling tools.",
    });
    expect((await agent.chat("And?", { principal })).text).toBe("Now.");
    expect(server.refusals).toEqual([]);
  });

  test.each([
    [401, /did not accept the key \(401\)/, false],
    [403, /does not permit/, false],
    [404, /no such model/, false],
    [429, /rate limit or quota is used up \(429\)/, true],
    [500, /its API failed \(500\)/, true],
    [418, /refused the request \(418\): I am \[redacted\], a teapot/, false],
  ])("tells of a status %i without key or headers", async (status, text, retryable) => {
    const turn = { status, message: "I am sk-abc-123456, a teapot", headers: { "x-secret": "hunter2" } };
    const { result, server } = await ask(format, [turn]);
    expect(result).toMatchObject({ stopped: "model_failed", steps: 0 });
    expect(result.text).toMatch(text);
    expect(result.text).toContain("Request req_test.");
    expect(result.error?.retryable).toBe(retryable);
    expect(server.requests).toHaveLength(1);
    expect(
      `${result.text}${JSON.stringify(result.error)}${String(result.error?.stack)}${String(result.error?.cause)}`,
    ).not.toMatch(/\bsk-|hunter2|Bearer/);
  });

  test("tells of a wrong key without showing it", async () => {
    const { result } = await ask(format, [{ text: "never" }], { apiKey: "sk-wrong-key-987654" });
    expect(result.stopped).toBe("model_failed");
    expect(result.text).toMatch(/401/);
    expect(result.text).not.toContain("987654");
  });

  test.each(["cut", "closed", "error"] as const)(
    "does not take an answer for whole that was broken off (%s)",
    async (broken) => {
      const { result } = await ask(format, [{ text: "This is only the beginning of an answer", broken }]);
      expect(result.stopped).toBe("model_failed");
      expect(result.text).toMatch(
        /^The model "m" failed: (?:the connection to its API failed|its answer ended before it was whole|its API broke off the answer: Overloaded, \[redacted\])/,
      );
    },
  );

  test("executes no call of an answer that was broken off", async () => {
    const { result } = await ask(format, [{ ...twoCalls, broken: "closed" }]);
    expect(result).toMatchObject({ stopped: "model_failed", calls: [] });
  });

  test("tells of a server that is not there", async () => {
    const closed = await openOpenAiServer([{}]);
    const client = createClient(closed);
    await closed[Symbol.asyncDispose]();
    const agent = createAgent({ registry: createRegistry(), model: openaiModel(client, "m", { format }) });
    expect(await agent.chat("Hi")).toMatchObject({
      stopped: "model_failed",
      text: 'The model "m" failed: the connection to its API failed.',
    });
  });

  test("cancels a model that has stopped talking", async () => {
    const controller = new AbortController();
    const onEvent = (event: ChatEvent): void => {
      if (event.type === "text") controller.abort();
    };
    const { result } = await ask(format, [{ text: "A long beginning of an answer", broken: "hang" }], {
      signal: controller.signal,
      onEvent,
    });
    expect(result.stopped).toBe("cancelled");
    expect("A long beginning of an answer").toContain(result.text);
  });

  test("says when an answer was stopped before it said anything", async () => {
    const { result } = await ask(format, [{ finish: format === "chat" ? "length" : "max_output_tokens" }]);
    expect(result.text).toMatch(/stopped before it said anything \((?:length|max_output_tokens)\)/);
  });

  test("sends further fields, of which none can take the place of its own", async () => {
    await using server = await openOpenAiServer([{ text: "ok" }]);
    const model = openaiModel(createClient(server), "m", {
      format,
      request: { temperature: 0.5, stream: false, model: "other" },
    });
    await createAgent({ registry: createRegistry(), model }).chat("Hi");
    expect(server.requests[0]).toMatchObject({ temperature: 0.5, stream: true, model: "m" });
    expect(server.requests[0]).not.toHaveProperty("tools");
  });
});

test("an image of a result goes to Responses as one, and to Chat Completions by name", async () => {
  const camera = defineTool({
    name: "camera",
    version: "1.0.0",
    description: "Take a picture.",
    effect: "read",
    access: { roles: [Role.USER] },
    handler: (_input, { attach }) => attach({ type: "image", data: "iVBORw0KGgo=", mimeType: "image/png" }),
  });
  const script: readonly Turn[] = [{ calls: [{ id: "call_a", name: "camera", arguments: "{}" }] }, { text: "Nice." }];
  for (const format of FORMATS) {
    const { result, server } = await ask(format, script, { registry: createRegistry({ tools: [camera] }) });
    expect(result.text).toBe("Nice.");
    expect(server.refusals).toEqual([]);
    const sent = JSON.stringify(server.requests[1]);
    expect(sent.includes('"image_url":"data:image/png;base64,iVBORw0KGgo="')).toBe(format === "responses");
    expect(sent.includes("[image, image/png, not shown]")).toBe(format === "chat");
  }
});
