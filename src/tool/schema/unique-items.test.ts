import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { hasUniqueItems } from "./unique-items.ts";

test("agrees with comparing every item with every other", () => {
  const item = fc.oneof(
    fc.constantFrom<unknown>(0, -0, 1, "1", "0", null, "null", true, "true", "__proto__", "", "\0{}", '"a', "{}"),
    fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom<unknown>(1, "1", null, [1], {}), {
      noNullPrototype: true,
    }),
    fc.array(fc.constantFrom<unknown>(1, "1", "1,1", null, [], {}), { maxLength: 2 }),
  );
  const normal = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  fc.assert(
    fc.property(fc.array(item, { maxLength: 8 }), (items) => {
      const unique = items.every((one, index) =>
        items.slice(index + 1).every((other) => !isDeepStrictEqual(normal(one), normal(other))),
      );
      expect(hasUniqueItems(items)).toBe(unique);
    }),
    { numRuns: 3_000 },
  );
});

test("does not depend on the order of members", () => {
  expect(
    hasUniqueItems([
      { a: 1, b: { c: 2, d: 3 } },
      { b: { d: 3, c: 2 }, a: 1 },
    ]),
  ).toBe(false);
});

test("serialises each item once, however many there are", () => {
  let reads = 0;
  const items = Array.from({ length: 5_000 }, (_, index) => ({
    get a(): number {
      reads++;
      return index;
    },
  }));
  expect(hasUniqueItems(items)).toBe(true);
  expect(reads).toBe(5_000);
});
