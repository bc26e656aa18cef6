import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findEntities } from "./entities.ts";
import { overlaps } from "./span.ts";

const ALPHABET = Array.from("aB1 .,:-+*/()'\"@#_2026TzÄ");

const find = (text: string): readonly string[] =>
  findEntities(text)
    .filter(({ kind }) => kind !== "number" || !/[+*/]/.test(text))
    .map(({ kind, value }) => `${kind} ${String(value)}`);

describe("what can be an argument by its form", () => {
  test.each([
    ['say "hello there" and it\'s Bob', ["quoted hello there", "proper Bob"]],
    ["from 2026-01-05 to March 3, 2026", ["date 2026-01-05", "date 2026-03-03"]],
    ["1st of May 2026 and 24 Dec 2026", ["date 2026-05-01", "date 2026-12-24"]],
    ["2026-03-29 at 14:30 or 2026-03-29T02:30:15", ["dateTime 2026-03-29T14:30", "dateTime 2026-03-29T02:30:15"]],
    ["at 3pm, 11:15 am or 12am", ["time 15:00", "time 11:15", "time 00:00"]],
    ["in July, in may, a march, Sept", ["month 7", "month 5", "month 9"]],
    ["may I march", []],
    [
      "in Europe/Berlin, America/Argentina/Salta or UTC",
      ["zone Europe/Berlin", "zone America/Argentina/Salta", "zone UTC"],
    ],
    ["write to bob.b@example.org", ["email bob.b@example.org"]],
    ["see https://example.org/a?b=c.", ["url https://example.org/a?b=c"]],
    ["order o_17 and ABC-123 #urgent", ["code o_17", "code ABC-123", "hashtag urgent"]],
    ["1,234.5 and -3 and 2e3, three", ["number 1234.5", "number -3", "number 2000", "number 3"]],
    ["10km or 5%", ["number 10", "number 5"]],
    ["in New York and Rio de Janeiro", ["proper New York", "proper Rio de Janeiro"]],
    ["What is Oslo on Monday", ["proper Oslo"]],
    ["2+2 in Oslo", ["expression 2+2", "proper Oslo"]],
  ])("is found in %j", (text, expected) => {
    expect(find(text)).toEqual(expected);
  });

  test("stands where it says, and nothing overlaps but the numbers in an expression", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 60 }), (text) => {
        const found = findEntities(text);
        for (const [index, entity] of found.entries()) {
          expect(text.slice(entity.start, entity.end)).toBe(entity.text);
          for (const other of found.slice(index + 1)) {
            if (overlaps(entity, other)) expect([entity.kind, other.kind].sort()).toEqual(["expression", "number"]);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});
