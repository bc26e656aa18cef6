// The AI SDK binding in the AI SDK's own loops, over real registries and scripted models: whatever a model writes, its
// calls are answered, and nothing that a model is sent is what a provider would refuse.
import type {
  LanguageModelV4Content,
  LanguageModelV4GenerateResult,
  LanguageModelV4StreamPart,
} from "@ai-sdk/provider";
import { generateText, isStepCount, type ModelMessage, streamText, ToolLoopAgent } from "ai";
import { MockLanguageModelV4, convertArrayToReadableStream } from "ai/test";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  createPrincipal,
  createRegistry,
  defineTool,
  type Principal,
  type Registry,
  Role,
  ToolError,
  type ToolyardError,
} from "../../src/index.ts";
import { aiSdk, type AiSdkBinding } from "../../src/providers/ai-sdk/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { sampleTools } from "./sample-tools.ts";

const ada: Principal = createPrincipal({ id: "ada", roles: [Role.ADMIN] });
const gus: Principal = createPrincipal({ id: "gus", roles: [Role.GUEST] });
const access = { roles: [Role.GUEST] } as const;
const prompt = "Go on.";
const stopWhen = isStepCount(6);

function createSample(): Registry {
  return createRegistry({ tools: sampleTools });
}

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

function call(toolCallId: string, toolName: string, input: unknown): LanguageModelV4Content {
  return {
    type: "tool-call",
    toolCallId,
    toolName,
    input: typeof input === "string" ? input : JSON.stringify(input),
  };
}

const DONE: LanguageModelV4Content = { type: "text", text: "Done." };

function toResult(content: LanguageModelV4Content[]): LanguageModelV4GenerateResult {
  const unified = content.some(({ type }) => type === "tool-call") ? "tool-calls" : "stop";
  return { content, finishReason: { unified, raw: undefined }, usage, warnings: [] };
}

/** A model that says one of `turns` after the other, and `Done.` at the end; the same as a stream. */
function createModel(...turns: LanguageModelV4Content[][]): MockLanguageModelV4 {
  const left = [...turns];
  const next = (): LanguageModelV4Content[] => left.shift() ?? [DONE];
  return new MockLanguageModelV4({
    doGenerate: async () => toResult(next()),
    doStream: async () => ({ stream: convertArrayToReadableStream(toStreamParts(next())) }),
  });
}

function toStreamParts(content: LanguageModelV4Content[]): LanguageModelV4StreamPart[] {
  const parts = content.flatMap((part, index): LanguageModelV4StreamPart[] => {
    const id = String(index);
    if (part.type === "text") {
      const { text, providerMetadata } = part;
      const meta = providerMetadata === undefined ? {} : { providerMetadata };
      return [
        { type: "text-start", id },
        { type: "text-delta", id, delta: text.slice(0, 2) },
        { type: "text-delta", id, delta: text.slice(2) },
        { type: "text-end", id, ...meta },
      ];
    }
    if (part.type === "reasoning") {
      const { text, providerMetadata } = part;
      const meta = providerMetadata === undefined ? {} : { providerMetadata };
      return [
        { type: "reasoning-start", id },
        { type: "reasoning-delta", id, delta: text },
        { type: "reasoning-end", id, ...meta },
      ];
    }
    return [part];
  });
  const { finishReason } = toResult(content);
  return [{ type: "stream-start", warnings: [] }, ...parts, { type: "finish", usage, finishReason }];
}

/** The answers in a prompt, by id. */
function answersIn(messages: readonly { role: string; content: unknown }[]): Record<string, unknown> {
  const parts = messages.flatMap(({ role, content }) => (role === "tool" ? (content as object[]) : []));
  const results = parts as { type: string; toolCallId: string; output: unknown }[];
  return Object.fromEntries(results.map(({ toolCallId, output }) => [toolCallId, output]));
}

/** What a model was told of its calls in its last turn. */
function lastAnswers({ doGenerateCalls, doStreamCalls }: MockLanguageModelV4): Record<string, unknown> {
  return answersIn([...doGenerateCalls, ...doStreamCalls].at(-1)?.prompt ?? []);
}

/** The names of the tools that a model was sent, turn by turn. */
function namesSent({ doGenerateCalls }: MockLanguageModelV4): string[][] {
  return doGenerateCalls.map(({ tools = [] }) => tools.map(({ name }) => name));
}

const crash = defineTool({
  name: "crash",
  version: "1.0.0",
  description: "x",
  effect: "read",
  access,
  handler() {
    throw new Error("password=hunter2");
  },
});

const picture = defineTool({
  name: "picture",
  version: "1.0.0",
  description: "A picture.",
  effect: "read",
  access,
  handler: (_input: unknown, { attach }) => {
    attach({ type: "image", data: "aGk=", mimeType: "image/png" });
    attach({ type: "file", data: "aGk=", mimeType: "application/pdf", name: "a.pdf" });
    attach({ type: "file", data: "aGk=", mimeType: "application/zip", name: "a.zip" });
    return { shown: 2 };
  },
});

describe("in generateText", () => {
  test("parallel calls are made and answered, and the model goes on", async () => {
    const binding = aiSdk(createSample(), { principal: gus });
    const model = createModel([call("b", "time_now", {}), call("a", "math_calculate", { expression: "1+1" })]);
    const { text, steps } = await generateText({ model, tools: binding.tools, prompt, stopWhen });
    expect(text).toBe("Done.");
    expect(steps).toHaveLength(2);
    expect(lastAnswers(model)).toEqual({
      b: { type: "text", value: '{"time":"12:00","timeZone":"UTC"}' },
      a: { type: "text", value: '{"result":"<1+1>"}' },
    });
    expect(namesSent(model)[0]).toEqual([
      "dates_between",
      "dice_roll",
      "docs_search",
      "math_calculate",
      "time_now",
      "units_convert",
      "weather_climate",
    ]);
  });

  test("arguments are judged by the registry, which says what is wrong with them", async () => {
    const registry = createSample();
    const binding = aiSdk(registry, { principal: gus });
    const model = createModel([
      call("1", "weather_climate", { city: "Oslo", month: 13 }),
      call("2", "weather_climate", [1]),
      call("3", "weather_climate", { city: "Pxris", month: 7 }),
      call("4", "time_now", "null"),
    ]);
    await generateText({ model, tools: binding.tools, prompt, stopWhen });
    const answers = lastAnswers(model);
    expect(answers["1"]).toEqual({
      type: "error-text",
      value: expect.stringMatching(/^INVALID_INPUT: .*\n- month: .*received number 13\.$/),
    });
    expect(answers["2"]).toMatchObject({ type: "error-text", value: expect.stringMatching(/^INVALID_INPUT: /) });
    expect(answers["3"]).toMatchObject({
      type: "error-text",
      value: expect.stringMatching(/^TOOL_ERROR UNKNOWN_CITY: .*Did you mean Paris/),
    });
    expect(answers["4"]).toMatchObject({ type: "text" });
    expect(registry.usage("weather.climate").calls).toBe(3);
  });

  test("what strict mode put into a call is taken out again, and only what is strict is marked so", async () => {
    const received: unknown[] = [];
    const note = defineTool({
      name: "note",
      version: "1.0.0",
      description: "x",
      effect: "read",
      input: z.strictObject({ text: z.string().min(1), tag: z.string().optional(), color: z.string().nullable() }),
      handler: (input) => received.push(input),
    });
    const labels = defineTool({
      name: "labels",
      version: "1.0.0",
      description: "x",
      effect: "read",
      input: z.strictObject({ labels: z.record(z.string(), z.string()) }),
      handler: (input) => received.push(input),
    });
    const binding = aiSdk(createRegistry({ tools: [note, labels] }), { provider: "openai", strict: "prefer" });
    const model = createModel([
      call("1", "note", { text: "a", tag: null, color: null }),
      call("2", "labels", { labels: { a: "b" } }),
    ]);
    await generateText({ model, tools: binding.tools, prompt, stopWhen });
    expect(received).toEqual([{ text: "a", color: null }, { labels: { a: "b" } }]);
    const [sentLabels, sentNote] = model.doGenerateCalls[0]?.tools ?? [];
    expect(sentNote).toMatchObject({
      strict: true,
      inputSchema: {
        required: ["text", "tag", "color"],
        additionalProperties: false,
        properties: { text: { type: "string" } },
      },
    });
    expect(JSON.stringify(sentNote)).not.toContain("minLength");
    expect(sentLabels).not.toHaveProperty("strict");
    expect(sentLabels).toMatchObject({
      inputSchema: { properties: { labels: { additionalProperties: { type: "string" } } } },
    });
    expect(binding.report.map(({ strict }) => strict)).toEqual([false, true]);
    expect(() => aiSdk(createRegistry({ tools: [labels] }), { strict: "require" })).toThrow(/labels is a map/);
  });

  test("an open object is not closed on its way", async () => {
    const open = defineTool({
      name: "open",
      version: "1.0.0",
      description: "x",
      effect: "read",
      input: { type: "object", properties: { a: { type: "object", additionalProperties: true } } },
      handler: () => 1,
    });
    const model = createModel();
    await generateText({ model, tools: aiSdk(createRegistry({ tools: [open] })).tools, prompt });
    expect(JSON.stringify(model.doGenerateCalls[0]?.tools)).not.toContain('"additionalProperties":false');
  });

  test("schemas are those of the provider that is named", () => {
    const registry = createSample();
    const sent = (provider: "openai" | "anthropic" | "gemini" | "other"): unknown =>
      aiSdk(registry, { provider, strict: "prefer" }).tools["time_now"];
    expect(sent("openai")).toMatchObject({ strict: true, inputSchema: { jsonSchema: { required: ["timeZone"] } } });
    expect(sent("other")).toEqual(expect.objectContaining({ strict: true }));
    expect(sent("anthropic")).toMatchObject({ strict: true });
    expect(JSON.stringify((sent("anthropic") as { inputSchema: object }).inputSchema)).not.toContain('"timeZone"]');
    expect(sent("gemini")).not.toHaveProperty("strict");
  });

  test("no more tools are strict than Anthropic compiles for one request", () => {
    const tools = Array.from({ length: 25 }, (_, index) =>
      defineTool({ name: `t${index}`, version: "1.0.0", description: "x", effect: "read", handler: () => 1 }),
    );
    const strict = "prefer";
    const count = (provider: "openai" | "anthropic"): number =>
      aiSdk(createRegistry({ tools }), { provider, strict }).report.filter((row) => row.strict).length;
    expect([count("openai"), count("anthropic")]).toEqual([25, 20]);
  });

  test("unknown names and arguments that are no JSON are answered, and the loop goes on", async () => {
    const binding = aiSdk(createSample(), { principal: gus });
    const model = createModel([
      call("1", "notes_clear", {}),
      call("2", "weather_climate", '{"city":'),
      call("3", "constructor", {}),
      call("4", "time_now", {}),
    ]);
    const { text } = await generateText({ model, tools: binding.tools, prompt, stopWhen });
    expect(text).toBe("Done.");
    const answers = lastAnswers(model);
    expect(answers["1"]).toMatchObject({ type: "error-text", value: expect.stringContaining("unavailable tool") });
    // Only what the principal may see is named.
    expect(JSON.stringify(answers["1"])).not.toContain("notes_add");
    expect(answers["2"]).toMatchObject({ type: "error-text" });
    expect(answers["3"]).toMatchObject({ type: "error-text" });
    expect(answers["4"]).toMatchObject({ type: "text" });
  });

  test("crashes, denials and time-outs are answered, and say nothing of the inside", async () => {
    const clock = createManualClock();
    const hang = defineTool({
      name: "hang",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access,
      timeoutMs: 50,
      // Deaf to the signal: the AI SDK's own limit would wait for it.
      handler: () => new Promise<never>(() => {}),
    });
    const scoped = defineTool({
      name: "scoped",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access: { ...access, scopes: ["s"] },
      handler: () => 1,
    });
    const registry = createRegistry({ tools: [crash, hang, scoped], clock, retry: false });
    const binding = aiSdk(registry, { principal: gus });
    const model = createModel(["crash", "hang", "scoped"].map((name) => call(name, name, {})));
    const running = generateText({ model, tools: binding.tools, prompt, stopWhen, onToolExecutionStart: onStart });
    let started = 0;
    let allStarted: () => void = () => {};
    const ready = new Promise<void>((resolve) => (allStarted = resolve));
    function onStart(): void {
      if (++started === 3) allStarted();
    }
    await ready;
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(60);
    const { steps } = await running;
    const answers = lastAnswers(model);
    expect(answers).toEqual({
      crash: { type: "error-text", value: expect.stringMatching(/^TOOL_FAILED: The tool failed\. Quote call_/) },
      hang: { type: "error-text", value: expect.stringMatching(/^TIMEOUT: /) },
      scoped: { type: "error-text", value: expect.stringMatching(/^FORBIDDEN: /) },
    });
    expect(JSON.stringify(steps)).not.toContain("hunter2");
  });

  test("aborting the loop cancels the calls", async () => {
    const controller = new AbortController();
    let aborted: unknown;
    const wait = defineTool({
      name: "wait",
      version: "1.0.0",
      description: "x",
      effect: "read",
      async handler(_input: unknown, { signal }) {
        const cancelled = new Promise((resolve) => signal.addEventListener("abort", resolve));
        controller.abort(new Error("enough"));
        await cancelled;
        aborted = signal.aborted;
      },
    });
    const registry = createRegistry({ tools: [wait] });
    const model = createModel([call("1", "wait", {})]);
    const { tools } = aiSdk(registry);
    await generateText({ model, tools, prompt, stopWhen, abortSignal: controller.signal }).catch(() => {});
    expect(aborted).toBe(true);
    const output = await tools["wait"]?.execute?.({}, { toolCallId: "2", abortSignal: AbortSignal.abort() });
    expect(output).toMatchObject({ type: "error-text", value: expect.stringMatching(/^CANCELLED: /) });
  });

  test("images and documents are sent as what they are to providers that take them, and named to others", async () => {
    const registry = createRegistry({ tools: [picture] });
    const answer = async (provider: "openai" | "other"): Promise<unknown> => {
      const model = createModel([call("1", "picture", {})]);
      await generateText({ model, tools: aiSdk(registry, { provider }).tools, prompt, stopWhen });
      return lastAnswers(model)["1"];
    };
    expect(await answer("openai")).toEqual({
      type: "content",
      value: [
        { type: "text", text: '{"shown":2}\n[file "a.zip", application/zip, not shown]' },
        { type: "file", mediaType: "image/png", data: { type: "data", data: "aGk=" } },
        { type: "file", mediaType: "application/pdf", data: { type: "data", data: "aGk=" }, filename: "a.pdf" },
      ],
    });
    expect(await answer("other")).toEqual({
      type: "text",
      value: expect.stringMatching(/^\{"shown":2\}\n\[image, image\/png, not shown\]\n.*a\.pdf/),
    });
  });

  test("the id of a call is its key only when ids can be relied on", async () => {
    let done = 0;
    const add = defineTool({
      name: "add",
      version: "1.0.0",
      description: "x",
      effect: "write",
      handler: () => ({ done: ++done }),
    });
    const registry = createRegistry({ tools: [add] });
    const run = (callIdsAsKeys: boolean): Promise<unknown> =>
      generateText({
        model: createModel([call("1", "add", {})]),
        tools: aiSdk(registry, { callIdsAsKeys }).tools,
        prompt,
        stopWhen,
      });
    await run(true);
    await run(true);
    expect(done).toBe(1);
    await run(false);
    await run(false);
    expect(done).toBe(3);
  });
});

describe("a loop that is running", () => {
  const long = defineTool({
    name: "long",
    version: "1.0.0",
    description: "A long text.",
    effect: "read",
    access,
    handler: () => "x".repeat(5_000),
  });

  test("gets the tool to read on with once a result was too long", async () => {
    const binding = aiSdk(createRegistry({ tools: [long] }), { principal: gus, maxResultBytes: 1_024 });
    let id = "";
    const model = createModel([call("1", "long", {})]);
    const turns = [
      () => [call("1", "long", {})],
      () => [call("2", "toolyard_read_result", { id, cursor: 4_990 })],
      () => [DONE],
    ];
    model.doGenerate = async (options) => {
      model.doGenerateCalls.push(options);
      id = /res_[\w-]+/.exec(JSON.stringify(options.prompt))?.[0] ?? "";
      return toResult(turns.shift()?.() ?? []);
    };
    await generateText({ model, tools: binding.tools, prompt, stopWhen });
    expect(namesSent(model)).toEqual([["long"], ["long", "toolyard_read_result"], ["long", "toolyard_read_result"]]);
    expect(lastAnswers(model)["2"]).toMatchObject({
      type: "text",
      value: expect.stringContaining('"text":"xxxxxxxxxx"'),
    });
  });

  test("sees of deferred tools what it has searched for, and nothing before", async () => {
    const registry = createSample();
    const binding = aiSdk(registry, { principal: gus, select: { defer: ({ name }) => name !== "time.now" } });
    const model = createModel(
      [call("1", "toolyard_search_tools", { query: "weather in a month" })],
      [call("2", "weather_climate", { city: "Oslo", month: 1 })],
    );
    await generateText({ model, tools: binding.tools, prompt, stopWhen });
    const [first, second] = namesSent(model);
    expect(first).toEqual(["toolyard_search_tools", "time_now"]);
    expect(second?.slice(0, 3)).toEqual(["toolyard_search_tools", "time_now", "weather_climate"]);
    expect(lastAnswers(model)).toMatchObject({
      1: { type: "text", value: expect.stringContaining("- weather_climate: ") },
      2: { type: "text", value: expect.stringContaining("meanTemperatureC") },
    });
  });

  test("may call what is allowed for now, and is refused the rest even when it is sent", async () => {
    const binding = aiSdk(createSample(), { principal: gus, select: { allowed: ["time.now"] } });
    expect(binding.toolChoice).toEqual({
      activeTools: ["time_now", "toolyard_search_tools", "toolyard_read_result"],
    });
    const turn = [call("1", "time_now", {}), call("2", "math_calculate", { expression: "1" })];
    const narrowed = createModel(turn);
    await generateText({ model: narrowed, tools: binding.tools, ...binding.toolChoice, prompt, stopWhen });
    expect(namesSent(narrowed)[0]).toEqual(["time_now"]);
    const whole = createModel(turn);
    await generateText({ model: whole, tools: binding.tools, prompt, stopWhen });
    expect(lastAnswers(whole)).toMatchObject({
      1: { type: "text" },
      2: { type: "error-text", value: expect.stringMatching(/may not be called now/) },
    });
  });

  test("is an agent of the AI SDK as well", async () => {
    const model = createModel([call("1", "math_calculate", { expression: "2" })]);
    const agent = new ToolLoopAgent({ model, tools: aiSdk(createSample(), { principal: gus }).tools });
    const { text, steps } = await agent.generate({ prompt });
    expect([text, steps.length]).toEqual(["Done.", 2]);
  });
});

describe("in streamText", () => {
  test("calls are made and answered, and the model goes on", async () => {
    const registry = createRegistry({ tools: [...sampleTools, crash] });
    const model = createModel([
      call("1", "math_calculate", { expression: "1+1" }),
      call("2", "crash", {}),
      call("3", "nothing", {}),
      call("4", "time_now", "{"),
    ]);
    const { stream, text } = streamText({ model, tools: aiSdk(registry, { principal: gus }).tools, prompt, stopWhen });
    const parts: unknown[] = [];
    for await (const part of stream) parts.push(part);
    expect(await text).toBe("Done.");
    expect(lastAnswers(model)).toEqual({
      1: { type: "text", value: '{"result":"<1+1>"}' },
      2: { type: "error-text", value: expect.stringMatching(/^TOOL_FAILED: /) },
      3: { type: "error-text", value: expect.stringContaining("unavailable tool") },
      4: { type: "error-text", value: expect.any(String) },
    });
    expect(JSON.stringify(parts)).not.toContain("hunter2");
  });
});

describe("a loop of one's own", () => {
  const turn = [
    call("1", "math_calculate", { expression: "1+1" }),
    call("2", "weather_climate", '{"city":'),
    call("3", "time_noww", {}),
    call("4", "crash", {}),
  ];
  const expected = {
    1: { type: "text", value: '{"result":"<1+1>"}' },
    2: { type: "error-text", value: expect.stringMatching(/^INVALID_JSON: /) },
    3: { type: "error-text", value: 'UNKNOWN_TOOL: There is no tool "time_noww". Did you mean time_now?' },
    4: { type: "error-text", value: expect.stringMatching(/^TOOL_FAILED: /) },
  };

  function create(): AiSdkBinding {
    const registry = createRegistry({ tools: [...sampleTools, crash] });
    return aiSdk(registry, { principal: gus, execute: false });
  }

  test("answers every call of a result once, in the registry's words", async () => {
    const binding = create();
    expect(Object.values(binding.tools).some(({ execute }) => execute !== undefined)).toBe(false);
    const model = createModel(turn);
    const messages: ModelMessage[] = [{ role: "user", content: prompt }];
    const result = await generateText({ model, tools: binding.tools, messages });
    expect(binding.decode(result).map(({ id }) => id)).toEqual(["1", "2", "3", "4"]);
    const results = await binding.run(result);
    messages.push(...binding.toMessages(result, results));
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(answersIn(messages)).toEqual(expected);
    expect(messages[2]?.content).toHaveLength(4);
    const { text } = await generateText({ model, tools: binding.tools, messages });
    expect(text).toBe("Done.");
    expect(lastAnswers(model)).toEqual(expected);
  });

  test("takes assistant messages and calls alone", async () => {
    const binding = create();
    const result = await generateText({ model: createModel(turn), tools: binding.tools, prompt });
    expect(answersIn(binding.toMessages(result.toolCalls, await binding.run(result.toolCalls)))).toEqual(expected);
    const [message] = result.responseMessages;
    if (message?.role !== "assistant") throw new Error("no message");
    const messages = binding.toMessages(message, await binding.run(message));
    expect(messages[0]).toBe(message);
    // The AI SDK keeps no text that it could not read in its messages.
    expect(Object.keys(answersIn(messages))).toEqual(["1", "2", "3", "4"]);
    expect(binding.decode({ role: "assistant", content: "Hi" })).toEqual([]);
    expect(() => binding.decode("text" as never)).toThrow(
      /received a string, expected what generateText resolves with/,
    );
  });

  test("collects a stream into the same, with signatures and reasoning", async () => {
    const binding = create();
    const signed = { providerMetadata: { p: { signature: "s" } } };
    const model = createModel([
      { type: "reasoning", text: "Hm.", ...signed },
      { type: "reasoning", text: "", ...signed },
      { type: "reasoning", text: "" },
      { type: "text", text: "I look." },
      ...turn.map((part, index) => (index === 0 && part.type === "tool-call" ? { ...part, ...signed } : part)),
    ]);
    const said: string[] = [];
    const { stream } = streamText({ model, tools: binding.tools, prompt });
    const collected = await binding.collect(stream, (text) => said.push(text));
    expect(said.join("")).toBe("I look.");
    const messages = binding.toMessages(collected, await binding.run(collected)) as ModelMessage[];
    expect(answersIn(messages)).toEqual(expected);
    expect(messages[0]).toMatchObject({
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm.", providerOptions: { p: { signature: "s" } } },
        { type: "reasoning", text: "", providerOptions: { p: { signature: "s" } } },
        { type: "text", text: "I look." },
        { type: "tool-call", toolCallId: "1", providerOptions: { p: { signature: "s" } } },
        { type: "tool-call", toolCallId: "2", input: {} },
        { type: "tool-call", toolCallId: "3" },
        { type: "tool-call", toolCallId: "4" },
      ],
    });
    // Text that is no JSON cannot stand in a message.
    expect(messages[0]?.content[4]).toHaveProperty("input", {});
    const next = createModel();
    await generateText({
      model: next,
      tools: binding.tools,
      messages: [{ role: "user", content: prompt }, ...messages],
    });
    expect(lastAnswers(next)).toEqual(expected);
  });

  test("is told when a stream breaks off", async () => {
    const binding = create();
    const broken = new MockLanguageModelV4({
      doStream: async () => ({
        stream: convertArrayToReadableStream<LanguageModelV4StreamPart>([
          { type: "stream-start", warnings: [] },
          { type: "error", error: new Error("overloaded, key sk-verysecret") },
        ]),
      }),
    });
    const { stream } = streamText({ model: broken, tools: binding.tools, prompt, onError: () => {} });
    const error = await binding.collect(stream).catch((caught: ToolyardError) => caught);
    expect(error).toMatchObject({ code: "MODEL_FAILED", message: expect.stringContaining("overloaded") });
    expect((error as Error).message).not.toContain("verysecret");
    const cut = (async function* () {
      yield { type: "text-delta", id: "1", text: "H" };
    })();
    await expect(binding.collect(cut)).rejects.toThrow(/ended before it was whole/);
    const aborted = (async function* () {
      yield { type: "abort" };
    })();
    await expect(binding.collect(aborted)).rejects.toThrow(/aborted/);
  });

  test("does not answer what the AI SDK, a provider or a person has to", async () => {
    const binding = create();
    const mine = { ...binding.tools, mine: { inputSchema: z.object({}), execute: () => "own" } };
    const model = createModel([
      call("1", "mine", {}),
      call("2", "time_now", {}),
      call("3", "math_calculate", { expression: "1" }),
    ]);
    const result = await generateText({
      model,
      tools: mine,
      prompt,
      toolApproval: ({ toolCall }) => (toolCall.toolCallId === "3" ? "user-approval" : undefined),
    });
    expect(binding.decode(result).map(({ id }) => id)).toEqual(["2"]);
    const messages = binding.toMessages(result, await binding.run(result));
    expect(answersIn(messages as ModelMessage[])).toEqual({
      1: { type: "text", value: "own" },
      2: { type: "text", value: expect.stringContaining("12:00") },
    });
    // Ids of one step come again in the next.
    const again = await generateText({
      model: createModel([call("1", "mine", {})], [call("1", "time_now", {})]),
      tools: mine,
      prompt,
      stopWhen,
    });
    expect(binding.decode(again).map(({ wireName }) => wireName)).toEqual(["time_now"]);
    const both = binding.toMessages(again, await binding.run(again)) as ModelMessage[];
    expect(both.map(({ role }) => role)).toEqual(["assistant", "tool", "assistant", "tool"]);
    expect(answersIn(both.slice(0, 2))).toEqual({ 1: { type: "text", value: "own" } });
    const provided = {
      type: "tool-call",
      toolCallId: "5",
      toolName: "web",
      input: {},
      providerExecuted: true,
    } as const;
    expect(binding.decode([provided])).toEqual([]);
  });
});

test("an id that the model left out is no idempotency key", () => {
  const bare = { type: "tool-call", toolCallId: "", toolName: "time_now", input: {} } as const;
  const [made, given] = aiSdk(createSample()).decode([bare, { ...bare, toolCallId: "1" }]);
  expect(made).toMatchObject({ id: "call_0", isIdMadeUp: true });
  expect(given).not.toHaveProperty("isIdMadeUp");
});

describe("outputs", () => {
  test("that come back from a client go to the model only in forms that the binding makes", () => {
    const tool = aiSdk(createSample()).tools["time_now"];
    const shown = (output: unknown): unknown => tool?.toModelOutput({ toolCallId: "1", input: {}, output });
    const file = { type: "file", mediaType: "image/png", data: { type: "data", data: "aGk=" } };
    for (const output of [
      { type: "text", value: "a" },
      { type: "error-text", value: "a" },
      { type: "content", value: [{ type: "text", text: "a" }, file] },
    ])
      expect(shown(output)).toBe(output);
    const url = { type: "content", value: [{ ...file, data: { type: "url", url: "http://169.254.169.254/" } }] };
    expect(shown(url)).toEqual({ type: "text", value: JSON.stringify(url) });
    for (const other of [
      { type: "content", value: [{ type: "file-url", url: "http://x/" }] },
      { type: "content", value: [{ ...file, data: { type: "data", data: "http://169.254.169.254/" } }] },
      { type: "content", value: [{ ...file, data: { type: "data", data: "data:image/png;base64,aGk=" } }] },
      { type: "content", value: [{ ...file, data: { type: "data", data: { length: 1 } } }] },
      { type: "content", value: [{ ...file, mediaType: "application/x-sh" }] },
      { type: "content", value: [{ ...file, filename: 1 }] },
      { type: "content", value: [{ ...file, providerOptions: { openai: { a: 1 } } }] },
      { type: "text", value: "a", providerOptions: { anthropic: { cacheControl: { type: "ephemeral" } } } },
    ])
      expect(shown(other)).toEqual({ type: "text", value: JSON.stringify(other) });
    expect(shown("plain")).toEqual({ type: "text", value: "plain" });
    expect(shown(undefined)).toEqual({ type: "text", value: "null" });
  });

  test("of a registry that is broken are masked, and the cause is kept", async () => {
    const registry = createSample();
    const broken = {
      list: registry.list,
      get: registry.get,
      results: registry.results,
      executeAll: () => Promise.reject(new Error("password=hunter2")),
    };
    const failure = await aiSdk(broken)
      .tools["time_now"]?.execute?.({}, { toolCallId: "1" })
      .catch((error: Error) => error);
    expect(failure).toMatchObject({
      message: "INTERNAL: The registry failed.",
      cause: { message: "password=hunter2" },
    });
  });

  test("of options that do not exist are refused with those that do", () => {
    const registry = createSample();
    expect(() => aiSdk(registry, { provider: "mistral" as "other" })).toThrow(
      /one of openai, anthropic, gemini, other/,
    );
    expect(() => aiSdk(registry, { execute: "no" as never })).toThrow(/execute: received "no", expected true or false/);
    expect(() => aiSdk(registry, { excute: false } as object)).toThrow(/did you mean execute/);
    expect(() => aiSdk(registry, { select: { defer: true, search: "provider" } })).toThrow(/has no tool search/);
    expect(aiSdk(registry, { principal: ada }).report.map(({ tool }) => tool)).toContain("notes.clear");
  });

  test("stand under any name, also one that objects inherit", async () => {
    const tool = defineTool({
      name: "__proto__",
      version: "1.0.0",
      description: "x",
      effect: "read",
      handler: () => new Promise((_resolve, reject) => reject(new ToolError("NO", "Not today."))),
    });
    const model = createModel([call("1", "__proto__", {})]);
    await generateText({ model, tools: aiSdk(createRegistry({ tools: [tool] })).tools, prompt, stopWhen });
    expect(lastAnswers(model)["1"]).toEqual({
      type: "error-text",
      value: expect.stringMatching(/^TOOL_ERROR NO: Not today/),
    });
  });
});
