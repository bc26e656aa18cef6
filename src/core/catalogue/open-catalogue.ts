// A stored catalogue at the start of a process: what is stored is read, what the program brings is put beside it, once and as one act.
//
//   version is new ─────────────▶ stored with its definition; held against the nearest lower release, like any publication
//   stored, same digest ────────▶ its code, and the state it was left in
//   stored, other definition ───▶ breaking: CONTRACT_BROKEN, nothing starts; otherwise stored anew, audited as tool.redefined
//   stored, and not brought ────▶ made anew where it is data and its source is known; otherwise kept, not callable here, not listed
//
// `openRegistry` calls it between making a registry and giving it to anybody:
// `await openStoredCatalogue({ store, environment, administration, read, force, newVersions })`.
import type { CatalogPage, CatalogStore, StoredVersion } from "../../ports/catalog-store.ts";
import type { Environment } from "../../pipeline/environment.ts";
import { fromStoredTool, type ToolEntry } from "../../registry/index.ts";
import type { PublishedTool } from "../../tool/tool-version.ts";
import type { Administration } from "../administration.ts";
import { type Force, readActOptions, readForce } from "./act-options.ts";
import { checkDefinitions, type ReadDefinitions } from "./check-definitions.ts";
import { type Revived, revive, takeRevived } from "./revive.ts";
import { isConflict, keep, MAX_TRIES } from "./tool-writer.ts";

export interface StoredCatalogueParts {
  readonly store: CatalogStore;
  readonly environment: Environment;
  readonly administration: Administration;
  /** The tools of the program. */
  readonly read: ReadDefinitions;
  readonly force?: Force | undefined;
  /** What a new version of a tool that is stored already is at first. @default "active" */
  readonly newVersions?: "active" | "staged" | undefined;
}

/** Tools that are read at once. */
const PAGE = 2_000;
const NO_CODE: ReadonlyMap<string, PublishedTool> = new Map();

/** Fills the registry, and keeps in the store what changes from now on. */
export async function openStoredCatalogue(parts: StoredCatalogueParts): Promise<void> {
  const { store, environment, administration, read, force, newVersions = "active" } = parts;
  const what = "openRegistry";
  const forced = readForce(what, force);
  const published = checkDefinitions(read, environment, "user");
  const { catalogue, clock } = environment;
  const code = groupCode(published);
  catalogue.connect(store);
  // Processes that start at the same time publish the same: all but the first find it done when they read again.
  for (let tries = 1; ; tries++) {
    const { tools, revived } = await loadTools(store, code, environment);
    catalogue.swap(tools);
    takeRevived(revived, environment);
    const basis = readActOptions(what, {}, { now: clock.now() });
    try {
      await administration.publishing.commit(published, { what, basis, forced, status: newVersions, isLoaded: true });
      return;
    } catch (error) {
      if (!isConflict(error) || tries === MAX_TRIES) throw error;
    }
  }
}

type Code = ReadonlyMap<string, ReadonlyMap<string, PublishedTool>>;

/** By name and version. */
function groupCode(published: readonly PublishedTool[]): Code {
  const groups = new Map<string, Map<string, PublishedTool>>();
  for (const tool of published) {
    const { name, version } = tool.version;
    const group = groups.get(name) ?? new Map<string, PublishedTool>();
    groups.set(name, group.set(version, tool));
  }
  return groups;
}

interface Loaded {
  readonly tools: ReadonlyMap<string, ToolEntry>;
  readonly revived: readonly Revived[];
}

/** Everything that is stored, with the code that is stored as it is: what is defined otherwise is for the publication to judge. */
async function loadTools(store: CatalogStore, code: Code, environment: Environment): Promise<Loaded> {
  const tools = new Map<string, ToolEntry>();
  const revived: Revived[] = [];
  let after: string | null = null;
  for (;;) {
    const page: CatalogPage = await readPage(store, after);
    const versions = groupByName(page.versions);
    const missing = page.versions.filter(({ name, version }) => code.get(name)?.has(version) !== true);
    const made = await revive(missing, store, environment);
    const data = groupCode(made.filter((one): one is PublishedTool => !("error" in one)));
    revived.push(...made);
    for (const tool of page.tools) {
      const own = new Map([...(data.get(tool.name) ?? NO_CODE), ...(code.get(tool.name) ?? NO_CODE)]);
      tools.set(tool.name, fromStoredTool(tool, versions.get(tool.name) ?? [], own));
    }
    after = page.tools.at(-1)?.name ?? null;
    if (page.tools.length < PAGE || after === null) return { tools, revived };
  }
}

function readPage(store: CatalogStore, after: string | null): Promise<CatalogPage> {
  return keep(() => store.page(after, PAGE));
}

/** The versions of a page, by the names of their tools. */
export function groupByName(versions: readonly StoredVersion[]): ReadonlyMap<string, readonly StoredVersion[]> {
  const groups = new Map<string, StoredVersion[]>();
  for (const version of versions) {
    const group = groups.get(version.name);
    if (group === undefined) groups.set(version.name, [version]);
    else group.push(version);
  }
  return groups;
}
