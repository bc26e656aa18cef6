import { describe, expect, test } from "vitest";
import { createSchema } from "./create-schema.ts";
import { isDeeper, isRecursive } from "./recursion.ts";

const tree = {
  type: "object",
  anyOf: [
    { properties: { arg: { $ref: "#" }, op: { const: "not" } }, required: ["op"] },
    { properties: { arg: { $ref: "#" }, op: { const: "id" } }, required: ["op"] },
  ],
};

function nest(depth: number, leaf: unknown): unknown {
  return depth === 0 ? leaf : { arg: nest(depth - 1, leaf), op: "id" };
}

describe("a schema that refers to itself", () => {
  test("is found, and one that only refers is not", () => {
    expect(isRecursive(tree)).toBe(true);
    expect(
      isRecursive({
        properties: { a: { $ref: "#/$defs/list" } },
        $defs: { list: { items: { $ref: "#/$defs/list" } } },
      }),
    ).toBe(true);
    expect(isRecursive({ properties: { a: { $ref: "#/$defs/x" }, b: { $ref: "#/$defs/x" } }, $defs: { x: {} } })).toBe(
      false,
    );
  });

  test("takes values of a few levels, and refuses deep ones before the ways through it multiply", () => {
    const made = createSchema(tree, "input", { path: "t" });
    if (!made.ok) throw new Error(made.problems.map(({ message }) => message).join());
    expect(made.schema.validate(nest(10, { op: "id" }))).toMatchObject({ ok: true });
    const refused = made.schema.validate(nest(40, { op: "id" }));
    expect(refused).toMatchObject({ ok: false, issues: [{ expected: "at most 16 levels of objects and arrays" }] });
    expect(made.schema.validate(nest(8, { op: "no" }))).toMatchObject({ ok: false });
  });
});

test("isDeeper counts levels of objects and arrays", () => {
  expect(isDeeper(1, 0)).toBe(false);
  expect(isDeeper([], 0)).toBe(true);
  expect(isDeeper({ a: [1] }, 2)).toBe(false);
  expect(isDeeper({ a: [{}] }, 2)).toBe(true);
});

test("a price is a multiple of 0.01", () => {
  const schema = { type: "object", properties: { price: { type: "number", multipleOf: 0.01 } } };
  const made = createSchema(schema, "input", { path: "t" });
  if (!made.ok) throw new Error("refused");
  for (const price of [19.99, 4.35, 0.3, 1.1]) expect(made.schema.validate({ price })).toMatchObject({ ok: true });
  expect(made.schema.validate({ price: 1.005 })).toMatchObject({ ok: false });
});
