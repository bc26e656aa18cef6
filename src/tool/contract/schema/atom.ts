// One alternative of a schema: the types it accepts, what it says about the values of each, and what it rules out.
import { hasType, type JsonType, typeOf } from "../../schema/json-type.ts";
import type { JsonSchema } from "../../schema/schema.ts";
import type { Node, SchemaDocument } from "./document.ts";
import {
  ANY_LIST,
  ANY_MEMBERS,
  ANY_NUMBER,
  ANY_TEXT,
  joinLists,
  joinMembers,
  joinNumbers,
  joinTexts,
  type ListFacet,
  type MemberFacet,
  type NumberFacet,
  type TextFacet,
} from "./facets.ts";
import { holdsValue } from "./value-list.ts";

/** A schema whose keyword can only be compared with one that is written alike. */
export interface Residue {
  readonly keyword: string;
  readonly host: JsonSchema;
  readonly document: SchemaDocument;
}

export interface Atom {
  /** `number` stands for `integer` too; never both. */
  readonly types: ReadonlySet<JsonType>;
  /** The values that are accepted at the most; null: any. */
  readonly values: readonly unknown[] | null;
  readonly numbers: NumberFacet;
  readonly texts: TextFacet;
  readonly lists: ListFacet;
  readonly members: MemberFacet;
  /** What is ruled out. */
  readonly nots: readonly Node[];
  readonly residues: readonly Residue[];
}

export const EVERY_TYPE: ReadonlySet<JsonType> = new Set<JsonType>([
  "string",
  "number",
  "boolean",
  "object",
  "array",
  "null",
]);

/** Anything. */
export const ANY_ATOM: Atom = Object.freeze({
  types: EVERY_TYPE,
  values: null,
  numbers: ANY_NUMBER,
  texts: ANY_TEXT,
  lists: ANY_LIST,
  members: ANY_MEMBERS,
  nots: [],
  residues: [],
});

/** What both `a` and `b` accept; null: nothing does. */
export function joinAtoms(a: Atom, b: Atom): Atom | null {
  if (a === ANY_ATOM) return b;
  if (b === ANY_ATOM) return a;
  return toPossible({
    types: joinTypes(a.types, b.types),
    values: joinValues(a.values, b.values),
    numbers: joinNumbers(a.numbers, b.numbers),
    texts: joinTexts(a.texts, b.texts),
    lists: joinLists(a.lists, b.lists),
    members: joinMembers(a.members, b.members),
    nots: [...a.nots, ...b.nots],
    residues: [...a.residues, ...b.residues],
  });
}

/** `atom` without the types of which no value can fit; null when none is left. */
export function toPossible(atom: Atom): Atom | null {
  const values = atom.values?.filter((value) => hasType([...atom.types], typeOf(value))) ?? null;
  const types = values === null ? withoutImpossible(atom) : new Set(values.map((value) => toWideType(atom, value)));
  if (types.size === 0) return null;
  // What is said of types that are ruled out says nothing.
  const { numbers, texts, lists, members } = atom;
  return {
    ...atom,
    types,
    values,
    numbers: types.has("number") || types.has("integer") ? numbers : ANY_NUMBER,
    texts: types.has("string") ? texts : ANY_TEXT,
    lists: types.has("array") ? lists : ANY_LIST,
    members: types.has("object") ? members : ANY_MEMBERS,
  };
}

/** `integer` stays apart from `number` only where the atom keeps them apart. */
function toWideType({ types }: Atom, value: unknown): JsonType {
  const type = typeOf(value);
  return type === "integer" && types.has("number") ? "number" : type;
}

function withoutImpossible(atom: Atom): ReadonlySet<JsonType> {
  const { numbers, texts, lists, members } = toRounded(atom);
  const impossible: JsonType[] = [];
  if (numbers.min > numbers.max || (numbers.min === numbers.max && (numbers.minOpen || numbers.maxOpen)))
    impossible.push("number", "integer");
  if (texts.min > texts.max) impossible.push("string");
  if (lists.min > lists.max) impossible.push("array");
  if (Math.max(members.min, members.required.size) > members.max) impossible.push("object");
  if (impossible.length === 0) return atom.types;
  return new Set([...atom.types].filter((type) => !impossible.includes(type)));
}

/** Bounds of integers as integers, both of them included. */
export function toRounded(atom: Atom): Atom {
  const { numbers, types } = atom;
  if (!types.has("integer") || numbers === ANY_NUMBER) return atom;
  const { min, minOpen, max, maxOpen } = numbers;
  const low = minOpen && Number.isInteger(min) ? min + 1 : Math.ceil(min);
  const high = maxOpen && Number.isInteger(max) ? max - 1 : Math.floor(max);
  const step = Math.max(1, ...numbers.multiples.filter((multiple) => Number.isInteger(multiple)));
  // Exact: both are integers, or have no end.
  const bounds = { min: Math.ceil(low / step) * step, max: Math.floor(high / step) * step };
  return { ...atom, numbers: { ...numbers, ...bounds, minOpen: false, maxOpen: false } };
}

function joinTypes(a: ReadonlySet<JsonType>, b: ReadonlySet<JsonType>): ReadonlySet<JsonType> {
  const types = new Set<JsonType>();
  for (const type of a) {
    if (b.has(type)) types.add(type);
    else if (type === "integer" && b.has("number")) types.add("integer");
    else if (type === "number" && b.has("integer")) types.add("integer");
  }
  return types;
}

function joinValues(a: readonly unknown[] | null, b: readonly unknown[] | null): readonly unknown[] | null {
  if (a === null || b === null) return a ?? b;
  return a.filter((value) => holdsValue(b, value));
}
