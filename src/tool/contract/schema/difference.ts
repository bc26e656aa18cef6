// What is different between two alternatives, in the words of the keyword that says it.
import { type Relation, toRelation } from "./side.ts";

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
  return `${keyword} is ${toShown(to)}, ${toShown(from)} before${relation === "other" ? "; the two cannot be compared" : ""}`;
}

/** `value` for a message. */
export function toShown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
