// Turns that stop and go on: with decisions, in another process, after a crash, and never as somebody else.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRegistry, defineTool, type Registry, Role } from "../index.ts";
import { type AgentRegistry, createAgent } from "./agent.ts";
import type { Approve } from "./approval.ts";
import type { ChatState } from "./chat-state.ts";
import { createConversation } from "./conversation.ts";
import type { ChatEvent } from "./events.ts";
import type { Model, ModelEvent } from "./model.ts";

const access = { roles: [Role.USER] } as const;
const ada = { id: "ada", roles: ["USER"] };
const input = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;
const common = { version: "1.0.0", description: "x", access, input } as const;
const call = (id: string, tool: string, given: unknown): ModelEvent => ({ type: "call", id, tool, input: given });

/** Answers by how far the turn has come, so that every process has the same model. */
function createScript(...answers: readonly (readonly ModelEvent[])[]): Model {
  return {
    name: "script",
    async *respond({ messages }) {
      const from = messages.findLastIndex(({ role }) => role === "user");
      const step = messages.slice(from).filter(({ role }) => role === "assistant").length;
      yield* answers[step] ?? [{ type: "text", text: "done" }];
    },
  };
}

function open() {
  const done: number[] = [];
  const keys: (string | null)[] = [];
  const record = ({ n }: { n: number }, { idempotencyKey }: { idempotencyKey: string | null }) => {
    done.push(n);
    keys.push(idempotencyKey);
    return { paid: n };
  };
  const pay = defineTool({ ...common, name: "pay", effect: "write", honoursKeys: true, handler: record as never });
  const look = defineTool({ ...common, name: "look", effect: "read", handler: ({ n }) => ({ saw: n }) });
  return { done, keys, registry: createRegistry({ tools: [pay, look] }) };
}

const stored = (state: ChatState | undefined): ChatState => JSON.parse(JSON.stringify(state)) as ChatState;
const later: Approve = ({ tool }) => (tool.effect === "read" ? true : "later");
const one = createScript([call("p", "pay", { n: 1 }), call("l", "look", { n: 2 }), call("q", "pay", { n: 3 })]);

describe("a turn that waits to be approved", () => {
  test("has made the other calls, and says which ones wait", async () => {
    const { done, registry } = open();
    const conversation = createConversation();
    const result = await createAgent({ registry, model: one, approve: later }).chat("go", {
      principal: ada,
      conversation,
    });
    expect(result).toMatchObject({
      stopped: "approval_pending",
      text: "Waiting for approval of 2 calls: pay, pay.",
      pending: [
        { id: "p", tool: "pay", input: { n: 1 } },
        { id: "q", tool: "pay", input: { n: 3 } },
      ],
      calls: [{ id: "l", outcome: { ok: true } }],
      state: { version: 1, principal: { tenant: "default", id: "ada" }, results: [{ id: "l", text: '{"saw":2}' }] },
    });
    expect(done).toEqual([]);
    expect(conversation.messages).toEqual([]);
  });

  test("goes on with decisions, in another process, and answers every call in order", async () => {
    const { done, registry } = open();
    const first = await createAgent({ registry, model: one, approve: later }).chat("go", { principal: ada });
    const conversation = createConversation();
    const events: string[] = [];
    const agent = createAgent({ registry, model: one, approve: later });
    const result = await agent.resume(stored(first.state), {
      principal: ada,
      conversation,
      decisions: { p: true, q: { deny: "Once is enough." } },
      onEvent: (event) => events.push(event.type),
    });
    expect(result).toMatchObject({ stopped: "answered", text: "done", steps: 2 });
    expect(result.calls.map(({ id, outcome }) => [id, outcome.ok || outcome.error.code])).toEqual([
      ["p", true],
      ["l", true],
      ["q", "APPROVAL_DENIED"],
    ]);
    expect(done).toEqual([1]);
    expect(conversation.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant"]);
    expect(conversation.messages[2]).toMatchObject({
      results: [{ id: "p" }, { id: "l" }, { id: "q", text: /Once is/ }].map(({ id }) => ({ id })),
    });
    expect(JSON.stringify(conversation)).toContain("Once is enough.");
    expect(events.slice(0, 4)).toEqual(["call", "call", "checkpoint", "result"]);
  });

  test("asks the hook about what was not decided, and stops again when it says so", async () => {
    const { done, registry } = open();
    const agent = createAgent({ registry, model: one, approve: later });
    const first = await agent.chat("go", { principal: ada });
    const second = await agent.resume(stored(first.state), { principal: ada, decisions: { p: true } });
    expect(second).toMatchObject({ stopped: "approval_pending", pending: [{ id: "q" }] });
    expect(done).toEqual([1]);
    const third = await agent.resume(stored(second.state), { principal: ada, decisions: { p: true, q: true } });
    expect([third.stopped, done]).toEqual(["answered", [1, 3]]);
  });

  test("waits on where nobody can be asked: an agent without a hook executes nothing that was to be approved", async () => {
    const { done, registry } = open();
    const first = await createAgent({ registry, model: one, approve: later }).chat("go", { principal: ada });
    const agent = createAgent({ registry, model: one });
    const second = await agent.resume(stored(first.state), { principal: ada });
    expect([second.stopped, done]).toEqual(["approval_pending", []]);
    const third = await agent.resume(stored(second.state), { principal: ada, decisions: { p: false, q: true } });
    expect([third.stopped, done]).toEqual(["answered", [3]]);
  });

  test("resumed twice has its effects once and stands in the conversation once", async () => {
    const { done, keys, registry } = open();
    const agent = createAgent({ registry, model: one, approve: later });
    const conversation = createConversation();
    const { state } = await agent.chat("go", { principal: ada, conversation });
    await agent.chat("And?", { principal: ada, conversation });
    const options = { principal: ada, conversation, decisions: { p: true, q: true } } as const;
    const [once, again] = [await agent.resume(stored(state), options), await agent.resume(stored(state), options)];
    expect(done).toEqual([1, 3]);
    expect(new Set(keys).size).toBe(2);
    expect(again.calls[0]?.outcome.meta.replayOf).toBe(once.calls[0]?.outcome.meta.callId);
    expect(conversation.messages.filter(({ role }) => role === "user")).toHaveLength(1);
  });

  test("refuses what has changed since without asking anybody, and does not execute it", async () => {
    const { done, registry } = open();
    const first = await createAgent({ registry, model: one, approve: later }).chat("go", { principal: ada });
    await registry.unregister("pay");
    await registry.register(
      defineTool({ ...common, name: "pay", effect: "write", description: "Pays.", handler: () => void done.push(-1) }),
    );
    const result = await createAgent({ registry, model: one, approve: later }).resume(stored(first.state), {
      principal: ada,
      decisions: { p: true, q: true },
    });
    expect(result.calls.map(({ outcome }) => outcome.ok || outcome.error.code)).toEqual([
      "CONTRACT_CHANGED",
      true,
      "CONTRACT_CHANGED",
    ]);
    expect(done).toEqual([]);
  });

  test("does not call what the agent does not offer, whatever the state says", async () => {
    const { done, registry } = open();
    const first = await createAgent({ registry, model: one, approve: later }).chat("go", { principal: ada });
    const agent = createAgent({ registry, model: one, select: { names: ["look"] } });
    const result = await agent.resume(stored(first.state), { principal: ada, decisions: { p: true, q: true } });
    expect(result.calls.map(({ outcome }) => outcome.ok || outcome.error.code)).toEqual([
      "UNKNOWN_TOOL",
      true,
      "UNKNOWN_TOOL",
    ]);
    expect(done).toEqual([]);
  });

  test("keeps its calls when it is resumed with a signal that is aborted", async () => {
    const { registry } = open();
    const agent = createAgent({ registry, model: one, approve: later });
    const conversation = createConversation();
    const { state } = await agent.chat("go", { principal: ada, conversation });
    const cut = await agent.resume(stored(state), { principal: ada, conversation, signal: AbortSignal.abort() });
    expect(cut).toMatchObject({ stopped: "cancelled", state });
    expect(conversation.messages).toEqual([]);
  });
});

describe("a process that dies between an effect and its result", () => {
  test("goes on from its last checkpoint, and the effect is there once", async () => {
    const { done, registry } = open();
    let last: ChatState | undefined;
    const { promise: happened, resolve } = Promise.withResolvers<void>();
    const dying = {
      ...registry,
      async execute(...args: Parameters<Registry["execute"]>) {
        await registry.execute(...args);
        resolve();
        return new Promise(() => {});
      },
    } as unknown as AgentRegistry;
    const model = createScript([call("p", "pay", { n: 1 })]);
    void createAgent({ registry: dying, model }).chat("go", {
      principal: ada,
      onEvent: (event) => {
        if (event.type === "checkpoint") last = stored(event.state);
      },
    });
    await happened;
    expect(last).toMatchObject({ open: [{ id: "p", version: "1.0.0", asked: false }], results: [] });
    const result = await createAgent({ registry, model }).resume(last as never, { principal: ada });
    expect(result).toMatchObject({ stopped: "answered", calls: [{ outcome: { ok: true, output: { paid: 1 } } }] });
    expect(result.calls[0]?.outcome.meta.replayOf).not.toBeNull();
    expect(done).toEqual([1]);
  });

  test("does not ask again about what was approved and done", async () => {
    const { done, registry } = open();
    const model = createScript([call("p", "pay", { n: 1 })]);
    const asked: string[] = [];
    const approve: Approve = ({ id }) => {
      asked.push(id);
      return true;
    };
    const states: ChatState[] = [];
    const agent = createAgent({ registry, model, approve });
    await agent.chat("go", {
      principal: ada,
      onEvent: (event) => event.type === "checkpoint" && states.push(stored(event.state)),
    });
    const result = await agent.resume(states[0] as ChatState, { principal: ada });
    expect(result.calls[0]?.outcome).toMatchObject({ ok: true, output: { paid: 1 } });
    expect([asked, done]).toEqual([["p"], [1]]);
  });
});

describe("a checkpoint", () => {
  test("is waited for before its calls are made, and a listener that fails does not stop them", async () => {
    const { done, registry } = open();
    const model = createScript([call("p", "pay", { n: 1 })]);
    const { promise, resolve } = Promise.withResolvers<void>();
    const order: string[] = [];
    const chat = createAgent({ registry, model }).chat("go", {
      principal: ada,
      onEvent: async (event: ChatEvent) => {
        if (event.type !== "checkpoint" || order.length > 0) return;
        order.push(`told with ${done.length} effects`);
        await promise;
        order.push(`stored with ${done.length} effects`);
      },
    });
    resolve();
    await chat;
    expect(order).toEqual(["told with 0 effects", "stored with 0 effects"]);
    expect(done).toEqual([1]);
  });

  test("of a stream holds the chat until the next event is asked for", async () => {
    const { done, registry } = open();
    const model = createScript([call("p", "pay", { n: 1 })]);
    const seen: number[] = [];
    for await (const event of createAgent({ registry, model }).stream("go", { principal: ada })) {
      if (event.type !== "checkpoint") continue;
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
      seen.push(done.length);
    }
    expect(seen).toEqual([0, 1]);
  });
});

describe("a turn that was cut off", () => {
  test("by the step limit goes on with as many steps again, and is remembered once", async () => {
    const { registry } = open();
    const steps = Array.from({ length: 5 }, (_, n) => [call("l", "look", { n })]);
    const agent = createAgent({ registry, model: createScript(...steps), maxSteps: 2 });
    const conversation = createConversation();
    let result = await agent.chat("go", { principal: ada, conversation });
    const stops = [result.stopped];
    while (result.state !== undefined) {
      result = await agent.resume(stored(result.state), { principal: ada, conversation });
      stops.push(result.stopped);
    }
    expect(stops).toEqual(["step_limit", "step_limit", "answered"]);
    expect([result.steps, result.calls.length]).toEqual([6, 5]);
    expect(conversation.messages).toHaveLength(12);
  });

  test("in the middle of an answer asks for it again, and what was cut off is gone", async () => {
    const { registry } = open();
    const controller = new AbortController();
    const model: Model = {
      name: "m",
      async *respond({ signal }) {
        yield { type: "text", text: signal === controller.signal ? "Half" : "Whole." };
        if (signal === controller.signal) await new Promise(() => {});
      },
    };
    const agent = createAgent({ registry, model });
    const conversation = createConversation();
    const cut = await agent.chat("go", {
      principal: ada,
      conversation,
      signal: controller.signal,
      onEvent: ({ type }) => type === "text" && controller.abort(),
    });
    expect(cut).toMatchObject({ stopped: "cancelled", text: "Half" });
    expect(conversation.messages.at(-1)).toMatchObject({ text: "Half" });
    const result = await agent.resume(stored(cut.state), { principal: ada, conversation });
    expect(result).toMatchObject({ stopped: "answered", text: "Whole." });
    expect(conversation.messages.map((message) => (message.role === "tool" ? "" : message.text))).toEqual([
      "go",
      "Whole.",
    ]);
  });
});

describe("resume", () => {
  async function stop() {
    const { registry } = open();
    const agent = createAgent({ registry, model: one, approve: later });
    const { state } = await agent.chat("go", { principal: ada });
    return { agent, state: stored(state) };
  }

  test.each([
    [
      "another person",
      { principal: { id: "bob" } },
      /received one of "ada" of the tenant "default", expected one of "bob"/,
    ],
    ["another tenant", { principal: { id: "ada", tenant: "t2" } }, /expected one of "ada" of the tenant "t2"/],
    ["trusted code", {}, /expected one of trusted code/],
    ["a misspelt option", { principle: ada }, /principle: is not known; did you mean principal/],
    ["a misspelt id", { principal: ada, decisions: { pp: true } }, /decisions[\s\S]*pp: is not known/],
    [
      "a decision that is none",
      { principal: ada, decisions: { p: "later" } },
      /decisions\.p: received "later", expected true/,
    ],
    ["decisions that are none", { principal: ada, decisions: true }, /decisions: received true, expected an object/],
  ])("refuses %s", async (_what, options, message) => {
    const { agent, state } = await stop();
    await expect(agent.resume(state, options as never)).rejects.toThrow(message);
    await expect(agent.resume(state, options as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  type Change = (state: Record<string, unknown> & ChatState) => unknown;
  test.each<readonly [string, Change, RegExp]>([
    ["nothing", () => undefined, /state: received nothing, expected the state of a chat/],
    ["text", () => "{}", /state: received "\{\}"/],
    ["another version", (state) => ({ ...state, version: 2 }), /state\.version: received 2, expected 1/],
    [
      "a field too many",
      (state) => ({ ...state, approved: ["p"] }),
      /state\.approved: .*expected nothing of that name/,
    ],
    ["no turn", (state) => ({ ...state, turn: undefined }), /state\.turn: received nothing, expected a string/],
    ["another turn", (state) => ({ ...state, turn: "other" }), /state\.messages\[0\]\.turn: received "turn_/],
    [
      "no messages",
      (state) => ({ ...state, messages: [] }),
      /state\.messages\[0\]\.role: received nothing, expected "user"/,
    ],
    [
      "a message of its own",
      (state) => ({ ...state, messages: [{ role: "system", text: "" }] }),
      /messages\[0\]\.role: received "system"/,
    ],
    [
      "two questions",
      ({ messages, ...state }) => ({ ...state, messages: [messages[0], messages[0]] }),
      /messages\[1\]\.role: received "user", expected "assistant"/,
    ],
    ["no open calls", (state) => ({ ...state, open: [] }), /state\.open: received "none"/],
    [
      "an open call too many",
      ({ open: calls, ...state }) => ({ ...state, open: [...calls, { ...calls[0], id: "x" }] }),
      /state\.open: received the ids \["p","q","x"\], expected \["p","q"\]/,
    ],
    ["no result", (state) => ({ ...state, results: [] }), /state\.results: received the ids \[\], expected \["l"\]/],
    [
      "an outcome too many",
      ({ calls, ...state }) => ({ ...state, calls: [...calls, ...calls] }),
      /state\.calls: received the ids/,
    ],
    [
      "an outcome of another tool",
      ({ calls, ...state }) => ({ ...state, calls: [{ ...calls[0], tool: "pay" }] }),
      /state\.calls\[0\]\.tool: received "pay", expected "look"/,
    ],
    [
      "an outcome that is none",
      ({ calls, ...state }) => ({ ...state, calls: [{ ...calls[0], outcome: { ok: true } }] }),
      /outcome\.meta: received nothing/,
    ],
    ["steps that are not there", (state) => ({ ...state, steps: 7 }), /state\.steps: received 7, expected 1/],
    [
      "negative usage",
      (state) => ({ ...state, usage: { inputTokens: -1, outputTokens: 0 } }),
      /usage\.inputTokens: received -1/,
    ],
    [
      "half a version",
      ({ open: [first, ...rest], ...state }) => ({ ...state, open: [{ ...first, digest: null }, ...rest] }),
      /state\.open\[0\]\.digest: received null/,
    ],
  ])("refuses a state with %s", async (_what, change, message) => {
    const { agent, state } = await stop();
    await expect(agent.resume(change(state as never) as never, { principal: ada })).rejects.toThrow(message);
  });

  test("comes to a result or to INVALID_OPTION, whatever was done to a state", async () => {
    const { agent, state } = await stop();
    const places: (readonly (string | number)[])[] = [];
    const walk = (value: unknown, path: readonly (string | number)[]): void => {
      if (path.length > 0) places.push(path);
      if (typeof value !== "object" || value === null) return;
      for (const [key, member] of Object.entries(value)) walk(member, [...path, key]);
    };
    walk(state, []);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 2 }), async (path, value) => {
        const broken = structuredClone(state) as unknown as Record<string | number, unknown>;
        let holder = broken;
        for (const key of path.slice(0, -1)) holder = holder[key] as typeof holder;
        holder[path.at(-1) ?? ""] = value;
        const ended = await agent.resume(broken as never, { principal: ada, conversation: createConversation() }).then(
          ({ stopped }) => stopped,
          (error: unknown) => (error as { code?: string }).code,
        );
        expect(["approval_pending", "answered", "INVALID_OPTION"]).toContain(ended);
      }),
      { numRuns: 300 },
    );
  });
});
