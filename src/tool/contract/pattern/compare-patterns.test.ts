// Whether patterns hold one another is decided on automata; the engine that runs the patterns is the judge.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern } from "../../schema/pattern.ts";
import { areTextsApart, isWithinLength, isWithinPattern } from "./compare-patterns.ts";
import { parsePattern } from "./parse-pattern.ts";

const MANY = Number.POSITIVE_INFINITY;
const always = (): boolean => true;
const within = (small: string, large: string) =>
  isWithinPattern({ patterns: [small], min: 0, max: MANY }, large, always);

const SAME: readonly (readonly [string, string])[] = [
  ["^[0-9]{3}$", "^\\d\\d\\d$"],
  ["^(?:a|b)+$", "^[ab][ab]*$"],
  ["^(?<first>a)$", "^a$"],
  ["^\\u{1F600}$", "^\\uD83D\\uDE00$"],
  ["^[^]*$", ""],
  ["^a{2,}$", "^aa+$"],
  ["^\\x41\\.$", "^A[.]$"],
  ["(?:^a$)|(?:^b$)", "^[ab]$"],
  ["^a?b??$", "^(?:|a|b|ab)$"],
  ["^[\\]\\-x]$", "^(?:\\]|-|x)$"],
];
test.each(SAME)("takes the texts of %s for those of %s", (one, other) => {
  expect([within(one, other), within(other, one)]).toEqual([true, true]);
});

const NARROWER: readonly (readonly [string, string])[] = [
  ["^\\d{6}$", "^\\d{6,8}$"],
  ["^a", "a"],
  ["^(EUR|USD)$", "^[A-Z]{3}$"],
  ["^[^@\\s]+@[^@\\s]+$", "@"],
  ["^.$", "^[^]$"],
  ["^$", "^a?$"],
  ["^\\w$", "^[^-]$"],
];
test.each(NARROWER)("sees that %s is narrower than %s", (small, large) => {
  expect([within(small, large), within(large, small)]).toEqual([true, false]);
});

test("counts lengths, and every pattern that has to fit", () => {
  const code = { patterns: ["^[a-z]+$"], min: 2, max: 3 };
  expect(isWithinPattern(code, "^..?.?$", always)).toBe(true);
  expect(isWithinPattern(code, "^...$", always)).toBe(false);
  expect(isWithinLength({ patterns: ["^[a-z]{3}$"], min: 0, max: MANY }, 1, 3, always)).toBe(true);
  expect(isWithinLength({ patterns: ["^[a-z]{3}"], min: 0, max: MANY }, 1, 3, always)).toBe(false);
  expect(isWithinPattern({ patterns: ["^a", "b$"], min: 0, max: MANY }, "^a.*b$", always)).toBe(false);
  expect(isWithinPattern({ patterns: ["^a", "b$"], min: 0, max: MANY }, "^a[^]*b$", always)).toBe(true);
  expect(areTextsApart({ patterns: ["^a"], min: 0, max: MANY }, { patterns: ["^b"], min: 0, max: MANY }, always)).toBe(
    true,
  );
  expect(areTextsApart({ patterns: ["a"], min: 0, max: MANY }, { patterns: ["b"], min: 0, max: MANY }, always)).toBe(
    false,
  );
});

test.each([
  "\\bword\\b",
  "^\\p{L}+$",
  "(?:a{9}){9999}",
  `${"(".repeat(100)}a${")".repeat(100)}`,
  "a{2,1}",
  "[z-a]",
  "^*",
])("does not pretend to understand %s", (pattern) => {
  expect(within("^a$", pattern)).toBeNull();
  expect(within(pattern, "^a$")).not.toBe(true);
});

test("gives up on what takes too long, and when there are no steps left", () => {
  expect(within("^(a|b)*a(a|b){14}$", "^(a|b)*b(a|b){14}$")).toBeNull();
  expect(isWithinPattern({ patterns: ["^q{9}$"], min: 0, max: MANY }, "^q{8,9}$", () => false)).toBeNull();
});

const pattern: fc.Arbitrary<string> = fc.letrec<{ all: string; item: string }>((tie) => ({
  all: fc.oneof(
    { maxDepth: 3, depthSize: "small" },
    tie("item"),
    fc.array(tie("item"), { minLength: 1, maxLength: 3 }).map((items) => items.join("")),
    fc.tuple(tie("all"), tie("all")).map(([one, other]) => `(?:${one}|${other})`),
    fc
      .tuple(tie("all"), fc.constantFrom("*", "+", "?", "{1,2}", "{2}", "{0,1}?"))
      .map(([one, by]) => `(?:${one})${by}`),
    fc.tuple(tie("all")).map(([one]) => `^${one}$`),
    fc.tuple(tie("all")).map(([one]) => `^${one}`),
  ),
  item: fc.constantFrom("a", "b", "\\d", "[ab]", "[^a]", ".", "\\w", "", "5", "\\s", "$", "^"),
})).all;
const text = fc.string({ unit: fc.constantFrom("a", "b", "5", "\n", " ", "\u{1F600}", "é"), maxLength: 5 });

describe("for patterns at random", () => {
  test(
    "a pattern that holds another one takes all its texts, and one that does not may miss one",
    { timeout: 120_000 },
    () => {
      let held = 0;
      let understood = 0;
      fc.assert(
        fc.property(pattern, pattern, fc.array(text, { minLength: 30, maxLength: 30 }), (small, large, texts) => {
          const [one, other] = [compilePattern(small), compilePattern(large)];
          fc.pre(one.ok && other.ok);
          if (!one.ok || !other.ok) return;
          if (parsePattern(small) !== null) understood++;
          const isHeld = within(small, large);
          const both = texts.filter((sample) => one.matcher.test(sample));
          if (isHeld === true) {
            held++;
            for (const sample of both)
              expect({ sample, fits: other.matcher.test(sample) }).toEqual({ sample, fits: true });
          }
          const isMissed = both.some((sample) => !other.matcher.test(sample));
          if (isMissed) expect(isHeld).not.toBe(true);
          if (
            areTextsApart(
              { patterns: [small], min: 0, max: MANY },
              { patterns: [large], min: 0, max: MANY },
              always,
            ) === true
          )
            expect(both.filter((sample) => other.matcher.test(sample))).toEqual([]);
        }),
        { numRuns: 1_500 },
      );
      expect(held).toBeGreaterThan(200);
      expect(understood).toBeGreaterThan(1_200);
    },
  );
});
