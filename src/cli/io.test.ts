import { expect, test } from "vitest";
import { createMemoryIo } from "../../test/cli/memory-io.ts";
import { hasColors, toColumns } from "./io.ts";

test("uses colours on a terminal only, unless NO_COLOR or a dumb terminal says no", () => {
  const welcome = (terminal: boolean, env: Readonly<Record<string, string>> = {}): boolean =>
    hasColors(createMemoryIo({ terminal }).stdout, env);
  expect(welcome(true)).toBe(true);
  expect(welcome(false)).toBe(false);
  expect(welcome(true, { NO_COLOR: "1" })).toBe(false);
  expect(welcome(true, { NO_COLOR: "" })).toBe(true);
  expect(welcome(true, { TERM: "dumb" })).toBe(false);
});

test("takes the terminal's width within reason", () => {
  expect([10, 100, 500].map((columns) => toColumns(createMemoryIo({ columns })))).toEqual([40, 100, 160]);
});
