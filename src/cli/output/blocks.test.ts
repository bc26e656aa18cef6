import { expect, test } from "vitest";
import { toBlocks } from "./blocks.ts";

const block = (name: string): string => `Tool: ${name}\nTotal calls: 1`;

test("puts as many blocks beside one another as there is room for", () => {
  const text = toBlocks(["a", "b", "c"].map(block), 60);
  expect(text).toBe(
    [
      "Tool: a                   Tool: b",
      "Total calls: 1            Total calls: 1",
      "",
      "Tool: c",
      "Total calls: 1",
    ].join("\n"),
  );
});

test("puts one below the other where there is no room", () => {
  expect(toBlocks(["a", "b"].map(block), 40).split("\n")).toHaveLength(5);
  expect(toBlocks([block("x".repeat(90)), block("b")], 80).split("\n")).toHaveLength(5);
});

test("makes texts of strangers safe", () => {
  expect(toBlocks([block("a\u001b[2J")], 80)).toContain("a␛[2J");
});
