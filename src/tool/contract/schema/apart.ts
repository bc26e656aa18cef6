// Whether no value fits two alternatives, as far as that can be seen: by types, values, bounds, or by a member or an item
// that cannot be both. Errs towards an overlap.
import type { JsonType } from "../../schema/json-type.ts";
import { hasType, typeOf } from "../../schema/json-type.ts";
import { type Atom, toRounded } from "./atom.ts";
import type { Node } from "./document.ts";
import type { ListFacet, MemberFacet, NumberFacet } from "./facets.ts";
import { areTextsApart, type Spend } from "../pattern/compare-patterns.ts";
import { toItem } from "./covers-lists.ts";
import { toMember } from "./covers-members.ts";
import { holdsValue } from "./value-list.ts";

/** What has to be asked of a comparison. */
export interface Asked {
  areApart(a: Node, b: Node): boolean;
  isNothing(node: Node): boolean;
  isWithin(atom: Atom, node: Node): boolean;
  readonly spend: Spend;
}

/** Whether no value fits both. */
export function areAtomsApart(asked: Asked, a: Atom, b: Atom): boolean {
  if (a.values !== null) return a.values.every((value) => !mayFit(b, value));
  if (b.values !== null) return b.values.every((value) => !mayFit(a, value));
  const common = toCommonTypes(a.types, b.types);
  if (common.every((type) => areApartIn(asked, type, a, b))) return true;
  return a.nots.some((not) => asked.isWithin(b, not)) || b.nots.some((not) => asked.isWithin(a, not));
}

function mayFit({ types, values, numbers, texts }: Atom, value: unknown): boolean {
  if (!hasType([...types], typeOf(value))) return false;
  if (values !== null) return holdsValue(values, value);
  if (typeof value === "number") return value >= numbers.min && value <= numbers.max;
  // Code points are never more than units, nor fewer than half of them.
  return typeof value !== "string" || (value.length >= texts.min && value.length <= texts.max * 2);
}

function toCommonTypes(a: ReadonlySet<JsonType>, b: ReadonlySet<JsonType>): readonly JsonType[] {
  const common = [...a].filter((type) => b.has(type));
  const isMixed = (one: ReadonlySet<JsonType>, other: ReadonlySet<JsonType>): boolean =>
    one.has("integer") && other.has("number");
  return isMixed(a, b) || isMixed(b, a) ? [...common, "integer"] : common;
}

function areApartIn(asked: Asked, type: JsonType, a: Atom, b: Atom): boolean {
  switch (type) {
    case "number":
    case "integer":
      return areNumbersApart(toRounded(a).numbers, toRounded(b).numbers);
    case "string":
      if (a.texts.min > b.texts.max || b.texts.min > a.texts.max) return true;
      return (
        a.texts.patterns.length + b.texts.patterns.length > 1 && areTextsApart(a.texts, b.texts, asked.spend) === true
      );
    case "array":
      return areListsApart(asked, a.lists, b.lists);
    case "object":
      return areMembersApart(asked, a.members, b.members);
    case "boolean":
    case "null":
      return false;
  }
}

function areNumbersApart(a: NumberFacet, b: NumberFacet): boolean {
  const isBelow = (low: NumberFacet, high: NumberFacet): boolean =>
    low.max < high.min || (low.max === high.min && (low.maxOpen || high.minOpen));
  return isBelow(a, b) || isBelow(b, a);
}

function areListsApart(asked: Asked, a: ListFacet, b: ListFacet): boolean {
  if (a.min > b.max || b.min > a.max) return true;
  if (a.min === 0 && b.min === 0) return false;
  const [one, other] = [toItem(a, 0), toItem(b, 0)];
  return one !== null && other !== null && asked.areApart(one, other);
}

function areMembersApart(asked: Asked, a: MemberFacet, b: MemberFacet): boolean {
  if (Math.max(a.min, a.required.size) > b.max || Math.max(b.min, b.required.size) > a.max) return true;
  return [...new Set([...a.required, ...b.required])].some((name) => {
    const [one, other] = [toMember(a, name).node, toMember(b, name).node];
    if (one !== null && other !== null) return asked.areApart(one, other);
    const only = one ?? other;
    return only !== null && asked.isNothing(only);
  });
}
