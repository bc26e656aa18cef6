// Whether what is said of numbers and texts holds for everything of which something else is said.
import { isMultiple } from "./accepts-value.ts";
import { isWithinLength, isWithinPattern, type Spend } from "../pattern/compare-patterns.ts";
import type { NumberFacet, TextFacet } from "./facets.ts";

interface Asked {
  undecided(reason: string): false;
  readonly spend: Spend;
}

/** Formats of which every text or number is of the other one too. */
const WITHIN: ReadonlyMap<string, readonly string[]> = new Map([
  ["int32", ["int64"]],
  ["float", ["double"]],
  ["url", ["uri", "uri-reference"]],
  ["uri", ["uri-reference"]],
]);

/** Whether every number of `small` is one of `large`. `integers`: whether `small` has integers alone. */
export function coversNumbers(small: NumberFacet, large: NumberFacet, integers: boolean): boolean {
  const isLow = large.min < small.min || (large.min === small.min && (!large.minOpen || small.minOpen));
  const isHigh = large.max > small.max || (large.max === small.max && (!large.maxOpen || small.maxOpen));
  return (
    isLow &&
    isHigh &&
    large.multiples.every(
      (of) => (integers && isMultiple(1, of)) || small.multiples.some((one) => isMultiple(one, of)),
    ) &&
    hasFormats(small.formats, large.formats)
  );
}

/** Whether every text of `small` is one of `large`. */
export function coversTexts(asked: Asked, small: TextFacet, large: TextFacet): boolean {
  if ((large.min > small.min || large.max < small.max) && !isFixedLength(asked, small, large)) return false;
  if (!hasFormats(small.formats, large.formats))
    return (
      small.formats.length + small.patterns.length > 0 && asked.undecided("formats are not compared with one another")
    );
  // Whoever is told of no coding, or of another one, reads the same text as something else.
  if (small.codings.toSorted().join() !== large.codings.toSorted().join()) return false;
  return large.patterns.every((pattern) => hasPattern(asked, small, pattern));
}

function hasPattern(asked: Asked, small: TextFacet, pattern: string): boolean {
  if (small.patterns.includes(pattern)) return true;
  const answer = isWithinPattern(small, pattern, asked.spend);
  // A no is for sure where nothing but patterns and lengths counts.
  if (answer !== null && (answer || small.formats.length === 0)) return answer;
  return asked.undecided("patterns are too intricate to be compared, or stand beside a format");
}

/** A pattern may keep texts as short as is asked. */
function isFixedLength(asked: Asked, small: TextFacet, large: TextFacet): boolean {
  if (small.patterns.length + small.formats.length === 0) return false;
  const answer = isWithinLength(small, large.min, large.max, asked.spend);
  if (answer !== null && (answer || small.formats.length === 0)) return answer;
  return asked.undecided("whether a pattern or format keeps to the length cannot be seen");
}

function hasFormats(small: readonly string[], large: readonly string[]): boolean {
  return large.every((format) => small.some((one) => one === format || WITHIN.get(one)?.includes(format) === true));
}
