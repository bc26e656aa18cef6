import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trimMessages } from "./conversation.ts";
import type { Message } from "./message.ts";

const user = (text: string): Message => ({ role: "user", text });
const answer = (text: string, ...ids: readonly string[]): Message => ({
  role: "assistant",
  text,
  calls: ids.map((id) => ({ id, tool: "t", input: {} })),
  echo: null,
});
const results = (...ids: readonly string[]): Message => ({
  role: "tool",
  results: ids.map((id) => ({ id, ok: true, text: "r" })),
});
const bounds = (maxMessages: number, maxCharacters = 1_000): { maxMessages: number; maxCharacters: number } => ({
  maxMessages,
  maxCharacters,
});

const one = [user("1"), answer("", "a"), results("a"), answer("one")];
const two = [user("2"), answer("", "b", "c"), results("b", "c"), answer("", "d"), results("d"), answer("two")];

describe("trimming a conversation", () => {
  test("keeps what fits as it is", () => {
    const all = [...one, ...two];
    expect(trimMessages(all, bounds(10))).toBe(all);
  });

  test("forgets whole turns, the oldest first", () => {
    expect(trimMessages([...one, ...two], bounds(9))).toEqual(two);
    expect(trimMessages([...two, ...one], bounds(9))).toEqual(one);
  });

  test("keeps question and end of a turn that is too long by itself", () => {
    expect(trimMessages([...one, ...two], bounds(5))).toEqual([two[0], two[3], two[4], two[5]]);
    expect(trimMessages(two, bounds(3))).toEqual([two[0], two[5]]);
    expect(trimMessages(two, bounds(1))).toEqual([]);
  });

  test("counts texts, arguments, results and what is echoed", () => {
    const long = answer("x".repeat(50));
    expect(trimMessages([...one, user("q"), long], bounds(99, 60))).toEqual([user("q"), long]);
    expect(trimMessages([user("q"), long], bounds(99, 40))).toEqual([]);
    const echoed: Message = { role: "assistant", text: "", calls: [], echo: { model: "m", items: ["x".repeat(50)] } };
    expect(trimMessages([user("q"), echoed], bounds(99, 40))).toEqual([]);
  });

  test("every call in memory is followed by its results", () => {
    const step = fc.record({
      text: fc.string({ maxLength: 20 }),
      ids: fc.uniqueArray(fc.string({ maxLength: 3 }), { maxLength: 3 }),
    });
    const turn = fc.record({
      text: fc.string({ maxLength: 20 }),
      steps: fc.array(step, { minLength: 1, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 6 }), fc.nat(20), fc.nat(200), (turns, maxMessages, maxCharacters) => {
        const messages = turns.flatMap(({ text, steps }) => [
          user(text),
          ...steps.flatMap((said) =>
            said.ids.length === 0 ? [answer(said.text)] : [answer(said.text, ...said.ids), results(...said.ids)],
          ),
        ]);
        const kept = trimMessages(messages, { maxMessages, maxCharacters });
        expect(kept.length).toBeLessThanOrEqual(maxMessages);
        expect(trimMessages(kept, { maxMessages, maxCharacters })).toEqual(kept);
        if (kept.length > 0) expect(kept[0]?.role).toBe("user");
        for (const [index, message] of kept.entries()) {
          const before = kept[index - 1];
          const calls = before?.role === "assistant" ? before.calls.map(({ id }) => id) : [];
          expect(message.role === "tool" ? message.results.map(({ id }) => id) : []).toEqual(calls);
        }
        const last = kept.at(-1);
        if (last?.role === "assistant") expect(last.calls).toEqual([]);
      }),
    );
  });
});
