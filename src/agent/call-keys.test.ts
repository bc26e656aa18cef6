// Idempotency keys of a loop's calls, and results that are too long for a model.
import { describe, expect, test } from "vitest";
import { createRegistry, defineTool, Role } from "../index.ts";
import { createAgent } from "./agent.ts";
import type { Model, ModelEvent, ModelTurn } from "./model.ts";

const access = { roles: [Role.USER] } as const;
const ada = { id: "ada", roles: ["USER"] };
const input = { type: "object", properties: { n: { type: "number" } } } as const;
const common = { version: "1.0.0", description: "x", access, input } as const;

/** A model that calls as told, one list for each step, and then says that it is done. */
function createCaller(steps: readonly (readonly ModelEvent[])[]): Model & { readonly turns: ModelTurn[] } {
  const turns: ModelTurn[] = [];
  return {
    name: "caller",
    turns,
    async *respond(turn) {
      turns.push(turn);
      yield* steps[turns.length - 1] ?? [{ type: "text", text: "done" }];
    },
  };
}

const call = (id: string, tool: string, given: unknown): ModelEvent => ({ type: "call", id, tool, input: given });

function open() {
  const keys: (string | null)[] = [];
  const record = (effect: "read" | "write") =>
    defineTool({
      ...common,
      name: effect,
      effect,
      handler: (_, { idempotencyKey }) => void keys.push(idempotencyKey),
    });
  return { keys, registry: createRegistry({ tools: [record("read"), record("write")] }) };
}

describe("a chat", () => {
  test("gives each call of a tool that writes a key of its own, and a reading one none", async () => {
    const { keys, registry } = open();
    const steps = [[call("1", "write", { n: 1 }), call("2", "write", { n: 1 }), call("3", "read", {})]];
    const agent = createAgent({ registry, model: createCaller(steps) });
    await agent.chat("go", { principal: ada });
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{64}$/), null]);
    expect(new Set(keys).size).toBe(3);
  });

  test("takes an id that a model uses again in another turn for another call", async () => {
    const { keys, registry } = open();
    const model = createCaller([[call("1", "write", { n: 1 })], [], [call("1", "write", { n: 1 })]]);
    const agent = createAgent({ registry, model });
    await agent.chat("go", { principal: ada, conversation: agent.createConversation() });
    await agent.chat("go", { principal: ada, conversation: agent.createConversation() });
    expect(new Set(keys).size).toBe(2);
  });

  test("takes the model's ids for keys when the operator says so", async () => {
    const { keys, registry } = open();
    const model = createCaller([[call("a", "write", { n: 1 })], [], [call("a", "write", { n: 1 })], []]);
    const agent = createAgent({ registry, model, callIdsAsKeys: true });
    const first = await agent.chat("go", { principal: ada, conversation: agent.createConversation() });
    const again = await agent.chat("go", { principal: ada, conversation: agent.createConversation() });
    expect(keys).toHaveLength(1);
    expect(again.calls[0]?.outcome.meta.replayOf).toBe(first.calls[0]?.outcome.meta.callId);
  });

  test("refuses options that cannot be meant", () => {
    const { registry } = open();
    const model = createCaller([]);
    expect(() => createAgent({ registry, model, callIdsAsKeys: "yes" as never })).toThrow(
      /callIdsAsKeys: received "yes", expected true or false/,
    );
    expect(() => createAgent({ registry, model, maxResultBytes: 5 })).toThrow(/maxResultBytes: received 5/);
  });

  test("shows the model the beginning of a long result, and the tool that reads on", async () => {
    const long = defineTool({ ...common, name: "long", effect: "read", handler: () => "line\u202e\n".repeat(1_000) });
    const registry = createRegistry({ tools: [long] });
    let read = "";
    const turns: ModelTurn[] = [];
    const model: Model = {
      name: "reader",
      async *respond(turn): AsyncGenerator<ModelEvent> {
        turns.push(turn);
        const last = turn.messages.at(-1);
        const text = last?.role === "tool" ? (last.results[0]?.text ?? "") : "";
        if (turns.length === 1) yield call("1", "long", {});
        else if (turns.length === 2) {
          read = text;
          const wanted = /Read on with toolyard\.read_result (\{.*\})\]$/.exec(text)?.[1] ?? "{}";
          yield call("2", "toolyard.read_result", wanted);
        } else yield { type: "text", text: "done" };
      },
    };
    const agent = createAgent({ registry, model, maxResultBytes: 1_024, neutralise: true });
    const result = await agent.chat("go", { principal: ada });
    expect(turns.map(({ tools }) => tools.map(({ name }) => name))).toEqual([
      ["long"],
      ["long", "toolyard.read_result"],
      ["long", "toolyard.read_result"],
    ]);
    expect(Buffer.byteLength(read)).toBeLessThanOrEqual(1_024);
    expect(read).toContain("line<U+202E>\n");
    expect(result.calls[1]?.outcome).toMatchObject({ ok: true, output: { total: expect.any(Number) } });
  });
});
