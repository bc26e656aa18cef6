// Which tools a model is shown: what the principal may see, narrowed by the host.
import type { PrincipalInput } from "../call/principal.ts";
import { checkKeys } from "../core/options.ts";
import type { ListFilter, Registry } from "../core/registry.ts";
import { type Problem, toProblemsError } from "../errors/toolyard-error.ts";
import type { ToolDescription } from "../tool/tool-version.ts";

export interface ToolSelection extends Pick<ListFilter, "category" | "tag" | "text"> {
  /**
   * References, such as `orders.get` or `orders.get@^1`; one version of a tool. What the principal may not see is left
   * out. @default all
   */
  readonly names?: readonly string[];
}

const KEYS: readonly (keyof ToolSelection)[] = ["category", "tag", "text", "names"];

/**
 * The selected tools by name. Throws INVALID_OPTION for an unknown key or two versions of a tool, and NOT_PUBLISHED for
 * references to nothing.
 */
export function selectTools(
  registry: Pick<Registry, "list" | "get">,
  select: ToolSelection,
  principal: PrincipalInput | undefined,
): readonly ToolDescription[] {
  checkKeys("select", select, KEYS);
  const { names, ...filter } = select;
  const listed = registry.list(principal === undefined ? filter : { ...filter, principal });
  if (names === undefined) return [...listed].sort(byName);
  const fitting = new Set(listed.map(({ name }) => name));
  const chosen = new Map<string, ToolDescription>();
  const missing: Problem[] = [];
  for (const [index, ref] of names.entries()) {
    const found = registry.get(ref);
    if (found === undefined) {
      missing.push({
        path: `select.names[${index}]`,
        message: `received ${JSON.stringify(ref)}, which no published tool answers to`,
      });
      continue;
    }
    // Whether it is there is the host's business; whether it is shown is the principal's.
    const shown = principal === undefined ? found : registry.get(ref, { principal });
    if (shown === undefined || !fitting.has(shown.name)) continue;
    const other = chosen.get(shown.name);
    if (other !== undefined && other.version !== shown.version) {
      const message = `received ${JSON.stringify(ref)}, but ${other.name}@${other.version} is selected; expected one version of a tool`;
      throw toProblemsError("INVALID_OPTION", "select: cannot be used.", [{ path: `select.names[${index}]`, message }]);
    }
    chosen.set(shown.name, shown);
  }
  if (missing.length > 0) throw toProblemsError("NOT_PUBLISHED", "select: unknown tools.", missing);
  return [...chosen.values()].sort(byName);
}

// By code unit, so that the order is the same on every machine.
function byName(a: ToolDescription, b: ToolDescription): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
