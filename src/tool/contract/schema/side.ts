// Whose schema is compared: what callers send, or what they get. The same difference is the opposite for the other.
import type { ChangeClass } from "../contract-change.ts";

export type Side = "input" | "output";

/** What has become of what a schema accepts; `other`: neither holds the other, or it cannot be seen. */
export type Relation = "narrower" | "wider" | "other";

/** Callers may go on sending what they sent, and count on what they got. */
export function toClass(side: Side, relation: Relation): ChangeClass {
  if (relation === "other") return "breaking";
  return (relation === "wider") === (side === "input") ? "widening" : "breaking";
}

/** How what was before lies to what is after; null: they are the same. `covers`: whether the second holds the first. */
export function toRelation<T>(before: T, after: T, covers: (small: T, large: T) => boolean): Relation | null {
  const [grows, shrinks] = [covers(before, after), covers(after, before)];
  if (grows) return shrinks ? null : "wider";
  return shrinks ? "narrower" : "other";
}
