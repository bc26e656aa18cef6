// Whether everything that one schema accepts is accepted by another. Sound: a yes is a yes, for every value. A no may be that
// it could not be seen, and then there is a reason. Bounded: after so many steps every answer is no.
import type { JsonType } from "../../schema/json-type.ts";
import { acceptsValue, type Answer } from "./accepts-value.ts";
import { areAtomsApart } from "./apart.ts";
import { type Atom, toRounded } from "./atom.ts";
import { coversLists } from "./covers-lists.ts";
import { coversMembers } from "./covers-members.ts";
import { coversNumbers, coversTexts } from "./covers-scalars.ts";
import type { Node } from "./document.ts";
import { toListed } from "./merge-atoms.ts";
import { type NormalForm, Normalizer, type Oracle } from "./normal-form.ts";
import type { Reading } from "./reading.ts";
import { isSameStructure } from "./same-structure.ts";
import { splitAtom } from "./split-atom.ts";
import { holdsValue } from "./value-list.ts";

/** About as many as a second has room for. */
const MAX_STEPS = 60_000;
const MAX_DEPTH = 128;
const MAX_SPLITS = 3;
const TOO_LARGE = "they are too large to be compared";

export class Comparison implements Oracle {
  readonly #normalizer: Normalizer;
  /** Pairs that hold, or are being asked further out: a value that shows otherwise would have no end. */
  readonly #held: Set<string> = new Set();
  readonly #trail: string[] = [];
  /** Pairs that do not hold, and what could not be seen, if anything. */
  readonly #failed: Map<string, string | null> = new Map();
  readonly #steps: number;
  #spent = 0;
  #depth = 0;
  #splits = 0;
  #reason: string | null = null;

  constructor(steps: number = MAX_STEPS) {
    this.#normalizer = new Normalizer(this);
    this.#steps = steps;
  }

  /** Why the last answer that was no may have been yes; null: it was a no. */
  get reason(): string | null {
    return this.#spent < this.#steps ? this.#reason : TOO_LARGE;
  }

  /** Takes one step; false when there are none left. */
  spend = (): boolean => {
    if (++this.#spent < this.#steps) return true;
    return this.undecided(TOO_LARGE);
  };

  /** Says why something cannot be seen. */
  undecided(reason: string): false {
    this.#reason ??= reason;
    return false;
  }

  normalize(node: Node): NormalForm {
    return this.#normalizer.normalize(node);
  }

  /** What `node` says of `value`. */
  accepts(node: Node, value: unknown): Answer {
    return acceptsValue(node, value, this.spend);
  }

  /** Whether `node` accepts nothing. */
  isNothing(node: Node): boolean {
    if (node.isNothing) return true;
    if (node.parts.length === 0) return false;
    const { atoms, isWhole } = this.normalize(node);
    return isWhole && atoms.length === 0;
  }

  /** Whether everything that `small` accepts is accepted by `large`. */
  isSubset(small: Node, large: Node, reading: Reading): boolean {
    if (small === large || (large.parts.length === 0 && !large.isNothing && reading !== "same")) return true;
    const key = `${small.id} ${large.id} ${reading}`;
    if (this.#held.has(key)) return true;
    const failed = this.#failed.get(key);
    if (failed !== undefined) return failed === null ? false : this.undecided(failed);
    if (this.#depth >= MAX_DEPTH) return this.undecided("they are nested too deep to be compared");
    if (!this.spend()) return false;
    return this.#ask(small, large, reading, key);
  }

  #ask(small: Node, large: Node, reading: Reading, key: string): boolean {
    const outer = this.#reason;
    this.#reason = null;
    const before = this.#trail.length;
    this.#held.add(key);
    this.#trail.push(key);
    this.#depth++;
    const { atoms, isWhole } = this.normalize(small);
    if (!isWhole) this.undecided("there are too many alternatives, or they lead in a circle");
    const holds = isWhole && atoms.every((atom) => this.covers(atom, small, large, reading));
    this.#depth--;
    if (!holds) {
      // What was found since may rest on what turned out not to hold.
      for (const held of this.#trail.splice(before)) this.#held.delete(held);
      if (!this.#normalizer.isBusy) this.#failed.set(key, this.#reason);
    }
    this.#reason = holds ? outer : (outer ?? this.#reason);
    return holds;
  }

  isWithin(atom: Atom, node: Node): boolean {
    return this.covers(atom, null, node, "strict");
  }

  areApart(a: Node, b: Node): boolean {
    if (this.#depth >= MAX_DEPTH || !this.spend()) return false;
    this.#depth++;
    const [one, other] = [this.normalize(a), this.normalize(b)];
    const isWhole = one.isWhole && other.isWhole;
    const answer = isWhole && one.atoms.every((x) => other.atoms.every((y) => areAtomsApart(this, x, y)));
    this.#depth--;
    return answer;
  }

  /** Whether everything that `atom`, an alternative of `small`, accepts is accepted by `large`. */
  covers(atom: Atom, small: Node | null, large: Node, reading: Reading): boolean {
    if (atom.values !== null) {
      const answer = this.#coversValues(atom.values, small, large);
      if (answer !== null) return answer;
    }
    const { atoms } = this.normalize(large);
    const types = [...atom.types].filter(
      (type) => !atoms.some((other) => this.#coversType(type, atom, other, reading)),
    );
    if (types.length === 0) return true;
    const rest = types.length < atom.types.size ? { ...atom, types: new Set(types) } : atom;
    return this.#coversSplit(rest, small, large, reading);
  }

  /** Whether everything that `small` accepts is accepted by `large`, both of them alternatives. */
  holds(small: Atom, large: Atom, reading: Reading): boolean {
    return [...small.types].every((type) => this.#coversType(type, small, large, reading));
  }

  /** Case by case, where there are few. */
  #coversSplit(atom: Atom, small: Node | null, large: Node, reading: Reading): boolean {
    if (this.#splits >= MAX_SPLITS || !this.spend()) return false;
    if (this.#isRuledOut(atom)) return true;
    const { atoms } = this.normalize(large);
    if (atoms.length === 0) return false;
    const cases = splitAtom(this, atom, atoms);
    if (cases === null) return atoms.length === 1 ? false : this.undecided("no single alternative holds everything");
    this.#splits++;
    const holds = cases.every((one) => this.covers(one, small, large, reading));
    this.#splits--;
    return holds;
  }

  /** Whether an atom rules out everything that it accepts. */
  #isRuledOut(atom: Atom): boolean {
    return atom.nots.some((not) => {
      const nots = atom.nots.filter((other) => other !== not);
      this.#splits++;
      const isWithin = this.isWithin({ ...atom, nots }, not);
      this.#splits--;
      return isWithin;
    });
  }

  /** null: unknown. */
  #coversValues(values: readonly unknown[], small: Node | null, large: Node): Answer {
    let answer: Answer = true;
    const lists = this.normalize(large).atoms.flatMap((atom) => [toListed(atom) ?? []]);
    for (const value of values) {
      if (lists.some((list) => holdsValue(list, value))) continue;
      if (small !== null && this.accepts(small, value) === false) continue;
      const accepted = this.accepts(large, value);
      if (accepted === false) return false;
      if (accepted === null) answer = null;
    }
    return answer;
  }

  #coversType(type: JsonType, small: Atom, large: Atom, reading: Reading): boolean {
    if (!this.spend() || !hasTypeOf(small, large, type) || !hasValuesOf(small, large)) return false;
    if (!this.#coversFacet(type, small, large, reading)) return false;
    const one: Atom = { ...small, types: new Set([type]) };
    return (
      large.nots.every((not) => this.#rulesOut(one, not)) &&
      large.residues.every((residue) => {
        const isSame = small.residues.some(
          (other) => other.keyword === residue.keyword && isSameStructure(other, residue),
        );
        return isSame || this.undecided(`${residue.keyword} beside alternatives or conditions is written differently`);
      })
    );
  }

  #coversFacet(type: JsonType, small: Atom, large: Atom, reading: Reading): boolean {
    switch (type) {
      case "number":
      case "integer":
        return coversNumbers(toRounded(small).numbers, large.numbers, type === "integer");
      case "string":
        return coversTexts(this, small.texts, large.texts);
      case "array":
        return coversLists(this, small.lists, large.lists, reading);
      case "object":
        return coversMembers(this, small.members, large.members, reading);
      case "boolean":
      case "null":
        return true;
    }
  }

  /** Whether nothing that `atom` accepts fits `not`. */
  #rulesOut(atom: Atom, not: Node): boolean {
    if (atom.nots.some((other) => this.isSubset(not, other, "strict"))) return true;
    const { atoms, isWhole } = this.normalize(not);
    if (isWhole && atoms.every((other) => areAtomsApart(this, atom, other))) return true;
    return this.undecided("whether something that is ruled out can occur cannot be seen");
  }
}

function hasTypeOf({ numbers }: Atom, large: Atom, type: JsonType): boolean {
  if (large.types.has(type)) return true;
  if (type === "integer") return large.types.has("number");
  return (
    type === "number" && large.types.has("integer") && numbers.multiples.some((multiple) => Number.isInteger(multiple))
  );
}

/** Whether `large` lists all values of `small`, or none. */
function hasValuesOf(small: Atom, large: Atom): boolean {
  if (large.values === null) return true;
  const listed = large.values;
  return small.values?.every((value) => holdsValue(listed, value)) ?? false;
}
