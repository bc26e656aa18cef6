// What is different in what two alternatives say of types, listed values, numbers and texts.
import type { JsonType } from "../../schema/json-type.ts";
import type { Atom } from "./atom.ts";
import { coversNumbers, coversTexts } from "./covers-scalars.ts";
import { type Difference, toDifference, toShown, toShownList } from "./difference.ts";
import { ANY_NUMBER, ANY_TEXT, type NumberFacet, type TextFacet } from "./facets.ts";
import { holdsValue } from "./value-list.ts";

/** Types and listed values. */
export function explainValues(before: Atom, after: Atom): readonly Difference[] {
  if (before.values !== null && after.values !== null) return explainListed(before.values, after.values);
  if (after.values !== null)
    return [
      { relation: "narrower", path: ["enum"], message: `there are only ${toShown(after.values)}`, after: after.values },
    ];
  if (before.values !== null)
    return [
      {
        relation: "wider",
        path: ["enum"],
        message: `there are others than ${toShown(before.values)}`,
        before: before.values,
      },
    ];
  return explainTypes(before.types, after.types);
}

function explainListed(before: readonly unknown[], after: readonly unknown[]): readonly Difference[] {
  const gone = before.filter((value) => !holdsValue(after, value));
  const come = after.filter((value) => !holdsValue(before, value));
  const toOne = (values: readonly unknown[], relation: "narrower" | "wider", what: string): readonly Difference[] =>
    values.length === 0 ? [] : [{ relation, path: ["enum"], message: `${toShownList(values)} ${what}`, before, after }];
  return [...toOne(gone, "narrower", "is gone"), ...toOne(come, "wider", "is new")];
}

function explainTypes(before: ReadonlySet<JsonType>, after: ReadonlySet<JsonType>): readonly Difference[] {
  const has = (types: ReadonlySet<JsonType>, type: JsonType): boolean =>
    types.has(type) || (type === "integer" && types.has("number"));
  const holds = (small: ReadonlySet<JsonType>, large: ReadonlySet<JsonType>): boolean =>
    [...small].every((type) => has(large, type));
  const show = (types: ReadonlySet<JsonType>): unknown => (types.size === 1 ? [...types][0] : [...types]);
  return toDifference("type", [before, after], holds, show);
}

/** Numbers, of two alternatives that both accept some. `integers`: of each, whether they are integers alone. */
export function explainNumbers(
  [before, after]: readonly [NumberFacet, NumberFacet],
  [integers, integersNow]: readonly [boolean, boolean],
): readonly Difference[] {
  const low = (facet: NumberFacet): NumberFacet => ({ ...ANY_NUMBER, min: facet.min, minOpen: facet.minOpen });
  const high = (facet: NumberFacet): NumberFacet => ({ ...ANY_NUMBER, max: facet.max, maxOpen: facet.maxOpen });
  const covers = (small: NumberFacet, large: NumberFacet): boolean =>
    coversNumbers(small, large, integers && integersNow);
  const multiples = (facet: NumberFacet): NumberFacet => ({ ...ANY_NUMBER, multiples: facet.multiples });
  const formats = (facet: NumberFacet): NumberFacet => ({ ...ANY_NUMBER, formats: facet.formats });
  const isOpen = (one: boolean, other: boolean): boolean => one || other;
  return [
    ...toDifference(
      isOpen(before.minOpen, after.minOpen) ? "exclusiveMinimum" : "minimum",
      [low(before), low(after)],
      covers,
      ({ min }) => toFinite(min),
    ),
    ...toDifference(
      isOpen(before.maxOpen, after.maxOpen) ? "exclusiveMaximum" : "maximum",
      [high(before), high(after)],
      covers,
      ({ max }) => toFinite(max),
    ),
    ...toDifference("multipleOf", [multiples(before), multiples(after)], covers, (facet) =>
      toOneOrAll(facet.multiples),
    ),
    ...toDifference("format", [formats(before), formats(after)], covers, (facet) => toOneOrAll(facet.formats)),
  ];
}

/** Texts, of two alternatives that both accept some. */
export function explainTexts(
  comparison: Parameters<typeof coversTexts>[0],
  before: TextFacet,
  after: TextFacet,
): readonly Difference[] {
  const covers = (small: TextFacet, large: TextFacet): boolean => coversTexts(comparison, small, large);
  const pick = (key: keyof TextFacet): readonly [TextFacet, TextFacet] => [
    { ...ANY_TEXT, [key]: before[key] },
    { ...ANY_TEXT, [key]: after[key] },
  ];
  return [
    ...toDifference("minLength", pick("min"), covers, ({ min }) => (min === 0 ? undefined : min)),
    ...toDifference("maxLength", pick("max"), covers, ({ max }) => toFinite(max)),
    ...toDifference("pattern", pick("patterns"), covers, ({ patterns }) => toOneOrAll(patterns)),
    ...toDifference("format", pick("formats"), covers, ({ formats }) => toOneOrAll(formats)),
    ...toDifference("contentEncoding", pick("codings"), covers, ({ codings }) => toOneOrAll(codings)),
  ];
}

export function toFinite(bound: number): number | undefined {
  return Number.isFinite(bound) ? bound : undefined;
}

function toOneOrAll<T>(values: readonly T[]): T | readonly T[] | undefined {
  return values.length < 2 ? values[0] : values;
}
