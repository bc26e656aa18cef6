import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Expiry, ExpiryQueue } from "./expiry-queue.ts";

describe("ExpiryQueue", () => {
  test("gives a key when its time has come and not before", () => {
    const queue = new ExpiryQueue();
    expect(queue.findExpired(Number.POSITIVE_INFINITY)).toBeUndefined();
    queue.add("late", 20);
    queue.add("soon", 10);
    expect(queue.findExpired(9.9)).toBeUndefined();
    expect(queue.findExpired(10)).toBe("soon");
    queue.remove(queue.first as Expiry);
    expect(queue.findExpired(19)).toBeUndefined();
    expect(queue.findExpired(20)).toBe("late");
  });

  test("takes an entry out once, and no other instead of it", () => {
    const queue = new ExpiryQueue();
    const one = queue.add("one", 1);
    queue.add("two", 2);
    queue.add("three", 3);
    queue.remove(one);
    queue.remove(one);
    expect([queue.size, queue.first?.key]).toEqual([2, "two"]);
  });

  test("gives keys in the order of their times, whatever is taken out", () => {
    // A number adds an entry at that time; null takes out the one in the middle of those that were added.
    const steps = fc.array(fc.option(fc.nat(50), { freq: 2 }), { maxLength: 200, size: "max" });
    const property = fc.property(steps, (times) => {
      const queue = new ExpiryQueue();
      const expected: Expiry[] = [];
      for (const [index, at] of times.entries()) {
        if (at !== null) expected.push(queue.add(String(index), at));
        else for (const expiry of expected.splice(expected.length >> 1, 1)) queue.remove(expiry);
        expect(queue.first?.at).toBe(expected.length === 0 ? undefined : Math.min(...expected.map((one) => one.at)));
      }
      const drained: Expiry[] = [];
      for (let first = queue.first; first !== undefined; first = queue.first) {
        drained.push(first);
        queue.remove(first);
      }
      expect(drained.map(({ at }) => at)).toEqual(expected.map(({ at }) => at).toSorted((a, b) => a - b));
      expect(new Set(drained)).toEqual(new Set(expected));
    });
    fc.assert(property, { numRuns: 300 });
  });
});
