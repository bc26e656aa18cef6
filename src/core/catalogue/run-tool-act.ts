// An act on one tool, answered with what is known of the tool afterwards.
import type { ToolLife } from "./tool-life.ts";
import { toToolLife } from "./tool-life.ts";
import { requireTool } from "../../registry/index.ts";
import type { ActBasis } from "./act-options.ts";
import type { CatalogueParts } from "./commit-publication.ts";
import type { ToolAct } from "./tool-writer.ts";

/** Makes the change. Rejects with NOT_PUBLISHED, what refuses it, or REVISION_CONFLICT. */
export async function runToolAct(
  { environment: { catalogue }, writer }: CatalogueParts,
  act: ToolAct,
  basis: ActBasis,
): Promise<ToolLife> {
  const before = requireTool(catalogue, act.name);
  return toToolLife((await writer.change(act, basis)) ?? before, catalogue);
}
