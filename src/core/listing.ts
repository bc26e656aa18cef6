// What readers see: `has`, `get`, `list` and `versions`. Each asks the decision that a call would ask, so that a list
// and a call can never disagree.
import type { Principal, PrincipalInput } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { Environment } from "../pipeline/environment.ts";
import { isVisible, lookupVisible, toVisibleTool, withCanary } from "../pipeline/find-visible.ts";
import { lookupAmong, type Entry, type ToolEntry } from "../registry/index.ts";
import type { BreakerState } from "../tool/resilience.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import { checkKeys } from "./options.ts";
import type { ListFilter, Registry } from "./registry.ts";

type Listing = Pick<Registry, "has" | "get" | "list" | "versions">;

const FILTER_KEYS: readonly (keyof ListFilter)[] = ["category", "tag", "text", "principal", "status"];
const READER_KEYS: readonly string[] = ["principal"];
const STATUSES = ["active", "deprecated", "retired", "staged", "any"] as const;

/** The reading side of a registry. */
export function createListing(environment: Environment): Listing {
  const { catalogue } = environment;
  const describe = createDescriber(environment);

  /** Null: everything is shown, to code that names no principal. Hidden: a principal is needed and there is none, or it is disabled. */
  const toReader = (options: { readonly principal?: PrincipalInput | undefined }): Principal | null | "hidden" => {
    if (!("principal" in options)) return null;
    const { principals } = environment;
    if (options.principal === undefined) return principals.check(undefined) ?? "hidden";
    const reader = principals.identify(options.principal);
    return principals.isDisabled(reader) ? "hidden" : reader;
  };

  const find = (ref: string, options: { readonly principal?: PrincipalInput } = {}): Entry | undefined => {
    checkKeys("get", options, READER_KEYS);
    const reader = toReader(options);
    if (reader === "hidden") return undefined;
    const found = reader === null ? catalogue.snapshot.lookup(ref) : lookupVisible(ref, environment, reader);
    if (found.kind !== "found") return undefined;
    return reader === null || isVisible(found.entry, environment, reader) ? found.entry : undefined;
  };

  return {
    has: (ref, options) => find(ref, options) !== undefined,
    get(ref, options) {
      const entry = find(ref, options);
      return entry === undefined ? undefined : describe(entry);
    },

    list(filter = {}) {
      checkKeys("list", filter, FILTER_KEYS);
      const status = checkStatus(filter.status);
      const reader = toReader(filter);
      if (reader === "hidden") return [];
      const words = filter.text === undefined ? null : toWords(filter.text);
      const listed: ToolDescription[] = [];
      for (const tool of catalogue.snapshot.tools) {
        const visible = reader === null ? tool : toVisibleTool(tool, environment, reader);
        const entry = visible === null ? undefined : pick(visible, status, environment, reader);
        if (entry !== undefined && fits(entry, filter, words)) listed.push(describe(entry));
      }
      return listed;
    },

    versions: (name) => catalogue.snapshot.get(name)?.versions.map(describe) ?? [],
  };
}

/** What readers get: one object for each state of an entry, so that caches can hang on it. */
function createDescriber({ states }: Environment): (entry: Entry) => ToolDescription {
  const described = new WeakMap<Entry, Map<BreakerState, ToolDescription>>();
  return (entry) => {
    const breakerState = states.breakerOf(entry.tool);
    if (breakerState === null) return entry.description;
    const known = described.get(entry) ?? new Map<BreakerState, ToolDescription>();
    described.set(entry, known);
    let description = known.get(breakerState);
    if (description === undefined) {
      description = Object.freeze({ ...entry.description, breakerState });
      known.set(breakerState, description);
    }
    return description;
  };
}

/** The version a bare name resolves to, else the highest usable pre-release; or the highest in the state asked for. */
function pick(
  tool: ToolEntry,
  status: ListFilter["status"],
  environment: Environment,
  reader: Principal | null,
): Entry | undefined {
  const { versions } = tool;
  if (status === "any") return versions[0];
  if (status !== undefined) return versions.find((entry) => entry.status === status);
  const latest = lookupAmong(tool, { name: tool.name, kind: "latest" }, reader?.tenant ?? null);
  if (latest.kind === "found") return reader === null ? latest.entry : withCanary(latest, environment, reader).entry;
  return versions.find((entry) => entry.status === "active" || entry.status === "deprecated");
}

function fits(entry: Entry, filter: ListFilter, words: readonly string[] | null): boolean {
  const { version } = entry.tool;
  if (filter.category !== undefined && version.category !== filter.category) return false;
  if (filter.tag !== undefined && !version.tags.includes(filter.tag)) return false;
  if (words === null) return true;
  const text = `${version.name} ${version.title} ${version.description} ${version.tags.join(" ")}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function toWords(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "")
    .slice(0, 32);
}

function checkStatus(status: unknown): ListFilter["status"] {
  if (status === undefined || (STATUSES as readonly unknown[]).includes(status)) return status as ListFilter["status"];
  throw new ToolyardError(
    "INVALID_OPTION",
    `list: status: received ${JSON.stringify(status)}, expected one of ${STATUSES.join(", ")}`,
  );
}
