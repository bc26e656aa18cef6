import { expect, test } from "vitest";
import { createMemoryIo } from "../../test/cli/memory-io.ts";
import { hasColors, toColumns } from "./io.ts";

test("uses colours on a terminal only, unless NO_COLOR or a dumb terminal says no", () => {
  expect(hasColors(createMemoryIo({ terminal: true }))).toBe(true);
  expect(hasColors(createMemoryIo({ terminal: false }))).toBe(false);
  expect(hasColors(createMemoryIo({ terminal: true, env: { NO_COLOR: "1" } }))).toBe(false);
  expect(hasColors(createMemoryIo({ terminal: true, env: { NO_COLOR: "" } }))).toBe(true);
  expect(hasColors(createMemoryIo({ terminal: true, env: { TERM: "dumb" } }))).toBe(false);
});

test("takes the terminal's width within reason", () => {
  expect([10, 100, 500].map((columns) => toColumns(createMemoryIo({ columns })))).toEqual([40, 100, 160]);
});
