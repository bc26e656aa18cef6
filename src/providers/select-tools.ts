// Which tools a model is shown: what the principal may see, narrowed by the host.
import type { PrincipalInput } from "../call/principal.ts";
import { checkKeys, toChoiceProblem, toKind } from "../core/options.ts";
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

/** Tools for a request, and how a large catalogue is kept out of it. */
export interface BindingSelection extends ToolSelection {
  /**
   * References of the tools that may be called for now; the others stay in the request, so that the provider's cache
   * hits, and are refused. @default all
   */
  readonly allowed?: readonly string[];
  /** Which tools' parameters the model sees only after it has searched for them: all, or those that this says. @default none */
  readonly defer?: boolean | ((tool: ToolDescription) => boolean);
  /**
   * Who searches the deferred tools: the provider's own tool search, or the binding, by names, descriptions and
   * parameters. @default "provider" where it has one (OpenAI Responses, Anthropic)
   */
  readonly search?: "provider" | "binding";
}

const KEYS = ["category", "tag", "text", "names"] as const satisfies readonly (keyof ToolSelection)[];

const BINDING_KEYS = [...KEYS, "allowed", "defer", "search"] as const satisfies readonly (keyof BindingSelection)[];

/** `select`, checked. Throws INVALID_OPTION for what is not known or cannot be used with this provider. */
export function checkSelection(
  { name, hasSearch }: { readonly name: string; readonly hasSearch: boolean },
  select: BindingSelection,
): BindingSelection {
  checkKeys("select", select, BINDING_KEYS);
  const problems = [...toSearchProblems(name, hasSearch, select), ...toListProblems(select)];
  if (problems.length > 0) throw toProblemsError("INVALID_OPTION", `${name}: options have problems.`, problems);
  return select;
}

function toSearchProblems(name: string, hasSearch: boolean, { defer, search }: BindingSelection): readonly Problem[] {
  const problems = [...toChoiceProblem("select.search", search, ["provider", "binding"])];
  const path = "select.search";
  if (search === "provider" && !hasSearch) {
    problems.push({ path, message: `received "provider", but ${name} has no tool search; expected "binding"` });
  }
  if (search !== undefined && (defer === undefined || defer === false)) {
    problems.push({ path, message: "is for deferred tools; say with select.defer which those are" });
  }
  return problems;
}

function toListProblems({ defer, allowed }: BindingSelection): readonly Problem[] {
  const problems: Problem[] = [];
  if (defer !== undefined && typeof defer !== "boolean" && typeof defer !== "function") {
    problems.push({ path: "select.defer", message: `received ${toKind(defer)}, expected true, false or a function` });
  }
  if (allowed !== undefined && !(Array.isArray(allowed) && allowed.every((ref) => typeof ref === "string"))) {
    problems.push({ path: "select.allowed", message: `received ${toKind(allowed)}, expected an array of references` });
  }
  return problems;
}

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
  for (const [index, shown] of findTools(registry, "names", names, principal)) {
    const ref = names[index];
    if (!fitting.has(shown.name)) continue;
    const other = chosen.get(shown.name);
    if (other !== undefined && other.version !== shown.version) {
      const message = `received ${JSON.stringify(ref)}, but ${other.name}@${other.version} is selected; expected one version of a tool`;
      throw toProblemsError("INVALID_OPTION", "select: cannot be used.", [{ path: `select.names[${index}]`, message }]);
    }
    chosen.set(shown.name, shown);
  }
  return [...chosen.values()].sort(byName);
}

/** The names of the tools that `allowed` refers to and the principal may see. Throws NOT_PUBLISHED. */
export function toAllowedNames(
  registry: Pick<Registry, "get">,
  allowed: readonly string[],
  principal: PrincipalInput | undefined,
): ReadonlySet<string> {
  return new Set(findTools(registry, "allowed", allowed, principal).map(([, { name }]) => name));
}

/** What `refs` refer to, with their places. Whether it is there is the host's business; whether it is shown, the principal's. */
function findTools(
  registry: Pick<Registry, "get">,
  key: "names" | "allowed",
  refs: readonly string[],
  principal: PrincipalInput | undefined,
): readonly (readonly [number, ToolDescription])[] {
  const found = refs.map((ref) => registry.get(ref));
  const missing: readonly Problem[] = refs.flatMap((ref, index) => {
    const message = `received ${JSON.stringify(ref)}, which no published tool answers to`;
    return found[index] === undefined ? [{ path: `select.${key}[${index}]`, message }] : [];
  });
  if (missing.length > 0) throw toProblemsError("NOT_PUBLISHED", "select: unknown tools.", missing);
  return found.flatMap((tool, index) => {
    const shown = principal === undefined ? tool : registry.get(refs[index] ?? "", { principal });
    return shown === undefined ? [] : [[index, shown] as const];
  });
}

// By code unit, so that the order is the same on every machine.
function byName(a: ToolDescription, b: ToolDescription): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
