import canonicalize from "canonicalize";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toCanonicalJson, toDigest } from "./canonical-json.ts";

describe("toCanonicalJson", () => {
  it("gives the example of RFC 8785, section 3.2.3", () => {
    const value: unknown = JSON.parse(
      '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}',
    );
    expect(toCanonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it("keeps the digest whatever the order of the keys, and changes it with any value", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(toDigest(reversed)).toBe(toDigest(value));
        expect(toDigest({ ...value, "another key": 1 })).not.toBe(toDigest({ ...value, "another key": 2 }));
      }),
    );
  });

  it("writes plain data as the library does", () => {
    const many = fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 15, maxKeys: 20 });
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue({ maxDepth: 5 }), many), (value) => {
        expect(toCanonicalJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 500 },
    );
  });

  it("leaves to the library what is no plain data", () => {
    const deep = JSON.parse(`${"[".repeat(100)}${"]".repeat(100)}`) as unknown;
    const written = [
      new Date(0),
      { a: new Date(0) },
      { toJSON: () => 1 },
      { a: undefined, b: 1 },
      [undefined],
      deep,
      -0,
    ];
    for (const value of written) expect(toCanonicalJson(value)).toBe(canonicalize(value));
  });

  it("refuses what JSON cannot hold", () => {
    const cycle: unknown[] = [];
    cycle.push({ cycle });
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined, "\ud800", { "\ud800": 1 }, cycle])
      expect(() => toCanonicalJson(value)).toThrow();
  });
});
