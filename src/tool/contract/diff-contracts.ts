// What has changed between two published versions of a tool, for those who call it and for the models that read it. Pure, and
// bounded in time whatever the schemas are: what cannot be decided within the bounds is breaking.
import type { ToolVersion } from "../tool-version.ts";
import { type Bump, CHANGE_CLASSES, type ContractChange, toLargest } from "./contract-change.ts";
import { FIELD_RULES } from "./field-rules.ts";

export interface ContractDiff {
  /** The gravest first; within a class in the order of the definition's fields. */
  readonly changes: readonly ContractChange[];
  /** The largest step that a change demands of a version from 1.0.0 on; see `checkBump` for one below. */
  readonly bump: Bump;
  /** Whether any change is breaking. */
  readonly breaking: boolean;
}

/**
 * The differences between `before` and `after`, two versions of one tool as they are published. Their version numbers and
 * digests are not compared: `checkBump` says whether the numbers tell enough. Never throws for what `publishTool` accepts.
 */
export function diffContracts(before: ToolVersion, after: ToolVersion): ContractDiff {
  const found = Object.values(FIELD_RULES).flatMap((rule) => rule.compare(before, after));
  const changes = CHANGE_CLASSES.flatMap((kind) => found.filter((change) => change.class === kind));
  return {
    changes,
    bump: toLargest(changes.map(({ bump }) => bump)),
    breaking: changes.some((change) => change.class === "breaking"),
  };
}
