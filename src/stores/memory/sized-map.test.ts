import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Sized, SizedMap, toEntryBytes } from "./sized-map.ts";

type Step = readonly ["add" | "renew" | "delete", number] | readonly ["takeOldest" | "clear"];

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(fc.constantFrom("add" as const, "add" as const, "renew" as const), fc.nat(9)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("delete" as const), fc.nat(9)) },
  { weight: 2, arbitrary: fc.tuple(fc.constant("takeOldest" as const)) },
  { weight: 1, arbitrary: fc.tuple(fc.constant("clear" as const)) },
);

/** Does the step to the map and to a list from the oldest to the youngest; says what both took away. */
function follow(map: SizedMap<Sized>, list: Sized[], [kind, name]: Step): readonly (Sized | undefined)[] {
  const found = list.find(({ key }) => key === String(name));
  if (kind === "takeOldest") return [map.takeOldest(), list.shift()];
  if (kind === "clear") {
    map.clear();
    list.length = 0;
  } else if (kind === "add" && found === undefined) {
    const entry = { key: String(name), bytes: 10 + (name ?? 0) };
    map.add(entry);
    list.push(entry);
  } else if (kind !== "add" && found !== undefined) {
    list.splice(list.indexOf(found), 1);
    if (kind === "delete") map.delete(found);
    else {
      map.renew(found);
      list.push(found);
    }
  }
  return [];
}

describe("SizedMap", () => {
  test("takes away the oldest and counts the bytes, whatever was renewed, taken away or cleared", () => {
    const property = fc.property(fc.array(step, { maxLength: 300, size: "max" }), (steps) => {
      const map = new SizedMap();
      const list: Sized[] = [];
      for (const one of steps) {
        const [taken, expected] = follow(map, list, one);
        expect(taken).toBe(expected);
        expect(map.size).toBe(list.length);
        expect(map.bytes).toBe(list.reduce((sum, { bytes }) => sum + bytes, 0));
      }
      for (const entry of list) expect(map.get(entry.key)).toBe(entry);
      for (const entry of list) expect(map.takeOldest()).toBe(entry);
      expect([map.size, map.bytes, map.takeOldest()]).toEqual([0, 0, undefined]);
    });
    fc.assert(property, { numRuns: 100 });
  });

  test("does not count what it does not have", () => {
    const map = new SizedMap();
    const entry = { key: "k", bytes: 5 };
    map.add(entry);
    map.delete(entry);
    map.delete(entry);
    expect(map.bytes).toBe(0);
  });

  test("keeps nothing of its own past", () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const readHeap = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const map = new SizedMap();
    const entry = { key: "k", bytes: 5 };
    map.add(entry);
    const use = (times: number): void => {
      for (let count = 0; count < times; count++) map.renew(entry);
      for (let count = 0; count < times; count++) {
        map.delete(entry);
        map.add(entry);
      }
    };
    use(1_000);
    const before = readHeap();
    use(50_000);
    // 150 bytes for each of them would be 15 MB.
    expect(readHeap() - before).toBeLessThan(3_000_000);
  });

  test("counts two bytes for each UTF-16 unit of key and text", () => {
    expect(toEntryBytes("key", "text") - toEntryBytes("", "")).toBe(14);
    expect(toEntryBytes("", "😀") - toEntryBytes("", "")).toBe(4);
    expect(toEntryBytes("", "")).toBeGreaterThan(0);
  });
});
