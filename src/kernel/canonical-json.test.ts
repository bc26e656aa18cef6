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

  it("refuses what JSON cannot hold", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, undefined])
      expect(() => toCanonicalJson(value)).toThrow();
  });
});
