// The compiler, run on the probes of every keyword, against the rules that say what it does.
import { describe, expect, test } from "vitest";
import {
  findOutcome,
  FORMS,
  isValid,
  stillRefuses,
  compileProbe,
  toArguments,
  toWhole,
} from "../../scripts/provider-findings.ts";
import { findEnumLength, restoresCase, toLimits, toSentName } from "../../scripts/provider-limits.ts";
import { type Keyword, KEYWORDS } from "../../src/providers/schema/keywords.ts";
import {
  PROBED_FORMATS,
  PROBED_NAMES,
  PROBED_PATTERNS,
  type Probe,
  PROBES,
  UNKNOWN_KEYWORD,
  UNKNOWN_PROBE,
} from "./keyword-probes.ts";

const names = Object.keys(KEYWORDS) as Keyword[];
const all = names.flatMap((keyword) => PROBES[keyword].map((probe) => ({ keyword, probe, title: probe.title })));
const refusing = all.filter(({ probe }) => probe.refused !== undefined);

describe("a probe", () => {
  test("is there for every keyword", () => {
    expect(Object.keys(PROBES)).toEqual(names);
  });

  test.each(refusing)("has a value that $keyword alone refuses: $title", ({ keyword, probe }) => {
    const value = toArguments(probe, probe.refused);
    expect(isValid(toWhole(probe), value)).toBe(false);
    expect(isValid(toWhole(probe, keyword), value)).toBe(true);
  });
});

describe.each(FORMS)("the rules of $rules.name", (form) => {
  const { rules } = form;
  const outcomeOf = (keyword: string, probe: Probe): string => findOutcome(keyword, probe, form).outcome;
  const ofValue = (keyword: string, value: unknown, type: string): string =>
    outcomeOf(keyword, { title: "", at: "property", schema: { type, [keyword]: value } });

  test.each(names)("say what becomes of %s", (keyword) => {
    expect(outcomeOf(keyword, PROBES[keyword][0])).toBe(rules.keywords[keyword]);
  });

  test("say what becomes of a keyword that nobody knows", () => {
    expect(outcomeOf(UNKNOWN_KEYWORD, UNKNOWN_PROBE)).toBe(rules.unknown);
  });

  test("keep no keyword that no longer refuses anything", () => {
    for (const { keyword, probe } of refusing) {
      if (outcomeOf(keyword, probe) !== "keep") continue;
      expect(stillRefuses(compileProbe(probe, form), probe), `${keyword} ${probe.title}`).toBe(true);
    }
  });

  test("say which formats are sent", () => {
    const sent = PROBED_FORMATS.filter((format) => ofValue("format", format, "string") === "keep");
    expect(new Set(sent)).toEqual(rules.formats ?? new Set(PROBED_FORMATS));
  });

  test("say which patterns are sent", () => {
    for (const pattern of PROBED_PATTERNS) {
      const isSent = rules.keywords.pattern === "keep" && rules.refusedPatterns?.test(pattern) !== true;
      expect(ofValue("pattern", pattern, "string"), pattern).toBe(isSent ? "keep" : "describe");
    }
  });

  test("say which names are replaced", () => {
    for (const name of PROBED_NAMES) {
      const isSent = rules.propertyNames?.test(name) !== false;
      expect(toSentName(name, form) === name, name).toBe(isSent);
      expect(rules.propertyNames?.test(toSentName(name, form))).not.toBe(false);
    }
  });

  test("say up to where minItems is sent", () => {
    for (const count of [0, 1, 2, 3]) {
      const schema = { type: "array", items: { type: "string" }, minItems: count };
      const isSent = rules.maxMinItems === null || count <= rules.maxMinItems;
      expect(outcomeOf("minItems", { title: "", at: "property", schema })).toBe(isSent ? "keep" : "describe");
    }
  });

  test("say which constants are sent, and how many", () => {
    for (const [type, value] of [
      ["string", "a"],
      ["integer", 1],
      ["number", 1.5],
      ["boolean", true],
      ["object", { a: 1 }],
      ["array", [1]],
    ] as const) {
      const isSent = rules.enumTypes === null || rules.enumTypes.has(type);
      const otherwise = rules.closed ? "refuse" : "describe";
      const schema = { title: "", at: "property", schema: { enum: [value] } } as const;
      expect(outcomeOf("enum", schema), type).toBe(isSent ? "keep" : otherwise);
    }
    expect(findEnumLength(form)).toBe(rules.maxEnumCharacters);
    expect(restoresCase(form)).toBe(rules.enumCase === "any");
  });

  test("say how references, several types and optional properties are sent", () => {
    const ofCase = (keyword: Keyword, title: string): string => {
      const found = PROBES[keyword].find((probe) => probe.title === title);
      if (found === undefined) throw new Error(`${keyword} has no probe "${title}"`);
      return outcomeOf(keyword, found);
    };
    expect(ofCase("$ref", "in a required property")).toBe(rules.refs === "anywhere" ? "keep" : "rewrite");
    expect(ofCase("$ref", "to what contains it, which may be left out")).toBe(rules.recursion ? "keep" : "refuse");
    expect(ofCase("type", "several")).toBe(rules.mixedTypes ? "keep" : "rewrite");
    expect(ofCase("required", "not all")).toBe(rules.optionals === "null" ? "rewrite" : "keep");
    expect(ofCase("additionalProperties", "absent")).toBe(rules.closed ? "add" : "absent");
    expect(ofCase("additionalProperties", "true")).toBe(rules.closed ? "refuse" : "keep");
  });

  test("say what cannot stand at the root", () => {
    for (const keyword of rules.notAtRoot) {
      const found = PROBES[keyword as Keyword].find(({ title }) => title === "at the root");
      expect(found, keyword).toBeDefined();
      if (found !== undefined) expect(outcomeOf(keyword, found), keyword).toBe("describe");
    }
  });

  test("say what the limits of one schema are", () => {
    expect(toLimits(form) === null).toBe(rules.limits === null);
  });
});
