// What a schema says about the values of each type, and how two such sayings are one.
import type { Node } from "./document.ts";

export interface NumberFacet {
  readonly min: number;
  /** Whether `min` itself is ruled out. */
  readonly minOpen: boolean;
  readonly max: number;
  readonly maxOpen: boolean;
  readonly multiples: readonly number[];
  readonly formats: readonly string[];
}

export interface TextFacet {
  readonly min: number;
  readonly max: number;
  readonly patterns: readonly string[];
  readonly formats: readonly string[];
  /** What a text is a coding of; validators do not look at it, and whoever sends a text of another coding is misread. */
  readonly codings: readonly string[];
}

export interface ListPart {
  readonly prefix: readonly Node[];
  readonly rest: Node;
}

export interface Contained {
  readonly node: Node;
  readonly min: number;
  readonly max: number;
}

export interface ListFacet {
  readonly parts: readonly ListPart[];
  readonly min: number;
  readonly max: number;
  readonly unique: boolean;
  readonly contains: readonly Contained[];
}

export interface MemberPart {
  /** Whether it lists members, if only to say that there are none. */
  readonly isListing: boolean;
  readonly properties: ReadonlyMap<string, Node>;
  readonly patterns: readonly (readonly [pattern: string, node: Node])[];
  /** null: nothing is said of other members, which are accepted. */
  readonly rest: Node | null;
}

export interface MemberFacet {
  readonly parts: readonly MemberPart[];
  readonly required: ReadonlySet<string>;
  readonly min: number;
  readonly max: number;
  /** What the names of members have to be. */
  readonly names: readonly Node[];
  /** Which members a member needs beside it. */
  readonly together: readonly (readonly [name: string, needed: readonly string[]])[];
}

export const ANY_NUMBER: NumberFacet = Object.freeze({
  min: Number.NEGATIVE_INFINITY,
  minOpen: false,
  max: Number.POSITIVE_INFINITY,
  maxOpen: false,
  multiples: [],
  formats: [],
});
const MANY = Number.POSITIVE_INFINITY;
export const ANY_TEXT: TextFacet = Object.freeze({ min: 0, max: MANY, patterns: [], formats: [], codings: [] });
export const ANY_LIST: ListFacet = Object.freeze({ parts: [], min: 0, max: MANY, unique: false, contains: [] });
export const ANY_MEMBERS: MemberFacet = Object.freeze({
  parts: [],
  required: new Set<string>(),
  min: 0,
  max: MANY,
  names: [],
  together: [],
});

export function joinNumbers(a: NumberFacet, b: NumberFacet): NumberFacet {
  if (a === ANY_NUMBER) return b;
  if (b === ANY_NUMBER) return a;
  const low = a.min > b.min || (a.min === b.min && a.minOpen) ? a : b;
  const high = a.max < b.max || (a.max === b.max && a.maxOpen) ? a : b;
  return {
    min: low.min,
    minOpen: low.minOpen,
    max: high.max,
    maxOpen: high.maxOpen,
    multiples: unite(a.multiples, b.multiples),
    formats: unite(a.formats, b.formats),
  };
}

export function joinTexts(a: TextFacet, b: TextFacet): TextFacet {
  if (a === ANY_TEXT) return b;
  if (b === ANY_TEXT) return a;
  return {
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
    patterns: unite(a.patterns, b.patterns),
    formats: unite(a.formats, b.formats),
    codings: unite(a.codings, b.codings),
  };
}

export function joinLists(a: ListFacet, b: ListFacet): ListFacet {
  if (a === ANY_LIST) return b;
  if (b === ANY_LIST) return a;
  return {
    parts: [...a.parts, ...b.parts],
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
    unique: a.unique || b.unique,
    contains: [...a.contains, ...b.contains],
  };
}

export function joinMembers(a: MemberFacet, b: MemberFacet): MemberFacet {
  if (a === ANY_MEMBERS) return b;
  if (b === ANY_MEMBERS) return a;
  return {
    parts: [...a.parts, ...b.parts],
    required: new Set([...a.required, ...b.required]),
    min: Math.max(a.min, b.min),
    max: Math.min(a.max, b.max),
    names: [...a.names, ...b.names],
    together: [...a.together, ...b.together],
  };
}

function unite<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  return a.length === 0 ? b : [...new Set([...a, ...b])];
}
