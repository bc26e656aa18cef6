// Responses put together out of streams that are cut anywhere, mixed, cut short, or written by servers that leave things out.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRegistry } from "../../src/index.ts";
import { openai } from "../../src/providers/openai/index.ts";
import { sampleTools } from "./sample-tools.ts";
import { interleaved, piecesOf, toStream } from "./stream-parts.ts";

const registry = createRegistry({ tools: sampleTools });
const responses = openai(registry);
const chat = openai(registry, { format: "chat" });

interface Call {
  readonly id: string;
  readonly name: string;
  readonly arguments: string;
}

/** Calls as models write them: JSON, JSON cut short, and ids that come twice. */
const calls: fc.Arbitrary<readonly Call[]> = fc.array(
  fc.record({
    id: fc.constantFrom("a", "b", "c", "d"),
    name: fc.constantFrom("math_calculate", "weather_climate", "no_such_tool"),
    arguments: fc.oneof(
      fc.json(),
      fc.json().map((text) => text.slice(0, -1)),
      fc.constantFrom("", '{"expression":"1+1"}', '{"a":"\\ud83d\\ude00 é"}'),
    ),
  }),
  { minLength: 1, maxLength: 5 },
);

const chunk = (delta: object, finish: string | null = null): object => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
});

/** The chunks of one call: name and id at first, arguments in pieces. */
function toChatChunks(call: Call, index: number): fc.Arbitrary<readonly object[]> {
  return piecesOf(call.arguments).map((pieces) => [
    chunk({ tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] }),
    ...pieces.map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
}

function toItem(call: Call): { type: "function_call"; id: string; call_id: string; name: string; arguments: string } {
  return { type: "function_call", id: `fc_${call.id}`, call_id: call.id, name: call.name, arguments: call.arguments };
}

/** The events of one item; a lazy server leaves out the last. */
function toItemEvents(call: Call, index: number, isLazy: boolean): fc.Arbitrary<readonly object[]> {
  const place = { output_index: index, item_id: `fc_${call.id}` };
  const item = toItem(call);
  return piecesOf(call.arguments).map((pieces) => [
    { type: "response.output_item.added", ...place, item: { ...item, arguments: "" } },
    ...pieces.map((delta) => ({ type: "response.function_call_arguments.delta", ...place, delta })),
    ...(isLazy ? [] : [{ type: "response.output_item.done", ...place, item }]),
  ]);
}

describe("a stream of Chat Completions", () => {
  test("comes to the same calls wherever it is cut and however they are mixed", async () => {
    const streams = fc.tuple(calls, piecesOf("Let me see. 😀")).chain(([made, said]) =>
      fc
        .tuple(...made.map((call, index) => toChatChunks(call, index)))
        .chain((lists) => interleaved([said.map((content) => chunk({ content })), ...lists]))
        .map((chunks) => ({ made, chunks: [...chunks, chunk({}, "tool_calls"), { choices: [], usage: { a: 1 } }] })),
    );
    await fc.assert(
      fc.asyncProperty(streams, async ({ made, chunks }) => {
        let heard = "";
        const completion = await chat.collect(toStream(chunks), (text) => (heard += text));
        expect(heard).toBe("Let me see. 😀");
        const [first] = (
          completion as {
            choices: readonly { message: { tool_calls: readonly { id: string; function: Omit<Call, "id"> }[] } }[];
          }
        ).choices;
        const sorted = [...made].map((call) => JSON.stringify([call.id, call.name, call.arguments])).sort();
        const got = (first?.message.tool_calls ?? []).map((call) =>
          JSON.stringify([call.id, call.function.name, call.function.arguments]),
        );
        expect([...got].sort()).toEqual(sorted);
        expect(chat.decode(completion)).toHaveLength(new Set(made.map(({ id }) => id)).size);
      }),
    );
  });

  test("that ends before the answer does is a failure that may pass", async () => {
    await expect(chat.collect(toStream([chunk({ content: "Hal" })]))).rejects.toMatchObject({
      code: "MODEL_FAILED",
      retryable: true,
    });
    await expect(
      chat.collect(toStream([{ error: { message: "overloaded, key sk-abcdefgh12345678" } }])),
    ).rejects.toThrow(/^The model "openai" failed: its API broke off the answer: overloaded, key \[redacted\]$/);
  });
});

describe("a stream of Responses", () => {
  test("comes to the same items wherever it is cut and however they are mixed", async () => {
    const streams = fc.tuple(calls, fc.boolean()).chain(([made, isLazy]) =>
      fc
        .tuple(...made.map((call, index) => toItemEvents(call, index, isLazy)))
        .chain((lists) => interleaved(lists))
        .map((events) => ({
          made,
          events: [...events, { type: "response.completed", response: { id: "r", status: "completed", output: [] } }],
        })),
    );
    await fc.assert(
      fc.asyncProperty(streams, async ({ made, events }) => {
        const response = await responses.collect(toStream(events));
        expect(response).toEqual({ id: "r", status: "completed", output: made.map(toItem) });
        const results = await responses.run(response);
        expect(results.map(({ call_id }) => call_id)).toEqual([...new Set(made.map(({ id }) => id))]);
      }),
    );
  });

  test("that ends early, fails or breaks off is a failure", async () => {
    const added = {
      type: "response.output_item.added",
      output_index: 0,
      item: toItem({ id: "a", name: "x", arguments: "" }),
    };
    await expect(responses.collect(toStream([added]))).rejects.toMatchObject({ code: "MODEL_FAILED", retryable: true });
    const failed = { type: "response.failed", response: { error: { message: "no capacity" } } };
    await expect(responses.collect(toStream([added, failed]))).rejects.toThrow(/no capacity/);
    await expect(responses.collect(toStream([{ type: "error", message: "bad" }]))).rejects.toThrow(/broke off.*bad/);
  });

  test("passes on what breaks the stream itself", async () => {
    async function* broken(): AsyncGenerator<unknown> {
      yield { type: "response.created" };
      throw new Error("socket hang up");
    }
    await expect(responses.collect(broken())).rejects.toThrow("socket hang up");
  });
});
