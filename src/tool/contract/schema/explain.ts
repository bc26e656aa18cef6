// Where two schemas differ in what they accept, and for whom it matters: the smallest places at which a difference can be
// seen. Whether there is one is decided by the comparison alone.
// INVARIANT: what is not seen to be compatible gives at least one breaking change: "gives a breaking change …" in
// test/contract/soundness.test.ts.
import { type ContractChange, toChange, toPointerToken } from "../contract-change.ts";
import type { Atom } from "./atom.ts";
import type { Comparison } from "./comparison.ts";
import { describeAtom } from "./describe-atom.ts";
import type { Difference } from "./difference.ts";
import { type Node, toShownSchema } from "./document.ts";
import { explainAtoms } from "./explain-atoms.ts";
import { pairAtoms } from "./pair-atoms.ts";
import { type Side, toClass } from "./side.ts";

export interface Explanation {
  readonly changes: readonly ContractChange[];
  /** Whether a part of it was explained where it was met first. */
  readonly isElsewhere: boolean;
}

const NOTHING: Explanation = Object.freeze({ changes: [], isElsewhere: false });

export class Explainer {
  readonly side: Side;
  readonly comparison: Comparison;
  /** Pairs that were explained, or are being, and whether they are compatible. */
  readonly #met: Map<string, boolean> = new Map();

  constructor(side: Side, comparison: Comparison) {
    this.side = side;
    this.comparison = comparison;
  }

  /** What is different between `before` and `after`, which are at `path`. */
  explain(before: Node, after: Node, path: string): Explanation {
    if (this.isSame(before, after)) return NOTHING;
    const key = `${before.id} ${after.id}`;
    const met = this.#met.get(key);
    if (met !== undefined) return { changes: [], isElsewhere: !met };
    const [small, large] = this.side === "input" ? [before, after] : [after, before];
    const isCompatible = this.comparison.isSubset(small, large, this.side);
    // There is no elsewhere for the root: parts that lead in a circle may each be told of at another, and so nowhere.
    const isRoot = this.#met.size === 0;
    this.#met.set(key, isCompatible);
    const reason = isCompatible ? null : this.comparison.reason;
    const found = this.#explainForms(before, after, path);
    const changes = isCompatible ? found.changes.filter((change) => change.class !== "breaking") : found.changes;
    const isTold = changes.some((change) => isCompatible || change.class === "breaking");
    if (isTold || (found.isElsewhere && !isRoot)) return { changes, isElsewhere: found.isElsewhere };
    const whole = { before: toShownSchema(before), after: toShownSchema(after) };
    const told = isCompatible
      ? toChange(
          "widening",
          path,
          this.side === "input" ? "accepts more than before" : "promises more than before",
          whole,
        )
      : toChange("breaking", path, toFailure(this.side, reason), whole);
    return { changes: [told, ...changes], isElsewhere: false };
  }

  /** A change at `path` and below, for a difference. */
  tell(difference: Difference, path: string): ContractChange {
    const place = `${path}${difference.path.map(toPointerToken).join("")}`;
    return toChange(toClass(this.side, difference.relation), place, difference.message, difference);
  }

  /** Whether both accept the same, and list the same members. */
  isSame(before: Node, after: Node): boolean {
    return this.comparison.isSubset(before, after, "same") && this.comparison.isSubset(after, before, "same");
  }

  #explainForms(before: Node, after: Node, path: string): Explanation {
    const [one, other] = [this.comparison.normalize(before), this.comparison.normalize(after)];
    if (!one.isWhole || !other.isWhole) return NOTHING;
    if (one.atoms.length === 0 || other.atoms.length === 0) {
      const relation = one.atoms.length === 0 ? "wider" : "narrower";
      const message = relation === "wider" ? "is possible now" : "is no longer possible";
      return { changes: [this.tell({ relation, path: [], message }, path)], isElsewhere: false };
    }
    const { pairs, gone, come } = pairAtoms(this.comparison, one.atoms, other.atoms);
    const explained = pairs.map(([a, b]) => explainAtoms(this, a, b, { path, before, after }));
    const changes = [
      ...explained.flatMap((explanation) => explanation.changes),
      ...this.#tellAlternatives(gone, after, "narrower", path),
      ...this.#tellAlternatives(come, before, "wider", path),
    ];
    return { changes, isElsewhere: explained.some((explanation) => explanation.isElsewhere) };
  }

  /** Alternatives that only one side has, unless the other one, `whole`, holds them in another way. */
  #tellAlternatives(
    atoms: readonly Atom[],
    whole: Node,
    relation: "narrower" | "wider",
    path: string,
  ): readonly ContractChange[] {
    const what = relation === "narrower" ? "is no longer possible" : "is possible now";
    return atoms
      .filter((atom) => !this.comparison.covers(atom, null, whole, "strict"))
      .map((atom) => this.tell({ relation, path: [], message: `${describeAtom(atom)} ${what}` }, path));
  }
}

function toFailure(side: Side, reason: string | null): string {
  if (reason !== null) return `cannot be compared: ${reason}`;
  return side === "input" ? "accepts less than before" : "promises less than before";
}
