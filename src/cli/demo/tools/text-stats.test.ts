import { expect, test } from "vitest";
import { createCaller } from "../../../../test/cli/call-tool.ts";
import { textStats } from "./text-stats.ts";

const { call } = createCaller(textStats);

test("counts what people see", async () => {
  expect(await call({ text: "Hello, world. How are you?" })).toEqual({
    characters: 26,
    words: 5,
    sentences: 2,
    lines: 1,
    bytes: 26,
  });
  expect(await call({ text: "👩‍💻 é\n東京" })).toMatchObject({ characters: 6, lines: 2 });
});

test("counts nothing in nothing", async () => {
  expect(await call({ text: "" })).toEqual({ characters: 0, words: 0, sentences: 0, lines: 0, bytes: 0 });
});

test("refuses a text that is too long", async () => {
  expect(await call({ text: "x".repeat(20_001) })).toMatch(/^INVALID_INPUT/);
});
