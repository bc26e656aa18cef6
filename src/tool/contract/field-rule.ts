// What a difference in one field of a published definition means, as code and as words for the documentation.
import { isJsonEqual } from "../../kernel/json-equal.ts";
import type { ToolVersion } from "../tool-version.ts";
import { type ChangeClass, type ContractChange, toChange } from "./contract-change.ts";

/** What falls into each class; a class left out: nothing does. */
export type ClassTexts = Partial<Readonly<Record<ChangeClass, string>>>;

export interface FieldRule {
  readonly classes: ClassTexts;
  readonly compare: (before: ToolVersion, after: ToolVersion) => readonly ContractChange[];
}

/** A class and what to say. */
export type Judgement = readonly [kind: ChangeClass, message: string];

/** A rule for `field` by changes of its own; `compare` is asked only about values that differ. */
export function toRule<K extends keyof ToolVersion>(
  field: K,
  classes: ClassTexts,
  compare: (before: ToolVersion[K], after: ToolVersion[K], path: string) => readonly ContractChange[],
): FieldRule {
  return {
    classes,
    compare: ({ [field]: before }, { [field]: after }) =>
      isJsonEqual(before, after) ? [] : compare(before, after, `/${field}`),
  };
}

/** A rule for `field` as a whole: one change at the most; null: none. */
export function toWholeRule<K extends keyof ToolVersion>(
  field: K,
  classes: ClassTexts,
  judge: (before: ToolVersion[K], after: ToolVersion[K]) => Judgement | null,
): FieldRule {
  return toRule(field, classes, (before, after, path) => {
    const judgement = judge(before, after);
    return judgement === null ? [] : [toChange(judgement[0], path, judgement[1], { before, after })];
  });
}
