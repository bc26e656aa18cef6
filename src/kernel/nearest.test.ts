import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findNearest } from "./nearest.ts";

describe("findNearest", () => {
  it("finds slips, best first, without minding case", () => {
    expect(findNearest("orders.gte", ["orders.get", "orders.list", "notes.add"])).toEqual(["orders.get"]);
    expect(findNearest("timeoutms", ["timeoutMs", "timeMs"])).toEqual(["timeoutMs", "timeMs"]);
  });

  it("finds nothing where nothing is near, nor for what is empty or endless", () => {
    expect(findNearest("c", ["a", "ab"])).toEqual([]);
    expect(findNearest("zzzzzz", ["orders.get"])).toEqual([]);
    expect(findNearest("", ["a"])).toEqual([]);
    expect(findNearest("a".repeat(129), ["a"])).toEqual([]);
  });

  it("answers with known names only, at most as many as asked", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.string(), { maxLength: 20 }),
        fc.integer({ min: 0, max: 4 }),
        (asked, known, limit) => {
          const found = findNearest(asked, known, limit);
          expect(found.length).toBeLessThanOrEqual(limit);
          for (const name of found) expect(known).toContain(name);
        },
      ),
    );
  });
});
