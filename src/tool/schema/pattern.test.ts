import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compilePattern, patternEngine } from "./pattern.ts";

function reasonOf(pattern: string): string {
  const compiled = compilePattern(pattern);
  return compiled.ok ? "ok" : compiled.reason;
}

describe("a pattern on RE2", () => {
  const patterns = [
    "^[a-z]{2,5}$",
    "^\\d{4}-\\d{2}$",
    "\\s",
    "^\\S+$",
    "^.$",
    "^.*b",
    "[\\s,]",
    "[^\\s]",
    "^[^.]$",
    "\\.",
    "^\\w+\\b",
    "a|b$",
    "\\u0041",
    "^\\ud83d\\ude00$",
    "^\\u{1F600}$",
    "^[\\u{1F600}-\\u{1F64F}]$",
    "\\p{L}",
    "(?<year>a)b",
    "\\cA",
    "[\\w\\-.]+@",
    "^\\-$",
    "\\/",
    "[/]",
    "^[^]$",
    "[.]",
    "\\\\ud83d",
    "^$",
    "\\t|\\v|\\f|\\0",
    "[\\b]|a",
    "\\x41",
    "(?:ab){2,}",
    "^\\[a\\]$",
    "[\\]a]",
  ];
  const text = fc.string({
    maxLength: 6,
    unit: fc.constantFrom(
      ...Array.from("aAbB1.,-_/@[]\\ \n\r\t\v\f\0\u00a0\u2028\ufeffé"),
      "😀",
      "\u0001",
      "2",
      "3",
      "ab",
    ),
  });

  test.each(patterns.filter((pattern) => reasonOf(pattern) === "ok"))("%s matches what ECMA-262 matches", (pattern) => {
    const compiled = compilePattern(pattern);
    const expected = new RegExp(pattern === "^\\-$" ? "^-$" : pattern, "u");
    fc.assert(
      fc.property(text, (value) => compiled.ok && compiled.matcher.test(value) === expected.test(value)),
      { numRuns: 400 },
    );
  });

  test.each(
    [...patterns, "a*", "\\b", "a*?", "b|", "(?:a|ab)(?:c|bcd|b)*", "^"].filter(
      (pattern) => reasonOf(pattern) === "ok",
    ),
  )("%s is found where ECMA-262 finds it", (pattern) => {
    const compiled = compilePattern(pattern);
    const expected = new RegExp(pattern === "^\\-$" ? "^-$" : pattern, "gu");
    fc.assert(
      fc.property(text, (value) => {
        const spans = compiled.ok ? Array.from(compiled.matcher.spans(value)) : null;
        const matches = Array.from(value.matchAll(expected), ({ index, 0: match }) => ({
          start: index,
          end: index + match.length,
        }));
        expect(spans).toStrictEqual(matches);
      }),
    );
  });

  test("covers the common forms", () => {
    expect(patterns.filter((pattern) => reasonOf(pattern) !== "ok")).toStrictEqual(["[\\b]|a"]);
  });

  test("takes time linear in the text where a backtracking engine would not end", () => {
    const compiled = compilePattern("^(a+)+$");
    expect(compiled.ok && compiled.matcher.test(`${"a".repeat(50_000)}!`)).toBe(false);
  });
});

test.each([
  ["(?=a)b", "cannot run in linear time"],
  ["(?<!a)b", "cannot run in linear time"],
  ["(a)\\1", "cannot run in linear time"],
  ["a{1001}", "cannot run in linear time"],
  ["(a{1000}){1000}", "cannot run in linear time"],
  ["(", "is no regular expression of ECMA-262"],
  ["[a-", "is no regular expression of ECMA-262"],
  ["*", "is no regular expression of ECMA-262"],
  ["\\A\\d+\\z", "is no regular expression of ECMA-262"],
  ["(?i)a", "is no regular expression of ECMA-262"],
  ["[[:alpha:]]", "is no regular expression of ECMA-262"],
  ["a".repeat(4_097), "is 4097 characters long"],
])("refuses %s with the reason", (pattern, reason) => {
  expect(reasonOf(pattern)).toContain(reason);
});

test("every pattern has a name of its own", () => {
  expect(String(patternEngine("^a$"))).not.toBe(String(patternEngine("^b$")));
  expect(() => patternEngine("(?=a)")).toThrow("cannot run in linear time");
});
