// What is different between two alternatives, in the words of the keyword that says it.
import { type Relation, toRelation } from "./side.ts";

const MAX_SHOWN = 8;

export interface Difference {
  readonly relation: Relation;
  /** The keyword, and what is below it. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Compares one thing that two alternatives say: nothing when it is the same. */
export function toDifference<T>(
  keyword: string,
  [before, after]: readonly [T, T],
  covers: (small: T, large: T) => boolean,
  show: (value: T) => unknown,
): readonly Difference[] {
  const relation = toRelation(before, after, covers);
  if (relation === null) return [];
  const [from, to] = [show(before), show(after)];
  return [{ relation, path: [keyword], message: toMessage(keyword, relation, from, to), before: from, after: to }];
}

function toMessage(keyword: string, relation: Relation, from: unknown, to: unknown): string {
  if (to === undefined) return `${keyword} ${toShown(from)} is gone`;
  if (from === undefined) return `${keyword} ${toShown(to)} is new`;
  return `${keyword} is ${toShown(to)}, ${toShown(from)} before${relation === "other" ? "; neither is seen to hold the other" : ""}`;
}

/** The first of `values` for a message. */
export function toShownList(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_SHOWN).map(toShown).join(", ");
  return values.length > MAX_SHOWN ? `${shown} and ${values.length - MAX_SHOWN} more` : shown;
}

/** `value` for a message. */
export function toShown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
