// One alternative as several that are the same together: type by type, value by value, or by the values of a member that
// tells alternatives apart. Where no single alternative of another schema holds all of it, each may hold one case.
import type { JsonType } from "../../schema/json-type.ts";
import { isMultiple } from "./accepts-value.ts";
import { type Atom, joinAtoms, toPossible, toRounded } from "./atom.ts";
import { toMember } from "./covers-members.ts";
import type { Node } from "./document.ts";
import type { MemberPart, NumberFacet } from "./facets.ts";
import type { NormalForm } from "./normal-form.ts";

interface Asked {
  normalize(node: Node): NormalForm;
}

const MAX_CASES = 64;
const MAX_EXCLUDED = 8;

/** `atom` case by case; null where there is nothing to tell cases apart by. `others`: what is to hold them. */
export function splitAtom(asked: Asked, atom: Atom, others: readonly Atom[]): readonly Atom[] | null {
  if (atom.values !== null) return null;
  if (atom.types.size > 1) return [...atom.types].map((type) => ({ ...atom, types: new Set([type]) }));
  const [type] = atom.types;
  if (type === undefined) return null;
  const values = toValuesOf(type, atom);
  if (values !== null) return values.map((value) => ({ ...atom, values: [value] }));
  if (others.length < 2) return null;
  const cases =
    type === "object"
      ? (splitByMember(asked, atom, others) ?? splitByPresence(atom, others))
      : splitByRange(type, atom, others);
  return cases ?? splitByExcluded(asked, atom, others);
}

/** Within what one of `others` rules out, and without it. */
function splitByExcluded(asked: Asked, atom: Atom, others: readonly Atom[]): readonly Atom[] | null {
  for (const not of new Set(others.flatMap(({ nots }) => nots))) {
    if (atom.nots.includes(not)) continue;
    const { atoms, isWhole } = asked.normalize(not);
    if (!isWhole || atoms.length > MAX_EXCLUDED) continue;
    const within = atoms.flatMap((one) => joinAtoms(atom, one) ?? []);
    return [...within, { ...atom, nots: [...atom.nots, not] }];
  }
  return null;
}

/** At the upper ends of the ranges that `others` have. */
function splitByRange(type: JsonType, atom: Atom, others: readonly Atom[]): readonly Atom[] | null {
  if (type !== "number" && type !== "integer") return null;
  const whole = toRounded(atom).numbers;
  const ends = others
    .map((other) => toRounded(other).numbers)
    .filter(({ max }) => max >= whole.min && max < whole.max)
    .sort((a, b) => a.max - b.max || Number(b.maxOpen) - Number(a.maxOpen));
  if (ends.length === 0 || ends.length >= MAX_CASES) return null;
  let rest = whole;
  const parts = ends.map(({ max, maxOpen }): NumberFacet => {
    const part = { ...rest, max, maxOpen };
    rest = { ...rest, min: max, minOpen: !maxOpen };
    return part;
  });
  return [...parts, rest].flatMap((numbers) => toPossible({ ...atom, numbers }) ?? []);
}

/** Every value of a type, when there are few. */
function toValuesOf(type: JsonType, atom: Atom): readonly unknown[] | null {
  if (type === "null") return [null];
  if (type === "boolean") return [true, false];
  if (type !== "integer") return null;
  const { min, max, multiples, formats } = toRounded(atom).numbers;
  if (!(max - min < MAX_CASES) || formats.length > 0) return null;
  const numbers = Array.from({ length: max - min + 1 }, (_none, index) => min + index);
  return numbers.filter((number) => multiples.every((of) => isMultiple(number, of)));
}

/** By the values of a member that some of `others` tell apart. */
function splitByMember(asked: Asked, atom: Atom, others: readonly Atom[]): readonly Atom[] | null {
  for (const name of new Set(others.flatMap((other) => [...other.members.required]))) {
    const { node } = toMember(atom.members, name);
    const values = node === null ? null : toListed(asked, node);
    if (node === null || values === null || values.length < 2) continue;
    const isTag = others.some((other) => {
      const tag = toMember(other.members, name).node;
      return tag !== null && (toListed(asked, tag)?.length ?? values.length) < values.length;
    });
    if (!isTag) continue;
    const cases = values.map((value) => withMember(atom, name, node.table.toConstant(value)));
    if (!atom.members.required.has(name)) cases.push(withMember(atom, name, node.table.nothing));
    return cases;
  }
  return null;
}

/** With and without a member that one of `others` wants and another one rules out. */
function splitByPresence(atom: Atom, others: readonly Atom[]): readonly Atom[] | null {
  for (const name of new Set(others.flatMap((other) => [...other.members.required]))) {
    if (atom.members.required.has(name)) continue;
    const without = others.map((other) => toMember(other.members, name).node).find((node) => node?.isNothing === true);
    if (without === undefined || without === null) continue;
    return [withMember(atom, name, without.table.anything), withMember(atom, name, without.table.nothing)];
  }
  return null;
}

/** The values of `node`, when they are listed. */
function toListed(asked: Asked, node: Node): readonly unknown[] | null {
  const { atoms, isWhole } = asked.normalize(node);
  if (!isWhole || atoms.length === 0) return null;
  const lists = atoms.map((atom) => atom.values ?? (isBoolean(atom) ? [true, false] : null));
  const values = lists.flatMap((list) => list ?? []);
  return lists.includes(null) || values.length > MAX_CASES ? null : values;
}

function isBoolean({ types }: Atom): boolean {
  return types.size === 1 && types.has("boolean");
}

function withMember(atom: Atom, name: string, node: Node): Atom {
  const part: MemberPart = { isListing: false, properties: new Map([[name, node]]), patterns: [], rest: null };
  const { members } = atom;
  const required = node.isNothing ? members.required : new Set([...members.required, name]);
  return { ...atom, members: { ...members, parts: [...members.parts, part], required } };
}
