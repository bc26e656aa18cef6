// The lives of stored tools, for who looks at a catalogue without running it.
import type { CatalogStore } from "../../ports/catalog-store.ts";
import { createCatalogue, fromStoredTool } from "../../registry/index.ts";
import { groupByName } from "./open-catalogue.ts";
import { toToolLife } from "./to-tool-life.ts";
import type { ToolLife } from "./tool-life.ts";

const NO_CODE: Parameters<typeof fromStoredTool>[2] = new Map();

/** A page of tools in the order of their names, after `after`, at most `limit`. Rejects with what the store rejects with, or STORE_FAILED. */
export async function readToolLives(
  store: Pick<CatalogStore, "page">,
  after: string | null,
  limit: number,
): Promise<readonly ToolLife[]> {
  const { tools, versions } = await store.page(after, limit);
  const catalogue = createCatalogue();
  const groups = groupByName(versions);
  return tools.map((tool) => toToolLife(fromStoredTool(tool, groups.get(tool.name) ?? [], NO_CODE), catalogue));
}
