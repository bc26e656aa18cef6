// The guard's decision about addresses against a model of its own, at random and at the edges of every prefix.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toAddressPolicy } from "../../src/net/address.ts";
import { isPublic4, isPublic6, MODEL_V4, MODEL_V6, toText4, toText6 } from "./address-model.ts";

const policy = toAddressPolicy(undefined);
const near = (edges: readonly bigint[], max: bigint): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.bigInt({ min: 0n, max }),
    fc
      .tuple(fc.constantFrom(...edges), fc.bigInt({ min: -300n, max: 300n }))
      .map(([edge, step]) => edge + step)
      .filter((address) => address >= 0n && address <= max),
  );
const v4 = near(MODEL_V4.edges, MODEL_V4.max);
const v6 = near(MODEL_V6.edges, MODEL_V6.max);

describe("the guard and the model", () => {
  test("agree at every edge", () => {
    for (const address of MODEL_V4.edges) {
      expect(policy.decide(toText4(address)).ok, toText4(address)).toBe(isPublic4(address));
    }
    for (const address of MODEL_V6.edges) {
      expect(policy.decide(toText6(address)).ok, toText6(address)).toBe(isPublic6(address));
    }
  });

  test("agree on IPv4", () => {
    fc.assert(
      fc.property(v4, (address) => {
        expect(policy.decide(toText4(address)).ok).toBe(isPublic4(address));
      }),
      { numRuns: 5000 },
    );
  });

  test("agree on IPv6, however it is written", () => {
    fc.assert(
      fc.property(v6, (address) => {
        const text = toText6(address);
        const short = new URL(`http://[${text}]/`).hostname.slice(1, -1);
        for (const written of [text, text.toUpperCase(), short]) {
          expect(policy.decide(written).ok, written).toBe(isPublic6(address));
        }
      }),
      { numRuns: 5000 },
    );
  });

  test("refuse every IPv4 address inside of an IPv6 one", () => {
    fc.assert(
      fc.property(v4, (address) => {
        const dotted = toText4(address);
        const hex = toText6(address).slice(-9);
        for (const text of [`::ffff:${dotted}`, `::${dotted}`, `64:ff9b::${dotted}`, `2002:${hex}::`, `2001::${hex}`]) {
          expect(policy.decide(text).ok, text).toBe(false);
        }
      }),
    );
  });

  test("agree that a permission for a prefix permits what is in it and nothing else that is private", () => {
    fc.assert(
      fc.property(v4, fc.integer({ min: 0, max: 32 }), v4, (network, bits, address) => {
        const size = 2n ** BigInt(32 - bits);
        const inside = network / size === address / size;
        const permitted = toAddressPolicy([`${toText4(network)}/${bits}`]).decide(toText4(address));
        const isMetadata = "range" in permitted && permitted.range === "metadata";
        expect(permitted.ok).toBe(isPublic4(address) || (inside && !isMetadata));
      }),
      { numRuns: 2000 },
    );
  });

  test("take nothing but plain addresses", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.domain(), fc.nat().map(String), fc.webUrl()), (text) => {
        fc.pre(!/^\d+\.\d+\.\d+\.\d+$/.test(text) && !text.includes(":"));
        expect(policy.decide(text).ok).toBe(false);
      }),
    );
  });
});
