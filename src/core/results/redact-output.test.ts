import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createManualClock } from "../../testing/manual-clock.ts";
import { patternEngine } from "../../tool/schema/pattern.ts";
import { redactOutput } from "./redact-output.ts";
import { createTextRedactor } from "./redact-text.ts";

function redact(output: unknown, paths: readonly string[], patterns: readonly string[] = []): unknown {
  return redactOutput(output, {
    paths: paths.length === 0 ? null : paths.map((path) => path.split(".")),
    redactText: patterns.length === 0 ? null : createTextRedactor(patterns.map(patternEngine), createManualClock()),
  });
}

const X = "[redacted]";

describe("a path", () => {
  const order = { id: 7, customer: { name: "Ann", address: { city: "Bonn" } }, items: [{ price: 1 }, { price: 2 }] };

  it.each([
    [["customer.address"], { ...order, customer: { name: "Ann", address: X } }],
    [["items.*.price"], { ...order, items: [{ price: X }, { price: X }] }],
    [["items.1.price"], { ...order, items: [{ price: 1 }, { price: X }] }],
    [["items.1"], { ...order, items: [{ price: 1 }, X] }],
    [["*.name", "id"], { ...order, id: X, customer: { name: X, address: { city: "Bonn" } } }],
    [["customer", "customer.name"], { ...order, customer: X }],
    [["*"], { id: X, customer: X, items: X }],
  ])("%j takes out what stands there", (paths, expected) => {
    expect(redact(order, paths)).toEqual(expected);
  });

  it("takes null and numbers out as well, and adds nothing that is not there", () => {
    expect(redact({ a: null, b: 0 }, ["a", "b", "c"])).toEqual({ a: X, b: X });
  });

  it.each([["customer.phone"], ["items.01"], ["items.length"], ["constructor"], ["__proto__.x"], ["id.x"]])(
    "%s to nothing changes nothing, and what is not changed is not copied",
    (path) => {
      expect(redact(order, [path])).toBe(order);
    },
  );

  it("copies only what changes, and never the input", () => {
    const frozen = JSON.stringify(order);
    const shown = redact(order, ["customer.name"]) as typeof order;
    expect(shown.items).toBe(order.items);
    expect(shown.customer.address).toBe(order.customer.address);
    expect(JSON.stringify(order)).toBe(frozen);
  });

  it("begins at the root of an array, too", () => {
    expect(redact([{ a: 1 }, { a: 2, b: 3 }], ["*.a"])).toEqual([{ a: X }, { a: X, b: 3 }]);
  });
});

describe("a pattern", () => {
  it("takes matches out of texts, names and numbers, wherever they are", () => {
    const output = {
      "card 4111111111111111": { note: ["is 4111111111111111."] },
      number: 4111111111111111,
      big: 9n,
      n: 5,
    };
    expect(redact(output, [], ["\\d{16}"])).toEqual({
      [`card ${X}`]: { note: [`is ${X}.`] },
      number: X,
      big: 9n,
      n: 5,
    });
    expect(redact("sk-1", [], ["sk-\\d"])).toBe(X);
  });

  it("keeps every member when names become the same", () => {
    const output = { first: 0, k1: 1, [`${X} 2`]: 2, k2: 3, k3: 4, [X]: 5 };
    const shown = redact(output, [], ["k\\d"]) as Record<string, number>;
    expect(Object.values(shown)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(Object.keys(shown).join()).not.toMatch(/k\d/);
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index]));
    expect(Object.keys(redact(many, [], ["k\\d+"]) as object)).toHaveLength(5_000);
  });

  it("looks at what is written as JSON, whatever the object is", () => {
    const day = new Date(0);
    expect(redact({ day }, [], ["1970"])).toEqual({ day: `${X}-01-01T00:00:00.000Z` });
    expect(redact({ a: { toJSON: () => ({ b: "secret" }) } }, [], ["secret"])).toEqual({ a: { b: X } });
    expect(redact({ a: { toJSON: () => ({ b: "secret" }) } }, ["a.b"])).toEqual({ a: { b: X } });
    expect(redact(new String("secret"), [], ["secret"])).toBe(X);
    class Row {
      readonly value = "secret";
    }
    expect(redact([new Row()], [], ["secret"])).toEqual([{ value: X }]);
  });

  it("keeps a member named __proto__ a member", () => {
    const output = JSON.parse('{"__proto__":{"a":"secret"},"b":"secret"}') as unknown;
    expect(JSON.stringify(redact(output, [], ["secret"]))).toBe(`{"__proto__":{"a":"${X}"},"b":"${X}"}`);
  });
});

describe("redactOutput", () => {
  it("shows nothing of what is taken out", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.array(fc.string({ maxLength: 3 })), (value, names) => {
        const output = {
          rest: value,
          ...Object.fromEntries(names.map((name) => [`${name}secret${name}`, ["secret"]])),
        };
        const before = JSON.stringify(output);
        expect(JSON.stringify(redact(output, ["rest.*.*"], ["s[e]cret"]))).not.toContain("secret");
        expect(JSON.stringify(output)).toBe(before);
      }),
    );
  });

  it("takes out at the paths what a walk along them finds", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a", "b", "0", "*"), { minLength: 1, maxLength: 3 }),
        fc.letrec((tie) => ({
          value: fc.oneof(
            fc.integer(),
            fc.array(tie("value"), { maxLength: 3 }),
            fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value")),
          ),
        })).value,
        (path, output) => {
          const expected = structuredClone({ root: output }) as Record<string, unknown>;
          const take = (holder: Record<string, unknown>, [key, ...rest]: readonly string[]): void => {
            if (typeof holder !== "object") return;
            for (const name of Object.keys(holder).filter((own) => key === "*" || own === key)) {
              if (rest.length === 0) holder[name] = X;
              else take(holder[name] as Record<string, unknown>, rest);
            }
          };
          take(expected["root"] as Record<string, unknown>, path);
          expect(redact(output, [path.join(".")])).toEqual(expected["root"]);
        },
      ),
    );
  });

  it("reaches the bottom of the deepest output", () => {
    let output: unknown = "secret";
    for (let depth = 0; depth < 512; depth++) output = depth % 2 === 0 ? [output] : { a: output };
    expect(JSON.stringify(redact(output, [], ["secret"]))).toContain(X);
  });

  it("says so in place of an output that cannot be read or holds itself", () => {
    const loop: Record<string, unknown> = { a: "secret" };
    loop["b"] = [loop, loop];
    const throwing = {
      get a() {
        throw new Error("secret");
      },
    };
    for (const output of [loop, throwing]) expect(redact(output, [], ["x"])).toBe("[the output cannot be redacted]");
  });
});
