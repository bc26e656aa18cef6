// What is different in what two alternatives say of members: which there are, which are required, what each has to be.
import { type ContractChange, toChange, toPointerToken } from "../contract-change.ts";
import {
  coversMember,
  coversMembers,
  isUndescribed,
  toMember,
  toNamed,
  toOther,
  toPatterns,
} from "./covers-members.ts";
import { type Difference, toDifference, toShown } from "./difference.ts";
import { toShownSchema } from "./document.ts";
import type { Explainer, Explanation } from "./explain.ts";
import type { Standing } from "./explain-atoms.ts";
import { toFinite } from "./explain-scalars.ts";
import { ANY_MEMBERS, type MemberFacet } from "./facets.ts";

type Both = readonly [before: MemberFacet, after: MemberFacet];

/** What is different in what is said of members. */
export function explainMembers(explainer: Explainer, both: Both, at: Standing): Explanation {
  const [before, after] = both;
  if (before === after) return { changes: [], isElsewhere: false };
  const changes: ContractChange[] = [
    ...explainRequired(both).map((difference) => explainer.tell(difference, at.path)),
    ...explainCounts(explainer, both).map((difference) => explainer.tell(difference, at.path)),
  ];
  const inner: Explanation[] = [];
  for (const name of new Set([...toNamed(before), ...toNamed(after)]))
    inner.push(explainMember(explainer, name, both, at));
  inner.push(...explainOthers(explainer, both, at));
  return {
    changes: [...changes, ...inner.flatMap((explanation) => explanation.changes)],
    isElsewhere: inner.some((explanation) => explanation.isElsewhere),
  };
}

/** Members that both list, of which one version requires what the other does not. */
function explainRequired([before, after]: Both): readonly Difference[] {
  const isBoth = (name: string): boolean => toMember(before, name).isListed === toMember(after, name).isListed;
  const [a, b] = [[...before.required], [...after.required]];
  const come = b.filter((name) => !before.required.has(name) && isBoth(name));
  const gone = a.filter((name) => !after.required.has(name) && isBoth(name));
  const toOne = (name: string, relation: "narrower" | "wider", what: string): Difference => ({
    relation,
    path: ["required"],
    message: `${toShown(name)} ${what}`,
    before: a,
    after: b,
  });
  return [
    ...come.map((name) => toOne(name, "narrower", "is always there now")),
    ...gone.map((name) => toOne(name, "wider", "may be left out now")),
  ];
}

function explainCounts({ comparison }: Explainer, [before, after]: Both): readonly Difference[] {
  const covers = (small: MemberFacet, large: MemberFacet): boolean => coversMembers(comparison, small, large, "strict");
  const pick = (key: keyof MemberFacet): Both => [
    { ...ANY_MEMBERS, [key]: before[key] },
    { ...ANY_MEMBERS, [key]: after[key] },
  ];
  return [
    ...toDifference("minProperties", pick("min"), covers, ({ min }) => (min === 0 ? undefined : min)),
    ...toDifference("maxProperties", pick("max"), covers, ({ max }) => toFinite(max)),
    ...toDifference("propertyNames", pick("names"), covers, ({ names }) =>
      names.length === 0 ? undefined : names.map(toShownSchema),
    ),
    ...toDifference("dependentRequired", pick("together"), covers, ({ together }) =>
      together.length === 0 ? undefined : Object.fromEntries(together),
    ),
  ];
}

function explainMember(explainer: Explainer, name: string, [before, after]: Both, at: Standing): Explanation {
  const [one, other] = [toMember(before, name), toMember(after, name)];
  const path = `${at.path}/properties${toPointerToken(name)}`;
  const { comparison } = explainer;
  if (one.isListed === other.isListed || !isUndescribed(comparison, one.isListed ? other.node : one.node)) {
    if (one.node === null && other.node === null) return { changes: [], isElsewhere: false };
    return explainer.explain(one.node ?? at.before.table.anything, other.node ?? at.after.table.anything, path);
  }
  const change = one.isListed
    ? toChange("breaking", path, toGone(explainer), { before: toShownSchema(one.node) })
    : explainNew(explainer, name, [before, after], path);
  return { changes: [change], isElsewhere: false };
}

function toGone({ side }: Explainer): string {
  return side === "input"
    ? "is gone: whoever sends it is refused, or is not understood"
    : "is gone: whoever reads it finds nothing";
}

function explainNew(explainer: Explainer, name: string, [before, after]: Both, path: string): ContractChange {
  const shown = { after: toShownSchema(toMember(after, name).node) };
  if (explainer.side === "output") {
    const isCovered = coversMember(explainer.comparison, name, after, before, "output");
    return isCovered
      ? toChange("widening", path, "is a new member", shown)
      : toChange("breaking", path, "is a new member, and there were to be no others", shown);
  }
  if (after.required.has(name)) return toChange("breaking", path, "is a new member that is required", shown);
  return coversMember(explainer.comparison, name, before, after, "input")
    ? toChange("widening", path, "is a new member that may be left out", shown)
    : toChange("breaking", path, "is a new member with a schema, and could be anything before", shown);
}

/** Members that no list names: by the patterns their names fit, and the rest. */
function explainOthers(explainer: Explainer, [before, after]: Both, at: Standing): readonly Explanation[] {
  const patterns = [...new Set([...toPatterns(before), ...toPatterns(after)])];
  const explain = (fitting: readonly string[], place: string): Explanation => {
    const [one, other] = [toOther(before, new Set(fitting)), toOther(after, new Set(fitting))];
    if (one === null && other === null) return { changes: [], isElsewhere: false };
    return explainer.explain(one ?? at.before.table.anything, other ?? at.after.table.anything, `${at.path}${place}`);
  };
  return [
    ...patterns.map((pattern) => explain([pattern], `/patternProperties${toPointerToken(pattern)}`)),
    explain([], "/additionalProperties"),
  ];
}
