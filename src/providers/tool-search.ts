// A search over the deferred tools of a binding, for models whose provider has none. Knows no more than the binding: what
// the principal may not see is not in it.
import { toTerm, toWords } from "../kernel/search-terms.ts";
import { isObject } from "../kernel/json.ts";
import type { ToolDescription } from "../tool/tool-version.ts";

/** What the search tool is called, before it gets a wire name. */
export const SEARCH_NAME = "toolyard.search_tools";

export const SEARCH_DESCRIPTION =
  "Search for more tools. Describe what you want to do, or name the tools; those that fit best can be called afterwards.";

/** What the search tool takes, in every provider's strict form. */
export const SEARCH_PARAMETERS: Record<string, unknown> = {
  type: "object",
  properties: { query: { type: "string", description: "What to do, in a few words, or names of tools." } },
  required: ["query"],
  additionalProperties: false,
};

/** At most this many tools for one query. */
const MAX_FOUND = 5;
const MAX_QUERY = 400;

/** The best of the tools for a query, best first. */
export type ToolSearch = (query: string) => Promise<readonly ToolDescription[]>;

interface Indexed {
  readonly id: number;
  readonly name: string;
  readonly title: string;
  readonly text: string;
}

/** A search over `tools`; the index is made at the first query. */
export function createToolSearch(tools: readonly ToolDescription[]): ToolSearch {
  let loading: Promise<(query: string) => readonly ToolDescription[]> | null = null;
  return async (query) => {
    loading ??= createIndex(tools);
    return (await loading)(query.slice(0, MAX_QUERY));
  };
}

async function createIndex(tools: readonly ToolDescription[]): Promise<(query: string) => readonly ToolDescription[]> {
  const { default: MiniSearch } = await import("minisearch");
  const index = new MiniSearch<Indexed>({
    fields: ["name", "title", "text"],
    tokenize: toWords,
    processTerm: toTerm,
    // A name says most; the rest of a description least.
    searchOptions: {
      boost: { name: 3, title: 2, text: 1 },
      prefix: (term) => term.length > 3,
      fuzzy: (term) => (term.length > 5 ? 0.2 : false),
    },
  });
  index.addAll(tools.map(toIndexed));
  return (query) =>
    index
      .search(query)
      .slice(0, MAX_FOUND)
      .flatMap(({ id }) => tools[id as number] ?? []);
}

function toIndexed(tool: ToolDescription, id: number): Indexed {
  const { name, title, description, category, tags, inputSchema } = tool;
  const { properties } = inputSchema;
  const parameters = isObject(properties) ? Object.keys(properties) : [];
  return { id, name, title: `${title} ${category} ${tags.join(" ")}`, text: `${description} ${parameters.join(" ")}` };
}

/** The query in the arguments of a search call, JSON text or data; the arguments themselves where they hold none. */
export function toQuery(input: unknown): string {
  const value = typeof input === "string" ? parse(input) : input;
  if (typeof value === "string") return value;
  const query = isObject(value) ? value["query"] : undefined;
  // A model may write other fields than it was told to; its words are what counts.
  return typeof query === "string" ? query : (JSON.stringify(value) ?? "");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
