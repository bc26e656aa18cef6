import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createNameTable } from "./name-table.ts";

describe("createNameTable", () => {
  it("behaves like a Map under random changes, and earlier tables never change", () => {
    const change = fc.array(fc.tuple(fc.string({ maxLength: 3 }), fc.option(fc.integer())), { maxLength: 10 });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 20 }), (steps) => {
        let table = createNameTable<number>();
        const oracle = new Map<string, number>();
        const past: { table: typeof table; entries: Map<string, number> }[] = [];
        for (const step of steps) {
          past.push({ table, entries: new Map(oracle) });
          table = table.with(new Map(step));
          for (const [name, value] of new Map(step)) {
            if (value === null) oracle.delete(name);
            else oracle.set(name, value);
          }
        }
        past.push({ table, entries: oracle });
        for (const { table: then, entries } of past) {
          expect(then.size).toBe(entries.size);
          expect([...then.values()].sort((a, b) => a - b)).toEqual([...entries.values()].sort((a, b) => a - b));
          for (const [name, value] of entries) expect(then.get(name)).toBe(value);
        }
      }),
    );
  });

  it("finds nothing under the names of Object's own members", () => {
    const table = createNameTable<number>();
    for (const name of ["constructor", "__proto__", "toString"]) expect(table.get(name)).toBeUndefined();
  });
});
