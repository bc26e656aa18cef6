// Asking a model again, and the tokens a chat may use.
import { describe, expect, test } from "vitest";
import { createRegistry, defineTool, Role, ToolyardError } from "../index.ts";
import { createManualClock, type ManualClock } from "../testing/manual-clock.ts";
import { type AgentOptions, createAgent } from "./agent.ts";
import type { ChatEvent } from "./events.ts";
import type { Model, ModelEvent } from "./model.ts";

const ada = { id: "ada", roles: ["USER"] };
const look = defineTool({
  name: "look",
  version: "1.0.0",
  description: "x",
  effect: "read",
  access: { roles: [Role.USER] },
  handler: () => 1,
});
const usage: ModelEvent = { type: "usage", inputTokens: 10, outputTokens: 5 };
const say = (text: string): ModelEvent => ({ type: "text", text });
const call: ModelEvent = { type: "call", id: "c", tool: "look", input: {} };

function down(retryAfterMs: number | null = null): ToolyardError {
  return new ToolyardError("MODEL_FAILED", "Its API is busy.", { retryable: true, retryAfterMs });
}

type Answer = readonly (ModelEvent | Error)[];

function open(answers: readonly Answer[], options: Partial<AgentOptions> = {}) {
  let asked = 0;
  const model: Model = {
    name: "m",
    async *respond() {
      for (const event of answers[Math.min(asked++, answers.length - 1)] ?? []) {
        if (event instanceof Error) throw event;
        yield event;
      }
    },
  };
  const clock = createManualClock();
  const registry = createRegistry({ tools: [look] });
  const agent = createAgent({ registry, model, clock, random: { next: () => 0.5 }, ...options });
  const events: ChatEvent[] = [];
  const chat = (signal?: AbortSignal) =>
    agent.chat("go", { principal: ada, onEvent: (event) => events.push(event), ...(signal && { signal }) });
  const delays = () => events.flatMap((event) => (event.type === "retry" ? [event.delayMs] : []));
  return { agent, chat, clock, events, delays, asked: () => asked };
}

/** Moves the clock on until the chat is over: an answer of the registry takes more turns than one step of the clock. */
async function drive<T>(chatting: Promise<T>, clock: ManualClock): Promise<T> {
  let over = false;
  void chatting.finally(() => (over = true));
  for (let step = 0; !over && step < 100_000; step++) await clock.advance(50);
  return chatting;
}

describe("a model whose API fails in a way that passes", () => {
  test("is asked again after a while, which makes the text so far void, and all of it is paid for", async () => {
    const { chat, clock, events } = open([
      [usage, say("Hel"), down()],
      [say("Hello"), usage],
    ]);
    const chatting = chat();
    while (clock.pending === 0) await clock.advance(0);
    await clock.advance(249);
    expect(events.at(-1)).toMatchObject({
      type: "retry",
      attempt: 1,
      delayMs: 250,
      error: { message: "Its API is busy." },
    });
    await clock.advance(1);
    expect(await chatting).toMatchObject({
      stopped: "answered",
      text: "Hello",
      steps: 1,
      usage: { inputTokens: 20, outputTokens: 10 },
    });
    expect(events.map(({ type }) => type)).toEqual(["text", "retry", "text", "done"]);
    expect(clock.pending).toBe(0);
  });

  test("is asked as often as the chat may, over all its steps", async () => {
    const { chat, clock, delays, asked } = open([[down()], [call], [down()], [down()]]);
    expect(await drive(chat(), clock)).toMatchObject({ stopped: "model_failed", text: "Its API is busy.", steps: 1 });
    expect(delays()).toEqual([250, 500]);
    expect(asked()).toBe(4);
  });

  test.each([
    [3_000, 3_250],
    [0, 250],
    [600_000, 60_000],
    [-1, 250],
    [Number.NaN, 250],
    [null, 250],
  ])("waits as long as it asks for, %s ms, up to a minute", async (retryAfterMs, delayMs) => {
    const { chat, clock, delays } = open([[down(retryAfterMs)], [say("ok")]]);
    expect((await drive(chat(), clock)).text).toBe("ok");
    expect(delays()).toEqual([delayMs]);
  });

  test("waits no longer than a minute, however often", async () => {
    const { chat, clock, delays } = open([[down()]], { modelRetries: 10 });
    expect((await drive(chat(), clock)).stopped).toBe("model_failed");
    expect(delays()).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  test("is not asked again when nobody waits any more, nor when it may not, nor when it does not pass", async () => {
    const controller = new AbortController();
    const cancelled = open([[say("Hel"), down()]]);
    const chatting = cancelled.chat(controller.signal);
    while (cancelled.clock.pending === 0) await cancelled.clock.advance(0);
    controller.abort();
    expect(await chatting).toMatchObject({ stopped: "cancelled", text: "The chat was cancelled." });
    expect([cancelled.asked(), cancelled.clock.pending]).toEqual([1, 0]);
    const never = open([[down()]], { modelRetries: 0 });
    expect([(await never.chat()).stopped, never.asked()]).toEqual(["model_failed", 1]);
    const lasting = open([[new ToolyardError("MODEL_FAILED", "No such model.")]]);
    expect([(await lasting.chat()).stopped, lasting.asked()]).toEqual(["model_failed", 1]);
  });
});

describe("maxTokens", () => {
  test("stops a chat after the calls of the answer that reached it, and a resumed one may use as many again", async () => {
    const { agent, chat } = open([[call, usage]], { maxTokens: 30 });
    const result = await chat();
    expect(result).toMatchObject({
      stopped: "token_limit",
      steps: 2,
      text: "Stopped after 30 tokens without an answer: the model kept calling tools.",
      usage: { inputTokens: 20, outputTokens: 10 },
    });
    expect(result.calls).toHaveLength(2);
    const more = await agent.resume(result.state as never, { principal: ada });
    expect(more).toMatchObject({ stopped: "token_limit", steps: 4, usage: { inputTokens: 40, outputTokens: 20 } });
  });

  test("does not take an answer away, and counts nothing where a model tells nothing that can be counted", async () => {
    expect((await open([[say("ok"), usage]], { maxTokens: 1 }).chat()).stopped).toBe("answered");
    const strange: ModelEvent = { type: "usage", inputTokens: Number.NaN, outputTokens: -5 };
    const { chat } = open([[call, strange]], { maxTokens: 1, maxSteps: 2 });
    expect(await chat()).toMatchObject({ stopped: "step_limit", usage: { inputTokens: 0, outputTokens: 0 } });
  });
});

test("options of limits that cannot be meant are refused", () => {
  const all = { maxTokens: 0, modelRetries: 11, approve: true, clock: {}, random: 1 };
  expect(() => open([[]], all as never)).toThrow(
    /maxTokens: received 0[\s\S]*modelRetries: received 11, expected an integer from 0 to 10[\s\S]*approve: received true[\s\S]*clock[\s\S]*random/,
  );
});
