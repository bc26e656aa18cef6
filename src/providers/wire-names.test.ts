import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PORTABLE_NAME, toWireName, toWireNames } from "./wire-names.ts";

const segment = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,20}$/);
const toolName = fc.array(segment, { minLength: 1, maxLength: 6 }).map((parts) => parts.join("."));
const toolNames = fc.uniqueArray(
  fc.oneof(
    toolName,
    fc.constantFrom("a.b", "a_b", "a.b_c", "a_b.c", "a_b_c", "todo.add", "todo_add"),
    toolName.map((name) => `${name}.${"x".repeat(80)}`),
  ),
  { maxLength: 12 },
);

describe("wire names", () => {
  test("have underscores for dots and otherwise keep the name", () => {
    expect(toWireName("orders.get")).toBe("orders_get");
    expect(toWireName("get-order_2")).toBe("get-order_2");
  });

  test("longer than 64 characters are a prefix and a hash of the whole", () => {
    const [a, b] = [`${"x".repeat(70)}.a`, `${"x".repeat(70)}.b`];
    expect(toWireName(a)).toMatch(/^x{55}_[0-9a-f]{8}$/);
    expect(toWireName(a)).not.toBe(toWireName(b));
  });

  test("that would come out alike get a hash of their own name, and the one that is portable keeps it", () => {
    const names = toWireNames(["todo.add", "todo_add"]);
    expect(names.get("todo_add")).toBe("todo_add");
    expect(names.get("todo.add")).toMatch(/^todo_add_[0-9a-f]{8}$/);
    const both = toWireNames(["a.b_c", "a_b.c"]);
    expect(both.get("a.b_c")).toMatch(/^a_b_c_[0-9a-f]{8}$/);
    expect(both.get("a_b.c")).toMatch(/^a_b_c_[0-9a-f]{8}$/);
  });

  test("give way to a tool that bears the hash as its name", () => {
    const hashed = toWireNames(["todo.add", "todo_add"]).get("todo.add") ?? "";
    const names = toWireNames(["todo.add", "todo_add", hashed]);
    expect(names.get(hashed)).toBe(hashed);
    expect(names.get("todo.add")).toMatch(/^todo_add_[0-9a-f]{8}$/);
    expect(names.get("todo.add")).not.toBe(hashed);
  });

  test("are portable, different, and the same in every order", () => {
    fc.assert(
      fc.property(toolNames, (names) => {
        const wires = toWireNames(names);
        expect(new Set(wires.values()).size).toBe(names.length);
        for (const wire of wires.values()) expect(wire).toMatch(PORTABLE_NAME);
        for (const name of names) expect(toWireNames(names.toReversed()).get(name)).toBe(wires.get(name));
      }),
    );
  });

  test("do not depend on tools that do not come out alike", () => {
    fc.assert(
      fc.property(toolName, toolNames, (name, others) => {
        const apart = others.filter((other) => toWireName(other) !== toWireName(name));
        expect(toWireNames([name, ...apart]).get(name)).toBe(toWireName(name));
      }),
    );
  });
});
