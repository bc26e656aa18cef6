// What readers see: `has`, `get`, `list` and `versions`. Each asks the decision that a call would ask, so that a list
// and a call can never disagree.
import type { Principal, PrincipalInput } from "../call/principal.ts";
import { ToolyardError } from "../errors/toolyard-error.ts";
import type { Environment } from "../pipeline/environment.ts";
import { toAccess } from "../pipeline/plan.ts";
import type { Entry, ToolEntry } from "../registry/index.ts";
import type { ToolDescription } from "../tool/tool-version.ts";
import { checkKeys } from "./options.ts";
import type { ListFilter, Registry } from "./registry.ts";

type Listing = Pick<Registry, "has" | "get" | "list" | "versions">;

const FILTER_KEYS: readonly (keyof ListFilter)[] = ["category", "tag", "text", "principal", "status"];
const STATUSES = ["active", "deprecated", "retired", "any"] as const;

/** The reading side of a registry. */
export function createListing(environment: Environment): Listing {
  const { catalogue } = environment;

  const toPrincipal = (input: PrincipalInput | undefined): Principal | null =>
    input === undefined ? null : environment.principals.check(input);

  const find = (ref: string, input: PrincipalInput | undefined): Entry | undefined => {
    const found = catalogue.snapshot.lookup(ref);
    if (found.kind !== "found") return undefined;
    const principal = toPrincipal(input);
    return principal === null || isVisible(found.entry, principal) ? found.entry : undefined;
  };

  const isVisible = (entry: Entry, principal: Principal): boolean =>
    toAccess(entry, environment).decide(principal).visible;

  return {
    has: (ref, options) => find(ref, options?.principal) !== undefined,
    get: (ref, options) => find(ref, options?.principal)?.description,

    list(filter = {}) {
      checkKeys("list", filter, FILTER_KEYS);
      const status = checkStatus(filter.status);
      const principal = toPrincipal(filter.principal);
      const words = filter.text === undefined ? null : toWords(filter.text);
      const listed: ToolDescription[] = [];
      for (const tool of catalogue.snapshot.tools) {
        const entry = pick(tool, status);
        if (entry === undefined || !fits(entry, filter, words)) continue;
        if (principal === null || isVisible(entry, principal)) listed.push(entry.description);
      }
      return listed;
    },

    versions: (name) => catalogue.snapshot.get(name)?.versions.map(({ description }) => description) ?? [],
  };
}

/** The version a bare name resolves to, or the highest in the state asked for. */
function pick(tool: ToolEntry, status: ListFilter["status"]): Entry | undefined {
  const { versions } = tool;
  if (status === "any") return versions[0];
  if (status !== undefined) return versions.find((entry) => entry.status === status);
  const usable = versions.filter((entry) => entry.status !== "retired");
  const releases = usable.filter((entry) => entry.release);
  return releases.find((entry) => entry.status === "active") ?? releases[0] ?? usable[0];
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
