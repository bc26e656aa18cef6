// The schemas of two versions: what callers send may only grow, what they get may only shrink.
import type { JsonSchema } from "../schema/schema.ts";
import { type ContractChange, toChange } from "./contract-change.ts";
import { compareTexts } from "./schema/compare-places.ts";
import { Comparison } from "./schema/comparison.ts";
import { toDocuments } from "./schema/document.ts";
import { Explainer } from "./schema/explain.ts";
import type { Side } from "./schema/side.ts";

/** The changes between two input schemas, which differ. */
export function compareInput(before: JsonSchema, after: JsonSchema, path: string): readonly ContractChange[] {
  return compareSchemas(before, after, "input", path);
}

/** The changes between two output schemas, which differ; null: anything. */
export function compareOutput(
  before: JsonSchema | null,
  after: JsonSchema | null,
  path: string,
): readonly ContractChange[] {
  const changes = compareSchemas(before ?? {}, after ?? {}, "output", path);
  if (after === null && changes.some((change) => change.class === "breaking"))
    return [toChange("breaking", path, "is gone: nothing is promised any more", { before, after })];
  if (before !== null || !changes.some((change) => change.class === "widening")) return changes;
  const texts = changes.filter((change) => change.class === "instruction");
  return [toChange("widening", path, "is new: anything could come before", { before, after }), ...texts];
}

function compareSchemas(before: JsonSchema, after: JsonSchema, side: Side, path: string): readonly ContractChange[] {
  const [old, now] = toDocuments(before, after);
  const explainer = new Explainer(side, new Comparison());
  const { changes } = explainer.explain(old.toNode(before), now.toNode(after), path);
  const all = [...changes, ...compareTexts(old, now, side, path)];
  if (all.length > 0) return all;
  return [toChange("cosmetic", path, "is written differently and says the same", { before, after })];
}
