// Alternatives that are one: of different types, or lists of values. `string or null` is compared as one thing, however it is
// written.
import type { JsonType } from "../../schema/json-type.ts";
import { ANY_ATOM, type Atom } from "./atom.ts";
import { holdsValue } from "./value-list.ts";

/** `atoms` as fewer ones that accept the same. */
export function mergeAtoms(atoms: readonly Atom[]): readonly Atom[] {
  if (atoms.length < 2) return atoms;
  if (atoms.includes(ANY_ATOM)) return [ANY_ATOM];
  const merged: Atom[] = [];
  for (const atom of atoms) {
    const at = merged.findIndex((other) => canMerge(other, atom));
    if (at === -1) merged.push(atom);
    else merged[at] = merge(merged[at] as Atom, atom);
  }
  return merged;
}

function canMerge(a: Atom, b: Atom): boolean {
  if (a.nots.length + b.nots.length + a.residues.length + b.residues.length > 0) return false;
  const [values, others] = [toListed(a), toListed(b)];
  if (values !== null && others !== null) return true;
  return a.values === null && b.values === null && !overlap(a.types, b.types);
}

/** The values of an atom that is a list of them and nothing else; null otherwise. */
export function toListed(atom: Atom): readonly unknown[] | null {
  if (atom.nots.length + atom.residues.length > 0) return null;
  if (atom.values === null) return isNullAlone(atom) ? [null] : null;
  const isList =
    atom.numbers === ANY_ATOM.numbers &&
    atom.texts === ANY_ATOM.texts &&
    atom.lists === ANY_ATOM.lists &&
    atom.members === ANY_ATOM.members;
  return isList ? atom.values : null;
}

function isNullAlone({ types }: Atom): boolean {
  return types.size === 1 && types.has("null");
}

function merge(a: Atom, b: Atom): Atom {
  const [values, others] = [toListed(a), toListed(b)];
  const types = new Set([...a.types, ...b.types]);
  if (values !== null && others !== null && (a.values !== null || b.values !== null)) {
    if (types.has("number")) types.delete("integer");
    const added = others.filter((value) => !holdsValue(values, value));
    return { ...a, types, values: [...values, ...added] };
  }
  const isOfB = (...list: readonly JsonType[]): boolean => list.some((type) => b.types.has(type));
  return {
    ...a,
    types,
    numbers: isOfB("number", "integer") ? b.numbers : a.numbers,
    texts: isOfB("string") ? b.texts : a.texts,
    lists: isOfB("array") ? b.lists : a.lists,
    members: isOfB("object") ? b.members : a.members,
  };
}

function overlap(a: ReadonlySet<JsonType>, b: ReadonlySet<JsonType>): boolean {
  const isNumber = (types: ReadonlySet<JsonType>): boolean => types.has("number") || types.has("integer");
  return [...a].some((type) => b.has(type)) || (isNumber(a) && isNumber(b));
}
