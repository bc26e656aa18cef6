import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { createRegistry, defineTool, type Registry, Role } from "../index.ts";
import { createManualClock } from "../testing/manual-clock.ts";
import { createAgent } from "./agent.ts";
import { createConversation } from "./conversation.ts";
import type { ChatEvent } from "./events.ts";
import type { Message } from "./message.ts";
import type { Model, ModelEvent, ModelTurn } from "./model.ts";

const access = { roles: [Role.USER] } as const;
const ada = { id: "ada", roles: ["USER"] };
const bob = { id: "bob", roles: ["USER"] };

const echo = defineTool({
  name: "echo",
  version: "1.0.0",
  description: "Echo.",
  effect: "read",
  access,
  input: { type: "object", properties: { n: { type: "number" } }, required: ["n"] },
  handler: (input) => input,
});
const secret = defineTool({
  name: "secret",
  version: "1.0.0",
  description: "x",
  effect: "read",
  access: { roles: [Role.ADMIN] },
  handler: () => "hidden",
});
const crash = defineTool({
  name: "crash",
  version: "1.0.0",
  description: "x",
  effect: "read",
  access,
  handler() {
    throw new Error("hunter2");
  },
});

function createSample(): Registry {
  return createRegistry({ tools: [echo, secret, crash] });
}

type Scripted = readonly ModelEvent[] | Error;

/** A model that plays `script`, an answer for each turn, the last one repeated; `turns` is what it was shown. */
function createScriptedModel(script: readonly Scripted[]): Model & { readonly turns: ModelTurn[] } {
  const turns: ModelTurn[] = [];
  return {
    name: "scripted",
    turns,
    async *respond(turn) {
      turns.push({ ...turn, messages: [...turn.messages] });
      const answer = script[Math.min(turns.length, script.length) - 1] ?? [];
      if (answer instanceof Error) throw answer;
      yield* answer;
    },
  };
}

const say = (text: string): ModelEvent => ({ type: "text", text });
const call = (id: string, tool: string, input: unknown): ModelEvent => ({ type: "call", id, tool, input });

/** What every model's API insists on: each call is answered directly after it, once, in order. */
function expectPaired(messages: readonly Message[]): void {
  for (const [index, message] of messages.entries()) {
    const before = messages[index - 1];
    const expected = before?.role === "assistant" ? before.calls.map(({ id }) => id) : [];
    expect(message.role === "tool" ? message.results.map(({ id }) => id) : []).toEqual(expected);
  }
  const last = messages.at(-1);
  if (last?.role === "assistant") expect(last.calls).toEqual([]);
}

describe("a chat", () => {
  test("shows the model the tools of the principal, executes its calls, and ends with its answer", async () => {
    const model = createScriptedModel([
      [say("Wait. "), call("1", "echo", { n: 1 }), call("2", "echo", '{"n":2}')],
      [say("Do"), say("ne.")],
    ]);
    const events: ChatEvent[] = [];
    const agent = createAgent({ registry: createSample(), model, instructions: "Be kind." });
    const result = await agent.chat("Hi", { principal: ada, onEvent: (event) => events.push(event) });

    expect(model.turns[0]).toMatchObject({
      instructions: "Be kind.",
      principal: ada,
      messages: [{ role: "user", text: "Hi" }],
    });
    expect(model.turns[0]?.tools.map(({ name }) => name)).toEqual(["crash", "echo"]);
    expect(model.turns[1]?.messages.slice(1)).toEqual([
      {
        role: "assistant",
        text: "Wait. ",
        calls: [
          { id: "1", tool: "echo", input: { n: 1 } },
          { id: "2", tool: "echo", input: '{"n":2}' },
        ],
        echo: null,
      },
      {
        role: "tool",
        results: [
          { id: "1", ok: true, text: '{"n":1}' },
          { id: "2", ok: true, text: '{"n":2}' },
        ],
      },
    ]);
    expect(result).toMatchObject({ text: "Done.", steps: 2, stopped: "answered" });
    expect(result.calls.map(({ outcome }) => outcome.ok && outcome.output)).toEqual([{ n: 1 }, { n: 2 }]);
    expect(events.map(({ type }) => type)).toEqual([
      "text",
      "call",
      "call",
      "checkpoint",
      "result",
      "result",
      "checkpoint",
      "text",
      "text",
      "done",
    ]);
    expect(result).not.toHaveProperty("usage");
  });

  test("runs the calls of an answer at the same time, up to the limit, and keeps their order", async () => {
    let running = 0;
    let most = 0;
    const slow = defineTool({
      name: "slow",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access,
      input: { type: "object", properties: { turns: { type: "number" } } },
      async handler(input) {
        most = Math.max(most, ++running);
        for (let turn = 0; turn < Number(input["turns"]); turn++) await Promise.resolve();
        running--;
        return input["turns"];
      },
    });
    const calls = [40, 1, 20, 2].map((turns, index) => call(`c${index}`, "slow", { turns }));
    const agent = createAgent({
      registry: createRegistry({ tools: [slow] }),
      model: createScriptedModel([calls, [say("ok")]]),
      concurrency: 2,
    });
    const finished: string[] = [];
    const result = await agent.chat("x", { onEvent: (event) => event.type === "result" && finished.push(event.id) });
    expect(most).toBe(2);
    expect(result.calls.map(({ id }) => id)).toEqual(["c0", "c1", "c2", "c3"]);
    expect(finished).toEqual(["c1", "c2", "c3", "c0"]);
  });

  test("gives errors to the model and goes on", async () => {
    const calls = [
      call("1", "echo", {}),
      call("2", "secret", {}),
      call("3", "nothing", {}),
      call("4", "crash", {}),
      call("5", "echo", "{"),
    ];
    const model = createScriptedModel([calls, [say("I see.")]]);
    const result = await createAgent({ registry: createSample(), model }).chat("x", { principal: ada });
    expect(result.stopped).toBe("answered");
    const codes = result.calls.map(({ outcome }) => (outcome.ok ? "ok" : outcome.error.code));
    expect(codes).toEqual(["INVALID_INPUT", "UNKNOWN_TOOL", "UNKNOWN_TOOL", "TOOL_FAILED", "INVALID_JSON"]);
    const shown = JSON.stringify(model.turns[1]?.messages);
    expect(shown).not.toContain("hunter2");
    expect(shown).toContain('There is no tool \\"secret\\".');
    expect(shown).toContain('There is no tool \\"nothing\\".');
  });

  test("executes only what was shown, in the version that was shown", async () => {
    const registry = createSample();
    const model: Model = {
      name: "m",
      async *respond({ messages }) {
        if (messages.length > 1) return;
        await registry.register(defineTool({ ...echo.definition, version: "1.1.0", handler: () => "new" } as never));
        await registry.register(
          defineTool({ name: "late", version: "1.0.0", description: "x", effect: "read", access, handler: () => 1 }),
        );
        yield call("1", "echo", { n: 1 });
        yield call("2", "late", {});
      },
    };
    const { calls } = await createAgent({ registry, model }).chat("x", { principal: ada });
    expect(calls.map(({ outcome }) => (outcome.ok ? outcome.meta.version : outcome.error.code))).toEqual([
      "1.0.0",
      "UNKNOWN_TOOL",
    ]);
  });

  test("stops at the step limit and says so", async () => {
    const model = createScriptedModel([[say("Hm."), call("1", "echo", { n: 1 })]]);
    const conversation = createConversation();
    const result = await createAgent({ registry: createSample(), model, maxSteps: 3 }).chat("x", {
      principal: ada,
      conversation,
    });
    expect(result).toMatchObject({ stopped: "step_limit", steps: 3 });
    expect(result.text).toBe("Stopped after 3 steps without an answer: the model kept calling tools.");
    expect(result.calls).toHaveLength(3);
    expectPaired(conversation.messages);
  });

  test("sums up what the steps cost", async () => {
    const usage: ModelEvent = { type: "usage", inputTokens: 10, outputTokens: 3 };
    const model = createScriptedModel([
      [call("1", "echo", { n: 1 }), usage],
      [say("ok"), usage],
    ]);
    const { usage: sum } = await createAgent({ registry: createSample(), model }).chat("x", { principal: ada });
    expect(sum).toEqual({ inputTokens: 20, outputTokens: 6 });
  });

  test("gives calls ids of their own where a model uses one twice or none", async () => {
    const model = createScriptedModel([
      [call("a", "echo", { n: 1 }), call("a", "echo", { n: 2 }), call("", "echo", { n: 3 })],
      [call("a", "echo", { n: 4 })],
      [say("ok")],
    ]);
    const conversation = createConversation();
    const { calls } = await createAgent({ registry: createSample(), model }).chat("x", {
      principal: ada,
      conversation,
    });
    expect(calls.map(({ id }) => id)).toEqual(["a", "a_2", "call_2", "a_3"]);
    expect(calls.map(({ outcome }) => outcome.ok && outcome.output)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]);
    expectPaired(conversation.messages);
  });

  test("keeps what a model wants echoed, under its name, unless ids had to change", async () => {
    const items = [{ type: "x" }];
    const model = createScriptedModel([
      [call("a", "echo", { n: 1 }), { type: "echo", items }],
      [call("a", "echo", { n: 1 }), { type: "echo", items }],
      [say("ok")],
    ]);
    const conversation = createConversation();
    await createAgent({ registry: createSample(), model }).chat("x", { principal: ada, conversation });
    const echoes = conversation.messages.flatMap((message) => (message.role === "assistant" ? [message.echo] : []));
    expect(echoes).toEqual([{ model: "scripted", items }, null, null]);
  });

  test("survives a listener that throws", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const agent = createAgent({
      registry: createSample(),
      model: createScriptedModel([[call("1", "echo", { n: 1 })], [say("ok")]]),
    });
    const result = await agent.chat("x", {
      principal: ada,
      onEvent() {
        throw new Error("listener");
      },
    });
    expect(result.text).toBe("ok");
    expect(warn).toHaveBeenCalledTimes(6);
    warn.mockRestore();
  });

  test("refuses options it cannot use, all at once and by name", async () => {
    const registry = createSample();
    const model = createScriptedModel([]);
    const options = {
      registry,
      model,
      maxStep: 3,
      maxSteps: 0,
      memory: { maxMessage: 1, maxCharacters: -1 },
      instructions: 5,
    };
    expect(() => createAgent({ registry, model, maxStep: 3 } as never)).toThrow(/maxStep.*did you mean maxSteps/);
    const { maxStep: _, ...rest } = options;
    expect(() => createAgent(rest as never)).toThrow(
      /instructions[\s\S]*maxSteps[\s\S]*memory\.maxMessage: .*did you mean maxMessages[\s\S]*memory\.maxCharacters/,
    );
    expect(() => createAgent({ registry: {}, model: "gpt" } as never)).toThrow(
      /registry: [\s\S]*model: received "gpt"/,
    );
    await expect(createAgent({ registry, model }).chat(5 as never)).rejects.toThrow(
      "received number, expected a string",
    );
  });
});

describe("a model that fails", () => {
  test("ends the chat with a text that holds nothing of the exception", async () => {
    const result = await createAgent({
      registry: createSample(),
      model: createScriptedModel([new Error("key sk-123")]),
    }).chat("x", { principal: ada });
    expect(result).toMatchObject({ stopped: "model_failed", text: 'The model "scripted" failed.', steps: 0 });
    expect(result.error?.cause).toBeInstanceOf(Error);
    expect(JSON.stringify(result)).not.toContain("sk-123");
  });

  test("leaves no trace of a question that came to nothing, and every trace of calls that were made", async () => {
    const conversation = createConversation();
    const model = createScriptedModel([new Error("down"), [call("1", "echo", { n: 1 })], new Error("down")]);
    const agent = createAgent({ registry: createSample(), model });
    await agent.chat("x", { principal: ada, conversation });
    expect(conversation.messages).toEqual([]);
    const { calls, stopped } = await agent.chat("x", { principal: ada, conversation });
    expect([calls.length, stopped]).toEqual([1, "model_failed"]);
    expect(conversation.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expectPaired(conversation.messages);
  });
});

describe("cancelling", () => {
  test("aborts handlers, and still answers every call", async () => {
    const reasons: unknown[] = [];
    const entered = Promise.withResolvers<void>();
    const hang = defineTool({
      name: "hang",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access,
      handler: (_input, { signal }) =>
        new Promise<never>(() => {
          signal.addEventListener("abort", () => reasons.push(signal.reason));
          entered.resolve();
        }),
    });
    const registry = createRegistry({ tools: [hang], clock: createManualClock() });
    const model = createScriptedModel([
      [call("1", "hang", {}), call("2", "hang", {}), call("3", "hang", {})],
      [say("never")],
    ]);
    const controller = new AbortController();
    const conversation = createConversation();
    const agent = createAgent({ registry, model, concurrency: 2, maxSteps: 1 });
    const chat = agent.chat("x", { principal: ada, conversation, signal: controller.signal });
    await entered.promise;
    controller.abort();
    const result = await chat;
    expect(result).toMatchObject({ stopped: "cancelled", text: "The chat was cancelled." });
    expect(result.calls.map(({ outcome }) => !outcome.ok && outcome.error.code)).toEqual([
      "CANCELLED",
      "CANCELLED",
      "CANCELLED",
    ]);
    expect(reasons.length).toBeGreaterThan(0);
    expectPaired(conversation.messages);
  });

  test("does not wait for a model that ignores its signal", async () => {
    const stuck: Model = {
      name: "stuck",
      async *respond() {
        yield say("So far");
        await new Promise(() => {});
      },
    };
    const controller = new AbortController();
    const conversation = createConversation();
    const chat = createAgent({ registry: createSample(), model: stuck }).chat("x", {
      conversation,
      signal: controller.signal,
      onEvent: (event) => event.type === "text" && controller.abort(),
    });
    expect(await chat).toMatchObject({ stopped: "cancelled", text: "So far" });
    expect(conversation.messages.at(-1)).toEqual({ role: "assistant", text: "So far", calls: [], echo: null });
  });

  test("before the first answer asks the model nothing", async () => {
    const model = createScriptedModel([[say("x")]]);
    const result = await createAgent({ registry: createSample(), model }).chat("x", { signal: AbortSignal.abort() });
    expect(result.stopped).toBe("cancelled");
    expect(model.turns).toEqual([]);
  });
});

describe("a stream", () => {
  test("yields what chat tells, the result as the last", async () => {
    const script = [[say("a"), call("1", "echo", { n: 1 })], [say("b")]];
    const told: ChatEvent[] = [];
    await createAgent({ registry: createSample(), model: createScriptedModel(script) }).chat("x", {
      principal: ada,
      onEvent: (event) => told.push(event),
    });
    const streamed: ChatEvent[] = [];
    for await (const event of createAgent({ registry: createSample(), model: createScriptedModel(script) }).stream(
      "x",
      { principal: ada },
    ))
      streamed.push(event);
    expect(streamed.map(({ type }) => type)).toEqual(told.map(({ type }) => type));
    expect(streamed.at(-1)).toMatchObject({ type: "done", result: { text: "b", stopped: "answered" } });
  });

  test("that is left cancels the chat, and the conversation is whole when the loop is over", async () => {
    const hang = defineTool({
      name: "hang",
      version: "1.0.0",
      description: "x",
      effect: "read",
      access,
      handler: () => new Promise<never>(() => {}),
    });
    const registry = createRegistry({ tools: [hang], clock: createManualClock() });
    const conversation = createConversation();
    const agent = createAgent({
      registry,
      model: createScriptedModel([[call("1", "hang", {}), call("2", "hang", {})]]),
    });
    for await (const event of agent.stream("x", { principal: ada, conversation })) if (event.type === "call") break;
    expect(conversation.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expectPaired(conversation.messages);
  });

  test("rejects what chat rejects", async () => {
    const agent = createAgent({ registry: createSample(), model: createScriptedModel([]) });
    await expect(agent.stream(1 as never).next()).rejects.toThrow("expected a string");
  });

  test("ends with the exception of a registry that breaks its promise", async () => {
    const registry = { ...createSample(), execute: () => Promise.reject(new Error("broken")) };
    const agent = createAgent({ registry, model: createScriptedModel([[call("1", "echo", { n: 1 })]]) });
    const events: string[] = [];
    const reading = (async () => {
      for await (const event of agent.stream("x")) events.push(event.type);
    })();
    await expect(reading).rejects.toThrow("broken");
    expect(events).toEqual(["call", "checkpoint"]);
  });
});

describe("memory", () => {
  test("goes from one chat to the next", async () => {
    const model = createScriptedModel([[say("one")], [say("two")]]);
    const agent = createAgent({ registry: createSample(), model });
    await agent.chat("first", { principal: ada });
    await agent.chat("second", { principal: ada });
    expect(model.turns[1]?.messages.map((message) => (message.role === "tool" ? "" : message.text))).toEqual([
      "first",
      "one",
      "second",
    ]);
  });

  test("is one for each principal: two principals never share a memory", async () => {
    const model = createScriptedModel([[say("ok")]]);
    const agent = createAgent({ registry: createSample(), model });
    const people = [ada, bob, undefined, { ...ada, tenant: "other" }];
    for (const principal of people) await agent.chat("mine", principal === undefined ? {} : { principal });
    expect(model.turns.map(({ messages }) => messages.length)).toEqual([1, 1, 1, 1]);
    await agent.chat("again", { principal: { id: "ada", roles: ["USER"], tenant: "default" } });
    expect(model.turns[4]?.messages.length).toBe(3);
    await expect(agent.chat("x", { principal: { id: "" } })).rejects.toThrow("principal.id");
  });

  test("forgets the principal that was away the longest when there are too many", async () => {
    const model = createScriptedModel([[say("ok")]]);
    const agent = createAgent({ registry: createSample(), model, memory: { maxConversations: 2 } });
    for (const id of ["a", "b", "a", "c", "a", "b"]) await agent.chat("x", { principal: { id } });
    expect(model.turns.map(({ messages }) => messages.length)).toEqual([1, 1, 3, 1, 5, 1]);
  });

  test("is where the caller says, and plain data", async () => {
    const model = createScriptedModel([[call("1", "echo", { n: 1 })], [say("ok")]]);
    const agent = createAgent({ registry: createSample(), model });
    const conversation = agent.createConversation();
    await agent.chat("x", { principal: ada, conversation });
    expect(JSON.parse(JSON.stringify(conversation))).toEqual(conversation);
    await agent.chat("y", { principal: ada });
    expect(model.turns.at(-1)?.messages).toHaveLength(1);
  });

  test("takes whole turns of chats that go on at the same time", async () => {
    const agent = createAgent({
      registry: createSample(),
      model: {
        name: "m",
        async *respond({ messages }) {
          if (messages.at(-1)?.role === "user") yield call("1", "echo", { n: 1 });
          else yield say("ok");
        },
      },
    });
    const conversation = createConversation();
    await Promise.all(["a", "b", "c"].map((text) => agent.chat(text, { principal: ada, conversation })));
    expect(conversation.messages).toHaveLength(12);
    expectPaired(conversation.messages);
  });

  test("is paired after any sequence of answers, failures and cancellations", async () => {
    const answer = fc.oneof(
      fc.array(
        fc.constantFrom(say("x"), call("a", "echo", { n: 1 }), call("b", "nothing", "{"), call("a", "crash", null)),
        { maxLength: 4 },
      ),
      fc.constant(new Error("down")),
    );
    const chats = fc.array(
      fc.record({
        script: fc.array(answer, { minLength: 1, maxLength: 4 }),
        abortAfter: fc.integer({ min: 0, max: 12 }),
      }),
      { maxLength: 5 },
    );
    await fc.assert(
      fc.asyncProperty(chats, fc.integer({ min: 0, max: 12 }), async (runs, maxMessages) => {
        const conversation = createConversation();
        for (const { script, abortAfter } of runs) {
          const controller = new AbortController();
          let events = 0;
          const agent = createAgent({
            registry: createSample(),
            model: createScriptedModel(script),
            maxSteps: 3,
            memory: { maxMessages },
          });
          const onEvent = (): void => {
            if (++events === abortAfter) controller.abort();
          };
          await agent.chat("x", { principal: ada, conversation, signal: controller.signal, onEvent });
          expectPaired(conversation.messages);
          expect(conversation.messages.length).toBeLessThanOrEqual(maxMessages);
          if (conversation.messages.length > 0) expect(conversation.messages[0]?.role).toBe("user");
        }
      }),
      { numRuns: 100 },
    );
  });
});

test("refuses a misspelt principal rather than chat as trusted code", async () => {
  const model: Model = { name: "mute", async *respond() {} };
  const agent = createAgent({ registry: createSample(), model });
  await expect(agent.chat("x", { principle: ada } as never)).rejects.toThrow(/did you mean principal\?/);
});
