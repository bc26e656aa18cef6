// The schemas of two versions: what callers send may only grow, what they get may only shrink.
import type { JsonSchema } from "../schema/schema.ts";
import { type ContractChange, toChange } from "./contract-change.ts";

/** The changes between two input schemas, which differ. */
export function compareInput(before: JsonSchema, after: JsonSchema, path: string): readonly ContractChange[] {
  return [toChange("breaking", path, "cannot be compared", { before, after })];
}

/** The changes between two output schemas, which differ; null: anything. */
export function compareOutput(
  before: JsonSchema | null,
  after: JsonSchema | null,
  path: string,
): readonly ContractChange[] {
  return [toChange("breaking", path, "cannot be compared", { before, after })];
}
