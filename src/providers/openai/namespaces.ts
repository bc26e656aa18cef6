// Deferred functions by category: OpenAI's models are trained to search namespaces, and of one they see a line instead of
// a line for each function.
import type { OfferedTool } from "../offer.ts";
import { toWireName } from "../wire-names.ts";
import type { ResponsesTool, ResponsesNamespace } from "./wire.ts";

const MAX_TITLES = 12;

/** The functions, those of a category in its namespace; by name of the namespace or function. */
export function toNamespaces(deferred: readonly OfferedTool<ResponsesTool>[]): (ResponsesTool | ResponsesNamespace)[] {
  const byName = new Map<string, OfferedTool<ResponsesTool>[]>();
  const alone: ResponsesTool[] = [];
  for (const one of deferred) {
    const name = toNamespaceName(one.tool.category);
    if (name === null) alone.push(one.converted.wire);
    else byName.set(name, [...(byName.get(name) ?? []), one]);
  }
  const namespaces = [...byName].map(([name, members]) => toNamespace(name, members));
  return [...namespaces, ...alone].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** The category as the API accepts it; null for a tool without one. */
function toNamespaceName(category: string): string | null {
  const name = toWireName(category.replaceAll(/[^a-zA-Z0-9_.-]/g, "_"));
  return /[a-zA-Z0-9]/.test(name) ? name : null;
}

function toNamespace(name: string, members: readonly OfferedTool<ResponsesTool>[]): ResponsesNamespace {
  const categories = [...new Set(members.map(({ tool }) => tool.category))].join(", ");
  const titles = members.slice(0, MAX_TITLES).map(({ tool }) => tool.title || tool.name);
  const more = members.length > MAX_TITLES ? ` and ${members.length - MAX_TITLES} more` : "";
  return {
    type: "namespace",
    name,
    description: `Tools for ${categories}: ${titles.join(", ")}${more}.`,
    tools: members.map(({ converted }) => converted.wire),
  };
}
