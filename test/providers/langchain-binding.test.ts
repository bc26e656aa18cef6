// The LangChain binding with LangChain's own tools, messages and models: whatever a model writes, each of its calls gets
// exactly one answer. Agents invoke tools as here: with a call, and a signal in the configuration.
import { AIMessage, AIMessageChunk, type BaseMessage, HumanMessage, type ToolMessage } from "@langchain/core/messages";
import { fakeModel } from "@langchain/core/testing";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createPrincipal, createRegistry, defineTool, type Principal, type Registry, Role } from "../../src/index.ts";
import { langchain, type LangChainBinding } from "../../src/providers/langchain/index.ts";
import { createManualClock } from "../../src/testing/manual-clock.ts";
import { sampleTools } from "./sample-tools.ts";

const gus: Principal = createPrincipal({ id: "gus", roles: [Role.GUEST] });
const access = { roles: [Role.GUEST] } as const;

function createSample(): Registry {
  return createRegistry({ tools: sampleTools });
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

/** What an agent does with a call. */
async function invoke(
  { tools }: LangChainBinding,
  id: string,
  name: string,
  args: object,
  config: { signal?: AbortSignal } = {},
): Promise<ToolMessage> {
  const tool = tools.find((one) => one.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return (await tool.invoke(
    { type: "tool_call", id, name, args: args as Record<string, unknown> },
    config,
  )) as ToolMessage;
}

const toPlain = ({ tool_call_id, name, status, content }: ToolMessage): unknown => ({
  tool_call_id,
  name,
  status,
  content,
});

describe("tools that an agent invokes", () => {
  test("call the registry and answer with a tool message", async () => {
    const binding = langchain(createSample(), { principal: gus });
    expect(toPlain(await invoke(binding, "1", "math_calculate", { expression: "1+1" }))).toEqual({
      tool_call_id: "1",
      name: "math_calculate",
      status: "success",
      content: '{"result":"<1+1>"}',
    });
    const tool = binding.tools.find(({ name }) => name === "math_calculate");
    expect(await tool?.invoke({ expression: "2" })).toBe('{"result":"<2>"}');
  });

  test("show a schema that does not refuse what the registry is to judge", async () => {
    const registry = createSample();
    const binding = langchain(registry, { principal: gus, provider: "openai", strict: "require" });
    const [tool] = binding.tools.filter(({ name }) => name === "time_now");
    if (tool === undefined) throw new Error("no tool");
    expect(convertToOpenAITool(tool)).toMatchObject({
      type: "function",
      function: { name: "time_now", parameters: { required: ["timeZone"], additionalProperties: false } },
    });
    // Not a string in the schema of the tool itself, and required in the one that is shown.
    expect((await invoke(binding, "1", "time_now", { timeZone: null })).status).toBe("success");
    expect((await invoke(binding, "2", "time_now", {})).status).toBe("success");
    const wrong = await invoke(binding, "3", "weather_climate", { city: "Oslo", month: 13 });
    expect(wrong.status).toBe("error");
    expect(wrong.content).toMatch(/^INVALID_INPUT: .*\n- month: .*received number 13\.$/);
    expect(registry.usage("weather.climate").calls).toBe(1);
  });

  test("answer crashes, time-outs and cancellations, and say nothing of the inside", async () => {
    const clock = createManualClock();
    const hang = defineTool({
      name: "hang",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access,
      timeoutMs: 50,
      handler: () => new Promise<never>(() => {}),
    });
    const binding = langchain(createRegistry({ tools: [crash, hang], clock, retry: false }), { principal: gus });
    const crashed = await invoke(binding, "1", "crash", {});
    expect(crashed.content).toMatch(/^TOOL_FAILED: The tool failed\. Quote call_/);
    const hanging = invoke(binding, "2", "hang", {});
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(60);
    expect(toPlain(await hanging)).toMatchObject({ status: "error", content: expect.stringMatching(/^TIMEOUT: /) });
    const cancelled = await invoke(binding, "3", "hang", {}, { signal: AbortSignal.abort() });
    expect(cancelled.content).toMatch(/^CANCELLED: /);
  });

  test("mask a registry that is broken, and keep the cause", async () => {
    const { list, get, results } = createSample();
    const executeAll = (): Promise<never> => Promise.reject(new Error("password=hunter2"));
    const binding = langchain({ list, get, results, executeAll });
    await expect(invoke(binding, "1", "time_now", {})).rejects.toMatchObject({
      message: "INTERNAL: The registry failed.",
      cause: { message: "password=hunter2" },
    });
  });
});

describe("a loop of one's own", () => {
  const calls = [
    { id: "1", name: "math_calculate", args: { expression: "1+1" } },
    { id: "2", name: "time_noww", args: {} },
    { id: "3", name: "crash", args: {} },
  ];
  const invalid = [{ id: "4", name: "weather_climate", args: '{"city":', error: "Unexpected end" }];
  const expected = [
    { tool_call_id: "1", name: "math_calculate", status: "success", content: '{"result":"<1+1>"}' },
    {
      tool_call_id: "2",
      name: "time_noww",
      status: "error",
      content: 'UNKNOWN_TOOL: There is no tool "time_noww". Did you mean time_now?',
    },
    { tool_call_id: "3", name: "crash", status: "error", content: expect.stringMatching(/^TOOL_FAILED: /) },
    { tool_call_id: "4", name: "weather_climate", status: "error", content: expect.stringMatching(/^INVALID_JSON: /) },
  ];

  const create = (): LangChainBinding =>
    langchain(createRegistry({ tools: [...sampleTools, crash] }), { principal: gus });

  test("answers every call once, also what LangChain could not read", async () => {
    const binding = create();
    const model = fakeModel()
      .respond(new AIMessage({ content: "", tool_calls: calls, invalid_tool_calls: invalid }))
      .respond(new AIMessage("Done."));
    const bound = model.bindTools(binding.tools);
    const messages: BaseMessage[] = [new HumanMessage("Go on.")];
    const answer = await bound.invoke(messages);
    const results = await binding.run(answer);
    expect(results.map(toPlain)).toEqual(expected);
    messages.push(...binding.toMessages(answer, results));
    expect((await bound.invoke(messages)).text).toBe("Done.");
    expect(model.calls[1]?.messages.map(({ type }) => type)).toEqual(["human", "ai", "tool", "tool", "tool", "tool"]);
  });

  test("collects a stream", async () => {
    const binding = create();
    const said: string[] = [];
    const chunks = (async function* () {
      yield new AIMessageChunk("I ");
      yield new AIMessageChunk("look.");
      const piece = { index: 0, type: "tool_call_chunk" } as const;
      yield new AIMessageChunk({
        content: "",
        tool_call_chunks: [{ ...piece, id: "1", name: "math_calculate", args: '{"expression"' }],
      });
      yield new AIMessageChunk({ content: "", tool_call_chunks: [{ ...piece, args: ':"1+1"}' }] });
    })();
    const collected = await binding.collect(chunks, (text) => said.push(text));
    expect(said.join("")).toBe("I look.");
    expect((await binding.run(collected)).map(toPlain)).toEqual(expected.slice(0, 1));
    const nothing = (async function* () {})();
    await expect(binding.collect(nothing)).rejects.toMatchObject({ code: "MODEL_FAILED", retryable: true });
  });

  test("refuses a streamed call that was cut off, and reads the digits of a whole one", async () => {
    const received: unknown[] = [];
    const exact = defineTool({
      name: "exact",
      version: "1.0.0",
      description: "x",
      effect: "read",
      exactNumbers: "text",
      input: { type: "object", properties: { size: { type: ["integer", "string"] } }, additionalProperties: false },
      handler: (input) => void received.push(input),
    });
    const binding = langchain(createRegistry({ tools: [exact] }));
    const stream = async function* (args: string): AsyncGenerator<AIMessageChunk> {
      for (const part of [args.slice(0, 5), args.slice(5)]) {
        const first = part === args.slice(0, 5) ? { id: "1", name: "exact" } : {};
        const piece = { index: 0, type: "tool_call_chunk", args: part, ...first } as const;
        yield new AIMessageChunk({ content: "", tool_call_chunks: [piece] });
      }
    };
    const [cut] = await binding.run(await binding.collect(stream('{"size": 12')));
    expect(cut?.content).toMatch(/^INVALID_JSON: /);
    await binding.run(await binding.collect(stream('{"size": 12345678901234567890}')));
    expect(received).toEqual([{ size: "12345678901234567890" }]);
  });

  test("leaves alone what a conversation has answered", async () => {
    const binding = create();
    const answer = new AIMessage({ content: "", tool_calls: calls });
    const [first, ...rest] = await binding.run(answer);
    if (first === undefined) throw new Error("no answer");
    // Another turn may have used the same ids.
    const before = [answer, first, ...rest];
    expect(binding.decode([...before, answer, first]).map(({ id }) => id)).toEqual(["2", "3"]);
    expect(binding.decode(before)).toEqual([]);
  });

  test("has what was searched for, and the tool to read on with, among the next tools", async () => {
    const long = defineTool({
      name: "long",
      version: "1.0.0",
      description: "A long text.",
      effect: "read",
      access,
      handler: () => "x".repeat(5_000),
    });
    const binding = langchain(createRegistry({ tools: [...sampleTools, long] }), {
      principal: gus,
      maxResultBytes: 1_024,
      select: { defer: ({ name }) => name !== "long" },
    });
    // A `ToolNode` keeps the array that it was given.
    const { tools } = binding;
    const names = (): readonly string[] => tools.map(({ name }) => name);
    expect(names()).toEqual(["toolyard_search_tools", "long"]);
    await invoke(binding, "1", "toolyard_search_tools", { query: "weather" });
    expect(names().slice(0, 3)).toEqual(["toolyard_search_tools", "long", "weather_climate"]);
    await invoke(binding, "2", "long", {});
    expect(names().at(-1)).toBe("toolyard_read_result");
  });

  test("refuses what is no message, and options that do not exist", async () => {
    const binding = create();
    expect(binding.decode(new AIMessage("Hi"))).toEqual([]);
    await expect(binding.run("text" as never)).rejects.toThrow(
      /received a string, expected an AI message or an array of messages with one/,
    );
    expect(() => langchain(createSample(), { provider: "mistral" as "other" })).toThrow(/one of openai, anthropic/);
    expect(() => langchain(createSample(), { providr: "openai" } as object)).toThrow(/did you mean provider/);
    const labels = defineTool({
      name: "labels",
      version: "1.0.0",
      description: "x",
      effect: "read",
      input: z.strictObject({ labels: z.record(z.string(), z.string()) }),
      handler: () => 1,
    });
    expect(() => langchain(createRegistry({ tools: [labels] }), { strict: "require" })).toThrow(/labels is a map/);
  });
});
