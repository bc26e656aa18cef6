// What the contract diff calls compatible is compatible: schemas and values are drawn at random, and the validator is the
// judge. A yes that is wrong lets a caller break; a no that is wrong only asks for a higher version.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareInput, compareOutput } from "../../src/tool/contract/compare-schemas.ts";
import { Comparison } from "../../src/tool/contract/schema/comparison.ts";
import { toDocuments } from "../../src/tool/contract/schema/document.ts";
import { checkJsonSchema } from "../../src/tool/schema/check-json-schema.ts";
import type { JsonSchema } from "../../src/tool/schema/schema.ts";
import { createValidatorPool } from "../../src/tool/schema/validator-pool.ts";
import { isObject } from "../../src/kernel/json.ts";
import { randomPair, randomSchema, randomValue } from "./random-schemas.ts";
import { sampleValues } from "./sample-value.ts";

const RUNS = { numRuns: 400 };
// Generous: it is the machine that may be slow, and nothing here depends on time.
const PATIENT = { timeout: 300_000 };
/** Values at random, and a seed for values that a schema is likely to accept. */
const values = fc.tuple(fc.array(randomValue, { minLength: 10, maxLength: 10 }), fc.integer());
const pool = createValidatorPool({ dialect: "2020-12", allErrors: false, maxSize: 200 });

function compile(schema: JsonSchema): (value: unknown) => boolean {
  const validate = pool.compile(schema, { usedAt: 0, drop: () => {} });
  return (value) => validate(value);
}

function isPublishable(schema: JsonSchema): boolean {
  return checkJsonSchema(schema, { dialect: "2020-12", patterns: true }).length === 0;
}

function isSubset(small: JsonSchema, large: JsonSchema): boolean {
  const [one, other] = toDocuments(small, large);
  return new Comparison().isSubset(one.toNode(small), other.toNode(large), "strict");
}

function samplesOf(schema: JsonSchema, [random, seed]: readonly [readonly unknown[], number]): readonly unknown[] {
  return [...random, ...sampleValues(schema, seed, 60)];
}

/** `schema` with every list of members taken as complete; what rules values out is left away. */
function toDescribed(schema: unknown): unknown {
  if (!isObject(schema)) return schema;
  const { oneOf, not: _not, if: _if, then: _then, else: _else, ...rest } = schema;
  const described = Object.fromEntries(
    Object.entries(rest).map(([keyword, value]) => [keyword, toDescribedKeyword(keyword, value)]),
  );
  if (Array.isArray(oneOf)) described["allOf"] = [{ anyOf: oneOf.map(toDescribed) }, ...toList(described["allOf"])];
  const isSilent = described["properties"] !== undefined && described["additionalProperties"] === undefined;
  return isSilent ? { ...described, additionalProperties: false } : described;
}

function toDescribedKeyword(keyword: string, value: unknown): unknown {
  if (["properties", "patternProperties", "$defs"].includes(keyword) && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, toDescribed(one)]));
  if (Array.isArray(value)) return ["anyOf", "allOf", "prefixItems"].includes(keyword) ? value.map(toDescribed) : value;
  return ["items", "additionalProperties"].includes(keyword) ? toDescribed(value) : value;
}

function toList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

describe("what is said to be compatible", () => {
  test("accepts every value that the smaller schema accepts", PATIENT, () => {
    let decided = 0;
    let met = 0;
    fc.assert(
      fc.property(randomPair, values, ([small, large], samples) => {
        fc.pre(isPublishable(small) && isPublishable(large));
        if (!isSubset(small, large)) return;
        decided++;
        const [accepts, acceptsNow] = [compile(small), compile(large)];
        for (const sample of samplesOf(small, samples)) {
          if (!accepts(sample)) continue;
          met++;
          expect({ sample, accepted: acceptsNow(sample) }).toEqual({ sample, accepted: true });
        }
      }),
      RUNS,
    );
    expect(decided).toBeGreaterThan(75);
    expect(met).toBeGreaterThan(500);
  });

  test("lets callers send what the list of members told them of", PATIENT, () => {
    let met = 0;
    fc.assert(
      fc.property(randomPair, values, ([before, after], samples) => {
        fc.pre(isPublishable(before) && isPublishable(after));
        if (compareInput(before, after, "").some((change) => change.class === "breaking")) return;
        const [accepts, acceptsNow] = [compile(before), compile(after)];
        const isDescribed = compile(toDescribed(before) as JsonSchema);
        for (const sample of samplesOf(before, samples)) {
          if (!accepts(sample) || !isDescribed(sample)) continue;
          met++;
          expect({ sample, accepted: acceptsNow(sample) }).toEqual({ sample, accepted: true });
        }
      }),
      RUNS,
    );
    expect(met).toBeGreaterThan(500);
  });

  test("promises callers what was promised before", PATIENT, () => {
    let met = 0;
    fc.assert(
      fc.property(randomPair, values, ([before, after], samples) => {
        fc.pre(isPublishable(before) && isPublishable(after));
        if (compareOutput(before, after, "").some((change) => change.class === "breaking")) return;
        const [promised, comes] = [compile(before), compile(after)];
        for (const sample of samplesOf(after, samples)) {
          if (!comes(sample)) continue;
          met++;
          expect({ sample, promised: promised(sample) }).toEqual({ sample, promised: true });
        }
      }),
      RUNS,
    );
    expect(met).toBeGreaterThan(500);
  });

  test("is the same when it is said to be the same", PATIENT, () => {
    let same = 0;
    fc.assert(
      fc.property(randomPair, values, ([before, after], samples) => {
        fc.pre(isPublishable(before) && isPublishable(after));
        const changes = compareInput(before, after, "");
        if (changes.some((change) => change.class === "breaking" || change.class === "widening")) return;
        same++;
        const [accepts, acceptsNow] = [compile(before), compile(after)];
        for (const sample of [...samplesOf(before, samples), ...samplesOf(after, samples)])
          expect({ sample, accepted: acceptsNow(sample) }).toEqual({ sample, accepted: accepts(sample) });
      }),
      RUNS,
    );
    expect(same).toBeGreaterThan(100);
  });
});

describe("what cannot be seen", () => {
  test("gives a breaking change, whatever the places are that differ", PATIENT, () => {
    let refused = 0;
    fc.assert(
      fc.property(randomPair, ([before, after]) => {
        fc.pre(isPublishable(before) && isPublishable(after));
        if (isSubset(after, before)) return;
        refused++;
        const kinds = compareOutput(before, after, "").map((change) => change.class);
        expect(kinds).toContain("breaking");
      }),
      RUNS,
    );
    expect(refused).toBeGreaterThan(75);
  });
});

describe("a schema", () => {
  test("is compatible with itself", PATIENT, () => {
    fc.assert(
      fc.property(randomSchema, (schema) => {
        fc.pre(isPublishable(schema));
        const kinds = compareInput(schema, structuredClone(schema), "").map((change) => change.class);
        expect(kinds).toEqual(["cosmetic"]);
      }),
      RUNS,
    );
  });
});
