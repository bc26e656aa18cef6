// Which alternative of one version has become which of the other: those that are the same are left out, those with the same
// tag belong together, and the last ones of a type.
import { isJsonEqual } from "../../../kernel/json-equal.ts";
import type { Atom } from "./atom.ts";
import type { Comparison } from "./comparison.ts";
import { toMember, toNamed } from "./covers-members.ts";

export interface AtomPairs {
  readonly pairs: readonly (readonly [before: Atom, after: Atom])[];
  /** Only before. */
  readonly gone: readonly Atom[];
  /** Only after. */
  readonly come: readonly Atom[];
}

/** Pairs the alternatives that are not the same. */
export function pairAtoms(comparison: Comparison, before: readonly Atom[], after: readonly Atom[]): AtomPairs {
  const isSame = (a: Atom, b: Atom): boolean => comparison.holds(a, b, "same") && comparison.holds(b, a, "same");
  let [gone, come] = [[...before], [...after]];
  for (const atom of before) {
    const at = come.findIndex((other) => isSame(atom, other));
    if (at === -1) continue;
    gone = gone.filter((other) => other !== atom);
    come.splice(at, 1);
  }
  const pairs: (readonly [Atom, Atom])[] = [];
  const pair = (belong: (a: Atom, b: Atom) => boolean): void => {
    for (const atom of gone) {
      const fitting = come.filter((other) => belong(atom, other));
      const [only] = fitting;
      if (only === undefined || fitting.length > 1 || gone.filter((other) => belong(other, only)).length > 1) continue;
      pairs.push([atom, only]);
      gone = gone.filter((other) => other !== atom);
      come = come.filter((other) => other !== only);
    }
  };
  pair((a, b) => hasSameTag(comparison, a, b));
  pair((a, b) => [...a.types].join() === [...b.types].join() && (a.values === null) === (b.values === null));
  pair((a, b) => isAlike(a, b));
  if (gone.length === 1 && come.length === 1) pair(() => true);
  return { pairs, gone, come };
}

/** Whether a member that both require has the same constant. */
function hasSameTag(comparison: Comparison, a: Atom, b: Atom): boolean {
  return [...a.members.required].some((name) => {
    if (!b.members.required.has(name)) return false;
    const [tag, other] = [toTag(comparison, a, name), toTag(comparison, b, name)];
    return tag !== null && other !== null && isJsonEqual(tag, other);
  });
}

/** Whether at least half of the members are the same. */
function isAlike(a: Atom, b: Atom): boolean {
  const [names, others] = [toNamed(a.members), toNamed(b.members)];
  const same = [...names].filter((name) => others.has(name)).length;
  return same > 0 && same * 2 >= Math.max(names.size, others.size);
}

function toTag(comparison: Comparison, atom: Atom, name: string): readonly unknown[] | null {
  const { node } = toMember(atom.members, name);
  if (node === null) return null;
  const { atoms } = comparison.normalize(node);
  const [only] = atoms;
  return atoms.length === 1 && only?.values?.length === 1 ? only.values : null;
}
