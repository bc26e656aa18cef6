import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { createColors } from "./colors.ts";
import { toTable } from "./table.ts";
import { toWidth } from "./text-width.ts";

const plain = createColors(false);

test("is as wide as its content where there is room", () => {
  expect(
    toTable(
      [{ title: "tool" }, { title: "n", align: "right" }],
      [
        ["a.b", "7"],
        ["abcdef", "12"],
      ],
      80,
      plain,
    ),
  ).toBe(["tool     n", "──────  ──", "a.b      7", "abcdef  12"].join("\n"));
});

test("fits the terminal: one column wraps, the other one is cut", () => {
  const text = toTable(
    [{ title: "name" }, { title: "description", overflow: "wrap" }],
    [["a-name-that-is-much-too-long-for-it", "words that wrap over several lines because there are many"]],
    40,
    plain,
  );
  for (const line of text.split("\n")) expect(toWidth(line)).toBeLessThanOrEqual(40);
  expect(text).toContain("…");
  expect(text.replaceAll(/\s+/g, " ")).toContain("lines");
});

test("colours cells without changing the layout", () => {
  const colors = createColors(true);
  const cells = (paint: (text: string) => string) => [[{ text: "a.b", paint }, "x"]];
  const painted = toTable([{ title: "t" }, { title: "u" }], cells(colors.red), 80, colors);
  expect(painted).toContain("\u001b[31ma.b\u001b[39m");
  expect(stripVTControlCharacters(painted)).toBe(toTable([{ title: "t" }, { title: "u" }], cells(String), 80, plain));
});

test("makes texts of strangers safe", () => {
  expect(toTable([{ title: "t" }], [["a\u001b[2J\nb"]], 80, plain)).toContain("a␛[2J b");
});

test("shows a table without rows", () => {
  expect(toTable([{ title: "tool" }], [], 80, plain)).toBe("tool\n────");
});
