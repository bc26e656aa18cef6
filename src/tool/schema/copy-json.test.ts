import fc from "fast-check";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { formatIssues } from "./format-issues.ts";
import { copyJson, type CopyRules } from "./copy-json.ts";

const STRICT: CopyRules = { maxDepth: 64, instances: "refuse", bigints: false };
const CONVERT: CopyRules = { maxDepth: 64, instances: "convert", bigints: false };

function valueOf(value: unknown, rules: CopyRules): unknown {
  const copied = copyJson(value, rules);
  return copied.ok ? copied.value : formatIssues(copied.issues);
}

test("copies JSON data as it is, sharing nothing", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      for (const rules of [STRICT, CONVERT]) {
        const copy = valueOf(value, rules);
        expect(copy).toStrictEqual(value);
        if (typeof value === "object" && value !== null) expect(copy).not.toBe(value);
      }
    }),
  );
});

test("gives what JSON.stringify keeps, when instances are converted", () => {
  class Order {
    id = "o_17";
    readonly #secret = 1;
    total(): number {
      return this.#secret;
    }
  }
  const samples: readonly unknown[] = [
    { at: new Date(0), skip: undefined, list: [undefined, 1] },
    new Order(),
    { toJSON: () => ({ a: [new Date(1)], toJSON: 1 }) },
    { toJSON: () => "text" },
    [{ toJSON: (key: string) => [key] }],
    Object.create(null),
    new URL("https://example.com/a"),
  ];
  for (const sample of samples) expect(JSON.stringify(valueOf(sample, CONVERT))).toBe(JSON.stringify(sample));
});

test.each<[string, unknown]>([
  ["Map", new Map([[1, 2]])],
  ["Set", new Set([1])],
  ["Error", new Error("x")],
  ["Promise", Promise.resolve(1)],
  ["Uint8Array", new Uint8Array(2)],
  ["RegExp", /x/],
  ["Number", Object(5)],
])("refuses an instance of %s, which would lose its content", (name, value) => {
  expect(valueOf({ v: value }, CONVERT)).toContain(
    `v: is not data that JSON can hold; expected JSON data, not an instance of ${name}`,
  );
});

test("refuses a date that is none", () => {
  expect(valueOf({ at: new Date(Number.NaN) }, CONVERT)).toContain(
    "at: is not data that JSON can hold; expected a valid date",
  );
});

test("refuses BigInts, or notes those that a double does not hold", () => {
  expect(valueOf([5n], CONVERT)).toContain("expected a number, not a BigInt");
  expect(copyJson({ a: [5n, 2n ** 53n + 1n] }, { ...STRICT, bigints: true })).toStrictEqual({
    ok: true,
    value: { a: [5, 2 ** 53] },
    inexact: [{ path: ["a", 1], literal: "9007199254740993", kind: "INTEGER" }],
  });
});

test("takes plain data of another realm", () => {
  expect(valueOf(runInNewContext("({ a: [1, { b: 2 }] })"), STRICT)).toStrictEqual({ a: [1, { b: 2 }] });
});

test("counts levels exactly", () => {
  const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
  expect(copyJson(nested(64), STRICT).ok).toBe(true);
  expect(copyJson(nested(65), STRICT).ok).toBe(false);
  expect(copyJson({ toJSON: () => nested(65) }, CONVERT).ok).toBe(false);
});

test("ends on data that refers to itself a billion times", () => {
  let lol: unknown = "lol";
  for (let level = 0; level < 40; level++) lol = [lol, lol, lol];
  expect(valueOf(lol, STRICT)).toContain("at most 1000000 values");
  expect(
    valueOf(
      Array.from({ length: 2 }, () => new Array(900_000)),
      STRICT,
    ),
  ).toContain("at most 1000000 values");
});

test("collects what is wrong, up to fifty", () => {
  const copied = copyJson(
    Array.from({ length: 80 }, () => () => 1),
    STRICT,
  );
  expect(copied.ok ? 0 : copied.issues.length).toBe(50);
});

test("never throws, whatever reading the data does", () => {
  const traps: ProxyHandler<object> = {
    get: () => {
      throw new Error("no");
    },
    ownKeys: () => {
      throw new Error("no");
    },
    getPrototypeOf: () => {
      throw new Error("no");
    },
  };
  for (const value of [
    new Proxy({}, traps),
    { a: new Proxy([], traps) },
    {
      toJSON: () => {
        throw new Error("no");
      },
    },
  ]) {
    expect(valueOf(value, CONVERT)).toContain("cannot be read");
  }
});
