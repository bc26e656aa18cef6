import { describe, expect, test } from "vitest";
import { createRegistry, defineTool } from "../../index.ts";
import type { Message } from "../message.ts";
import type { ModelEvent } from "../model.ts";
import { readChatStream, toChatRequest } from "./chat.ts";
import { convertForChat } from "../../providers/openai/to-openai-tool.ts";
import { toConvert } from "../../providers/converter.ts";
import { createTurnTools } from "../models/turn-tools.ts";

const described = createRegistry({
  tools: ["todo.add", "todo_add"].map((name) =>
    defineTool({ name, version: "1.0.0", description: "x", effect: "read", handler: () => 1 }),
  ),
}).list();
const tools = createTurnTools("openai", described, toConvert("openai", convertForChat, "off"));

async function read(...deltas: readonly unknown[]): Promise<readonly ModelEvent[]> {
  async function* toChunks(): AsyncGenerator<unknown> {
    for (const delta of deltas) yield { choices: [{ index: 0, delta, finish_reason: null }] };
    yield { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
  }
  return Array.fromAsync(readChatStream(toChunks(), "m", tools));
}

const piece = (index: number | undefined, id: string | undefined, name: string | undefined, args: string): unknown => ({
  tool_calls: [{ index, id, type: "function", function: { name, arguments: args } }],
});

describe("the pieces of calls in a stream", () => {
  test("are put together by index, in the order in which calls began", async () => {
    const events = await read(
      piece(1, "b", "todo_add", '{"x"'),
      piece(0, "a", "todo_add", "{"),
      piece(1, undefined, undefined, ":1}"),
      piece(0, undefined, undefined, "}"),
    );
    expect(events).toEqual([
      { type: "call", id: "b", tool: "todo_add", input: '{"x":1}' },
      { type: "call", id: "a", tool: "todo_add", input: "{}" },
    ]);
  });

  test("are told apart by id where a server sends every call under one index, or none", async () => {
    const one = await read(piece(0, "a", "todo_add", "{}"), piece(0, "b", "todo_add", "[]"));
    expect(one.map((event) => event.type === "call" && [event.id, event.input])).toEqual([
      ["a", "{}"],
      ["b", "[]"],
    ]);
    expect(await read(piece(undefined, "a", "todo_add", "{}"), piece(undefined, "b", "todo_add", "{}"))).toHaveLength(
      2,
    );
  });

  test("belong to no tool when the name is unknown, also when they are of another kind", async () => {
    const [unknown, custom] = await read(piece(0, "a", "nothing", "{}"), {
      tool_calls: [{ index: 1, id: "b", type: "custom", custom: { name: "x", input: "free" } }],
    });
    expect(unknown).toMatchObject({ tool: "nothing" });
    expect(custom).toMatchObject({ tool: "x", input: "free" });
  });

  test("are not all there is: refusals are text, and anything else is passed over", async () => {
    expect(
      await read({ refusal: "I will not." }, null, { content: 5, tool_calls: [null, 5] }, { content: "" }),
    ).toEqual([{ type: "text", text: "I will not." }]);
  });
});

describe("wire names", () => {
  test("go to the tool and back, colliding ones too", () => {
    const events = tools.wires.map((wire) => tools.toEvent({ id: "1", name: wire.function.name, input: "{}" }));
    expect(events).toMatchObject([{ tool: "todo.add" }, { tool: "todo_add" }]);
  });

  test("of older calls are such that the API takes them, whatever a model wrote", () => {
    const strange = ["gone.tool", "", "functions.weird name!", "9lives", "x".repeat(500), "Ünïcödé", "__proto__"];
    for (const name of strange) expect(tools.toWireName(name)).toMatch(/^[a-zA-Z_][a-zA-Z0-9_-]{0,63}$/);
    expect(tools.toWireName("gone.tool")).toBe("gone_tool");
    expect(tools.toEvent({ id: "1", name: "constructor", input: "{}" })).toMatchObject({ tool: "constructor" });
  });
});

test("a request holds instructions, tools and messages as the API wants them", () => {
  const messages: readonly Message[] = [
    { role: "user", text: "Hi" },
    {
      role: "assistant",
      text: "",
      calls: [{ id: "1", tool: "todo.add", input: { a: 1 } }],
      echo: { model: "m", items: [] },
    },
    { role: "tool", results: [{ id: "1", ok: true, text: "done" }] },
    { role: "assistant", text: "Done.", calls: [], echo: null },
  ];
  const request = toChatRequest("m", { messages, instructions: "Be kind." }, tools);
  expect(request).toEqual({
    model: "m",
    messages: [
      { role: "system", content: "Be kind." },
      { role: "user", content: "Hi" },
      {
        role: "assistant",
        content: null,
        tool_calls: [
          { id: "1", type: "function", function: { name: expect.stringMatching(/^todo_add_/), arguments: '{"a":1}' } },
        ],
      },
      { role: "tool", tool_call_id: "1", content: "done" },
      { role: "assistant", content: "Done." },
    ],
    tools: tools.wires,
    stream: true,
    stream_options: { include_usage: true },
  });
});
