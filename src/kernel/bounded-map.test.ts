import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBoundedMap } from "./bounded-map.ts";

describe("createBoundedMap", () => {
  it("drops the least recently used entry and tells who it was", () => {
    const dropped: string[] = [];
    const map = createBoundedMap<string, number>(2, (key) => dropped.push(key));
    map.set("a", 1);
    map.set("b", 2);
    expect(map.get("a")).toBe(1);
    map.set("c", 3);
    expect(dropped).toEqual(["b"]);
    expect(map.get("b")).toBeUndefined();
    expect(map.get("a")).toBe(1);
  });

  it("never holds more than its bound, and always the latest write", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.tuple(fc.nat(9), fc.nat())), (bound, writes) => {
        const map = createBoundedMap<number, number>(bound);
        for (const [key, value] of writes) {
          map.set(key, value);
          expect(map.size).toBeLessThanOrEqual(bound);
          expect(map.get(key)).toBe(value);
        }
      }),
    );
  });
});
