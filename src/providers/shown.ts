// The tools of the next request: those the model sees whole, those it has to search for, and the search.
// INVARIANT: what was shown keeps its place, so that a provider's cache hits: "grow at their end" in test/providers/.
import type { Offer, OfferedTool } from "./offer.ts";
import { createToolSearch, SEARCH_NAME } from "./tool-search.ts";
import { toWireName } from "./wire-names.ts";

/** The tools of a request, for a format to put together. */
export interface Shown<WireTool> {
  /** Those the model sees whole. */
  readonly loaded: readonly OfferedTool<WireTool>[];
  /** Those it has to search for. */
  readonly deferred: readonly OfferedTool<WireTool>[];
  /** The provider's own search, or one of this name that the binding answers; null without any. */
  readonly search: { readonly by: "provider" } | { readonly by: "binding"; readonly wireName: string } | null;
}

export interface ShownTools<WireTool> {
  readonly current: Shown<WireTool>;
  /** The wire name of the binding's own search; null when it has none. */
  readonly searchName: string | null;
  /** Shows a tool from the next request on. */
  load(tool: OfferedTool<WireTool>): void;
  /** The best of the deferred tools for a query, best first. */
  find(query: string): Promise<readonly OfferedTool<WireTool>[]>;
}

/** What is shown of `offer` at first. `by` says who searches. */
export function createShownTools<WireTool>(offer: Offer<WireTool>, by: "provider" | "binding"): ShownTools<WireTool> {
  const deferred = offer.tools.filter((one) => one.deferred);
  const loaded = new Set(offer.tools.filter((one) => !one.deferred));
  const byTool = new Map(deferred.map((one) => [one.tool, one]));
  const searchTools = createToolSearch([...byTool.keys()]);
  const searchName = deferred.length > 0 && by === "binding" ? toWireName(SEARCH_NAME) : null;
  const search: Shown<WireTool>["search"] =
    searchName !== null ? { by: "binding", wireName: searchName } : deferred.length > 0 ? { by: "provider" } : null;
  return {
    get current() {
      return { loaded: [...loaded], deferred, search };
    },
    searchName,
    load: (tool) => void loaded.add(tool),
    find: async (query) => (await searchTools(query)).flatMap((tool) => byTool.get(tool) ?? []),
  };
}
