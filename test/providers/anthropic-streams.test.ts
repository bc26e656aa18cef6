// A message put together out of the events of its stream is the one that comes without a stream, wherever a server cuts.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRegistry } from "../../src/index.ts";
import { anthropic } from "../../src/providers/anthropic/index.ts";
import { type AnthropicReply, toMessage, toMessageEvents } from "./anthropic-replies.ts";
import { sampleTools } from "./sample-tools.ts";
import type { Json } from "./scripted-server.ts";

const binding = anthropic(createRegistry({ tools: sampleTools }));

async function* toStream(events: readonly unknown[]): AsyncGenerator<unknown> {
  for (const event of events) yield event;
}

const collect = (events: readonly unknown[], onText?: (text: string) => void): Promise<Json> =>
  binding.collect(toStream(events), onText) as Promise<unknown> as Promise<Json>;

/** `text` cut at places that the numbers choose; pieces may be empty. */
function cut(text: string, places: readonly number[]): readonly string[] {
  const ends = [...places.map((place) => place % (text.length + 1)), text.length].sort((a, b) => a - b);
  return ends.map((end, index) => text.slice(index === 0 ? 0 : ends[index - 1], end));
}

/** The events of blocks mixed, those of each block in their order. */
function interleave(events: readonly Json[], random: readonly number[]): readonly Json[] {
  const byIndex = new Map<unknown, Json[]>();
  for (const event of events) byIndex.set(event["index"], [...(byIndex.get(event["index"]) ?? []), event]);
  const mixed: Json[] = [];
  for (let turn = 0; byIndex.size > 0; turn++) {
    const lists = [...byIndex];
    const [index, list] = lists[(random[turn % random.length] ?? 0) % lists.length] ?? [];
    const next = list?.shift();
    if (next === undefined) byIndex.delete(index);
    else mixed.push(next);
  }
  return mixed;
}

const input = fc
  .dictionary(fc.stringMatching(/^[a-z"\\ é]{0,6}$/), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 })
  // As JSON has it. What the registry refuses as text stays text.
  .map((value) => JSON.parse(JSON.stringify(value)) as Json)
  .filter((value) => !JSON.stringify(value).includes("__proto__"));
const ids = fc.constantFrom("a", "b", "c");
const block: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ type: fc.constant("text"), text: fc.string({ unit: "grapheme" }), citations: fc.constant(null) }),
  fc.record({ type: fc.constant("thinking"), thinking: fc.string(), signature: fc.string({ minLength: 1 }) }),
  fc.record({ type: fc.constant("redacted_thinking"), data: fc.string() }),
  fc.record({ type: fc.constant("tool_use"), id: ids, name: fc.constant("time_now"), input }),
  fc.record({ type: fc.constant("server_tool_use"), id: ids, name: fc.constant("web_search"), input }),
);
const replies: fc.Arbitrary<AnthropicReply> = fc.record({
  content: fc.array(block, { maxLength: 6 }),
  usage: fc.constantFrom({}, { input_tokens: 5, cache_read_input_tokens: 9, output_tokens: 3 }),
});
const numbers = fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 12 });

describe("a message out of a stream", () => {
  test("is the one that was cut, however it was cut and in whatever order its blocks came", async () => {
    await fc.assert(
      fc.asyncProperty(replies, numbers, numbers, async (reply, places, order) => {
        const events = toMessageEvents(reply, "msg_1", "m", (text) => cut(text, places));
        const inner = interleave(events.slice(1, -2), order);
        const texts: string[] = [];
        const message = await collect([...events.slice(0, 1), ...inner, ...events.slice(-2)], (text) =>
          texts.push(text),
        );
        expect(message).toEqual(toMessage(reply, "msg_1", "m"));
        const said = inner.flatMap((event) => {
          const { delta } = event as { delta?: Json };
          return delta?.["type"] === "text_delta" ? [String(delta["text"])] : [];
        });
        expect(texts.join("")).toBe(said.join(""));
      }),
      { numRuns: 300 },
    );
  });

  test("that ended before its last event is none", async () => {
    const reply: AnthropicReply = { text: "Hi", calls: [{ id: "a", name: "time_now", input: {} }] };
    const events = toMessageEvents(reply, "msg_1", "m", (text) => [text]);
    for (let length = 0; length < events.length; length++) {
      await expect(collect(events.slice(0, length))).rejects.toMatchObject({
        code: "MODEL_FAILED",
        retryable: true,
        message: 'The model "anthropic" failed: its answer ended before it was whole.',
      });
    }
  });

  test("that breaks off with an error says so, without what looks like a key", async () => {
    const events = toMessageEvents({ text: "Hi" }, "msg_1", "m", (text) => [text]).slice(0, 3);
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded, sk-ant-secret-key-1" } };
    await expect(collect([...events, error])).rejects.toMatchObject({
      code: "MODEL_FAILED",
      retryable: true,
      message: 'The model "anthropic" failed: its API broke off the answer: Overloaded, [redacted]',
    });
  });

  test("keeps arguments that were cut short as text, so that the call is refused and answered", async () => {
    const whole = '{"expression":"1 + 1"}';
    for (let length = 1; length < whole.length; length++) {
      const calls = [{ id: "a", name: "math_calculate", json: whole.slice(0, length) }];
      const events = toMessageEvents({ calls, stop: "max_tokens" }, "msg_1", "m", (text) => cut(text, [3, 7]));
      const message = await binding.collect(toStream(events));
      const results = await binding.run(message);
      expect(results).toMatchObject([{ tool_use_id: "a", is_error: true }]);
      expect(results[0]?.content).toMatch(/^INVALID_JSON: /);
      expect(binding.toMessages(message, results)[0]).toMatchObject({ content: [{ id: "a", input: {} }] });
    }
  });

  test.each(["[1]", '"text"', "7", '{"a":1,"a":2}', '{"__proto__":{}}'])(
    "refuses arguments that are no object, or mean two things: %s",
    async (json) => {
      const events = toMessageEvents({ calls: [{ id: "a", name: "time_now", json }] }, "msg_1", "m", (text) => [text]);
      const [result] = await binding.run(await binding.collect(toStream(events)));
      expect(result).toMatchObject({ tool_use_id: "a", is_error: true });
    },
  );

  test("has the citations and the whole signature", async () => {
    const start = { type: "message_start", message: { role: "assistant", content: [], stop_reason: null } };
    const delta = (index: number, one: object): object => ({ type: "content_block_delta", index, delta: one });
    const message = await collect([
      start,
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "", citations: null } },
      delta(0, { type: "text_delta", text: "So" }),
      delta(0, { type: "citations_delta", citation: { cited_text: "1" } }),
      delta(0, { type: "citations_delta", citation: { cited_text: "2" } }),
      { type: "content_block_start", index: 1, content_block: { type: "thinking", thinking: "", signature: "" } },
      delta(1, { type: "signature_delta", signature: "s" }),
      delta(1, { type: "something_new", x: 1 }),
      delta(7, { type: "text_delta", text: "nowhere" }),
      { type: "ping" },
      { type: "something_new" },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3, input_tokens: null } },
      { type: "message_stop" },
    ]);
    expect(message).toEqual({
      role: "assistant",
      content: [
        { type: "text", text: "So", citations: [{ cited_text: "1" }, { cited_text: "2" }] },
        { type: "thinking", thinking: "", signature: "s" },
      ],
      stop_reason: "end_turn",
      usage: { output_tokens: 3 },
    });
  });
});
