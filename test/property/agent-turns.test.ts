// What holds for every turn of an agent, whatever the model answers, whoever decides what, and wherever it is cut.
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Agent, createAgent } from "../../src/agent/agent.ts";
import type { ChatState } from "../../src/agent/chat-state.ts";
import { type Conversation, createConversation } from "../../src/agent/conversation.ts";
import type { ChatEvent, ChatResult } from "../../src/agent/events.ts";
import type { Message } from "../../src/agent/message.ts";
import {
  type Effects,
  findCall,
  hastyClock,
  isApproved,
  openProcess,
  openRegistry,
  type Process,
  toNumber,
  type World,
} from "./agent-world.ts";

const principal = { id: "ada", roles: ["USER"] };
const calls = fc.record({
  id: fc.constantFrom("a", "b", "", "call_1", "__proto__"),
  kind: fc.constantFrom("read", "write", "write", "keyed", "refuses", "unknown", "broken", "invalid"),
  decision: fc.constantFrom("approve", "approve", "deny", "reason", "throw", "nonsense", "later-yes", "later-no"),
} as const);
const failures = fc.array(fc.option(fc.record({ retryable: fc.boolean() }), { freq: 2 }), { maxLength: 6 });
const worlds: fc.Arbitrary<World> = fc.record({
  answers: fc.array(fc.array(calls, { minLength: 1, maxLength: 4 }), { maxLength: 4 }),
  failures,
  asks: fc.boolean(),
});

beforeEach(() => {
  vi.spyOn(process, "emitWarning").mockImplementation(() => {});
});
afterEach(() => {
  vi.restoreAllMocks();
});

function openAgent(world: World, { registry, model, approve }: Process, maxSteps = 100): Agent {
  const random = { next: () => 0 };
  return createAgent({
    registry,
    model,
    maxSteps,
    clock: hastyClock,
    random,
    concurrency: 2,
    ...(world.asks && { approve }),
  });
}

const throughJson = (state: ChatState): ChatState => {
  const stored = JSON.parse(JSON.stringify(state)) as ChatState;
  expect(stored).toStrictEqual(state);
  return stored;
};

/** What a person says about the calls that wait. */
function decideLater(world: World, { pending = [] }: ChatResult): Record<string, boolean> {
  const entries = pending.map(({ id, input }): [string, boolean] => {
    const { n } = (typeof input === "string" ? JSON.parse(input) : input) as { n: number };
    return [id, isApproved(findCall(world, n))];
  });
  return Object.fromEntries(entries);
}

/** Goes on until the model has answered. */
async function finish(
  world: World,
  agent: Agent,
  first: ChatResult,
  conversation: Conversation,
  onEvent: (event: ChatEvent) => void = () => {},
): Promise<ChatResult> {
  let result = first;
  for (let round = 0; result.stopped !== "answered"; round++) {
    expect(round).toBeLessThan(60);
    const { state } = result;
    if (state === undefined) throw new Error(`no state after ${result.stopped}`);
    expectPaired(conversation.messages);
    const decisions = decideLater(world, result);
    result = await agent.resume(throughJson(state), { principal, conversation, decisions, onEvent });
  }
  expect(result).not.toHaveProperty("state");
  return result;
}

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

/** Nothing happens twice, and nothing that was not approved; `all`: everything else has happened. */
function expectEffects(world: World, effects: Effects, all: boolean): void {
  for (const [answer, planned] of world.answers.entries()) {
    for (const [place, call] of planned.entries()) {
      const n = toNumber(answer, place);
      const writes = call.kind === "write" || call.kind === "keyed";
      const expected = writes && (!world.asks || isApproved(call)) ? 1 : 0;
      const times = effects.get(n) ?? 0;
      if (all || expected === 0) expect([n, times]).toEqual([n, expected]);
      else expect(times).toBeLessThanOrEqual(1);
    }
  }
}

/** Ids of turns and of calls of the registry are drawn anew in every process. */
const withoutIds = ({ messages }: Conversation): unknown =>
  JSON.parse(
    JSON.stringify(messages, (key, value: unknown) => (key === "turn" ? undefined : value)).replaceAll(
      /call_[\w-]{12}_\w+/g,
      "call",
    ),
  );

interface Lived {
  readonly conversation: Conversation;
  readonly result: ChatResult;
  readonly checkpoints: readonly ChatState[];
}

async function live(world: World, agent: Agent): Promise<Lived> {
  const conversation = createConversation();
  const checkpoints: ChatState[] = [];
  const onEvent = (event: ChatEvent): void => {
    if (event.type === "checkpoint") checkpoints.push(throughJson(event.state));
  };
  const first = await agent.chat("go", { principal, conversation, onEvent });
  const result = await finish(world, agent, first, conversation, onEvent);
  return { conversation, result, checkpoints };
}

test("a turn survives JSON exactly at every checkpoint, is paired, and nothing is executed that was not approved", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.integer({ min: 1, max: 3 }), async (world, maxSteps) => {
      const { registry, effects } = openRegistry();
      const process = openProcess(world, registry, { count: 0 });
      const { conversation, result } = await live(world, openAgent(world, process, maxSteps));
      expectPaired(conversation.messages);
      expectEffects(world, effects, true);
      expect(conversation.messages.filter(({ role }) => role === "user")).toHaveLength(1);
      expect(result.calls.map(({ id }) => id)).toEqual(
        conversation.messages.flatMap((message) =>
          message.role === "tool" ? message.results.map(({ id }) => id) : [],
        ),
      );
      expect(JSON.stringify(conversation)).not.toContain("hunter2");
    }),
    { numRuns: 30 },
  );
});

test("a turn that is resumed from any checkpoint comes to the same conversation", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (drawn) => {
      const world = { ...drawn, failures: [] };
      const { registry, effects } = openRegistry();
      const { conversation, checkpoints } = await live(
        world,
        openAgent(world, openProcess(world, registry, { count: 0 })),
      );
      for (const state of checkpoints) {
        const agent = openAgent(world, openProcess(world, registry, { count: 0 }));
        const other = createConversation();
        const first = await agent.resume(state, { principal, conversation: other });
        await finish(world, agent, first, other);
        expect(withoutIds(other)).toEqual(withoutIds(conversation));
        expect(other.messages[0]).toEqual(conversation.messages[0]);
      }
      expectEffects(world, effects, true);
    }),
    { numRuns: 15 },
  );
});

test("a process that dies anywhere goes on elsewhere, with every effect once", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }), async (world, deaths) => {
      const { registry, effects } = openRegistry();
      const asked = { count: 0 };
      const conversation = createConversation();
      let state: ChatState | null = null;
      let decisions: Record<string, boolean> = {};
      let last: ChatResult | null = null;
      for (const death of [...deaths, Number.POSITIVE_INFINITY]) {
        const process = openProcess(world, registry, asked);
        const agent = openAgent(world, process);
        const { promise: died, resolve: die } = Promise.withResolvers<null>();
        let events = 0;
        const onEvent = (event: ChatEvent): void => {
          if (event.type === "checkpoint") state = throughJson(event.state);
          // Whoever has heard that it is done does not go on with it.
          if (events++ !== death || event.type === "done") return;
          process.die();
          die(null);
        };
        // What the dead do to a conversation nobody sees.
        const own: Conversation = { messages: conversation.messages };
        const options = { principal, conversation: own, onEvent };
        const running: Promise<ChatResult> =
          state === null ? agent.chat("go", options) : agent.resume(state, { ...options, decisions });
        last = await Promise.race([running, died]);
        if (last === null) continue;
        conversation.messages = own.messages;
        if (last.stopped === "answered") break;
        state = throughJson(last.state as ChatState);
        decisions = decideLater(world, last);
      }
      if (last === null) throw new Error("the last process does not die");
      const agent = openAgent(world, openProcess(world, registry, asked));
      await finish(world, agent, last, conversation);
      expectPaired(conversation.messages);
      expectEffects(world, effects, true);
      expect(conversation.messages.filter(({ role }) => role === "user")).toHaveLength(1);
    }),
    { numRuns: 30 },
  );
});

test("a turn that is cancelled anywhere goes on, paired, with no effect twice and none that was denied", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.array(fc.nat(16), { minLength: 1, maxLength: 4 }), async (world, cuts) => {
      const { registry, effects } = openRegistry();
      const agent = openAgent(world, openProcess(world, registry, { count: 0 }));
      const conversation = createConversation();
      let result = null as ChatResult | null;
      for (const cut of cuts) {
        const controller = new AbortController();
        let events = 0;
        const onEvent = (event: ChatEvent): void => {
          if (event.type === "checkpoint") throughJson(event.state);
          if (events++ === cut) controller.abort();
        };
        const options = { principal, conversation, onEvent, signal: controller.signal };
        if (result?.stopped === "answered") break;
        result =
          result?.state === undefined
            ? await agent.chat("go", options)
            : await agent.resume(throughJson(result.state), { ...options, decisions: decideLater(world, result) });
        expectPaired(conversation.messages);
      }
      if (result === null) throw new Error("nothing was run");
      await finish(world, agent, result, conversation);
      expectPaired(conversation.messages);
      expectEffects(world, effects, false);
      expect(conversation.messages.filter(({ role }) => role === "user")).toHaveLength(1);
    }),
    { numRuns: 30 },
  );
});
