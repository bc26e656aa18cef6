import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../kernel/clock.ts";
import { createManualClock } from "../../testing/manual-clock.ts";
import { patternEngine } from "../../tool/schema/pattern.ts";
import { createTextRedactor, type TextRedactor } from "./redact-text.ts";

function redactor(...patterns: readonly string[]): TextRedactor {
  return createTextRedactor(patterns.map(patternEngine), createManualClock());
}

describe("createTextRedactor", () => {
  it.each([
    ["card 4111111111111111, thanks", ["\\d{16}"], "card [redacted], thanks"],
    ["nothing here", ["\\d{16}"], "nothing here"],
    ["sk-a and sk-b", ["sk-\\w+"], "[redacted] and [redacted]"],
    ["12345", ["\\d"], "[redacted]"],
    ["", ["\\d", "a*"], ""],
    ["🚀 key=🔑x", ["🔑x"], "🚀 key=[redacted]"],
    ["$1 $& abc", ["b"], "$1 $& a[redacted]c"],
  ])("makes %j under %j %j", (text, patterns, expected) => {
    expect(redactor(...patterns)(text)).toBe(expected);
  });

  it("lets no pattern hide from another what it would have found", () => {
    expect(redactor("abc", "bcd")("xabcdx")).toBe("x[redacted]x");
    expect(redactor("b", "abc")("xabcx")).toBe("x[redacted]x");
    expect(redactor("a", "redacted")("a")).toBe("[redacted]");
  });

  it("changes nothing for an empty match", () => {
    expect(redactor("x*")("abc")).toBe("abc");
    expect(redactor("\\b", "x*")("ab xx c")).toBe("ab [redacted] c");
    expect(redactor("^|$")("a".repeat(1_000))).toBe("a".repeat(1_000));
  });

  it("takes out every character that a match covers, and no other", () => {
    const patterns = ["a+", "ab", "b.", "[c-d]{2}", "e?f"];
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom("a", "b", "c", "d", "e", "f", "🚀", " ") }),
        fc.subarray(patterns),
        (text, chosen) => {
          const covered = new Set<number>();
          for (const pattern of chosen) {
            for (const { index, 0: match } of text.matchAll(new RegExp(pattern, "gu")))
              for (let at = index; at < index + match.length; at++) covered.add(at);
          }
          let expected = "";
          for (let at = 0; at < text.length; at++) {
            if (!covered.has(at)) expected += text.charAt(at);
            else if (!covered.has(at - 1)) expected += "[redacted]";
          }
          expect(redactor(...chosen)(text)).toBe(expected);
        },
      ),
    );
  });

  describe("gives up on a pattern that takes too long", () => {
    /** A clock on which every reading takes `ms`. */
    function slowClock(ms: number): Clock {
      let now = 0;
      return { ...createManualClock(), monotonic: () => (now += ms) };
    }
    const text = `${"x".repeat(50)} tail`;

    it("and shows nothing of the rest", () => {
      const redact = createTextRedactor([patternEngine("x.*?y|x")], slowClock(30));
      expect(redact(text)).toBe("[redacted]");
      expect(redact("no match")).toBe("no match");
    });

    it("also when all its matches are empty", () => {
      const redact = createTextRedactor([patternEngine("(?:x.*y)?")], slowClock(30));
      expect(redact(text)).toMatch(/^x+\[redacted\]$/);
    });

    it("after time that grows with the texts", () => {
      const redact = createTextRedactor([patternEngine("x")], slowClock(30));
      redact("-".repeat(1_000_000));
      expect(redact(text)).toBe("[redacted] tail");
    });
  });
});
