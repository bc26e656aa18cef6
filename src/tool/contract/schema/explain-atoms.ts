// What is different between two alternatives, keyword by keyword; below members and items, place by place.
import { type ContractChange, toPointerToken } from "../contract-change.ts";
import { type Atom, toRounded } from "./atom.ts";
import { coversLists, toItem, toPrefixLength } from "./covers-lists.ts";
import { type Difference, toDifference } from "./difference.ts";
import { type Node, toShownSchema } from "./document.ts";
import type { Explainer, Explanation } from "./explain.ts";
import { explainMembers } from "./explain-members.ts";
import { explainNumbers, explainTexts, explainValues, toFinite } from "./explain-scalars.ts";
import { ANY_LIST, type ListFacet } from "./facets.ts";

/** Where the two stand. */
export interface Standing {
  readonly path: string;
  readonly before: Node;
  readonly after: Node;
}

/** What is different between `before` and `after`, two alternatives that belong together. */
export function explainAtoms(explainer: Explainer, before: Atom, after: Atom, at: Standing): Explanation {
  const differences: Difference[] = [...explainValues(before, after)];
  const inner: Explanation[] = [];
  if (before.values === null && after.values === null) {
    const [one, other] = [toRounded(before), toRounded(after)];
    const integers = [before.types.has("integer"), after.types.has("integer")] as const;
    if (hasNumbers(before) && hasNumbers(after))
      differences.push(...explainNumbers([one.numbers, other.numbers], integers));
    differences.push(...explainTexts(explainer.comparison, ...common("string", before, after, ({ texts }) => texts)));
    const lists = common("array", before, after, (atom) => atom.lists);
    differences.push(...explainLists(explainer, ...lists));
    inner.push(explainItems(explainer, lists, at));
    inner.push(
      explainMembers(
        explainer,
        common("object", before, after, ({ members }) => members),
        at,
      ),
    );
  }
  return {
    changes: [
      ...differences.map((difference) => explainer.tell(difference, at.path)),
      ...inner.flatMap(({ changes }) => changes),
    ],
    isElsewhere: inner.some(({ isElsewhere }) => isElsewhere),
  };
}

/** What both say of a type; of one that only one of them accepts, the same twice: its type has been told of. */
function common<T>(
  type: "string" | "array" | "object",
  before: Atom,
  after: Atom,
  pick: (atom: Atom) => T,
): readonly [T, T] {
  if (before.types.has(type) && after.types.has(type)) return [pick(before), pick(after)];
  return [pick(before), pick(before)];
}

function hasNumbers({ types }: Atom): boolean {
  return types.has("number") || types.has("integer");
}

function explainLists({ comparison }: Explainer, before: ListFacet, after: ListFacet): readonly Difference[] {
  const covers = (small: ListFacet, large: ListFacet): boolean => coversLists(comparison, small, large, "strict");
  const pick = (key: keyof ListFacet): readonly [ListFacet, ListFacet] => [
    { ...ANY_LIST, [key]: before[key] },
    { ...ANY_LIST, [key]: after[key] },
  ];
  return [
    ...toDifference("minItems", pick("min"), covers, ({ min }) => (min === 0 ? undefined : min)),
    ...toDifference("maxItems", pick("max"), covers, ({ max }) => toFinite(max)),
    ...toDifference("uniqueItems", pick("unique"), covers, ({ unique }) => unique),
    ...toDifference("contains", pick("contains"), covers, ({ contains }) =>
      contains.length === 0 ? undefined : contains.map(({ node }) => toShownSchema(node)),
    ),
  ];
}

function explainItems(explainer: Explainer, [a, b]: readonly [ListFacet, ListFacet], at: Standing): Explanation {
  const changes: ContractChange[] = [];
  let isElsewhere = false;
  const length = Math.max(toPrefixLength(a), toPrefixLength(b));
  for (let index = 0; index <= length; index++) {
    const [one, other] = [toItem(a, index), toItem(b, index)];
    if (one === null && other === null) continue;
    const place = index < length ? `/prefixItems${toPointerToken(index)}` : "/items";
    const found = explainer.explain(
      one ?? at.before.table.anything,
      other ?? at.after.table.anything,
      `${at.path}${place}`,
    );
    changes.push(...found.changes);
    if (found.isElsewhere) isElsewhere = true;
  }
  return { changes, isElsewhere };
}
