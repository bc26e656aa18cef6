import { expect, test } from "vitest";
import type { JsonSchema } from "../../schema/schema.ts";
import { Comparison } from "./comparison.ts";
import { toDocuments } from "./document.ts";

const text = { type: "string" };

/** Definitions that refer to one another in a circle; `v` is what differs. */
function circle(v: object): JsonSchema {
  return {
    $defs: {
      N: { type: "object", properties: { next: { $ref: "#/$defs/M" }, v } },
      M: { type: "object", properties: { back: { $ref: "#/$defs/N" } } },
    },
  };
}

test("takes nothing for granted that rested on what turned out not to hold", () => {
  const [before, after] = toDocuments(circle(text), circle({ type: "integer" }));
  const [n, m] = [{ $ref: "#/$defs/N" }, { $ref: "#/$defs/M" }];
  const comparison = new Comparison();
  // M is within M if N is within N, which is being asked; and it is not.
  expect(comparison.isSubset(before.toNode(n), after.toNode(n), "strict")).toBe(false);
  expect(comparison.isSubset(before.toNode(m), after.toNode(m), "strict")).toBe(false);
});

test("sees that what leads in a circle is the same", () => {
  const [before, after] = toDocuments(circle(text), circle({ anyOf: [text] }));
  const comparison = new Comparison();
  const [one, other] = [before.toNode({ $ref: "#/$defs/N" }), after.toNode({ $ref: "#/$defs/N" })];
  expect(comparison.isSubset(one, other, "same")).toBe(true);
  expect(comparison.reason).toBeNull();
});

test("keeps the same object of both sides apart where it refers to different things", () => {
  const shared = { $ref: "#/$defs/T" };
  const [before, after] = toDocuments({ $defs: { T: text } }, { $defs: { T: { type: "integer" } } });
  expect(new Comparison().isSubset(before.toNode(shared), after.toNode(shared), "strict")).toBe(false);
});

test("says no when there are no steps left, and why", () => {
  const wide = (maxLength: number): JsonSchema => ({
    type: "object",
    properties: Object.fromEntries(
      Array.from({ length: 40 }, (_none, index) => [`p${index}`, { ...text, maxLength: maxLength + index }]),
    ),
  });
  const [before, after] = toDocuments(wide(5), wide(9));
  const ask = (comparison: Comparison): boolean =>
    comparison.isSubset(before.toNode(before.root), after.toNode(after.root), "strict");
  expect(ask(new Comparison())).toBe(true);
  const short = new Comparison(20);
  expect(ask(short)).toBe(false);
  expect(short.reason).toBe("they are too large to be compared");
});

test("is not held up by a schema that refers to itself without a member in between", () => {
  const [before, after] = toDocuments({ $ref: "#" }, { allOf: [{ $ref: "#" }, text] });
  const comparison = new Comparison();
  expect(comparison.isSubset(before.toNode(before.root), after.toNode(after.root), "strict")).toBe(false);
  expect(comparison.reason).toMatch(/lead in a circle/);
});
