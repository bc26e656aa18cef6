// Whether every list that one saying about lists accepts is accepted by another.
import type { Contained, ListFacet } from "./facets.ts";
import type { Node } from "./document.ts";
import type { Reading } from "./reading.ts";

interface Asked {
  isSubset(small: Node, large: Node, reading: Reading): boolean;
  isNothing(node: Node): boolean;
  undecided(reason: string): false;
}

/** Prefixes of more items than this are not compared item by item. */
const MAX_PREFIX = 256;

/** What is said of the item at `index`; null: nothing. */
export function toItem({ parts }: ListFacet, index: number): Node | null {
  const [first, ...others] = parts.map(({ prefix, rest }) => prefix[index] ?? rest);
  return first === undefined ? null : first.table.join([first, ...others]);
}

/** How many items have something said of them by their place. */
export function toPrefixLength({ parts }: ListFacet): number {
  return Math.max(0, ...parts.map(({ prefix }) => prefix.length));
}

/** Whether every list of `small` is one of `large`. */
export function coversLists(asked: Asked, small: ListFacet, large: ListFacet, reading: Reading): boolean {
  const length = Math.max(toPrefixLength(small), toPrefixLength(large));
  if (length > MAX_PREFIX) return asked.undecided("there are too many items at the beginning of a list");
  const max = toLongest(asked, small, length);
  if (large.min > small.min || large.max < max) return false;
  if (large.unique && !small.unique && max > 1) return false;
  // The last one stands for all that follow.
  for (let index = 0; index <= length && index < max; index++) {
    const wanted = toItem(large, index);
    if (wanted === null) continue;
    const item = toItem(small, index) ?? wanted.table.anything;
    if (!asked.isSubset(item, wanted, reading)) return false;
  }
  return large.contains.every((contained) => isContained(asked, small, max, contained));
}

/** The items at the most; an item that cannot be, ends the list. */
function toLongest(asked: Asked, facet: ListFacet, length: number): number {
  for (let index = 0; index <= length && index < facet.max; index++) {
    const item = toItem(facet, index);
    if (item !== null && asked.isNothing(item)) return index;
  }
  return facet.max;
}

function isContained(asked: Asked, small: ListFacet, max: number, { node, min, max: most }: Contained): boolean {
  const isEnough =
    min === 0 ||
    small.contains.some((other) => other.min >= min && asked.isSubset(other.node, node, "strict")) ||
    isAllOf(asked, small, node, min);
  const isFew =
    most >= max || small.contains.some((other) => other.max <= most && asked.isSubset(node, other.node, "strict"));
  return (isEnough && isFew) || asked.undecided("what a list contains cannot be seen");
}

/** Whether there are enough items, and all of them fit. */
function isAllOf(asked: Asked, small: ListFacet, node: Node, min: number): boolean {
  if (small.min < min) return false;
  for (let index = 0; index <= toPrefixLength(small); index++) {
    const item = toItem(small, index);
    if (item === null || !asked.isSubset(item, node, "strict")) return false;
  }
  return true;
}
