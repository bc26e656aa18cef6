// Whether what is said of numbers and texts holds for everything of which something else is said.
import { isMultiple } from "./accepts-value.ts";
import type { NumberFacet, TextFacet } from "./facets.ts";

/** What has to be told to a comparison. */
interface Told {
  undecided(reason: string): false;
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
export function coversTexts(told: Told, small: TextFacet, large: TextFacet): boolean {
  if (large.min > small.min || large.max < small.max) return isFixedLength(told, small, large);
  if (!hasFormats(small.formats, large.formats)) return small.formats.length > 0 && told.undecided("formats differ");
  // Whoever is told of no coding, or of another one, reads the same text as something else.
  if (small.codings.toSorted().join() !== large.codings.toSorted().join()) return false;
  const missing = large.patterns.filter((pattern) => !small.patterns.includes(pattern) && !isTrivial(pattern));
  if (missing.length === 0) return true;
  return (
    small.patterns.length + small.formats.length > 0 && told.undecided("patterns are not compared with one another")
  );
}

/** A pattern or a format may keep texts as short as is asked. */
function isFixedLength(told: Told, small: TextFacet, large: TextFacet): boolean {
  const mayBound = small.patterns.length + small.formats.length > 0;
  return (
    mayBound && small.min <= large.max && told.undecided(`whether a pattern or format keeps to the length is not known`)
  );
}

function hasFormats(small: readonly string[], large: readonly string[]): boolean {
  return large.every((format) => small.some((one) => one === format || WITHIN.get(one)?.includes(format) === true));
}

/** Patterns that occur in every text. */
function isTrivial(pattern: string): boolean {
  return /^\^?(?:\.\*)?$/.test(pattern);
}
