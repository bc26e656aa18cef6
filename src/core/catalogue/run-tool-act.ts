// An act on one tool, answered with what is known of the tool afterwards.
import type { ToolLife } from "./tool-life.ts";
import { toToolLife } from "./to-tool-life.ts";
import { requireTool, requireVersion, type ToolEntry } from "../../registry/index.ts";
import type { MaybePromise } from "../../kernel/maybe-promise.ts";
import { parseToolRef } from "../../tool/tool-ref.ts";
import type { ActBasis } from "./act-options.ts";
import type { CatalogueParts } from "./commit-publication.ts";
import type { ToolAct } from "./tool-writer.ts";

/** The tool and the version of an exact reference, as they are stored. Rejects with NOT_PUBLISHED. */
export function findVersion(
  parts: CatalogueParts,
  ref: string,
): MaybePromise<{ readonly tool: ToolEntry; readonly version: string }> {
  const { catalogue } = parts.environment;
  const parsed = parseToolRef(ref);
  // Without a store nothing is awaited: what is to happen happens in the same turn.
  if (catalogue.store === null || !parsed.ok) return requireVersion(catalogue, ref);
  return refresh(parts, parsed.ref.name).then(() => requireVersion(catalogue, ref));
}

/** The tool as it is stored. Rejects with NOT_PUBLISHED. */
export function findTool(parts: CatalogueParts, name: string): MaybePromise<ToolEntry> {
  const { catalogue } = parts.environment;
  if (catalogue.store === null) return requireTool(catalogue, name);
  return refresh(parts, name).then(() => requireTool(catalogue, name));
}

/** Makes the change. Rejects with NOT_PUBLISHED, what refuses it, or REVISION_CONFLICT. */
export async function runToolAct(
  { environment: { catalogue }, writer }: CatalogueParts,
  act: ToolAct,
  basis: ActBasis,
): Promise<ToolLife> {
  const before = catalogue.find(act.name);
  const after = (await writer.change(act, basis)) ?? before;
  return toToolLife(after ?? requireTool(catalogue, act.name), catalogue);
}

async function refresh({ writer }: CatalogueParts, name: string): Promise<void> {
  await writer.queue.run(() => writer.refresh([name]));
}
